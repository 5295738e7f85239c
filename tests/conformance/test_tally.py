"""The rules by which counts become a verdict, one comparison at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from harness.cells.cell import Cell
from harness.conformance.calling import Results, Trouble
from harness.conformance.sheet import Sheet, one_cell
from harness.conformance.tally import MOST_CONFIRMED, Tally
from harness.conformance.verdict import AtSize, CheckResult, Verdict, Violation
from harness.evaluate.compare import Comparison
from harness.evaluate.histogram import LOWEST
from harness.statement.term import Var
from harness.statement.types import Length, VecType

X = Var("x", VecType(Length(("n",))))
BASE = CheckResult("sumExp", "definition", "mine", "float32", "cpu", Verdict.NOT_RUN)
SETTLED = Violation("value", "confirmed")

# What one element is: judged, out of range, inside, outside, ratio.
ELEMENTS = {
    "inside": (True, False, True, False, 0.5),
    "exact": (True, False, True, False, 0.0),
    "outside": (True, False, False, True, 3.0),
    "worse": (True, False, False, True, 9.0),
    "near": (True, False, False, False, 1.1),
    "out": (False, True, False, False, 0.0),
    "unbounded": (False, False, False, False, 0.0),
}


def sheet_of(n: int, rows: int) -> Sheet:
    return one_cell((X,), Cell(1, "float32", n, "normal", "normal", batch=(rows,)))


def see(
    tally: Tally,
    *elements: str,
    n: int = 2,
    done: Sequence[bool] | None = None,
    normal: bool = True,
    confirm: Violation | None = SETTLED,
) -> list[int]:
    """One comparison, an element a row; the rows that were confirmed."""
    judged, out, inside, outside, ratio = (
        np.array(part) for part in zip(*(ELEMENTS[e] for e in elements), strict=True)
    )
    asked: list[int] = []

    def confirmed(where: tuple[int, ...], *, always: bool = False) -> Violation | None:
        asked.append(where[0])
        return confirm

    comparison = Comparison(judged, out, inside, outside, ratio, 10 * ratio)
    rows = len(elements)
    called = np.ones(rows, bool) if done is None else np.array(done)
    tally.compared(
        sheet_of(n, rows), "contiguous", comparison, called, np.full(rows, normal), confirmed
    )
    return asked


def verdict(tally: Tally) -> tuple[Verdict, tuple[str, ...]]:
    result = tally.result(BASE)
    return result.verdict, result.notes


def test_all_inside_conforms() -> None:
    tally = Tally()
    assert see(tally, "inside", "exact", "exact") == []
    assert verdict(tally) == (Verdict.CONFORMS, ())
    result = tally.result(BASE)
    assert (result.cases, result.violations) == (3, 0)
    assert result.worst_ratio is not None and result.worst_ulp is not None
    assert (result.worst_ratio.amount, result.worst_ratio.case.row) == (0.5, 0)
    assert (result.worst_ulp.amount, result.worst_ulp.case.row) == (5.0, 0)
    assert result.tightness == 0.5


def test_every_judged_number_is_in_the_histogram() -> None:
    tally = Tally()
    see(tally, "inside", "exact", "exact", "outside", "out", "unbounded")
    counted = tally.result(BASE).histogram
    assert sum(counted) == 4
    assert (counted[0], counted[-1 - LOWEST], counted[-LOWEST]) == (2, 1, 1)


def test_nothing_at_all_is_inconclusive() -> None:
    assert verdict(Tally()) == (Verdict.INCONCLUSIVE, ("no case could be judged",))


def test_one_outside_violates_and_the_worst_is_confirmed_first() -> None:
    tally = Tally()
    assert see(tally, "outside", "inside", "worse", "outside") == [2]
    assert verdict(tally) == (Verdict.VIOLATES, ())
    result = tally.result(BASE)
    assert (result.violations, result.violation, result.violation_n0) == (3, SETTLED, None)
    assert result.worst_ratio is not None and result.worst_ratio.amount == 9.0


def test_the_first_violation_is_kept_and_sizes_rise() -> None:
    tally = Tally()
    see(tally, "outside", n=2, confirm=Violation("value", "smaller"))
    see(tally, "worse", n=7, confirm=Violation("value", "larger"))
    result = tally.result(BASE)
    assert result.violation is not None and result.violation.message == "smaller"
    assert result.violations == 2


def test_what_balls_take_back_is_undecided_and_not_a_violation() -> None:
    tally = Tally()
    see(tally, *["inside"] * 3, "outside", confirm=None)
    assert verdict(tally) == (Verdict.INCONCLUSIVE, ("1 cases undecided by the oracle",))
    assert tally.result(BASE).violation is None


def test_what_is_near_the_bound_is_decided_by_balls() -> None:
    inside, outside = Tally(), Tally()
    assert see(inside, "near", "inside", confirm=None) == [0]
    assert verdict(inside) == (Verdict.CONFORMS, ())
    worst = inside.result(BASE).worst_ratio
    assert worst is not None and worst.amount == 1.0
    assert see(outside, "near", "inside") == [0]
    assert verdict(outside) == (Verdict.VIOLATES, ())
    assert outside.result(BASE).violations == 1


def test_too_many_near_the_bound_stay_undecided() -> None:
    tally = Tally()
    assert len(see(tally, *["near"] * (MOST_CONFIRMED + 5), confirm=None)) == MOST_CONFIRMED
    assert verdict(tally) == (Verdict.INCONCLUSIVE, ("5 cases undecided by the oracle",))


def test_more_than_half_out_of_range_is_inconclusive() -> None:
    half, more = Tally(), Tally()
    see(half, "inside", "out")
    assert verdict(half) == (Verdict.CONFORMS, ())
    see(more, "inside", "out", "unbounded")
    told = "2 of 3 cases out of range or without a bound"
    assert verdict(more) == (Verdict.INCONCLUSIVE, (told,))
    result = more.result(BASE)
    assert (result.cases, result.out_of_range, result.unbounded) == (1, 1, 1)


def test_a_size_without_any_bound_is_inconclusive() -> None:
    tally = Tally()
    see(tally, *["inside"] * 9, n=2)
    see(tally, "unbounded", n=7)
    assert verdict(tally) == (Verdict.INCONCLUSIVE, ("no finite bound at n = 7",))
    see(tally, "inside", n=7)
    assert verdict(tally) == (Verdict.CONFORMS, ())


def test_a_size_whose_rows_a_hypothesis_discards_is_no_such_size() -> None:
    tally = Tally()
    see(tally, "inside", n=2)
    see(tally, "inside", "inside", n=7, done=[False, False])
    assert verdict(tally) == (Verdict.CONFORMS, ())
    assert tally.result(BASE).cases == 1


def test_rows_that_were_not_called_do_not_count() -> None:
    tally = Tally()
    assert see(tally, "inside", "worse", "out", done=[True, False, False]) == []
    result = tally.result(BASE)
    assert (result.verdict, result.cases, result.out_of_range) == (Verdict.CONFORMS, 1, 0)


def test_hypotheses_never_met() -> None:
    tally = Tally()
    tally.discarded = 4
    see(tally, "inside", done=[False])
    assert verdict(tally) == (Verdict.INCONCLUSIVE, ("hypotheses never met",))


def test_n_0_never_credits_and_may_violate() -> None:
    right, wrong = Tally(), Tally()
    see(right, "inside", "exact", n=0)
    assert verdict(right) == (Verdict.UNSUPPORTED, ("n = 0 only: compared, and credits nothing",))
    assert (right.cases, right.cases_n0) == (0, 2)
    see(wrong, "inside", "outside", n=0)
    see(wrong, "inside", n=2)
    result = wrong.result(BASE)
    assert (result.verdict, result.violation) == (Verdict.VIOLATES, None)
    assert (result.violation_n0, result.cases) == (SETTLED, 1)


@pytest.mark.parametrize("kind", ["exception", "shape", "dtype", "type", "mutated", "hang"])
def test_a_call_that_gave_no_value_violates(kind: str) -> None:
    tally, sheet = Tally(), sheet_of(3, 4)
    (placed,) = sheet.data
    nothing = Results(np.full(4, np.nan), np.zeros(4, bool), (Trouble(placed, kind, "told"),))
    tally.trouble(sheet, nothing, "sumExp")
    result = tally.result(BASE)
    assert result.verdict is Verdict.VIOLATES and result.violations == 1
    found = result.violation
    assert found is not None and found.case is not None
    assert (found.kind, found.message, found.constant) == (kind, "told", "sumExp")
    assert (found.case.cell, found.case.row, found.ratio) == (placed.cell.id(), 0, None)


def test_tightness_is_of_normal_results_with_a_bound() -> None:
    tally = Tally()
    see(tally, "exact", "exact")
    see(tally, "inside", normal=False)
    assert tally.result(BASE).tightness is None
    see(tally, "inside")
    see(tally, "worse", confirm=Violation("value", "outside does not count"))
    assert tally.result(BASE).tightness == 0.5


def test_linearity_may_skip_what_the_definition_check_judges() -> None:
    tally = Tally()
    see(tally, "inside", "out", "out")
    assert tally.result(BASE).verdict is Verdict.INCONCLUSIVE
    assert tally.result(replace(BASE, check="linearity")).verdict is Verdict.CONFORMS


def test_the_worst_of_each_size_is_kept() -> None:
    tally = Tally()
    see(tally, "inside", "exact", "out", "unbounded", n=3)
    see(tally, "inside", "outside", n=2)
    see(tally, "exact", n=0)
    assert tally.result(BASE).sizes == (AtSize(2, 2, 30.0, 3.0), AtSize(3, 2, 5.0, 0.5))
