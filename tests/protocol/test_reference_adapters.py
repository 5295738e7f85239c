"""The adapters that people copy: each conforms, and its broken twin is found."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.conformance.execute import execute
from harness.conformance.request import Request
from harness.conformance.select_jobs import jobs
from harness.conformance.user_process import process_entries
from harness.conformance.verdict import CheckResult, Verdict
from harness.specs.load import load_specs
from harness.specs.locate import find_specs

FOLDER = Path(__file__).parents[2] / "examples" / "adapters"
LIBRARY = load_specs(find_specs(None).path)


@pytest.fixture(scope="session")
def in_c(tmp_path_factory: pytest.TempPathFactory) -> str:
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("no C compiler is here")
    program = tmp_path_factory.mktemp("c") / "softmax"
    source = str(FOLDER / "softmax.c")
    warnings = ["-Wall", "-Wextra", "-Werror", "-std=c11"]
    subprocess.run([compiler, "-O2", *warnings, "-o", program, source, "-lm"], check=True)
    return str(program)


@pytest.fixture(params=["python", "c", "javascript"])
def command(request: pytest.FixtureRequest) -> list[str]:
    """The words that start one of them."""
    if request.param == "python":
        return [sys.executable, str(FOLDER / "python_adapter.py")]
    if request.param == "c":
        return [request.getfixturevalue("in_c")]
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node is here")
    return [node, str(FOLDER / "softmax.js")]


def checked(command: list[str]) -> list[CheckResult]:
    """The definition checks of all that the program offers."""
    (entry,) = process_entries([command], LIBRARY).entries
    request = Request(effort="quick", shrink=False)
    todo = [job for job in jobs(request, LIBRARY, [entry]) if job.check == "definition"]
    return list(execute(request, LIBRARY, [entry], only=todo))


def test_it_conforms(command: list[str]) -> None:
    results = checked(command)
    assert {(r.declaration, r.dtype) for r in results} == {
        (constant, dtype)
        for constant in ("softmaxVec", "softmaxJvp", "sumExp", "dotCLM")
        for dtype in ("float64", "float32")
    }
    assert {r.verdict for r in results} == {Verdict.CONFORMS}


def test_its_broken_twin_does_not(command: list[str]) -> None:
    results = checked([*command, "--broken"])
    wrong = {r.declaration for r in results if r.verdict is Verdict.VIOLATES}
    assert wrong and wrong <= {"softmaxVec", "softmaxJvp"}
    assert all(r.violation and r.violation.kind in ("value", "nan") for r in results if r.violation)
    assert {r.verdict for r in results if r.declaration not in wrong} == {Verdict.CONFORMS}
