"""Merging is exact: neither order nor grouping shows."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.campaign.summary import Summary, from_json, lost, merged, summary_of, to_json
from harness.cells.cell import Cell
from harness.conformance.sheet import one_cell
from harness.conformance.tally import Highest, Tally
from harness.conformance.verdict import Case, Violation
from harness.statement.term import Var
from harness.statement.types import Length, VecType
from tests.campaign.summaries import summaries

X = Var("x", VecType(Length(("n",))))


@given(summaries(), summaries())
def test_order_does_not_show(one: Summary, other: Summary) -> None:
    assert to_json({0: one + other}) == to_json({0: other + one})


@given(summaries(), summaries(), summaries())
def test_grouping_does_not_show(one: Summary, other: Summary, third: Summary) -> None:
    assert (one + other) + third == one + (other + third)


@given(summaries())
def test_nothing_adds_nothing(one: Summary) -> None:
    assert one + Summary() == one == Summary() + one


@given(st.dictionaries(st.integers(0, 99), summaries(), max_size=3))
def test_a_line_is_read_back_to_the_bit(found: dict[int, Summary]) -> None:
    line = to_json(found)
    assert "\n" not in line
    assert from_json(line) == found


@given(st.lists(summaries(), min_size=1, max_size=6))
def test_the_least_violation_and_the_greatest_ratio_stay(parts: list[Summary]) -> None:
    whole = merged(parts)
    firsts = [part.first.at for part in parts if part.first]
    ratios = [part.worst_ratio.amount for part in parts if part.worst_ratio]
    assert (whole.first.at if whole.first else None) == min(firsts, default=None)
    assert (whole.worst_ratio.amount if whole.worst_ratio else None) == max(ratios, default=None)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"0": {"cases": "many"}}', '{"x": {}}'])
def test_what_is_no_line_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        from_json(text)


def test_a_tally_of_one_cell() -> None:
    sheet = one_cell((X,), Cell(1, "float32", 8, "normal", "normal", 16, (5,)))
    tally = Tally()
    tally.cases, tally.cells, tally.violations = 40, 1, 2
    tally.histogram = np.arange(64)
    tally.worst_ratio = Highest(0.75, sheet, 3, "contiguous")
    tally.violation = Violation("value", "off", Case("c", 4, 8), "softmaxVec", 2.0, at=(1,))
    tally.unjudged_sizes = {8: False}
    found = summary_of(tally, sheet, 7)
    assert (found.inputs, found.cases, found.violations) == (5, 40, 2)
    assert found.worst_ratio is not None and found.first is not None
    assert (found.worst_ratio.amount, found.worst_ratio.at) == (0.75, (7, 3))
    assert found.worst_ratio.cell == "float32/n=8/normal/normal/s16/5/contiguous/seed=1"
    assert (found.first.at, found.first.place, found.worst_ulp) == ((7, 4), (1,), None)
    assert found.judged_at == {8: True}
    assert found.first.violation({}).case == Case(found.worst_ratio.cell, 4, 8)


def test_a_unit_whose_process_died() -> None:
    found = lost(3, "cell", 8, "crash", "its process died")
    assert found.first is not None
    assert (found.violations, found.first.at, found.first.kind) == (1, (3, 0), "crash")
    assert json.loads(to_json({2: found}))["2"]["first"]["message"] == "its process died"
