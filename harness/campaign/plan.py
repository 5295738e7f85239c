"""What a campaign consists of: units of work, each named by a number and made from it alone.

A unit is one cell of inputs and the jobs that are judged on it. The units of a campaign go round
its groups (dtype, size, regime), so that every beginning of a campaign covers all of them evenly.
Shards are runs of consecutive units; how long they are changes nothing in the result.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.cells.cell import Cell
from harness.cells.regimes import REGIMES
from harness.cells.tangents import TANGENTS
from harness.conformance.job import Job
from harness.conformance.request import Request
from harness.implementations.entry import Entry

FIRST_SHARD = 16
"""Where the shards of a campaign's cells begin: ordinary runs use those below."""

NUMBERS = 1 << 17
"""How many numbers the largest array of a cell has: enough for calls to cost nothing beside them,
few enough to stay in a processor's cache."""

FEWEST_ROWS = 15
"""Of a cell in a campaign that is too short for larger ones to go round all groups."""

DEFAULT_SIZES = (1, 2, 3, 8, 17, 64, 257, 1024)


@dataclass(frozen=True)
class Group:
    """Jobs that share inputs. jobs: places in `Campaign.jobs`; rows: inputs of one cell."""

    dtype: str
    n: int
    regime: str
    jobs: tuple[int, ...]
    rows: int


@dataclass(frozen=True)
class Unit:
    """number: its place in the campaign; jobs: places in `Campaign.jobs`."""

    number: int
    cell: Cell
    jobs: tuple[int, ...]

    @property
    def inputs(self) -> int:
        """How many inputs are judged: the rows of the cell, once for each job."""
        return self.cell.rows * len(self.jobs)


@dataclass(frozen=True, eq=False)
class Campaign:
    """digest: of all that the result follows from, see `identity.py`; specs: the folder they are
    read from, where it runs; asked: how many inputs at least. Two of one digest are equal."""

    digest: str
    request: Request
    entries: tuple[Entry, ...]
    specs: Path
    jobs: tuple[Job, ...]
    groups: tuple[Group, ...]
    asked: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Campaign) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def units(self) -> int:
        """The fewest units that hold what was asked for."""
        each = [group.rows * len(group.jobs) for group in self.groups]
        rounds, left = divmod(self.asked, sum(each))
        more = 0
        while left > 0:
            left -= each[more]
            more += 1
        return rounds * len(each) + more

    @property
    def inputs(self) -> int:
        """How many inputs all units have together."""
        rounds, more = divmod(self.units, len(self.groups))
        each = [group.rows * len(group.jobs) for group in self.groups]
        return rounds * sum(each) + sum(each[:more])

    def unit(self, number: int) -> Unit:
        """The unit with this number; each regime meets every tangent in turn."""
        round_, place = divmod(number, len(self.groups))
        group = self.groups[place]
        tangents = tuple(TANGENTS)
        tangent = tangents[(list(REGIMES).index(group.regime) + round_) % len(tangents)]
        shard = FIRST_SHARD + round_
        seed = self.request.seed
        cell = Cell(seed, group.dtype, group.n, group.regime, tangent, shard, (group.rows,))
        return Unit(number, cell, group.jobs)


@dataclass(frozen=True)
class Shards:
    """A campaign cut into pieces that one task does. length: units of each (the last has fewer)."""

    units: int
    length: int

    def __len__(self) -> int:
        return -(-self.units // self.length)

    def of(self, number: int) -> range:
        """The numbers of a shard's units."""
        return range(number * self.length, min((number + 1) * self.length, self.units))


def groups(
    jobs: Sequence[Job],
    extents: Sequence[Sequence[int]],
    sizes: Sequence[int],
    regimes: Sequence[str],
    asked: int,
) -> Iterator[Group]:
    """One group for each dtype, size, extent and regime.

    extents: for each job, how many numbers one input takes at each of the sizes; 0 where the job
    is not judged at that size. asked: inputs of the campaign, of which each group gets its share.
    """
    parts: dict[tuple[str, int, int], list[int]] = {}
    for dtype in dict.fromkeys(job.dtype for job in jobs):
        for at, n in enumerate(sizes):
            for k, job in enumerate(jobs):
                if job.dtype == dtype and extents[k][at]:
                    parts.setdefault((dtype, n, extents[k][at]), []).append(k)
    share = asked // (len(regimes) * sum(map(len, parts.values())))
    for (dtype, n, extent), mine in parts.items():
        rows = min(NUMBERS // extent, max(share, FEWEST_ROWS)) | 1  # odd: tails of blocks err
        for regime in regimes:
            yield Group(dtype, n, regime, tuple(mine), rows)


def single_jobs(unit: Unit) -> Iterator[Unit]:
    """The unit, one job at a time."""
    for job in unit.jobs:
        yield replace(unit, jobs=(job,))
