"""Units are named by numbers, and shards are a partition of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.campaign.plan import (
    FEWEST_ROWS,
    FIRST_SHARD,
    NUMBERS,
    Shards,
    groups,
    single_jobs,
)
from harness.cells.cell import parse_cell
from harness.cells.inputs import RELATED
from tests.campaign.campaigns import GROUPS, JOBS, campaign


@given(st.integers(1, 500))
def test_the_fewest_units_that_hold_what_was_asked_for(asked: int) -> None:
    made = campaign(asked)
    inputs = [made.unit(number).inputs for number in range(made.units)]
    assert sum(inputs) == made.inputs >= asked
    assert sum(inputs[:-1]) < asked


@given(st.integers(1, 200), st.integers(1, 50))
def test_shards_are_a_partition(units: int, length: int) -> None:
    shards = Shards(units, length)
    numbers = [number for shard in range(len(shards)) for number in shards.of(shard)]
    assert numbers == list(range(units))
    assert all(shards.of(shard) for shard in range(len(shards)))


def test_a_beginning_covers_every_group_evenly() -> None:
    made = campaign(10_000)
    met = Counter(
        (cell.dtype, cell.n, cell.regime) for cell in (made.unit(k).cell for k in range(30))
    )
    assert set(met.values()) == {10} and len(met) == len(GROUPS)


def test_no_two_units_have_one_cell_and_every_tangent_is_met() -> None:
    made = campaign(10_000)
    cells = [made.unit(number).cell for number in range(300)]
    assert len(set(cells)) == len(cells)
    assert len({cell.tangent for cell in cells if cell.regime == "ties"}) == 11
    assert all(parse_cell(cell.id()) == cell for cell in cells)
    assert min(cell.shard for cell in cells) == FIRST_SHARD > max(RELATED)


def test_a_unit_one_job_at_a_time() -> None:
    unit = campaign(100).unit(0)
    singles = list(single_jobs(unit))
    assert [one.jobs for one in singles] == [(0,), (1,)]
    assert all(one.cell == unit.cell and one.number == unit.number for one in singles)
    assert sum(one.inputs for one in singles) == unit.inputs


def test_groups_leave_out_what_is_not_judged_at_a_size() -> None:
    extents = [(2, 8), (2, 0), (0, 8)]
    made = list(groups(JOBS, extents, (2, 8), ("normal", "ties"), 10**9))
    assert [(g.dtype, g.n, g.regime, g.jobs) for g in made] == [
        ("float32", 2, "normal", (0, 1)),
        ("float32", 2, "ties", (0, 1)),
        ("float32", 8, "normal", (0,)),
        ("float32", 8, "ties", (0,)),
        ("float64", 8, "normal", (2,)),
        ("float64", 8, "ties", (2,)),
    ]


@pytest.mark.parametrize("each", [1, 8, 1000, NUMBERS, 10 * NUMBERS])
def test_a_cell_has_an_odd_number_of_rows_and_a_bounded_size(each: int) -> None:
    (group,) = groups(JOBS[:1], [(each,)], (8,), ("normal",), 10**9)
    assert group.rows % 2 == 1
    assert group.rows * each <= NUMBERS + each


@pytest.mark.parametrize("asked", [10**4, 10**6, 10**8])
def test_a_campaign_goes_round_all_groups_however_few_inputs_it_has(asked: int) -> None:
    sizes, regimes = (1, 8, 64), ("normal", "ties")
    extents = [sizes] * len(JOBS)
    made = tuple(groups(JOBS, extents, sizes, regimes, asked))
    whole = replace(campaign(asked), groups=made)
    met = {whole.unit(number).cell.n for number in range(whole.units)}
    assert met == set(sizes) and whole.units >= len(made)
    assert asked <= whole.inputs <= 2 * asked + NUMBERS * len(JOBS)


def test_few_inputs_are_not_single_rows() -> None:
    (group,) = groups(JOBS[:1], [(8,)], (8,), ("normal",), 1)
    assert group.rows == FEWEST_ROWS
