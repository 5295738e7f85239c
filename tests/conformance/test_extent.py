"""How much a statement takes: by the indices that its parts vary with, not by how it is nested."""

from __future__ import annotations

import pytest

from harness.conformance.extent import extent
from tests.conformance.judging import Judge


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("∑ i, x i = 0", 10),
        ("∑ i, ∑ j, x i * y j = 0", 200),
        ("(∑ i, x i) * ∑ j, y j = 0", 20),
        ("∑ i, x i * ∑ j, y j = 0", 20),
        ("∑ i, softmaxVec (softmaxVecOfFun fun j => x j + x i) i = 0", 100),
        ("∑ i, ∑ j, ∑ k, x i * x j * x k = 0", 1000),
        ("softmaxVec y = y", 20),
        ("c = 0", 1),
        ("sumExp x = c", 10),
        ("c * x p = c * y q", 200),
    ],
)
def test_the_most_numbers_of_any_part(judge: Judge, body: str, expected: int) -> None:
    claim = judge.claim(
        f"∀ {{n m : ℕ}} (x : Vec n) (y : Vec m) (c : ℝ) (p : Fin n) (q : Fin m), {body}"
    )
    assert extent(claim.relations, {"n": 10, "m": 20}) == expected


def test_an_index_that_is_fixed_has_one_value(judge: Judge) -> None:
    claim = judge.claim(
        "∀ {n : ℕ} (x dx : Vec n) (i : Fin n), softmaxDerivCoord x i dx = softmaxJvp x dx i"
    )
    sizes = {"n": 10}
    assert extent(claim.relations, sizes, claim.passed) == 10
    assert extent(claim.relations, sizes) == 10
    pair = judge.claim("∀ {n : ℕ} (x : Vec n) (i j : Fin n), x i * x j = x j * x i")
    assert extent(pair.relations, sizes) == 100
    assert extent(pair.relations, sizes, frozenset(pair.indices)) == 10


def test_nothing_takes_one_number(judge: Judge) -> None:
    assert extent((), {}) == 1
    zero = judge.claim("∀ {n : ℕ} (x : Vec n), ∑ i, x i = 0")
    assert extent(zero.relations, {"n": 0}) == 1
