"""Which rows a theorem speaks of: exact reals decide, and what they do not decide is left out."""

from __future__ import annotations

import numpy as np
import pytest

from harness.conformance.hypotheses import rows_where_true, scenes
from harness.conformance.sheet import Sheet
from tests.conformance.judging import Judge


def sheet_of(judge: Judge, statement: str, n: int) -> Sheet:
    sheets = judge.bench("float32").sheets(judge.claim(statement).variables, "float32")
    return next(sheet for sheet in sheets if sheet.n == n)


@pytest.mark.parametrize(
    ("hypothesis", "numpy_says"),
    [
        ("0 < c", lambda x, c: c > 0),
        ("c ≤ 0", lambda x, c: c <= 0),
        ("c > 1", lambda x, c: c > 1),
        ("c ≥ 0", lambda x, c: c >= 0),
        ("c = 0", lambda x, c: c == 0),
        ("c ≠ 0", lambda x, c: c != 0),
        ("0 ≤ c → c < 1", lambda x, c: (c >= 0) & (c < 1)),
        ("∑ j, x j * x j < c", lambda x, c: (x * x).sum(axis=-1) < c),
    ],
)
def test_the_rows_that_are_kept(judge: Judge, hypothesis: str, numpy_says: object) -> None:
    statement = f"∀ {{n : ℕ}} (x : Vec n) (c : ℝ), {hypothesis} → sumExp x = sumExp x"
    claim, sheet = judge.claim(statement), sheet_of(judge, statement, 3)
    x, c = (sheet.arrays[v] for v in claim.sampled)
    with np.errstate(all="ignore"):
        expected = numpy_says(x, c)  # type: ignore[operator]
    kept = rows_where_true(judge.bench("float32"), claim, sheet)
    assert np.array_equal(kept, expected)
    assert 0 < kept.sum() < sheet.rows


def test_without_a_hypothesis_every_row_is_kept(judge: Judge) -> None:
    statement = "∀ {n : ℕ} (x : Vec n), sumExp x = sumExp x"
    claim, sheet = judge.claim(statement), sheet_of(judge, statement, 3)
    assert rows_where_true(judge.bench("float32"), claim, sheet).all()


def test_a_hypothesis_on_an_index_must_hold_at_every_index(judge: Judge) -> None:
    statement = "∀ {n : ℕ} (x : Vec n) (i : Fin n), 0 < x i → 0 < sumExp x"
    claim, sheet = judge.claim(statement), sheet_of(judge, statement, 3)
    (x,) = (sheet.arrays[v] for v in claim.sampled)
    kept = rows_where_true(judge.bench("float32"), claim, sheet)
    assert np.array_equal(kept, (x > 0).all(axis=-1)) and 0 < kept.sum() < sheet.rows
    assert len(list(scenes(claim, sheet, 0))) == 3


def test_an_equation_of_vectors_holds_when_all_coordinates_are_equal(judge: Judge) -> None:
    statement = "∀ {n : ℕ} (x y : Vec n), x = y → sumExp x = sumExp y"
    claim, sheet = judge.claim(statement), sheet_of(judge, statement, 2)
    x, y = (sheet.arrays[v] for v in claim.sampled)
    kept = rows_where_true(judge.bench("float32"), claim, sheet)
    assert np.array_equal(kept, (x == y).all(axis=-1)) and kept.any()


def test_what_no_precision_decides_is_left_out(judge: Judge) -> None:
    """Two ways to write one irrational number overlap at every precision."""
    statement = "∀ {n : ℕ} (x : Vec n), Real.exp 1 * Real.exp 1 = Real.exp 2 → sumExp x = 0"
    claim, sheet = judge.claim(statement), sheet_of(judge, statement, 2)
    assert not rows_where_true(judge.bench("float32"), claim, sheet).any()
