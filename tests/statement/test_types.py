"""Types: how they print, and the lengths of coordinates."""

from __future__ import annotations

import pytest

from harness.statement.types import (
    REAL,
    FinType,
    FunType,
    Length,
    LinearType,
    VecType,
    coordinate_length,
    is_coordinates,
)

N = Length(("n",))
COORDINATES = FunType(FinType(N), REAL)


def test_types_print_as_lean_writes_them() -> None:
    assert str(Length()) == "0"
    assert str(FunType(VecType(Length(("m", "n"), 2)), REAL)) == "Vec (m + n + 2) → ℝ"
    assert str(FunType(COORDINATES, VecType(N))) == "(Fin n → ℝ) → Vec n"
    assert str(LinearType(VecType(N), COORDINATES)) == "Vec n →L[ℝ] (Fin n → ℝ)"


def test_lengths_at_sizes() -> None:
    assert Length(("m", "n", "n"), 1).at({"m": 2, "n": 10}) == 23
    with pytest.raises(KeyError):
        N.at({})


def test_coordinates() -> None:
    assert is_coordinates(VecType(N))
    assert is_coordinates(COORDINATES)
    assert not is_coordinates(FunType(VecType(N), REAL))
    assert coordinate_length(COORDINATES) == coordinate_length(VecType(N)) == N
    with pytest.raises(TypeError, match="has no coordinates"):
        coordinate_length(REAL)
