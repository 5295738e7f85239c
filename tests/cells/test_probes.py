"""Probes: every band of sizes and other batches, at sizes that the seed draws, within limits."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from harness.cells.inputs import ALIKE, HALF_KEPT, NUDGED, RELATED, inputs
from harness.cells.plan import SIZES, plan
from harness.cells.probes import BATCH_PROBES, SHARPEST, SIZE_PROBES, probes
from harness.cells.regimes import REGIMES
from harness.evaluate.formats import FORMATS
from harness.statement.term import Var
from harness.statement.types import NAT, Length, VecType

VEC = VecType(Length(("n",)))
VARIABLES = [Var("n", NAT), Var("x", VEC), Var("dx", VEC)]


@pytest.mark.parametrize("seed", [1, 31, 4007])
def test_no_wide_band_of_sizes_is_left_out(seed: int) -> None:
    planned = plan("default", "float32", seed, vectors=2, rows=False)
    seen = sorted({c.n for c in (*planned, *probes("default", "float32", seed, rows=False))})
    assert seen[-1] > SIZES[-1]
    # Between two sizes that a run visits there is less than a factor of four.
    assert max(after / n for n, after in pairwise(seen) if n) < 4
    assert {1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 32, 64, 65, 128, 256, 512, 1024, 2048} <= {*seen}


def test_the_seed_draws_sizes() -> None:
    drawn = {
        seed: {c.n for c in probes("default", "float32", seed, rows=False)} for seed in range(8)
    }
    assert len(set.union(*drawn.values())) > 60
    assert drawn[3] == {c.n for c in probes("default", "float16", 3, rows=False)}


def test_batches_differ_from_those_of_the_plan() -> None:
    planned = {c.batch for c in plan("default", "float32", 1, vectors=2, rows=False) if c.n}
    cells = probes("default", "float32", 1, rows=False)
    rows = {math.prod(c.batch) for c in cells if len(c.batch) == 1}
    assert {1, 2, 3, 4, 5, 6, 7, 8, 10, 16, 32, 64, 100} <= rows
    assert {(), (1, 1), (1, 2), (2, 2), (2, 40)} <= {c.batch for c in cells} - planned | {()}
    assert any(c.batch == (c.n,) for c in cells)
    assert max(c.rows * c.n for c in cells) > 2**15


def test_probes_are_not_cells_of_the_plan_and_come_once() -> None:
    for effort in ("default", "deep"):
        cells = probes(effort, "float32", 1, rows=False)
        planned = plan(effort, "float32", 1, vectors=2, rows=False)
        assert len(set(cells)) == len(cells) and not set(cells) & set(planned)
        assert [c.n for c in cells] == sorted(c.n for c in cells)


def test_small_probes_meet_every_regime_and_large_ones_a_telling_one() -> None:
    by_size: dict[int, set[str]] = {}
    for cell in probes("default", "float32", 5, rows=False):
        by_size.setdefault(cell.n, set()).add(cell.regime)
    assert all(len(by_size[n]) == len(REGIMES) for n in (5, 6, 12))
    telling = {"normal", "exp_range", "log_uniform", "large_offset"}
    drawn = {n for n in by_size if n not in SIZES}
    assert all(by_size[n] & telling for n in drawn)


def test_no_large_size_is_without_the_sharpest_inputs() -> None:
    cells = probes("default", "float32", 5, rows=False)
    met = {cell.n for cell in cells if cell.regime == SHARPEST}
    assert {cell.n for cell in cells} | {n for n in SIZES if n > 17} <= met | {1, 2, 3, 4, 7, 9, 16}


def test_deep_holds_what_default_holds_and_more() -> None:
    default, deep = (set(probes(e, "float32", 4, rows=False)) for e in ("default", "deep"))
    assert default < deep
    planned = (set(plan(e, "float32", 4, vectors=2, rows=False)) for e in ("default", "deep"))
    assert next(planned) < next(planned)
    assert probes("quick", "float32", 4, rows=False) == ()


def test_rows_of_maps_have_smaller_limits() -> None:
    cells = probes("default", "float32", 1, rows=True)
    assert 128 < max(c.n for c in cells) <= 256
    assert max(c.rows * c.n**2 for c in cells) <= 2**17


def test_related_shards_are_to_cells_of_the_plan() -> None:
    planned = set(plan("default", "float64", 1, vectors=2, rows=False))
    related = [c for c in probes("default", "float64", 1, rows=False) if c.shard in RELATED]
    assert len(related) == len(RELATED) * len(REGIMES)
    assert all(replace(c, shard=0) in planned for c in related)
    for cell in related:
        first, made = inputs(replace(cell, shard=0), VARIABLES), inputs(cell, VARIABLES)
        x, dx = made["x"], made["dx"]
        if cell.shard == ALIKE:
            assert np.array_equal(x, first["x"]) and np.array_equal(dx, x)
        elif cell.shard == HALF_KEPT:
            assert np.array_equal(x[:2], first["x"][:2])
            assert np.array_equal(x[:, ::2], first["x"][:, ::2])
            other = inputs(replace(cell, shard=1), VARIABLES)["x"]
            assert np.array_equal(x[2:, 1::2], other[2:, 1::2])
        elif cell.shard == NUDGED and cell.regime == "normal":
            assert np.all(x != first["x"])
            assert np.allclose(x, first["x"], rtol=2.0**-44, atol=0)
            assert np.array_equal(x.astype("f4"), first["x"].astype("f4"))
    assert FORMATS["float64"].u == 2.0**-53


def test_the_bands_are_those_between_the_sizes_of_the_plan() -> None:
    for probe in SIZE_PROBES:
        assert probe.least <= probe.most
        assert not {*range(probe.least, probe.most + 1)} & {*SIZES}
    assert {probe.least for probe in BATCH_PROBES} <= {*SIZES}
