"""The CI workflow runs what `make test` runs, on the versions that pyproject.toml promises."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
JOBS: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))[
    "jobs"
]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def test_the_python_job_runs_the_commands_of_make_test() -> None:
    steps = [step["run"] for step in JOBS["python"]["steps"] if "run" in step]
    options = re.search(r"^PYTEST_ARGS \?= (.*)$", MAKEFILE, re.MULTILINE)
    assert options
    recipes = re.findall(r"^\t(?:OMP_NUM_THREADS=1 )?\$\(BIN\)/(.*)$", MAKEFILE, re.MULTILINE)
    commands = [recipe.replace("$(PYTEST_ARGS)", options[1]) for recipe in recipes]
    of_test = [line for line in commands if line.startswith(("ruff", "mypy", "python -m pytest"))]
    assert len(of_test) == 4
    assert [line for line in of_test if line not in steps] == []
    assert 'python -m pip install -c constraints.txt -e ".[dev]"' in steps


def test_a_job_fails_for_a_mutant_that_survives() -> None:
    (run,) = (step["run"] for step in JOBS["mutants"]["steps"] if "run" in step)
    assert run.startswith('make mutate ARGS="--seed ${{ matrix.seed }}')
    assert "continue-on-error" not in JOBS["mutants"] and "||" not in run
    seeds = JOBS["mutants"]["strategy"]["matrix"]["seed"]
    assert "1" in seeds and len(set(seeds)) == 2


def test_the_matrix_covers_the_promised_versions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    promised = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    matrix = JOBS["python"]["strategy"]["matrix"]
    assert matrix["python"] == promised
    assert {name.split("-")[0] for name in matrix["os"]} == {"ubuntu", "windows", "macos"}


def test_the_lean_job_builds_the_proofs_with_mathlibs_cache() -> None:
    (action,) = (step for step in JOBS["lean"]["steps"] if "lean-action" in step.get("uses", ""))
    assert action["with"]["lake-package-directory"] == "lean"
    assert action["with"]["use-mathlib-cache"] == "true"
    assert "Proofs" in action["with"]["build-args"].split()


# What the Lean jobs do without: nothing of it is judged there.
NOT_IN_LEAN_JOBS = {"pytest", "torch"}


@pytest.mark.parametrize("workflow", ["ci.yml", "lean-newest.yml"])
def test_the_lean_jobs_install_all_dependencies_but_two(workflow: str) -> None:
    text = (ROOT / ".github/workflows" / workflow).read_text("utf-8")
    (line,) = re.findall(r"pip install -c constraints\.txt ([a-z].*)", text)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {re.split(r"[^\w-]", one)[0] for one in project["dependencies"]}
    assert set(line.split()) == names - NOT_IN_LEAN_JOBS


@pytest.mark.slow
def test_what_the_lean_job_runs_needs_no_more(tmp_path: Path) -> None:
    """Its steps, Lean aside, where neither can be imported."""
    blocked = f"import sys; sys.modules |= dict.fromkeys({sorted(NOT_IN_LEAN_JOBS)!r});"
    program = f"{blocked} from harness.cli import main; sys.exit(main())"
    outputs = ["--json", "t.json", "--report", "report", "--markdown", "summary.md"]
    for words in (["lean", "mirror", "--check"], ["trace", *outputs]):
        ran = subprocess.run(
            [sys.executable, "-c", program, *words],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.returncode, ran.stderr) == (0, "")
    assert (tmp_path / "report" / "index.html").is_file()


def test_ci_run_calls_make_test() -> None:
    script = ROOT / ".ci/run"
    assert script.read_text("utf-8").splitlines()[-1] == "make test"
    assert os.name == "nt" or os.access(script, os.X_OK)


def test_no_install_names_an_index() -> None:
    files = ["Makefile", "pyproject.toml", "constraints.txt", ".ci/run", ".github/workflows/ci.yml"]
    index_option = re.compile(r"index-url|find-links|--index|\s-i\s|\s-f\s")
    assert index_option.search("pip install --extra-index-url somewhere x")
    assert [name for name in files if index_option.search((ROOT / name).read_text("utf-8"))] == []
