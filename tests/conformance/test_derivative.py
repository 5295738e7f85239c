"""Directional derivatives by power series: right without a formula, also where numbers are huge."""

from __future__ import annotations

import numpy as np
import pytest

from harness.cells.cell import Cell
from harness.conformance.derivative import directional
from harness.conformance.sheet import Sheet, one_cell
from harness.evaluate.oracle import Reference
from tests.conformance.judging import Judge

SOFTMAX = "∀ {n : ℕ} (x : Vec n), HasFDerivAt softmaxVec (softmaxDerivCLM x) x"
SUM = "∀ {n : ℕ} (x : Vec n), HasFDerivAt sumExp (dotCLM x) x"
SHIFTED = "∀ {n : ℕ} (x y : Vec n), HasFDerivAt (fun z => softmaxVec (z + y)) (softmaxDerivCLM x) x"


def differentiate(
    judge: Judge, statement: str, regime: str, n: int = 3
) -> tuple[Sheet, Reference, list[np.ndarray]]:
    claim = judge.claim(statement)
    sheet = one_cell(claim.variables, Cell(1, "float32", n, regime, "normal", batch=(7,)))
    (term,) = claim.derivatives
    found = directional(judge.bench("float32"), claim, term, sheet)
    return sheet, found, [sheet.arrays[v] for v in claim.sampled]


def softmax(x: np.ndarray) -> np.ndarray:
    exps = np.exp(x - x.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True)


def test_a_vector_valued_function(judge: Judge) -> None:
    _, found, (x, v) = differentiate(judge, SOFTMAX, "normal")
    y = softmax(x)
    assert found.value.shape == (7, 3) and found.tier == "balls"
    expected = y * (v - (y * v).sum(axis=-1, keepdims=True))
    assert np.allclose(found.value, expected, rtol=1e-12, atol=1e-14)
    assert (found.error <= 1e-25).all() and not found.out_of_range.any()


def test_a_real_function(judge: Judge) -> None:
    _, found, (x, v) = differentiate(judge, SUM, "normal")
    assert found.value.shape == (7,)
    assert np.allclose(found.value, (np.exp(x) * v).sum(axis=-1), rtol=1e-12)


@pytest.mark.parametrize("statement", [SOFTMAX, SUM])
def test_no_coordinates(judge: Judge, statement: str) -> None:
    _, found, _ = differentiate(judge, statement, "normal", n=0)
    assert found.value.shape == ((7, 0) if statement == SOFTMAX else (7,))
    assert not found.value.any() and not found.out_of_range.any()


def test_huge_numbers_that_need_more_bits(judge: Judge) -> None:
    """x + y does not fit into 96 bits there, and its exponential could be anything."""
    _, found, (x, y, v) = differentiate(judge, SHIFTED, "one_hot_extreme")
    assert max(abs(x).max(), abs(y).max()) > 1000
    assert np.isfinite(found.value).all() and not found.out_of_range.any()
    s = softmax(x + y)
    expected = s * (v - (s * v).sum(axis=-1, keepdims=True))
    assert np.allclose(found.value, expected, rtol=1e-6, atol=1e-6 * abs(v).max())


def test_what_is_beyond_float64_is_not_judged(judge: Judge) -> None:
    """exp of 1e30: the derivative is known as a ball, and no float holds it."""
    _, found, (x, _) = differentiate(judge, SUM, "one_hot_extreme")
    assert np.array_equal(found.out_of_range, x.max(axis=-1) > 709)
    assert found.out_of_range.any()


def test_it_is_made_once(judge: Judge) -> None:
    claim = judge.claim(SOFTMAX)
    (term,) = claim.derivatives
    sheet = one_cell(claim.variables, Cell(1, "float32", 2, "normal", "normal", batch=(2,)))
    bench = judge.bench("float32")
    assert directional(bench, claim, term, sheet) is directional(bench, claim, term, sheet)
