"""The suite's own power: eight wrong implementations violate, their right twins conform."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.conformance.job import Job
from harness.conformance.request import Request
from harness.conformance.session import Session
from harness.conformance.verdict import CheckResult, Verdict
from harness.implementations.catalogue import load_catalogue
from harness.specs.library import SpecLibrary

ENTRIES = {
    e.name: e for e in load_catalogue(Path(__file__).parents[1] / "wrong" / "catalogue.yaml")
}
WRONG = [(name, d) for name, e in ENTRIES.items() if e.expectation.violates for d in e.dtypes]
# Smallest n at which the code is wrong at all, and what is seen first. At n = 1 softmax is 1 and
# the derivative 0, whatever the factor, the sign or the accumulator.
SEEN = {
    "without_shift": (1, {"nan"}),
    "without_factor": (2, {"value", "nan"}),
    "flipped_sign": (2, {"value"}),
    "wrong_axis": (1, {"value"}),
    "added_epsilon": (1, {"value"}),
    "single_accumulation": (2, {"value"}),
    "changes_input": (1, {"mutated"}),
    "wrong_dtype": (1, {"dtype"}),
}


@pytest.fixture(scope="module")
def session(library: SpecLibrary) -> Session:
    request = Request(effort="quick", fail_fast=True, shrink=False)
    return Session(request, library, tuple(ENTRIES.values()))


def definition(session: Session, name: str, dtype: str) -> CheckResult:
    (constant,) = ENTRIES[name].constants
    return session.run(Job(constant, "definition", name, dtype, "cpu"))


@pytest.mark.parametrize(("name", "dtype"), WRONG)
def test_the_wrong_one_violates_and_its_twin_conforms(
    session: Session, name: str, dtype: str
) -> None:
    result = definition(session, name, dtype)
    assert (result.declaration, result.verdict) == (*ENTRIES[name].constants, Verdict.VIOLATES)
    found = result.violation
    assert found is not None and found.case is not None
    smallest, kinds = SEEN[name]
    assert found.kind in kinds
    assert found.case.n == smallest
    assert set(found.case.inputs) >= {"x"}
    if found.kind in ("value", "nan"):
        assert found.confirmed
        assert found.ratio is not None and found.ratio > 1
        assert found.got != found.want
    assert result.expected == "violates"
    assert result.violation_n0 is None

    twin = definition(session, f"{name}.right", dtype)
    assert twin.verdict is Verdict.CONFORMS
    assert twin.cases > 1000 and twin.violation is None and twin.cases_n0 > 0


def test_every_wrong_one_is_seen_here() -> None:
    assert {name for name, _ in WRONG} == set(SEEN) and len(SEEN) == 8


def test_a_ratio_says_how_wrong_the_code_is(session: Session) -> None:
    """About 2^29: what float32 rounds away of a float64, in units of a small bound."""
    found = definition(session, "single_accumulation", "float64").violation
    assert found is not None and found.ratio is not None
    assert 2.0**20 < found.ratio < 2.0**30


def test_one_theorem_holds_for_the_flipped_sign_and_the_definition_does_not(
    session: Session,
) -> None:
    """Why a theorem conforms only where the definitions of its constants do."""
    theorem = session.run(Job("inner_softmaxJvp_comm", "theorem", "flipped_sign", "float32", "cpu"))
    assert theorem.verdict is Verdict.CONFORMS
    assert definition(session, "flipped_sign", "float32").verdict is Verdict.VIOLATES


def test_another_theorem_does_see_it(session: Session) -> None:
    theorem = session.run(Job("softmaxJvp_eq_deriv", "theorem", "flipped_sign", "float32", "cpu"))
    assert theorem.verdict is Verdict.VIOLATES
    assert theorem.ours == ("softmaxDerivCLM",)
