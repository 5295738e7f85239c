"""What is in no chain."""

from __future__ import annotations

from harness.lean.scan import scan_text
from harness.report.document import ResultsRecord
from harness.report.records import check_records
from harness.report.strays import declared_twice, strays
from tests.report.samples import check
from tests.site.reports import library, source

TWICE = (
    scan_text(
        "theorem a : 1 = 1 := rfl\nprivate theorem b : 1 = 1 := rfl\n", "One.lean"
    ).declarations
    + scan_text(
        "theorem a : 2 = 2 := rfl\nprivate theorem b : 1 = 1 := rfl\n", "Two.lean"
    ).declarations
)


def test_names_that_are_declared_twice() -> None:
    assert declared_twice(TWICE) == ["a"]
    (one,) = [s for s in strays(library(), TWICE, [], []) if s.state == "ambiguous"]
    assert (one.name, one.place) == ("a", "One.lean:1, Two.lean:1")


def test_lean_declarations_that_nothing_asks_for() -> None:
    found = {one.name.rpartition(".")[2]: one for one in strays(library(), source(), [], [])}
    assert {one.state for one in found.values()} == {"unwanted"}
    assert "sumExp_pos" in found and "softmaxVec" not in found
    assert found["sumExp_pos"].place.startswith("Proofs/Autograd/Softmax.lean:")


def test_results_without_a_spec_and_of_other_specs() -> None:
    checks = check_records([check("gone")], {})
    old = ResultsRecord(path="old.json", started="2025", effort="quick", seed=1, usable=False)
    found = strays(library(), [], checks, [old])
    assert [(one.state, one.name) for one in found] == [
        ("orphaned", "Proofs.Autograd.gone"),
        ("outdated", "2025"),
    ]
