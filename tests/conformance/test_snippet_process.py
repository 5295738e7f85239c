"""The program that shows a violation of another program runs, and shows it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from harness.conformance.execute import execute
from harness.conformance.request import Request
from harness.conformance.select_jobs import jobs
from harness.conformance.user_process import process_entries
from harness.specs.library import SpecLibrary

ADAPTER = Path(__file__).parents[2] / "examples" / "adapters" / "python_adapter.py"


def test_it_shows_what_was_found(library: SpecLibrary) -> None:
    words = [sys.executable, str(ADAPTER), "--broken"]
    (entry,) = process_entries([words], library).entries
    request = Request(("softmaxVec",), dtypes=("float32",), effort="quick", fail_fast=True)
    todo = [job for job in jobs(request, library, [entry]) if job.check == "definition"]
    (result,) = execute(request, library, [entry], only=todo)
    assert result.violation is not None and result.violation.shrunk is not None
    snippet = result.violation.shrunk.snippet
    ran = subprocess.run(
        [sys.executable, "-c", snippet], stdout=subprocess.PIPE, text=True, check=False
    )
    assert '"kind": "result"' in ran.stdout
    assert "violates" in ran.stdout
