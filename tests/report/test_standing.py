"""A theorem is credited only where the definitions that it calls conform."""

from __future__ import annotations

import pytest

from harness.conformance.verdict import CheckResult, Verdict
from harness.report.document import EntryRecord
from harness.report.records import check_records
from harness.report.standing import consistency, entry_records, worst
from harness.report.table import reservation
from tests.report.samples import DEFINERS, NAMES, check, theorem, violation

FULL = {name: f"Proofs.Autograd.{name}" for name in NAMES}
COMM = FULL["inner_softmaxJvp_comm"]


def entry_of(declaration: str, *results: CheckResult) -> EntryRecord:
    (entry,) = entry_records(declaration, check_records(results, FULL), DEFINERS)
    return entry


def test_a_theorem_with_its_definitions_conforms() -> None:
    entry = entry_of(COMM, check("softmaxJvp"), theorem())
    assert (entry.standing, entry.but, entry.unchecked) == ("conforms", {}, [])


@pytest.mark.parametrize("verdict", [Verdict.VIOLATES, Verdict.INCONCLUSIVE, Verdict.NOT_RUN])
def test_a_theorem_over_a_definition_that_does_not_conform_is_not_credited(
    verdict: Verdict,
) -> None:
    entry = entry_of(COMM, check("softmaxJvp", verdict=verdict), theorem())
    assert (entry.standing, entry.but) == ("holds", {"softmaxJvp": verdict.value})


def test_the_row_says_why() -> None:
    bad = check("softmaxJvp", verdict=Verdict.VIOLATES, violation=violation())
    assert reservation(entry_of(COMM, bad, theorem())) == "holds, but softmaxJvp violates"
    doubt = check("softmaxJvp", verdict=Verdict.INCONCLUSIVE)
    assert reservation(entry_of(COMM, doubt, theorem())) == "holds, but softmaxJvp is inconclusive"
    assert reservation(entry_of(COMM, theorem())) == "holds, but softmaxJvp was not checked"


def test_another_dtype_is_no_help() -> None:
    found = entry_records(
        COMM,
        check_records([check("softmaxJvp", dtype="float64"), theorem(dtype="float32")], FULL),
        DEFINERS,
    )
    assert [entry.standing for entry in found] == ["holds"]


def test_what_we_lend_is_not_the_entrys_fault() -> None:
    assert entry_of(COMM, theorem(ours=("softmaxJvp",))).standing == "conforms"


def test_a_theorem_that_violates_violates() -> None:
    bad = theorem(Verdict.VIOLATES, violation=violation(ratio=3.5))
    entry = entry_of(COMM, check("softmaxJvp"), bad)
    assert (entry.standing, entry.ratio, entry.kind) == ("violates", 3.5, "value")


def test_a_definition_and_its_fact_count_together() -> None:
    fact = check("softmaxVec", "fact", Verdict.VIOLATES, constants=("softmaxVec",))
    entry = entry_of(FULL["softmaxVec"], check("softmaxVec"), fact)
    assert entry.standing == "violates"
    good = check("softmaxVec", "fact", constants=("softmaxVec",))
    assert entry_of(FULL["softmaxVec"], check("softmaxVec"), good).standing == "conforms"


def test_exact_reals_are_no_entry() -> None:
    records = check_records([check("sumExp", "consistency")], FULL)
    assert entry_records(FULL["sumExp"], records, DEFINERS) == []
    assert consistency(FULL["sumExp"], records) == "conforms"
    assert consistency(COMM, records) is None


def test_worst() -> None:
    assert worst(["conforms", "unsupported", "violates", "inconclusive"]) == "violates"


EMPTY = violation(kind="exception", message="ValueError", case=None, ratio=None)


def test_an_empty_vector_is_blamed_once() -> None:
    definition = check("softmaxJvp", verdict=Verdict.VIOLATES, violation_n0=EMPTY)
    in_turn = theorem(Verdict.VIOLATES, violation_n0=EMPTY)
    assert entry_of(COMM, definition, in_turn).standing == "conforms"
    own = entry_of(FULL["softmaxJvp"], definition, in_turn)
    assert (own.standing, own.kind) == ("violates", "n=0")


def test_an_empty_vector_that_only_a_theorem_meets_is_its_own_violation() -> None:
    entry = entry_of(COMM, check("softmaxJvp"), theorem(Verdict.VIOLATES, violation_n0=EMPTY))
    assert (entry.standing, entry.kind) == ("violates", "n=0")


def test_an_empty_vector_does_not_hide_another_violation() -> None:
    definition = check("softmaxJvp", verdict=Verdict.VIOLATES, violation_n0=EMPTY)
    bad = theorem(Verdict.VIOLATES, violation=violation(), violation_n0=EMPTY)
    assert entry_of(COMM, definition, bad).standing == "violates"
