"""The regimes of tangents: finite numbers of the format with the stated relation to x."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from harness.cells.cell import Cell
from harness.cells.draws import Reals
from harness.cells.inputs import inputs
from harness.cells.regimes import REGIMES
from harness.cells.tangents import TANGENTS
from harness.evaluate.formats import FORMATS, on_grid
from harness.statement.term import Var
from harness.statement.types import NAT, Length, VecType

VEC = VecType(Length(("n",)))
VARIABLES = [Var("n", NAT), Var("x", VEC), Var("dx", VEC)]


def pair(tangent: str, dtype: str, n: int, regime: str = "normal") -> tuple[Reals, Reals]:
    made = inputs(Cell(3, dtype, n, regime, tangent, 0, (12,)), VARIABLES)
    return made["x"], made["dx"]


@pytest.mark.parametrize("dtype", FORMATS)
@pytest.mark.parametrize("tangent", TANGENTS)
def test_tangents_are_numbers_of_the_format(tangent: str, dtype: str) -> None:
    for n in (1, 2, 9, 64):
        _, dx = pair(tangent, dtype, n)
        assert dx.shape == (12, n)
        assert np.all(on_grid(dx, FORMATS[dtype]))
        assert len(np.unique(dx.view(np.uint64), axis=0)) > 1


def test_eleven_and_fifteen_share_no_factor() -> None:
    assert (len(TANGENTS), len(REGIMES)) == (11, 15)


@pytest.mark.parametrize("regime", REGIMES)
@pytest.mark.parametrize("dtype", FORMATS)
def test_cancelling_rows_cancel(dtype: str, regime: str) -> None:
    fmt = FORMATS[dtype]
    for n in (2, 7, 64):
        x, dx = pair("cancelling", dtype, n, regime)
        paired = n - n % 2
        orthogonal = [
            sum(Fraction(a) * Fraction(b) for a, b in zip(u.tolist(), v.tolist(), strict=True)) == 0
            for u, v in zip(x, dx, strict=True)
        ]
        opposite = np.all(dx[:, 0:paired:2] == -dx[:, 1:paired:2], axis=-1)
        with np.errstate(over="ignore"):
            steps = np.abs(dx - dx[:, :1])
        near_constant = np.all(steps <= 16 * fmt.u * np.abs(dx[:, :1]), axis=-1)
        equal = np.all(dx == x, axis=-1)
        assert np.all(np.asarray(orthogonal) | opposite | near_constant | equal)
        assert np.sum(orthogonal) >= 3 and opposite.sum() >= 3 and near_constant.sum() >= 3
        assert equal.sum() >= 3


def test_log_uniform_rows_lie_in_p_binades_anywhere() -> None:
    for fmt in FORMATS.values():
        _, dx = pair("log_uniform", fmt.name, 64)
        exponents = np.frexp(np.abs(dx))[1]
        assert np.all(np.ptp(exponents, axis=-1) <= fmt.p)
        assert np.ptp(exponents) > fmt.emax / 2


@pytest.mark.parametrize("tangent", ["constant", "near_overflow", "tiny", "one_hot", "integers"])
def test_shared_regimes_keep_their_property(tangent: str) -> None:
    _, dx = pair(tangent, "float32", 9)
    fmt = FORMATS["float32"]
    assert {
        "constant": np.all(dx == dx[:, :1]),
        "near_overflow": np.all(np.abs(dx).max(axis=-1) > fmt.largest / 8),
        "tiny": np.abs(dx).max() <= 64 * fmt.u,
        "one_hot": np.all(np.count_nonzero(dx, axis=-1) == 1),
        "integers": np.all(dx == np.rint(dx)),
    }[tangent]


@pytest.mark.parametrize("shard", [0, 1, 2, 3])
def test_an_axis_is_a_unit_vector_of_the_last_argument(shard: int) -> None:
    made = inputs(Cell(3, "float32", 5, "normal", "axis", shard, (12,)), VARIABLES)
    dx = made["dx"]
    assert np.all((dx == 1).sum(axis=-1) == 1) and np.all((dx == 0).sum(axis=-1) == 4)
    assert set(dx.argmax(axis=-1)) == set(range(5))
    assert not np.all((made["x"] == 0) | (made["x"] == 1))
