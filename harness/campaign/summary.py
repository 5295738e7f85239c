"""Summaries: what is kept of a job's cases, however many, and merged exactly.

Whole numbers are added, peaks compared, the least position wins a tie: merging is associative and
commutative to the bit, so neither the cut into shards nor the order of their ends shows in the
result. There is no sum of floats.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pydantic import TypeAdapter

from harness.conformance.sheet import Sheet
from harness.conformance.tally import Tally
from harness.conformance.verdict import AtSize, Case, Violation
from harness.evaluate import histogram

ENDING = frozenset({"crash", "hang"})
"""Kinds of violations that end a campaign: the code takes its process with it."""

Position = tuple[int, int]
"""The number of a unit and the row in its cell: the order of cases within a job."""


@dataclass(frozen=True)
class Extreme:
    """The case that comes nearest to its bound, or furthest beyond, or is off by most ulps."""

    amount: float
    at: Position
    cell: str
    n: int


@dataclass(frozen=True)
class Finding:
    """The violation with the least position. message, kind ...: as in `Violation`."""

    at: Position
    kind: str
    message: str
    cell: str
    n: int
    constant: str = ""
    ratio: float | None = None
    got: str = ""
    want: str = ""
    bound: float | None = None
    confirmed: bool = False
    place: tuple[int, ...] = ()
    exact: str = ""

    def violation(self, inputs: Mapping[str, object]) -> Violation:
        """The violation as reports have it; inputs: hex floats of the case, by variable."""
        return Violation(
            self.kind,
            self.message,
            Case(self.cell, self.at[1], self.n, inputs) if self.cell else None,
            self.constant,
            self.ratio,
            self.got,
            self.want,
            self.bound,
            self.confirmed,
            self.place,
            self.exact,
        )


@dataclass(frozen=True)
class Summary:
    """Of one job. inputs: rows that were judged or skipped with a reason; the other counts are of
    numbers, as in `CheckResult`; judged_at: n -> whether anything could be judged there."""

    inputs: int = 0
    cells: int = 0
    cases: int = 0
    out_of_range: int = 0
    unbounded: int = 0
    undecided: int = 0
    discarded: int = 0
    violations: int = 0
    histogram: tuple[int, ...] = field(default_factory=lambda: (0,) * histogram.BINS)
    worst_ratio: Extreme | None = None
    worst_ulp: Extreme | None = None
    tightness: float | None = None
    first: Finding | None = None
    judged_at: Mapping[int, bool] = field(default_factory=dict)
    sizes: Mapping[int, AtSize] = field(default_factory=dict)

    def __add__(self, other: Summary) -> Summary:
        sizes = {*self.judged_at, *other.judged_at}
        return Summary(
            **{name: getattr(self, name) + getattr(other, name) for name in _COUNTS},
            histogram=tuple(a + b for a, b in zip(self.histogram, other.histogram, strict=True)),
            worst_ratio=higher(self.worst_ratio, other.worst_ratio),
            worst_ulp=higher(self.worst_ulp, other.worst_ulp),
            tightness=max((self.tightness, other.tightness), key=lambda t: -1 if t is None else t),
            first=min(
                (f for f in (self.first, other.first) if f), key=lambda f: f.at, default=None
            ),
            judged_at={
                n: self.judged_at.get(n, False) or other.judged_at.get(n, False)
                for n in sorted(sizes)
            },
            sizes={
                n: _at_size(self.sizes.get(n), other.sizes.get(n))
                for n in sorted({*self.sizes, *other.sizes})
            },
        )


_COUNTS = (
    "inputs",
    "cells",
    "cases",
    "out_of_range",
    "unbounded",
    "undecided",
    "discarded",
    "violations",
)


def merged(parts: Iterable[Summary]) -> Summary:
    """The sum of summaries."""
    return sum(parts, Summary())


def summary_of(tally: Tally, sheet: Sheet, unit: int) -> Summary:
    """What a tally says of the one cell of a sheet."""
    cell = sheet.data[0].cell.id()

    def extreme(peak: Any) -> Extreme | None:
        return Extreme(peak.amount, (unit, peak.row), cell, sheet.n) if peak else None

    found = tally.violation
    return Summary(
        inputs=sheet.rows,
        cells=tally.cells,
        cases=tally.cases,
        out_of_range=tally.out_of_range,
        unbounded=tally.unbounded,
        undecided=tally.undecided,
        discarded=tally.discarded,
        violations=tally.violations,
        histogram=tuple(tally.histogram.tolist()),
        worst_ratio=extreme(tally.worst_ratio),
        worst_ulp=extreme(tally.worst_ulp),
        tightness=tally.tightness,
        first=_finding(found, unit, cell, sheet.n) if found else None,
        sizes=dict(tally.sizes),
        judged_at={sheet.n: not tally.unjudged_sizes.get(sheet.n, True)},
    )


def _finding(found: Violation, unit: int, cell: str, n: int) -> Finding:
    return Finding(
        (unit, found.case.row if found.case else 0),
        found.kind,
        found.message,
        cell,
        n,
        found.constant,
        found.ratio,
        found.got,
        found.want,
        found.bound,
        found.confirmed,
        found.at,
        found.exact,
    )


def lost(unit: int, cell: str, n: int, kind: str, message: str) -> Summary:
    """The summary of a unit whose process did not survive it."""
    return Summary(violations=1, first=Finding((unit, 0), kind, message, cell, n))


def to_json(summaries: Mapping[int, Summary]) -> str:
    """Job -> summary as one line that `from_json` reads back to the bit; inf is `Infinity`."""
    data = {str(job): asdict(one) for job, one in sorted(summaries.items())}
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False)


def from_json(text: str) -> dict[int, Summary]:
    """The summaries of a line. ValueError for any other text."""
    return _ADAPTER.validate_python(json.loads(text))


_ADAPTER: TypeAdapter[dict[int, Summary]] = TypeAdapter(dict[int, Summary])


def _at_size(one: AtSize | None, other: AtSize | None) -> AtSize:
    if one is None or other is None:
        found = one or other
        assert found is not None
        return found
    ulp, ratio = max(one.ulp, other.ulp), max(one.ratio, other.ratio)
    return AtSize(one.n, one.cases + other.cases, ulp, ratio)


def higher(one: Extreme | None, other: Extreme | None) -> Extreme | None:
    """The greater amount; at a tie the least position."""
    found = [extreme for extreme in (one, other) if extreme]
    return min(found, key=lambda extreme: (-extreme.amount, extreme.at), default=None)
