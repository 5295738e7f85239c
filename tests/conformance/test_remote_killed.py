"""A real program that is killed at a byte of its output: the run goes on, and it never conforms."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from harness.conformance.execute import execute
from harness.conformance.request import Request
from harness.conformance.select_jobs import jobs
from harness.conformance.verdict import CheckResult, Verdict
from harness.implementations.catalogue import load_catalogue
from harness.implementations.entry import Entry, Implementation, Process
from harness.specs.library import SpecLibrary

ADAPTER = Path(__file__).parents[2] / "examples" / "adapters" / "python_adapter.py"
NUMPY = next(entry for entry in load_catalogue() if entry.name == "numpy")

# The adapter, writing to what kills it after so many bytes, and says at its end how many it wrote.
KILLED = f"""
import os, runpy, signal, sys

class Out:
    def __init__(self):
        self.left = int(sys.argv[1])
        self.written = 0
    def write(self, data):
        os.write(1, data[: max(self.left, 0)])
        self.written += len(data)
        self.left -= len(data)
        if self.left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
    def flush(self):
        pass

class Stdout:
    buffer = Out()
    def flush(self):
        pass

sys.stdout = Stdout()
runpy.run_path({str(ADAPTER)!r}, run_name="__main__")
open(sys.argv[2], "w").write(str(Stdout.buffer.written))
"""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


def judged(library: SpecLibrary, folder: Path, bytes_left: int) -> dict[str, CheckResult]:
    """Entry -> the definition check of sumExp, for a program that has so many bytes to live."""
    (folder / "killed.py").write_text(KILLED, encoding="utf-8")
    command = (sys.executable, "killed.py", str(bytes_left), "written")
    killed = Entry(
        "killed",
        "numpy",
        {"sumExp": Implementation("process:<killed>")},
        ("float32",),
        process=Process(command, folder),
    )
    request = Request(("sumExp",), dtypes=("float32",), effort="quick", shrink=False)
    entries = (killed, NUMPY)
    todo = [job for job in jobs(request, library, entries) if job.check == "definition"]
    return {one.entry: one for one in execute(request, library, entries, only=todo)}


@pytest.fixture(scope="module")
def length(library: SpecLibrary, tmp_path_factory: pytest.TempPathFactory) -> int:
    """Bytes that the program writes when nobody kills it."""
    folder = tmp_path_factory.mktemp("whole")
    found = judged(library, folder, 1 << 40)
    assert {one.verdict for one in found.values()} == {Verdict.CONFORMS}, found["killed"].violation
    return int((folder / "written").read_text())


@pytest.mark.parametrize(
    "share",
    [
        0.5,
        *(pytest.param(s, marks=pytest.mark.slow) for s in (0, 1e-9, 0.01, 0.03, 0.2, 0.97)),
        1.0,
    ],
)
def test_it_is_its_own_verdict(
    library: SpecLibrary, tmp_path: Path, length: int, share: float
) -> None:
    """share: of its output; with all of it but the last byte, only its bye is not whole."""
    found = judged(library, tmp_path, min(int(share * length) + (0 < share < 0.01), length - 1))
    assert found["numpy"].verdict is Verdict.CONFORMS
    killed = found["killed"]
    assert killed.verdict is Verdict.VIOLATES and killed.violation is not None
    assert killed.violation.kind == "crash"
    assert "signal SIGKILL" in killed.violation.message
