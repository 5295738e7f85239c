"""Which cells a run consists of: sizes, regimes, batches and views by effort.

After the table in NUMERICS.md section 3. Never the product of the regimes of x, dx and δ: each
regime of the first vector meets the tangents in rotation over n and shard.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, get_args

from harness.cells.cell import Cell
from harness.cells.inputs import RELATED
from harness.cells.regimes import REGIMES
from harness.cells.tangents import TANGENTS
from harness.cells.views import VIEWS
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
# The one batch whose rows fill blocks of 4, 8 and 16 and exceed 64, for code that works in blocks.
_LARGE_BATCH, _LARGE_BATCH_SIZE = (2, 40), 3
_RELATED_SIZE = 8
_REGIMES_OF_LARGE = 4


def plan(effort: str, dtype: str, seed: int, *, vectors: int, rows: bool) -> tuple[Cell, ...]:
    """The cells of a run for one dtype, by rising n, the two shards of a shape side by side.

    vectors: how many of the statement's variables are vectors or linear maps; without any, sizes
    are pointless and only n = 1 and 2 are left. rows: whether one is a `Fin n → Vec n →L[ℝ] ℝ`,
    whose n × n numbers limit n to 65. InputError for an unknown effort.
    """
    if effort not in EFFORTS:
        hint = did_you_mean(effort, list(EFFORTS)) or f"known: {', '.join(EFFORTS)}"
        raise InputError(f"no effort '{effort}'", hint=hint)
    largest = 9 if effort == "quick" else _LARGEST_OF_ROWS if rows else SIZES[-1]
    chosen = (n for n in SIZES if n <= largest) if vectors else (1, 2)
    return tuple(cell for n in chosen for cell in _of_size(effort, dtype, seed, n))


def batch_of(n: int) -> int:
    """Rows of an ordinary batch: more where numbers are few, never 0 mod 4, never n.

    Tails of blocks are where code errs; one batch of full blocks is in the plan beside them.
    """
    return 13 if n <= 4 else 5 if n <= _LARGEST_OF_ROWS else 3


def _of_size(effort: str, dtype: str, seed: int, n: int) -> Iterator[Cell]:
    deep, quick = effort == "deep", effort == "quick"
    plain = [
        Cell(seed, dtype, n, regime, _tangent(regime, n, shard), shard, (batch_of(n),))
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
    other_views = VIEWS[1:] if deep or n in _VIEW_SIZES else ()
    yield from (replace(cell, view=view) for view in other_views for cell in firsts)
    for batch in _OTHER_BATCHES if n in _SHAPE_SIZES else ():
        for view in VIEWS if deep else VIEWS[:1]:
            yield from (replace(cell, batch=batch, view=view) for cell in firsts)
    if n == _LARGE_BATCH_SIZE:
        yield from (replace(cell, batch=_LARGE_BATCH) for cell in firsts)
    if n == _RELATED_SIZE:
        yield from (replace(cell, shard=shard) for shard in RELATED for cell in firsts)


def _regimes_at(n: int, shard: int, *, all_of_them: bool) -> tuple[str, ...]:
    names = tuple(REGIMES)
    if n == 0:
        return names[:1]
    if all_of_them or n <= _SMALL:
        return names
    large = [size for size in SIZES if size > _SMALL]
    start = _REGIMES_OF_LARGE * (2 * large.index(n) + shard)
    return tuple(names[(start + k) % len(names)] for k in range(_REGIMES_OF_LARGE))


def _tangent(regime: str, n: int, shard: int) -> str:
    # Two shards 5 apart over nine small sizes: each regime meets all eleven tangents.
    names = tuple(TANGENTS)
    return names[(tuple(REGIMES).index(regime) + SIZES.index(n) + 5 * shard) % len(names)]
