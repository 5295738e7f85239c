"""Scopes: which indices a term varies with, and sizes solved from lengths."""

from __future__ import annotations

import pytest

from harness.evaluate.scope import free_indices, result_sizes, solve_size
from harness.statement.types import REAL, Length, VecType
from tests.evaluate.terms import N1, VEC, A, I, J, N, X, Y, add, at, mul, total, vector


def test_free_indices_are_those_that_nothing_in_the_term_binds() -> None:
    assert free_indices(add(A, total(J, at(X, J)))) == ()
    assert free_indices(total(J, mul(at(X, J), at(Y, I)))) == (I,)
    assert free_indices(mul(at(X, J), at(Y, I))) == (I, J)
    assert free_indices(vector(I, at(X, J))) == (J,)


@pytest.mark.parametrize(
    "length, actual, n",
    [(N, 5, 5), (N1, 5, 4), (Length(("n", "n")), 6, 3), (Length(("n", "n"), 2), 6, 2)],
)
def test_a_size_from_a_length(length: Length, actual: int, n: int) -> None:
    sizes: dict[str, int] = {}
    solve_size(length, actual, sizes)
    assert sizes == {"n": n}


def test_known_sizes_stay_and_numerals_fix_nothing() -> None:
    sizes = {"n": 7}
    solve_size(N, 5, sizes)
    solve_size(Length((), 3), 3, sizes)
    solve_size(Length(("m", "n")), 9, sizes)
    assert sizes == {"n": 7}


def test_sizes_that_the_result_of_a_call_fixes() -> None:
    m = VecType(Length(("m",)))
    assert result_sizes(m, VecType(N1), {"n": 4}) == {"m": 5}
    assert result_sizes(REAL, VEC, {"n": 4}) == {}
