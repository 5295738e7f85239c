"""Statements in campaigns: by kernel and by the walk alone, the same is said of every cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from harness.campaign import judge
from harness.campaign.by_kernel import judged_by_kernel, kernel_check, why_walked
from harness.campaign.judge import run_units
from harness.campaign.make import campaign_of
from harness.campaign.results import results
from harness.campaign.summary import Summary
from harness.cells.cell import Cell
from harness.conformance.job import Job
from harness.conformance.question import Question
from harness.conformance.request import Request
from harness.conformance.select_jobs import jobs
from harness.conformance.session import Session
from harness.conformance.sheet import one_cell
from harness.implementations.catalogue import load_catalogue
from harness.implementations.user_entry import user_entry
from harness.specs.library import SpecLibrary
from harness.specs.load import load_specs
from harness.specs.locate import find_specs
from tests.campaign.both_ways import Nothing, both
from tests.campaign.test_by_kernel import softmax

pytest.importorskip("llvmlite")

COUNTS = (
    "inputs", "cells", "cases", "out_of_range", "unbounded", "undecided", "violations", "judged_at",
)  # fmt: skip
REGIMES = ("normal", "near_overflow", "exp_range", "raw_bits", "tiny", "large_offset", "ties")
STATEMENTS = ("theorem", "fact", "linearity")


@pytest.fixture(scope="module")
def library() -> SpecLibrary:
    return load_specs(find_specs(None).path)


def questions(library: SpecLibrary, name: str, dtype: str) -> Iterator[tuple[Job, Question]]:
    """What is asked of a catalogue entry about statements."""
    entries = tuple(entry for entry in load_catalogue() if entry.name == name)
    request = Request(dtypes=(dtype,))
    session = Session(request, library, entries)
    for job in jobs(request, library, entries):
        if job.check in STATEMENTS and job.entry == name:
            question = session.question(job)
            if isinstance(question, Question):
                yield job, question


def told(summary: Summary) -> dict[str, object]:
    return {name: getattr(summary, name) for name in COUNTS} | {"first": summary.first}


@pytest.mark.parametrize(
    "name, dtype", [("numpy", "float32"), ("numpy", "float16"), ("torch", "bfloat16")]
)
def test_every_statement_has_the_counts_of_the_walk(
    library: SpecLibrary, name: str, dtype: str
) -> None:
    seen, cases = 0, 0
    for job, question in questions(library, name, dtype):
        if question.claim is not None and question.claim.derivatives:
            assert "derivatives" in why_walked(question, Nothing())
            continue
        for turn in range(3):
            regime = REGIMES[(seen + 3 * turn) % len(REGIMES)]
            cell = Cell(1, dtype, (1, 3, 8)[turn], regime, "normal", 16, (51,))
            fast, slow = both(question, cell)
            assert told(fast) == told(slow), (job, regime)
            assert sum(fast.histogram) == fast.cases
            cases += fast.cases
        seen += 1
    assert seen > 15 and cases > 1000


def asked(library: SpecLibrary, theorem: str, functions: dict[str, Callable[..., Any]]) -> Question:
    entry = user_entry(functions, "numpy", dtypes=("float32",), name="mine")
    session = Session(Request(), library, (entry,))
    question = session.question(Job(theorem, "theorem", "mine", "float32", "cpu"))
    assert isinstance(question, Question)
    return question


def cell(n: int = 8, regime: str = "normal", rows: int = 501) -> Cell:
    return Cell(1, "float32", n, regime, "normal", 16, (rows,))


def skewed(x: Any, v: Any) -> Any:
    """A product that is no longer symmetric where the first number is greater than two."""
    y = softmax(x)
    made = y * (v - (y * v).sum(axis=-1, keepdims=True))
    made[..., 0] *= np.where(x[..., 0] > 2, np.float32(1.001), np.float32(1))
    return made


def test_a_wrong_implementation_is_the_same_violation(library: SpecLibrary) -> None:
    fast, slow = both(asked(library, "inner_softmaxJvp_comm", {"softmaxJvp": skewed}), cell())
    assert fast.first is not None and fast.violations > 0
    assert (fast.first, fast.violations) == (slow.first, slow.violations)
    assert fast.first.cell == cell().id()


def test_no_number_where_a_bound_holds_is_the_same_violation(library: SpecLibrary) -> None:
    def without(x: Any, v: Any) -> Any:
        y = softmax(x)
        made = y * (v - (y * v).sum(axis=-1, keepdims=True))
        made[..., 1] = np.where(x[..., 0] > 2, np.nan, made[..., 1])
        return made

    fast, slow = both(asked(library, "inner_softmaxJvp_comm", {"softmaxJvp": without}), cell())
    assert fast.first is not None and fast.first.kind == "nan"
    assert fast == slow


def test_code_that_raises_is_the_same_violation(library: SpecLibrary) -> None:
    def raises(x: Any) -> Any:
        raise ValueError("no")

    fast, slow = both(asked(library, "softmaxVec_add_const", {"softmaxVec": raises}), cell())
    assert fast == slow and fast.first is not None and fast.first.kind == "exception"


def test_code_that_is_wrong_once_is_not_let_go(library: SpecLibrary) -> None:
    seen: list[int] = []

    def unsteady(x: Any) -> Any:
        seen.append(1)
        return softmax(x) * np.float32(1.01 if len(seen) == 1 else 1)

    fast, _ = both(asked(library, "softmaxVec_add_const", {"softmaxVec": unsteady}), cell())
    assert fast.first is not None and fast.violations > 0
    assert "inside when the same input was given again" in fast.first.message


def test_a_sum_that_loses_its_constant_has_no_bound_by_either(library: SpecLibrary) -> None:
    # x + c is x in float64: what the rounding of x + c lost is not known, and exp magnifies it.
    question = asked(library, "softmaxVec_add_const", {"softmaxVec": softmax})
    fast, slow = both(question, cell(regime="near_overflow"))
    assert slow.unbounded > slow.cases
    assert told(fast) == told(slow)


def test_a_divisor_of_a_few_subnormals_has_no_bound_by_either(library: SpecLibrary) -> None:
    # exp (x i) / sumExp x at -101: the error of the sum is eight subnormals, the sum eleven.
    question = asked(library, "softmaxVec_apply", {"softmaxVec": softmax})
    fast, slow = both(question, cell(n=2, regime="subnormal_outputs"))
    assert slow.unbounded > 0
    assert told(fast) == told(slow)


def test_calls_are_made_once_for_all_indices(library: SpecLibrary) -> None:
    counted: list[int] = []

    def counting(x: Any) -> Any:
        counted.append(1)
        return softmax(x)

    theorem = "softmaxDerivCoord_apply"
    question = asked(library, theorem, {"softmaxVec": counting})
    assert question.claim is not None and question.claim.passed
    check = kernel_check(question, Nothing())
    assert check is not None
    sheet = one_cell(question.variables, cell(rows=11))
    found = judged_by_kernel(question, check, sheet, 3, lambda: pytest.fail("judged by the walk"))
    assert found.cases > 11 and len(counted) == 1


def test_a_campaign_by_kernel_and_by_the_walk(
    library: SpecLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("inner_softmaxJvp_comm", "softmaxJvp_eq_deriv", "softmaxVec_add_const")
    request = Request(names=names, backends=("numpy",), dtypes=("float32", "float16"))
    entries = tuple(entry for entry in load_catalogue() if entry.name == "numpy")
    regimes = ("normal", "near_overflow")
    made, _ = campaign_of(
        request, library, entries, asked=1, sizes=(64,), regimes=regimes, version="0"
    )
    units = [made.unit(number) for number in range(len(made.groups))]
    by_kernel = run_units(made, units, 300)
    monkeypatch.setattr(judge, "kernel_check", lambda question, store: None)
    by_walk = run_units(made, units, 300)
    session = Session(request, library, entries)
    pairs = zip(results(made, session, by_kernel), results(made, session, by_walk), strict=True)
    assert {job.check for job in made.jobs} >= {"definition", "theorem"}
    for fast, slow in pairs:
        for name in ("verdict", "cases", "cells", "out_of_range", "unbounded", "violations"):
            assert getattr(fast, name) == getattr(slow, name), (fast.declaration, name)
        assert fast.cases > 0
