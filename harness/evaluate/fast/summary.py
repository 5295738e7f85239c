"""What a check says of many rows, and how two such sayings become one.

Summaries merge by +, max and min alone, so the result does not depend on how the rows were divided
among calls, processes or machines, nor on the order of the merging.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from harness.evaluate.compare import Comparison
from harness.evaluate.histogram import BINS, counts


@dataclass(frozen=True)
class Worst:
    """The greatest amount so far and the row that gave it; the first such row where several do."""

    amount: float = -math.inf
    row: int = -1

    def merged(self, other: Worst) -> Worst:
        """The greater of two."""
        if self.amount != other.amount:
            return self if self.amount > other.amount else other
        if self.row < 0 or other.row < 0:
            return self if other.row < 0 else other
        return self if self.row <= other.row else other


@dataclass(frozen=True)
class Summary:
    """Counts are of elements: the numbers that a call returns, one or n for each row.

    elements: judged; out_of_range, unbounded: not judged, and why; undecided: judged, and not even
    balls could say; violations: outside of the bound; violation: the least row with one, or -1;
    ratio: worst error / bound; ulps: worst error in ulp of the exact value; histogram: judged
    elements by octave of the ratio; looked: rows that the walk judged instead of a kernel.
    """

    elements: int = 0
    out_of_range: int = 0
    unbounded: int = 0
    undecided: int = 0
    violations: int = 0
    violation: int = -1
    ratio: Worst = field(default_factory=Worst)
    ulps: Worst = field(default_factory=Worst)
    histogram: tuple[int, ...] = (0,) * BINS
    looked: int = 0

    def merged(self, other: Summary) -> Summary:
        """Both together."""
        rows = [row for row in (self.violation, other.violation) if row >= 0]
        return Summary(
            self.elements + other.elements,
            self.out_of_range + other.out_of_range,
            self.unbounded + other.unbounded,
            self.undecided + other.undecided,
            self.violations + other.violations,
            min(rows, default=-1),
            self.ratio.merged(other.ratio),
            self.ulps.merged(other.ulps),
            tuple(a + b for a, b in zip(self.histogram, other.histogram, strict=True)),
            self.looked + other.looked,
        )

    def from_row(self, first: int) -> Summary:
        """The same where the rows are counted from another one on (a chunk of a longer run)."""
        return replace(
            self,
            violation=self.violation + first if self.violation >= 0 else -1,
            ratio=_moved(self.ratio, first),
            ulps=_moved(self.ulps, first),
        )


def of_comparison(comparison: Comparison, rows: np.ndarray) -> Summary:
    """What the walk says of the rows with these numbers; `undecided` is for balls to settle."""
    judged = comparison.judged.reshape(len(rows), -1)
    out = comparison.out.reshape(len(rows), -1) & ~judged
    ratio = comparison.ratio.reshape(len(rows), -1)
    # What lies within the oracle's own error of the bound has reached it, and no more.
    near = comparison.undecided.reshape(len(rows), -1)
    ratio = np.minimum(ratio, np.where(near, 1.0, np.inf))
    outside = comparison.outside.reshape(len(rows), -1)
    broken = np.flatnonzero(outside.any(axis=1))
    return Summary(
        int(judged.sum()),
        int(out.sum()),
        int((~judged & ~out).sum()),
        int(near.sum()),
        int(outside.sum()),
        int(rows[broken[0]]) if broken.size else -1,
        _worst(ratio, judged, rows),
        _worst(comparison.ulps.reshape(len(rows), -1), judged, rows),
        tuple(counts(ratio[judged]).tolist()),
        len(rows),
    )


def _worst(amounts: np.ndarray, judged: np.ndarray, rows: np.ndarray) -> Worst:
    if not judged.any():
        return Worst()
    each = np.where(judged, amounts, -np.inf).max(axis=1)
    at = int(np.argmax(each))
    return Worst(float(each[at]), int(rows[at]))


def _moved(worst: Worst, first: int) -> Worst:
    return Worst(worst.amount, worst.row + first) if worst.row >= 0 else worst
