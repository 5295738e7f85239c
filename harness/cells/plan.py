"""Which cells a run consists of: sizes, regimes, batches and views by effort.

After the table in NUMERICS.md section 3. Never the product of the regimes of x, dx and δ: each
regime of the first vector meets the tangents in rotation over n and shard.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, get_args

from harness.cells.cell import Cell
from harness.cells.regimes import REGIMES
from harness.cells.tangents import TANGENTS
from harness.cells.views import LAYOUTS, VIEWS
from harness.errors import InputError, did_you_mean

Effort = Literal["quick", "default", "deep"]
EFFORTS: tuple[Effort, ...] = get_args(Effort)

SIZES = (0, 1, 2, 3, 4, 7, 8, 9, 16, 17, 64, 65, 257, 1000, 1024, 1025, 4096)
"""Around powers of two, block and vector lengths; 0 and 1; prime and odd ones."""

_SMALL = 17
_LARGEST_OF_ROWS = 65
_VIEW_SIZES = (2, 8, 65, 1025)
_SHAPE_SIZES = (0, 3, 8)
_OTHER_BATCHES: tuple[tuple[int, ...], ...] = ((), (2, 3))
_REGIMES_OF_LARGE = 4


def plan(effort: str, dtype: str, seed: int, *, vectors: int, rows: bool) -> tuple[Cell, ...]:
    """The cells of a run for one dtype, by rising n, the two shards of a shape side by side.

    vectors: how many of the statement's variables are vectors or linear maps; without any, sizes
    are pointless and only n = 1 and 2 are left. rows: whether one is a `Fin n → Vec n →L[ℝ] ℝ`,
    whose n × n numbers limit n to 65 here. InputError for an unknown effort.
    """
    if effort not in EFFORTS:
        hint = did_you_mean(effort, list(EFFORTS)) or f"known: {', '.join(EFFORTS)}"
        raise InputError(f"no effort '{effort}'", hint=hint)
    largest = 9 if effort == "quick" else _LARGEST_OF_ROWS if rows else SIZES[-1]
    chosen = (n for n in SIZES if n <= largest) if vectors else (1, 2)
    return tuple(cell for n in chosen for cell in _of_size(effort, dtype, seed, n))


def batch_of(n: int) -> int:
    """Rows of an ordinary batch: more where numbers are few, never 0 mod 4, never n.

    Tails of blocks are where code errs; full blocks are among the probes.
    """
    return 13 if n <= 4 else 5 if n <= _LARGEST_OF_ROWS else 3


def tangent_of(regime: str, n: int, shard: int) -> str:
    """The tangent that a regime of x meets at a size of SIZES."""
    # Two shards 5 apart over nine small sizes: each regime meets all eleven tangents.
    names = tuple(TANGENTS)
    return names[(tuple(REGIMES).index(regime) + SIZES.index(n) + 5 * shard) % len(names)]


def _of_size(effort: str, dtype: str, seed: int, n: int) -> Iterator[Cell]:
    deep, quick = effort == "deep", effort == "quick"
    plain = [
        Cell(seed, dtype, n, regime, tangent_of(regime, n, shard), shard, (batch_of(n),))
        for regime in REGIMES
        for shard in ((0,) if quick else (0, 1))
        if regime in _regimes_at(n, shard, all_of_them=deep)
    ]
    yield from plain
    if quick:
        return
    # One shard is enough here: it has the numbers of a plain cell, seen through another layout,
    # or another number of leading axes.
    firsts = [cell for cell in plain if cell.shard == 0]
    if deep or n in _VIEW_SIZES:
        yield from (replace(cell, view=view) for view in LAYOUTS[1:] for cell in firsts)
        for k, view in enumerate(VIEWS[len(LAYOUTS) :]):
            # Half of the cells each: what matters here is the layouts, not the numbers.
            chosen = firsts if deep else firsts[k::2]
            yield from (replace(cell, view=view) for cell in chosen)
    for batch in _OTHER_BATCHES if n in _SHAPE_SIZES else ():
        for view in LAYOUTS if deep else LAYOUTS[:1]:
            yield from (replace(cell, batch=batch, view=view) for cell in firsts)


def _regimes_at(n: int, shard: int, *, all_of_them: bool) -> tuple[str, ...]:
    names = tuple(REGIMES)
    if n == 0:
        return names[:1]
    if all_of_them or n <= _SMALL:
        return names
    if n == SIZES[-1] and shard > 0:
        return ()  # dear, and what two batches of one shape show is shown by now
    large = [size for size in SIZES if size > _SMALL]
    start = _REGIMES_OF_LARGE * (2 * large.index(n) + shard)
    return tuple(names[(start + k) % len(names)] for k in range(_REGIMES_OF_LARGE))
