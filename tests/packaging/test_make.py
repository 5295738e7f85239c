"""`make` sets up once, again when the pins change, and says what is wrong without a usable Python.

A fake python stands in for the real one: it makes "environments" out of itself and writes down what
it was asked to do, so that nothing is downloaded.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or shutil.which("make") is None,
    reason="needs make and a POSIX shell; elsewhere CI runs the commands themselves",
)

FAKE_PYTHON = """#!/bin/sh
case "$*" in
  -c*) exit {too_old} ;;
  --version) echo "Python 3.12.0" ;;
  "-m pip --version") test -f "$(dirname "$0")/pip" ;;
  "-m venv"*)
    echo "$*" >> "{log}"
    for last in "$@"; do :; done
    mkdir -p "$last/bin"
    for tool in python pip crosscheck ruff mypy; do cp "$0" "$last/bin/$tool"; done ;;
  *) echo "$(basename "$0") $*" >> "{log}"; test ! -f fail ;;
esac
"""


class Fresh:
    """A folder with our Makefile and a python of its own; `make` returns what python was told."""

    def __init__(self, root: Path, *, too_old: bool = False) -> None:
        self.root = root
        self.log = root / "log"
        for name in ("Makefile", "pyproject.toml", "constraints.txt"):
            shutil.copy(ROOT / name, root / name)
        self.python = root / "python3"
        self.python.write_text(FAKE_PYTHON.format(log=self.log, too_old=int(too_old)))
        self.python.chmod(0o755)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        # The outer make's variables must not reach this one.
        outer = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "VENV", "ARGS", "PYTEST_ARGS"}
        environment = {key: text for key, text in os.environ.items() if key not in outer}
        return subprocess.run(
            ["make", f"PYTHON={self.python}", *words],
            cwd=self.root,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def make(self, *words: str) -> list[str]:
        self.log.write_text("")
        run = self.run(*words)
        assert run.returncode == 0, run.stdout + run.stderr
        return self.log.read_text().splitlines()


@pytest.fixture
def fresh(tmp_path: Path) -> Fresh:
    return Fresh(tmp_path)


def installs(calls: list[str]) -> list[str]:
    return [call for call in calls if "pip install" in call]


def test_the_first_check_sets_up_and_runs(fresh: Fresh) -> None:
    venv, install, main_job = fresh.make("check", "ARGS=--effort quick")
    assert venv == "-m venv --clear .venv"
    assert install.endswith("-c constraints.txt -e .")
    assert main_job == "crosscheck check --effort quick"


def test_a_second_call_installs_nothing(fresh: Fresh) -> None:
    assert len(installs(fresh.make("check"))) == 1
    assert fresh.make("check") == ["crosscheck check"]


def test_tests_install_more_and_check_needs_no_more_then(fresh: Fresh) -> None:
    fresh.make("check")
    calls = fresh.make("test")
    assert [call.split("constraints.txt ")[1] for call in installs(calls)] == ["-e .[dev]"]
    assert [call.split()[:3] for call in calls[1:]] == [
        ["ruff", "check", "."],
        ["ruff", "format", "--check"],
        ["mypy"],
        ["python", "-m", "pytest"],
    ]
    assert not installs(fresh.make("test"))
    assert not installs(fresh.make("check"))


def test_mutate_has_what_its_comparison_needs(fresh: Fresh) -> None:
    calls = fresh.make("mutate", "ARGS=--baselines")
    assert [call.split("constraints.txt ")[1] for call in installs(calls)] == ["-e .[dev]"]
    assert calls[-1] == "crosscheck mutate --baselines"


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_changed_file_installs_again(fresh: Fresh, name: str) -> None:
    fresh.make("test")
    later = time.time() + 5
    os.utime(fresh.root / name, (later, later))
    assert len(installs(fresh.make("test"))) == 1


def test_a_failed_install_is_tried_again(fresh: Fresh) -> None:
    (fresh.root / "fail").touch()
    assert fresh.run("check").returncode != 0
    (fresh.root / "fail").unlink()
    assert len(installs(fresh.make("check"))) == 1


def test_a_half_made_environment_is_made_anew(fresh: Fresh) -> None:
    half = fresh.root / ".venv" / "bin"
    half.mkdir(parents=True)
    shutil.copy(fresh.python, half / "python")  # no pip beside it
    assert fresh.make("check")[0] == "-m venv --clear .venv"


def test_a_working_environment_is_kept(fresh: Fresh) -> None:
    made = fresh.root / ".venv" / "bin"
    made.mkdir(parents=True)
    for tool in ("python", "pip", "crosscheck"):
        shutil.copy(fresh.python, made / tool)
    assert "venv" not in fresh.make("check")[0]


def test_an_old_python_is_named_and_nothing_made(tmp_path: Path) -> None:
    old = Fresh(tmp_path, too_old=True)
    run = old.run("check")
    assert run.returncode != 0
    assert f"No Python 3.11 or newer among: {old.python}" in run.stderr
    assert "make check PYTHON=" in run.stderr
    assert not (tmp_path / ".venv" / ".created").exists()


def test_without_a_target_make_says_what_there_is(fresh: Fresh) -> None:
    run = fresh.run()
    assert "make check" in run.stdout
    assert "make test" in run.stdout
