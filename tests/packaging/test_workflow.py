"""The CI workflow runs what `make test` runs, on the versions that pyproject.toml promises."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any

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


def test_ci_run_calls_make_test() -> None:
    script = ROOT / ".ci/run"
    assert script.read_text("utf-8").splitlines()[-1] == "make test"
    assert os.name == "nt" or os.access(script, os.X_OK)


def test_no_install_names_an_index() -> None:
    files = ["Makefile", "pyproject.toml", "constraints.txt", ".ci/run", ".github/workflows/ci.yml"]
    index_option = re.compile(r"index-url|find-links|--index|\s-i\s|\s-f\s")
    assert index_option.search("pip install --extra-index-url somewhere x")
    assert [name for name in files if index_option.search((ROOT / name).read_text("utf-8"))] == []
