"""What a check saw of each row, for shrinking and replay: which failed, how, and by how much."""

from __future__ import annotations

import numpy as np

from harness.conformance.calling import Results
from harness.conformance.kinds import KINDS
from harness.conformance.sheet import Sheet
from harness.conformance.tally import Confirm, Tally, violation_of
from harness.conformance.verdict import Violation
from harness.evaluate.compare import Comparison, Flags

VALUE = "value"
OUT_OF_RANGE = "a value on the way leaves the range of the format: nothing is judged"
UNBOUNDED = "no finite bound holds at this input: nothing is judged"


def manner_of(violation: Violation) -> str:
    """What a smaller input must have in common with a larger one to be the same failure."""
    if violation.kind in ("value", "nan", *KINDS):
        return VALUE
    if violation.kind == "exception":
        return violation.message.partition(":")[0]
    return violation.kind


class Recorder(Tally):
    """Keeps which rows failed and how, instead of counting."""

    def __init__(self) -> None:
        super().__init__()
        self.troubles: list[tuple[set[int], Violation]] = []
        self.comparisons: list[tuple[Flags, Comparison, Flags, Confirm]] = []

    def trouble(self, sheet: Sheet, results: Results, constant: str) -> None:
        """Calls that gave no value."""
        for one in results.trouble:
            rows = one.rows or range(one.placed.stop - one.placed.start)
            found = violation_of(sheet, one, constant)
            self.troubles.append(({one.placed.start + row for row in rows}, found))

    def compared(
        self,
        sheet: Sheet,
        view: str,
        comparison: Comparison,
        done: Flags,
        normal: Flags,
        confirm: Confirm,
    ) -> None:
        """Elements judged at once, as `Tally.compared`."""
        own = tuple(range(1, comparison.judged.ndim))
        outside = comparison.outside.any(axis=own) & done
        self.comparisons.append((outside, comparison, done, confirm))

    def fails_in(self, rows: slice) -> bool:
        """Whether a value in these rows is outside its bound, or none is where a bound holds."""
        outside = any(bool(outside[rows].any()) for outside, *_ in self.comparisons)
        return outside or self.trouble_in(rows, VALUE) is not None

    def trouble_in(self, rows: slice, manner: str) -> Violation | None:
        """What a call of these rows did instead of returning."""
        for where, violation in self.troubles:
            if (
                not where.isdisjoint(range(rows.start, rows.stop))
                and manner_of(violation) == manner
            ):
                return violation
        return None

    def violation_in(self, rows: slice) -> Violation | None:
        """The worst value in these rows that balls place outside its bound, or cannot place."""
        for outside, comparison, done, confirm in self.comparisons:
            own = tuple(range(1, comparison.judged.ndim))
            doubtful = outside | (comparison.undecided.any(axis=own) & done)
            for row in np.flatnonzero(doubtful[rows])[:3] + rows.start:
                among = (comparison.judged & ~comparison.inside)[row]
                violation = confirm(_worst(comparison, int(row), among))
                if violation is not None:
                    return violation
        return self.trouble_in(rows, VALUE)

    def nearest_in(self, rows: slice) -> Violation | None:
        """The value in these rows that came nearest to its bound, as if it were a violation; None
        when none was judged."""
        found: list[tuple[float, Violation]] = []
        for _, comparison, done, confirm in self.comparisons:
            for row in np.flatnonzero(done[rows]) + rows.start:
                among = comparison.judged[row]
                if among.any():
                    where = _worst(comparison, int(row), among)
                    one = confirm(where, always=True)
                    assert one is not None
                    found.append((float(comparison.ratio[where]), one))
        return max(found, key=lambda pair: pair[0])[1] if found else None

    def unjudged_in(self, rows: slice) -> str:
        """Why nothing in these rows was judged, or "" when something was or there is nothing."""
        for _, comparison, done, _ in self.comparisons:
            skipped = ~comparison.judged[rows][done[rows]]
            if skipped.any():
                out = comparison.out[rows][done[rows]][skipped]
                return OUT_OF_RANGE if out.any() else UNBOUNDED
        return ""


def _worst(comparison: Comparison, row: int, among: Flags) -> tuple[int, ...]:
    """The place of the greatest ratio among some elements of a row."""
    worst = np.argmax(np.where(among, comparison.ratio[row], -1.0))
    return (row, *(int(k) for k in np.unravel_index(worst, among.shape)))
