"""Backward through the maximum: its rounding is allowed where the maximum is, and nowhere else."""

from __future__ import annotations

import numpy as np

from harness.cells.cell import Cell
from harness.conformance.by_choice import by_choice
from harness.conformance.derivative import directional
from harness.conformance.sheet import one_cell
from harness.evaluate.arithmetic import named
from harness.evaluate.formats import FORMATS
from tests.conformance.judging import Judge

STATEMENT = "∀ {n : ℕ} (x : Vec n), HasFDerivAt softmaxVec (softmaxDerivCLM x) x"


def extra(judge: Judge, arithmetic: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    claim = judge.claim(STATEMENT)
    (term,) = claim.derivatives
    sheet = one_cell(claim.variables, Cell(1, "float32", 4, "normal", "normal", batch=(5,)))
    bench = judge.bench("float32")
    want = directional(bench, claim, term, sheet)
    error = 1e-7 * abs(want.value)
    found = by_choice(bench, term, sheet, named(arithmetic), want, error)
    return sheet.arrays[claim.sampled[0]], want.value, found


def test_it_is_the_rounding_of_a_sum_that_is_zero(judge: Judge) -> None:
    x, value, found = extra(judge, "ieee")
    top = x == x.max(axis=-1, keepdims=True)
    total = abs(value).sum(axis=-1, keepdims=True)
    assert np.all(found[~top] == 0)
    within = found / (1e-7 * total + 3 * FORMATS["float32"].u * total)
    assert np.all(within[top] > 1) and np.all(within[top] < 1.5)


def test_there_is_none_without_the_form(judge: Judge) -> None:
    assert not extra(judge, "as_written")[2].any()
