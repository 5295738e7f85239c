"""The numbers of cells: committed bits, what they depend on, shapes by type, sizes and indices."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.cells.cell import Cell
from harness.cells.inputs import indices, inputs, sizes, trailing_shape
from harness.cells.plan import plan
from harness.cells.regimes import REGIMES
from harness.cells.tangents import TANGENTS
from harness.errors import InputError
from harness.evaluate.formats import FORMATS, on_grid
from harness.statement.term import Var
from harness.statement.types import (
    NAT,
    PROP,
    REAL,
    FinType,
    FunType,
    Length,
    LinearType,
    Type,
    VecType,
)

LENGTH = Length(("n",))
VEC = VecType(LENGTH)
COORDINATES = FunType(FinType(LENGTH), REAL)
FUNCTIONAL = LinearType(VEC, REAL)
ROWS = FunType(FinType(LENGTH), FUNCTIONAL)
N = Var("n", NAT)
X, DX, DELTA = Var("x", VEC), Var("dx", VEC), Var("δ", VEC)
CELL = Cell(1, "float32", 8, "normal", "one_hot", 0, (5,))

# Digests of the bits of x, dx and δ over four formats and five sizes, by regime.
# They change only together with `draws.GENERATION`.
COMMITTED = {
    "normal": "a5653d7bc4d5e346",
    "tiny": "432c242c938f1d50",
    "one_hot_extreme": "494ea6773b7e3295",
    "ties": "e7e07f3450736576",
    "exp_range": "efa41e80ba6716d6",
    "signed_zeros": "ddcd469ede15094e",
    "near_overflow": "7ae87cf9dc2e11df",
    "constant": "6f4c5e6935dcaeec",
    "log_uniform": "d0e93f5b6c477cab",
    "one_hot": "c7a6755c7ce04b9c",
    "subnormal_outputs": "4dfe484c03ac750a",
    "all_negative": "eaa700e035ef88b0",
    "large_offset": "e5b88ead245b7198",
    "raw_bits": "089b589843ea1b81",
    "integers": "d6bc38f3e1321753",
    "tangent normal": "a5653d7bc4d5e346",
    "tangent cancelling": "f96b85adaa804538",
    "tangent log_uniform": "6f9b2fee8dbe0153",
    "tangent one_hot": "2121be6e58612d00",
    "tangent near_overflow": "ee3e8e5971d0c7cf",
    "tangent constant": "12532e8206ea4b8c",
    "tangent raw_bits": "c5f6b1f4c926e5f9",
    "tangent signed_zeros": "8036b63f23b99292",
    "tangent integers": "6e92d22cf8981b8b",
    "tangent tiny": "442f3adbeb14f3f1",
    "tangent large_offset": "74faa4eb77b683f5",
}


def cells_with(regime: str, tangent: str) -> Iterator[Cell]:
    for dtype in FORMATS:
        for n in (1, 2, 3, 8, 65):
            yield Cell(20, dtype, n, regime, tangent, n % 2, (7,))


def digest(cells: Iterator[Cell]) -> str:
    state = hashlib.blake2b(digest_size=8)
    for cell in cells:
        for values in inputs(cell, [N, X, DX, DELTA]).values():
            state.update(values.astype("<f8").tobytes())
    return state.hexdigest()


@pytest.mark.parametrize("regime", REGIMES)
def test_bits_of_x_are_the_committed_ones(regime: str) -> None:
    assert digest(cells_with(regime, "normal")) == COMMITTED[regime]


@pytest.mark.parametrize("tangent", TANGENTS)
def test_bits_of_tangents_are_the_committed_ones(tangent: str) -> None:
    assert digest(cells_with("normal", tangent)) == COMMITTED[f"tangent {tangent}"]


def test_numbers_do_not_depend_on_what_was_made_before_or_on_the_view() -> None:
    first = inputs(CELL, [N, X, DX])
    inputs(replace(CELL, seed=2), [N, X, DX])
    for same in (CELL, replace(CELL, view="strided"), CELL.data()):
        again = inputs(same, [N, X, DX])
        assert all(again[name].tobytes() == first[name].tobytes() for name in ("x", "dx"))


def test_numbers_are_shared_between_statements_and_types_of_one_shape() -> None:
    wanted = inputs(CELL, [N, X, DX])
    f, v, i = Var("f", COORDINATES), Var("v", FUNCTIONAL), Var("i", FinType(LENGTH))
    got = inputs(CELL, [N, f, i, v])
    assert np.array_equal(got["f"], wanted["x"]) and np.array_equal(got["v"], wanted["dx"])
    assert list(got) == ["f", "v"]


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 2},
        {"dtype": "float64"},
        {"n": 9},
        {"shard": 1},
        {"batch": (3,)},
        {"regime": "ties"},
        {"tangent": "integers"},
    ],
)
def test_numbers_depend_on_every_part_of_the_data(change: dict[str, Any]) -> None:
    before = inputs(CELL, [N, X, DX])
    after = inputs(replace(CELL, **change), [N, X, DX])
    for name in ("x", "dx"):
        one, other = before[name], after[name]
        rows, n = (min(a, b) for a, b in zip(one.shape, other.shape, strict=True))
        assert not np.array_equal(one[:rows, :n], other[:rows, :n])


def test_further_shards_are_the_first_one_mirrored_and_negated() -> None:
    c = Var("c", REAL)
    first, mirrored, negated = (
        inputs(replace(CELL, shard=shard), [N, X, c, DX]) for shard in (0, 2, 3)
    )
    for name in ("x", "dx"):
        assert np.array_equal(mirrored[name], first[name][..., ::-1])
    assert np.array_equal(mirrored["c"], first["c"])
    assert all(np.array_equal(negated[name], -first[name]) for name in first)


def test_the_third_argument_takes_the_next_tangent() -> None:
    made = inputs(replace(CELL, tangent="large_offset"), [N, X, DX, DELTA])
    assert np.abs(made["dx"]).min() > 80
    # The list goes round: normal follows large_offset.
    assert np.abs(made["δ"]).max() < 5.3


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        (REAL, (5,)),
        (VEC, (5, 8)),
        (COORDINATES, (5, 8)),
        (FUNCTIONAL, (5, 8)),
        (ROWS, (5, 8, 8)),
        (LinearType(VecType(Length(("m",))), VEC), (5, 8, 9)),
        (VecType(Length(("n",), 1)), (5, 9)),
        (VecType(Length((), 0)), (5, 0)),
    ],
    ids=str,
)
@pytest.mark.parametrize("tangent", TANGENTS)
def test_shapes_follow_from_types(kind: Type, shape: tuple[int, ...], tangent: str) -> None:
    cell = replace(CELL, tangent=tangent, regime="normal")
    values = inputs(cell, [N, Var("m", NAT), X, Var("v", kind)])["v"]
    assert values.shape == shape
    assert values.dtype == np.float64
    assert np.all(on_grid(values, FORMATS["float32"]))


def test_rows_of_a_map_cancel_against_the_vector() -> None:
    made = inputs(replace(CELL, tangent="cancelling", n=4), [N, Var("f", ROWS), X])
    products = np.einsum("rij,rj->ri", made["f"], made["x"])
    assert np.mean(products == 0) >= 0.2


def test_a_statement_about_reals_takes_the_regime_for_its_first() -> None:
    made = inputs(replace(CELL, regime="integers"), [Var("a", REAL), Var("b", REAL)])
    assert made["a"].shape == made["b"].shape == (5,)
    assert np.all(made["a"] == np.rint(made["a"]))
    assert set(np.abs(made["b"])) <= {0.125, 1.0, 8.0}


@pytest.mark.parametrize("kind", [PROP, FunType(VEC, REAL), FunType(VEC, VEC)], ids=str)
def test_types_without_coordinates_are_an_input_error(kind: Type) -> None:
    with pytest.raises(InputError, match="cannot be sampled"):
        trailing_shape(kind, {"n": 3})


def test_the_first_size_is_n_and_the_others_are_near() -> None:
    names = [Var(name, NAT) for name in ("n", "m", "k")]
    seen = set()
    for n in (0, 1, 8):
        for regime in REGIMES:
            got = sizes(replace(CELL, n=n, regime=regime), [*names, X])
            assert got["n"] == n
            assert all(0 <= got[name] <= n + 2 and got[name] >= n - 1 for name in ("m", "k"))
            seen.add((n, got["m"] - n))
    assert {(8, -1), (8, 0), (8, 1), (8, 2)} <= seen
    assert sizes(CELL, [X]) == {}


@given(st.integers(0, 5000), st.text())
def test_indices_hold_both_ends_and_the_middle(n: int, key: str) -> None:
    got = indices(n, key)
    assert got == indices(n, key) == tuple(sorted(set(got)))
    assert len(got) <= 5
    assert set(got) <= set(range(n))
    assert n == 0 or {0, n // 2, n - 1} <= set(got)
    assert n < 2 or 1 in got


def test_the_drawn_index_varies_with_the_key() -> None:
    assert len({indices(1000, key) for key in range(20)}) > 15


def test_small_sizes_hold_inputs_whose_results_show_a_single_ulp() -> None:
    """Where all results are exact by the rules of NUMERICS.md section 1, nothing hides an ulp."""
    for dtype in FORMATS:
        small = [c for c in plan("quick", dtype, 1, vectors=1, rows=False) if c.n in (1, 2)]
        for n in (1, 2):
            x = np.concatenate([inputs(cell, [N, X])["x"] for cell in small if cell.n == n])
            # exp(0) = 1 and sums of it are exact: sumExp is n, softmax is 1/n.
            assert np.all(x == 0, axis=-1).sum() >= 5
            # Equal coordinates: the shifted ones are 0.
            assert np.all(x == x[:, :1], axis=-1).sum() >= 25
