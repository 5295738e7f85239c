"""Cells: their ids read back, malformed ids are answered, cells are grouped by their numbers."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.cells.cell import Cell, datasets, parse_cell
from harness.cells.regimes import REGIMES
from harness.cells.tangents import TANGENTS
from harness.cells.views import VIEWS
from harness.errors import InputError
from harness.evaluate.formats import FORMATS

TEXT = "float32/n=8/normal/one_hot/s0/2x3/contiguous/seed=1"
CELL = Cell(1, "float32", 8, "normal", "one_hot", 0, (2, 3), "contiguous")

cells = st.builds(
    Cell,
    seed=st.integers(0, 10**18 - 1),
    dtype=st.sampled_from(list(FORMATS)),
    n=st.integers(0, 5000),
    regime=st.sampled_from(list(REGIMES)),
    tangent=st.sampled_from(list(TANGENTS)),
    shard=st.integers(0, 9),
    batch=st.lists(st.integers(0, 99), max_size=3).map(tuple),
    view=st.sampled_from(VIEWS),
)


def test_an_id_is_readable_and_reads_back() -> None:
    assert CELL.id() == TEXT
    assert parse_cell(TEXT) == CELL
    assert parse_cell(TEXT.replace("2x3", "-")).batch == ()


@given(cells)
@settings(deadline=None)
def test_ids_round_trip(cell: Cell) -> None:
    assert parse_cell(cell.id()) == cell


@given(cells, cells)
@settings(deadline=None)
def test_different_cells_have_different_ids(one: Cell, other: Cell) -> None:
    assert (one.id() == other.id()) == (one == other)


@given(st.text() | st.text("float32/n=8/normal/one_hot/s0/5x-/seed=1²"))
@settings(deadline=None)
def test_any_text_is_a_cell_or_an_input_error(text: str) -> None:
    try:
        cell = parse_cell(text)
    except InputError:
        return
    assert cell.id() == text.strip()


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("", "1 parts, not 8", "float32/n=8/"),
        (TEXT.replace("float32", "float23"), "no dtype 'float23'", "float32"),
        (TEXT.replace("normal", "norml"), "no regime 'norml'", "did you mean 'normal'?"),
        (TEXT.replace("one_hot", "zzz"), "no regime of tangents 'zzz'", "cancelling"),
        (TEXT.replace("contiguous", "backwards"), "no view 'backwards'", "reversed"),
        (TEXT.replace("n=8", "n=-8"), "'n=-8'", "float32/n=8/"),
        (TEXT.replace("n=8", "8"), "'8' is not 'n='", "float32/n=8/"),
        (TEXT.replace("2x3", "2x"), "'' is not ''", "float32/n=8/"),
        (TEXT.replace("seed=1", "seed=01"), "'seed=01'", "float32/n=8/"),
        (TEXT.replace("seed=1", "seed=" + "9" * 5000), "below 10^18", "float32/n=8/"),
    ],
)
def test_malformed_ids_say_what_was_expected(text: str, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_cell(text)
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_rows_are_the_product_of_the_batch() -> None:
    assert CELL.rows == 6
    assert parse_cell(TEXT.replace("2x3", "-")).rows == 1


def test_datasets_join_views_and_batches_of_equal_numbers() -> None:
    strided = parse_cell(TEXT.replace("contiguous", "strided"))
    flat = parse_cell(TEXT.replace("2x3", "6"))
    other = parse_cell(TEXT.replace("s0", "s1"))
    groups = datasets([strided, other, CELL, flat])
    assert list(groups.items()) == [(flat, (strided, CELL, flat)), (other.data(), (other,))]


def test_data_forgets_the_view_and_the_shape_of_the_batch_only() -> None:
    kept = {f.name for f in fields(Cell) if getattr(CELL.data(), f.name) == getattr(CELL, f.name)}
    assert kept == {f.name for f in fields(Cell)} - {"batch"}
    assert parse_cell(TEXT.replace("contiguous", "offset")).data() == CELL.data()
