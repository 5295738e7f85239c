"""Cells for definition checks alone: sizes and batches between those of the plan, other relations.

The plan visits sizes at which code is known to err, with all regimes. Code may err at any other:
for one band of sizes, for one number of rows. So each band between two sizes of the plan is visited
at a size that the seed draws, and sizes and batches of powers of two at themselves, with few rows.
Theorem checks add no power there (NUMERICS.md section 3).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from harness.cells import draws
from harness.cells.cell import Cell
from harness.cells.inputs import RELATED
from harness.cells.plan import SIZES, batch_of, tangent_of
from harness.cells.regimes import REGIMES
from harness.cells.tangents import TANGENTS


@dataclass(frozen=True)
class Probe:
    """n from least to most, drawn by the seed; the leading axes; how many regimes, which go round
    from probe to probe (`normal` alone where it is one)."""

    least: int
    most: int
    batch: tuple[int, ...]
    regimes: int = 4


SIZE_PROBES = (
    Probe(5, 5, (5,), 15),
    Probe(6, 6, (2,), 15),
    Probe(10, 11, (4,), 15),
    Probe(12, 12, (1,), 15),
    Probe(13, 15, (3,), 15),
    Probe(18, 31, (8,)),
    Probe(32, 32, (6,)),
    Probe(33, 63, (7,)),
    Probe(66, 99, ()),
    Probe(100, 100, (10,)),
    Probe(101, 127, (1,)),
    Probe(128, 128, (2,)),
    Probe(129, 255, (1,)),
    Probe(256, 256, (1,)),
    Probe(258, 511, (2, 2)),
    Probe(512, 512, (4,)),
    Probe(513, 999, ()),
    Probe(1001, 1023, (1,)),
    Probe(1026, 2047, (1, 2)),
    Probe(2048, 2048, (1,)),
    Probe(2049, 4095, ()),
    Probe(4097, 8192, (1,)),
)
BATCH_PROBES = (
    Probe(1, 1, (32,)),
    Probe(2, 2, (64,)),
    Probe(3, 3, (2, 40), 15),
    Probe(3, 3, (100,), 1),
    Probe(4, 4, (16,)),
    Probe(7, 7, (6,)),
    Probe(9, 9, (7,)),
    Probe(16, 16, (10,)),
    Probe(17, 17, (1, 1)),
    Probe(65, 65, (520,), 1),
)
"""The last one has more than 2^15 numbers, where torch begins to use several threads."""

SHARPEST = "constant"
"""Where all coordinates are equal, the results are exact but for one division, at any n: no other
inputs of large vectors show so little an error. So no size is left without them."""

_RELATED_SIZE = 8
_SMALL = 17
_LARGEST_OF_ROWS = 256
_MOST_OF_ROWS = 2**17
_DRAWS_IF_DEEP = 2


def probes(effort: str, dtype: str, seed: int, *, rows: bool) -> tuple[Cell, ...]:
    """The cells for one dtype, by rising n; none at quick effort.

    rows: whether a variable is a `Fin n → Vec n →L[ℝ] ℝ`, whose n × n numbers limit n to 256.
    """
    if effort == "quick":
        return ()
    deep = effort == "deep"
    found: dict[Cell, None] = {}
    for k, probe in enumerate((*SIZE_PROBES, *BATCH_PROBES)):
        for turn in range(_DRAWS_IF_DEEP if deep and probe.least < probe.most else 1):
            n = _size(probe, seed, turn)
            cells = list(_of_probe(probe, dtype, seed, n, k, all_regimes=deep))
            if rows and (n > _LARGEST_OF_ROWS or cells[0].rows * n * n > _MOST_OF_ROWS):
                continue
            found |= dict.fromkeys(cells)
    first = next(iter(TANGENTS))
    for n in SIZES:
        if n > _SMALL and not (rows and n > _LARGEST_OF_ROWS):
            found |= dict.fromkeys([Cell(seed, dtype, n, SHARPEST, first, 0, (1,))])
    found |= dict.fromkeys(_of_related(dtype, seed))
    return tuple(sorted(found, key=lambda cell: cell.n))


def _size(probe: Probe, seed: int, turn: int) -> int:
    source = draws.Source(draws.key_of("probe", probe.least, seed))
    return probe.least + int(draws.below(source, turn, (1,), probe.most - probe.least + 1)[0])


def _of_probe(
    probe: Probe, dtype: str, seed: int, n: int, k: int, *, all_regimes: bool
) -> Iterator[Cell]:
    names, tangents = tuple(REGIMES), tuple(TANGENTS)
    start = 0 if probe.regimes == 1 else 4 * k
    turns = [*range(start, start + probe.regimes)]
    chosen = {names[j % len(names)]: tangents[(j + k) % len(tangents)] for j in turns}
    if probe.regimes > 1:
        chosen.setdefault(SHARPEST, tangents[k % len(tangents)])
    for j, regime in enumerate(names if all_regimes and probe.regimes > 1 else ()):
        chosen.setdefault(regime, tangents[(j + k) % len(tangents)])
    for regime, tangent in chosen.items():
        yield Cell(seed, dtype, n, regime, tangent, 0, probe.batch)


def _of_related(dtype: str, seed: int) -> Iterator[Cell]:
    for regime in REGIMES:
        # What they are related to is a cell of the plan.
        tangent, batch = tangent_of(regime, _RELATED_SIZE, 0), (batch_of(_RELATED_SIZE),)
        cell = Cell(seed, dtype, _RELATED_SIZE, regime, tangent, 0, batch)
        yield from (replace(cell, shard=shard) for shard in RELATED)
