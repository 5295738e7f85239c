"""Code as it is right after import: what it remembers is gone, libraries are left alone."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from harness.conformance.fresh import renewed
from harness.conformance.job import Job
from harness.conformance.question import Question
from harness.conformance.request import Request
from harness.conformance.session import Session
from harness.implementations.catalogue import load_catalogue
from harness.implementations.entry import Entry
from harness.implementations.user_entry import user_entry
from harness.specs.library import SpecLibrary

COUNTING = """\
import numpy as np
calls = []

def total(x):
    calls.append(1)
    return np.exp(x).sum(axis=-1, dtype=x.dtype) * x.dtype.type(len(calls))
"""


def question(library: SpecLibrary, entry: Entry, constant: str) -> Question:
    session = Session(Request(effort="quick"), library, (entry,))
    found = session.question(Job(constant, "definition", entry.name, "float32", "cpu"))
    assert isinstance(found, Question)
    return found


@pytest.fixture
def counting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Entry:
    (tmp_path / "counting_sum.py").write_text(COUNTING, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "counting_sum", raising=False)
    return user_entry({"sumExp": "counting_sum:total"}, "numpy")


def test_a_module_is_run_again(library: SpecLibrary, counting: Entry) -> None:
    subject = question(library, counting, "sumExp").subject
    again = renewed(subject, counting)
    assert again is not None
    one, other = subject.callees["sumExp"].function, again.callees["sumExp"].function
    assert one is not other
    one.__globals__["calls"].append(1)
    assert other.__globals__["calls"] == []
    assert sys.modules["counting_sum"].total is one


def test_functions_given_as_objects_are_not(library: SpecLibrary) -> None:
    import numpy as np

    entry = user_entry({"sumExp": lambda x: np.exp(x).sum(axis=-1)}, "numpy", name="mine")
    assert renewed(question(library, entry, "sumExp").subject, entry) is None


def test_a_module_that_does_not_run_twice_is_not(
    library: SpecLibrary, counting: Entry, tmp_path: Path
) -> None:
    subject = question(library, counting, "sumExp").subject
    (tmp_path / "counting_sum.py").write_text("raise SystemExit", encoding="utf-8")
    assert renewed(subject, counting) is None


def test_what_is_installed_stays(library: SpecLibrary) -> None:
    """torch in particular: its types would be others than before."""
    torch = pytest.importorskip("torch")
    before = torch.float32
    entry = next(one for one in load_catalogue() if one.name == "torch.softmax")
    subject = question(library, entry, "softmaxVec").subject
    again = renewed(subject, entry)
    assert again is not None and sys.modules["torch"] is torch and torch.float32 is before
    assert again.callees == subject.callees


def test_modules_of_a_library_that_the_entry_names_are_not_run_again(
    library: SpecLibrary, counting: Entry
) -> None:
    named = replace(counting, library="counting_sum")
    subject = question(library, named, "sumExp").subject
    again = renewed(subject, named)
    assert again is not None
    assert again.callees["sumExp"].function is subject.callees["sumExp"].function
