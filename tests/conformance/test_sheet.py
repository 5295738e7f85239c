"""Sheets: rows and cells map to each other, and what depends on the same numbers has one key."""

from __future__ import annotations

import numpy as np
import pytest

from harness.cells.cell import Cell, parse_cell
from harness.cells.inputs import inputs
from harness.cells.regimes import REGIMES
from harness.cells.views import LAYOUTS, VIEWS
from harness.conformance.sheet import (
    MOST_SHOWN,
    Sheet,
    hexed,
    lengths_of,
    one_cell,
    sheets,
    size_variables,
)
from harness.statement.term import Var
from harness.statement.types import (
    NAT,
    REAL,
    FinType,
    FunType,
    Length,
    LinearType,
    VecType,
)

N, M = Length(("n",)), Length(("m",))
X, DX = Var("x", VecType(N)), Var("dx", VecType(N))
I = Var("i", FinType(N))  # noqa: E741
C = Var("c", REAL)


def of_size(n: int, *variables: Var, effort: str = "quick", seed: int = 1) -> Sheet:
    found = sheets(variables, effort, "float32", seed)
    return next(sheet for sheet in found if sheet.n == n)


def test_sheets_come_by_rising_n_with_every_regime() -> None:
    found = sheets((X, I), "quick", "float32", 1)
    sizes = [sheet.n for sheet in found]
    assert sizes == sorted(set(sizes)) == [0, 1, 2, 3, 4, 7, 8, 9]
    for sheet in found[1:]:
        assert {placed.cell.regime for placed in sheet.placed} == set(REGIMES)
        assert sheet.sizes == {"n": sheet.n}
        assert sheet.variables == (X,)


def test_rows_are_the_rows_of_the_cells_in_order() -> None:
    sheet = of_size(3, X, DX)
    assert sheet.rows == sum(placed.cell.rows for placed in sheet.data)
    for placed in sheet.data:
        made = inputs(placed.cell, (Var("n", NAT), X, DX))
        assert placed.stop - placed.start == placed.cell.rows
        for variable in (X, DX):
            assert np.array_equal(sheet.arrays[variable][placed.rows], made[variable.name])


def test_views_and_shapes_share_the_rows_of_their_numbers() -> None:
    sheet = of_size(8, X, DX, effort="default")
    assert len(sheet.placed) > len(sheet.data)
    rows = {placed.cell: (placed.start, placed.stop) for placed in sheet.data}
    for placed in sheet.placed:
        assert (placed.start, placed.stop) == rows[placed.cell.data()]
    views = dict(sheet.passes())
    assert set(views) == set(VIEWS)
    # With one argument, a mixture of layouts would be one of those that are tried anyway.
    assert set(dict(of_size(8, X, effort="default").passes())) == set(LAYOUTS)
    assert sum(map(len, views.values())) == len(sheet.placed)
    assert all(p.cell.view == view for view, cells in views.items() for p in cells)


def test_a_case_gives_back_its_numbers() -> None:
    sheet = of_size(3, X, C)
    for row in (0, 5, sheet.rows - 1):
        case = sheet.case(row)
        alone = one_cell((X, C), parse_cell(case.cell))
        assert case.n == alone.n == 3 and case.id == f"{case.cell}#{case.row}"
        for variable in (X, C):
            numbers = sheet.arrays[variable][row]
            assert np.array_equal(alone.arrays[variable][case.row], numbers)
            assert case.inputs[variable.name] == hexed(numbers)
    assert float.fromhex(str(sheet.case(0).inputs["c"])) == sheet.arrays[C][0]


def test_a_case_is_that_of_the_view_asked_for() -> None:
    sheet = of_size(8, X, effort="default")
    assert "/strided/" in sheet.case(0, "strided").cell
    with pytest.raises(LookupError):
        sheet.case(sheet.rows, "strided")


def test_many_numbers_are_not_written_out() -> None:
    cell = Cell(1, "float32", MOST_SHOWN + 1, "normal", "normal", batch=(1,))
    assert one_cell((X,), cell).case(0).inputs == {}
    small = Cell(1, "float32", MOST_SHOWN, "normal", "normal", batch=(1,))
    assert set(one_cell((X,), small).case(0).inputs) == {"x"}


def test_one_key_means_one_set_of_numbers() -> None:
    """Names do not matter, nor do indices; types, places, seeds and dtypes do."""
    sheet = of_size(3, X, DX, I)
    renamed = of_size(3, Var("y", VecType(N)), I, Var("δ", VecType(N)))
    assert sheet.key == renamed.key
    for a, b in zip(sheet.arrays.values(), renamed.arrays.values(), strict=True):
        assert np.array_equal(a, b)
    others = (
        of_size(3, X),
        of_size(3, X, C),
        of_size(4, X, DX),
        of_size(3, X, DX, seed=2),
        of_size(3, Var("f", FunType(FinType(N), REAL)), DX),
        sheets((X, DX), "quick", "float64", 1)[3],
    )
    assert len({sheet.key, *(other.key for other in others)}) == 1 + len(others)


def test_the_first_of_more_variables_have_the_same_numbers() -> None:
    alone, beside = of_size(3, X), of_size(3, X, DX)
    assert np.array_equal(alone.arrays[X], beside.arrays[X])


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (VecType(Length(("n",), 1)), ["n"]),
        (FunType(FinType(N), REAL), ["n"]),
        (LinearType(VecType(M), VecType(N)), ["m", "n"]),
        (FunType(FinType(N), LinearType(VecType(M), REAL)), ["n", "m"]),
        (REAL, []),
        (VecType(Length((), 3)), []),
    ],
)
def test_sizes_are_read_off_types(kind: object, names: list[str]) -> None:
    found = size_variables((Var("f", kind),))  # type: ignore[arg-type]
    assert [v.name for v in found] == names
    assert [name for length in lengths_of(kind) for name in length.variables] == names  # type: ignore[arg-type]


def test_two_sizes_differ_and_both_vary() -> None:
    found = sheets((X, Var("y", VecType(M))), "quick", "float32", 1)
    pairs = {(sheet.sizes["n"], sheet.sizes["m"]) for sheet in found}
    assert any(n != m for n, m in pairs) and any(n == m for n, m in pairs)
    for sheet in found:
        assert [a.shape[1] for a in sheet.arrays.values()] == [*sheet.sizes.values()]


def test_a_length_above_zero_is_sampled_so() -> None:
    longer = Var("x", VecType(Length(("n",), 1)))
    sheet = of_size(3, longer)
    assert sheet.arrays[longer].shape == (sheet.rows, 4)


def test_a_statement_that_fixes_its_length_is_known_by_it() -> None:
    """Vec 3 is not n = 0, and Vec 0 is."""
    for length in (0, 3):
        fixed = Var("x", VecType(Length((), length)))
        (sheet,) = sheets((fixed,), "quick", "float32", 1)
        assert sheet.n == length == sheet.case(0).n
        assert sheet.arrays[fixed].shape == (sheet.rows, length)


def test_without_a_vector_two_sizes_are_enough() -> None:
    found = sheets((C,), "quick", "float32", 1)
    assert [sheet.n for sheet in found] == [1]
    assert found[0].arrays[C].shape == (found[0].rows,)
