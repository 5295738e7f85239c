"""The command line itself: help, versions, usage errors, pipes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.conftest import Crosscheck

ROOT = Path(__file__).resolve().parents[2]


def run(*words: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "harness.cli", *words],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        **options,  # type: ignore[call-overload]
    )


def test_help_names_every_command_and_exit_code(crosscheck: Crosscheck) -> None:
    found = crosscheck("--help")
    assert found.code == 0
    for word in ("check", "trace", "explain", "lean", "doctor", "--no-color", "NO_COLOR"):
        assert word in found.out
    for code in range(4):
        assert f"\n  {code}  " in found.out


@pytest.mark.parametrize("command", ["check", "trace", "explain", "lean", "doctor"])
def test_each_command_has_help(crosscheck: Crosscheck, command: str) -> None:
    found = crosscheck(command, "--help")
    assert found.code == 0
    assert f"usage: crosscheck {command}" in found.out


def test_help_imports_nothing_heavy() -> None:
    """Which is what keeps it quick; how quick is measured, not tested."""
    code = (
        "import sys\n"
        "from harness.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert "usage: crosscheck" in done.stdout
    heavy = {"numpy", "torch", "flint", "yaml", "pydantic", "rich", "lark", "pytest", "jinja2"}
    assert not heavy & set(done.stderr.split())
    assert "harness" in done.stderr.split()


def test_no_words_is_a_usage_error(crosscheck: Crosscheck) -> None:
    found = crosscheck()
    assert (found.code, found.out) == (2, "")
    assert "usage: crosscheck" in found.err


def test_version(crosscheck: Crosscheck) -> None:
    found = crosscheck("--version")
    assert found.code == 0
    assert found.out.startswith("crosscheck ")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["chekc"], "no command 'chekc' (did you mean 'check'?)"),
        (["zzz"], "no command 'zzz' (commands: check,"),
        (["check", "--effrt", "quick"], "unrecognized: --effrt"),
        (["check", "--seed", "-1"], "--seed"),
        (["check", "--seed", "x"], "'x' is not a natural number"),
        (["check", "--json"], "--json"),
        (["check", "--dtype", "float33"], "--dtype 'float33' is not known (did you mean 'float32'"),
        (["check", "--effort", "heroic"], "--effort 'heroic' is not known (known: quick,"),
        (["check", "--backend", "jax"], "--backend 'jax' is not known (known: numpy, torch;"),
        (["check", "--device", "tpu"], "--device 'tpu' is not known"),
        (["lean"], "ACTION"),
        (["lean", "bild"], "bild"),
        (["explain"], "NAME"),
        (["trace", "--diff", "one"], "--diff"),
    ],
)
def test_usage_errors_are_one_line(crosscheck: Crosscheck, words: list[str], message: str) -> None:
    found = crosscheck(*words)
    assert (found.code, found.out) == (2, "")
    assert found.err.startswith("crosscheck: ")
    assert found.err.count("\n") == 1
    assert message in found.err


def test_names_may_stand_anywhere(crosscheck: Crosscheck) -> None:
    found = crosscheck(
        "check", "sumExp", "--list", "--backend", "numpy", "--seed", "2", "softmaxVec"
    )
    assert found.code == 0
    assert {line.split()[0] for line in found.out.splitlines()} >= {"sumExp", "softmaxVec"}


def test_a_closed_pipe_is_quiet() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "harness.cli", "check", "--list"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdout and process.stderr
    process.stdout.close()
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.wait() != 0


def test_lean_letters_in_a_pipe_of_another_encoding() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    found = run("explain", "sumExp", env=environment)
    assert found.returncode == 0, found.stderr
    assert "∀ {n : ℕ} (x : Vec n)" in found.stdout


def test_ctrl_c_before_the_checks_is_one_line(
    crosscheck: Crosscheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("harness.lean.scan.scan_directory", interrupt)
    found = crosscheck("lean", "scan", ".")
    assert (found.code, found.err) == (130, "crosscheck: interrupted\n")
