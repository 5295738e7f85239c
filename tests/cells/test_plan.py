"""The plan of a run: sizes, regimes, tangents, batches and views by effort."""

from __future__ import annotations

from collections import Counter

import pytest

from harness.cells.cell import Cell, datasets
from harness.cells.plan import EFFORTS, SIZES, plan
from harness.cells.regimes import REGIMES
from harness.cells.tangents import TANGENTS
from harness.cells.views import LAYOUTS, VIEWS
from harness.errors import InputError

SMALL = [n for n in SIZES if 1 <= n <= 17]
LARGE = [n for n in SIZES if n > 17]


def cells_of(effort: str, *, vectors: int = 3, rows: bool = False) -> tuple[Cell, ...]:
    return plan(effort, "float32", 7, vectors=vectors, rows=rows)


@pytest.mark.parametrize(
    ("effort", "rows", "cells", "data"),
    [
        ("quick", False, 106, 106),
        ("quick", True, 106, 106),
        ("default", False, 576, 386),
        ("default", True, 520, 350),
        ("deep", False, 2238, 544),
        ("deep", True, 1638, 394),
    ],
)
def test_the_size_of_a_run_is_what_was_decided(
    effort: str, rows: bool, cells: int, data: int
) -> None:
    planned = cells_of(effort, rows=rows)
    assert (len(planned), len(datasets(planned))) == (cells, data)


@pytest.mark.parametrize("effort", EFFORTS)
@pytest.mark.parametrize("rows", [False, True])
def test_no_cell_comes_twice_and_no_batch_is_a_multiple_of_four(effort: str, rows: bool) -> None:
    planned = cells_of(effort, rows=rows)
    assert len(set(planned)) == len(planned)
    assert all(cell.n not in cell.batch[:-1] for cell in planned)
    assert all(cell.rows % 4 for cell in planned)
    assert max(cell.n for cell in planned) == (9 if effort == "quick" else 65 if rows else 4096)
    assert {(cell.seed, cell.dtype) for cell in planned} == {(7, "float32")}
    assert [cell.n for cell in planned] == sorted(cell.n for cell in planned)


@pytest.mark.parametrize("effort", EFFORTS)
def test_small_sizes_meet_every_regime(effort: str) -> None:
    met = {(cell.n, cell.regime) for cell in cells_of(effort)}
    limit = 9 if effort == "quick" else 17
    assert {(n, regime) for n in SMALL if n <= limit for regime in REGIMES} <= met


def test_large_sizes_take_four_regimes_a_shard_and_leave_none_out() -> None:
    plain = [cell for cell in cells_of("default") if cell.n > 17 and cell.view == "contiguous"]
    assert set(Counter((cell.n, cell.shard) for cell in plain).values()) == {4}
    assert (SIZES[-1], 1) not in {(cell.n, cell.shard) for cell in plain}
    assert {cell.n for cell in plain} == set(LARGE)
    assert min(Counter(cell.regime for cell in plain).values()) >= 2
    assert set(REGIMES) == {cell.regime for cell in plain}


def test_each_regime_meets_every_tangent_and_never_all_at_one_size() -> None:
    small = [cell for cell in cells_of("default") if cell.n in SMALL and cell.shard < 2]
    assert {(c.regime, c.tangent) for c in small} == {(r, t) for r in REGIMES for t in TANGENTS}
    met_at = {(c.n, c.regime): set[str]() for c in small}
    for cell in small:
        met_at[cell.n, cell.regime].add(cell.tangent)
    assert {len(tangents) for tangents in met_at.values()} == {2}


def test_shards_are_two_batches_of_one_shape() -> None:
    plain = [cell for cell in cells_of("default") if cell.view == "contiguous"]
    by_shard = Counter((cell.n, cell.batch, cell.shard) for cell in plain if len(cell.batch) == 1)
    for n, batch, _ in by_shard:
        assert by_shard[n, batch, 0] == by_shard[n, batch, 1] > 0 or n == SIZES[-1]
    assert {cell.shard for cell in cells_of("quick")} == {0}


def test_other_views_and_batches_are_where_they_were_decided() -> None:
    default = cells_of("default")
    assert {c.n for c in default if c.view != "contiguous"} == {2, 8, 65, 1025}
    assert {c.n for c in default if len(c.batch) != 1} == {0, 3, 8}
    assert {c.batch for c in default if c.n == 8} == {(5,), (), (2, 3)}
    assert {c.batch for c in default if c.n == 3} == {(13,), (), (2, 3)}
    at_two = Counter((c.view, c.regime) for c in default if c.n == 2 and c.shard == 0)
    assert {pair for pair in at_two if pair[0] in LAYOUTS} == {
        (v, r) for v in LAYOUTS for r in REGIMES
    }
    # The mixtures of layouts share the regimes between them.
    assert Counter(r for v, r in at_two if v not in LAYOUTS) == dict.fromkeys(REGIMES, 1)
    assert set(at_two.values()) == {1} and {v for v, _ in at_two} == set(VIEWS)
    assert {c.view for c in cells_of("quick")} == {"contiguous"}
    deep = {(c.n, c.regime, c.view) for c in cells_of("deep") if c.n}
    assert len(deep) == (len(SIZES) - 1) * 15 * 7


def test_views_share_the_numbers_of_the_plain_cell() -> None:
    for data, members in datasets(cells_of("default")).items():
        assert any(member.view == "contiguous" for member in members), data.id()


def test_length_zero_is_visited_once_per_shape() -> None:
    empty = [cell for cell in cells_of("default") if cell.n == 0]
    assert Counter(cell.batch for cell in empty) == {(13,): 2, (): 1, (2, 3): 1}


def test_without_vectors_sizes_are_left_out() -> None:
    assert {cell.n for cell in cells_of("default", vectors=0)} == {1, 2}


def test_an_unknown_effort_is_an_input_error() -> None:
    with pytest.raises(InputError, match="no effort 'dep'") as caught:
        cells_of("dep")
    assert caught.value.hint == "did you mean 'deep'?"
