"""Counts what a check saw, keeps its peaks and its smallest violation, and says the verdict."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from harness.conformance.calling import Results, Trouble
from harness.conformance.guard import FATAL
from harness.conformance.sheet import Sheet
from harness.conformance.verdict import AtSize, CheckResult, Peak, Verdict, Violation
from harness.evaluate import histogram
from harness.evaluate.compare import Comparison, Flags

FOLLOWING = frozenset({"linearity", "batch", "layout", "repeat", "inputs"})
"""Checks that follow from a type. Their share of unjudged cases is the definition check's to tell:
linearity leaves the range sooner, and calls are compared only where that check has a bound."""

MOST_CONFIRMED = 1024
"""Elements per comparison that are judged by balls; the rest stay undecided, and are counted."""


class Confirm(Protocol):
    """Judges one element again, by balls."""

    def __call__(self, where: tuple[int, ...], *, always: bool = False) -> Violation | None:
        """The violation; None when it is inside its bound, unless it is told `always`."""


@dataclass(frozen=True)
class Highest:
    """The case with the greatest amount so far."""

    amount: float
    sheet: Sheet
    row: int
    view: str

    def peak(self) -> Peak:
        """The same as text."""
        return Peak(self.amount, self.sheet.case(self.row, self.view))


class Tally:
    """Grows by one comparison at a time; `result` reads it off."""

    def __init__(self) -> None:
        self.cases = 0
        self.cells = 0
        self.cases_n0 = 0
        self.out_of_range = 0
        self.unbounded = 0
        self.undecided = 0
        self.discarded = 0
        self.unsupported = 0
        self.unplaced = 0  # cells in layouts in which arrays do not arrive
        self.violations = 0
        self.histogram = histogram.none()
        self.sizes: dict[int, AtSize] = {}
        self.tightness: float | None = None
        self.worst_ratio: Highest | None = None
        self.worst_ulp: Highest | None = None
        self.violation: Violation | None = None
        self.violation_n0: Violation | None = None
        self.unjudged_sizes: dict[int, bool] = {}
        self.hung = False

    def trouble(self, sheet: Sheet, results: Results, constant: str) -> None:
        """Calls that gave no value."""
        for one in results.trouble:
            self.hung = self.hung or one.kind in FATAL
            self._violate(sheet.n, violation_of(sheet, one, constant))

    def compared(
        self,
        sheet: Sheet,
        view: str,
        comparison: Comparison,
        done: Flags,
        normal: Flags,
        confirm: Confirm,
    ) -> None:
        """Elements judged at once: (rows, ...); done: rows that were called; normal: where the
        exact value is a normal number of the format."""
        own = (1,) * (comparison.judged.ndim - 1)
        rows = done.reshape(-1, *own)
        judged, inside = comparison.judged & rows, comparison.inside & rows
        settled = self._settle(sheet, comparison, rows, confirm)
        count = int(judged.sum())
        skipped = ~comparison.judged & rows
        self.unjudged_sizes[sheet.n] = self.unjudged_sizes.get(sheet.n, True) and not (
            judged.any() or judged.size == 0 or not rows.any()
        )
        if sheet.n == 0:
            self.cases_n0 += int(done.sum())
            return
        self.cases += count
        self.undecided += settled
        out = int((skipped & comparison.out).sum())
        self.out_of_range += out
        self.unbounded += int(skipped.sum()) - out
        if not count:
            return
        # What only balls could decide is inside, or is a violation, which has its own ratio.
        settled_ratio = np.minimum(comparison.ratio, np.where(comparison.undecided, 1.0, np.inf))
        self.histogram += histogram.counts(settled_ratio[judged])
        ratio = np.where(judged, settled_ratio, -1.0)
        ulps = np.where(judged, comparison.ulps, -1.0)
        self.worst_ratio = _higher(self.worst_ratio, ratio, sheet, view)
        self.worst_ulp = _higher(self.worst_ulp, ulps, sheet, view)
        self._at_size(sheet.n, count, float(ulps.max()), float(ratio.max()))
        used = np.where(inside & normal & (comparison.ratio > 0), comparison.ratio, -1.0)
        if used.max() > 0:
            self.tightness = max(self.tightness or 0.0, float(used.max()))

    def result(self, base: CheckResult) -> CheckResult:
        """`base` with the verdict and all counts."""
        verdict, notes = self._verdict(follows=base.check in FOLLOWING)
        if self.unplaced:
            note = (
                f"{self.unplaced} cells in other memory layouts not judged: arrays are sent packed"
            )
            notes = (*notes, note)
        return replace(
            base,
            verdict=verdict,
            cases=self.cases,
            cells=self.cells,
            cases_n0=self.cases_n0,
            out_of_range=self.out_of_range,
            unbounded=self.unbounded,
            undecided=self.undecided,
            discarded=self.discarded,
            unsupported=self.unsupported + self.unplaced,
            worst_ratio=self.worst_ratio.peak() if self.worst_ratio else None,
            worst_ulp=self.worst_ulp.peak() if self.worst_ulp else None,
            tightness=self.tightness,
            violation=self.violation,
            violation_n0=self.violation_n0,
            violations=self.violations,
            histogram=tuple(self.histogram.tolist()) if self.cases else (),
            sizes=tuple(self.sizes[n] for n in sorted(self.sizes)),
            notes=(*base.notes, *notes),
        )

    def _at_size(self, n: int, cases: int, ulp: float, ratio: float) -> None:
        ulp = math.inf if math.isnan(ulp) else ulp
        known = self.sizes.get(n, AtSize(n, 0, 0.0, 0.0))
        self.sizes[n] = AtSize(n, known.cases + cases, max(known.ulp, ulp), max(known.ratio, ratio))

    def _verdict(self, *, follows: bool) -> tuple[Verdict, tuple[str, ...]]:
        if self.violation or self.violation_n0:
            return Verdict.VIOLATES, ()
        if self.cases == 0 and self.cases_n0:
            return Verdict.UNSUPPORTED, ("n = 0 only: compared, and credits nothing",)
        if self.cells == 0 and self.unsupported:
            return Verdict.UNSUPPORTED, ("no size of the run is one that the entry takes",)
        skipped = self.out_of_range + self.unbounded
        if self.cases == 0 and follows and not skipped:
            return Verdict.UNSUPPORTED, ("there are no two calls to compare",)
        if self.cases == 0:
            why = "hypotheses never met" if self.discarded else "no case could be judged"
            return Verdict.INCONCLUSIVE, (why,)
        if self.undecided:
            return Verdict.INCONCLUSIVE, (f"{self.undecided} cases undecided by the oracle",)
        blind = sorted(n for n, unjudged in self.unjudged_sizes.items() if unjudged and n)
        if blind:
            where = f"no finite bound at n = {', '.join(map(str, blind))}"
            return Verdict.CONFORMS if follows else Verdict.INCONCLUSIVE, (where,)
        if skipped > self.cases and not follows:
            share = f"{skipped} of {skipped + self.cases} cases out of range or without a bound"
            return Verdict.INCONCLUSIVE, (share,)
        return Verdict.CONFORMS, ()

    def _settle(self, sheet: Sheet, comparison: Comparison, rows: Flags, confirm: Confirm) -> int:
        """Balls for the worst violation and for what is undecided; how many stay undecided."""
        outside = comparison.outside & rows
        left = 0
        if outside.any():
            self.violations += int(outside.sum())
            for where in worst_first(np.where(outside, comparison.ratio, -1.0), outside, 3):
                violation = confirm(where)
                if violation:
                    self._violate(sheet.n, violation, counted=True)
                    break
            else:
                left += int(outside.sum())
        undecided = comparison.undecided & rows
        if undecided.any():
            order = worst_first(comparison.ratio, undecided, MOST_CONFIRMED)
            for where in order:
                violation = confirm(where)
                if violation:
                    self._violate(sheet.n, violation)
            left += int(undecided.sum()) - len(order)
        return left

    def _violate(self, n: int, violation: Violation, *, counted: bool = False) -> None:
        if not counted:
            self.violations += 1
        # What ends the check is no matter of the size, even where n = 0 came first.
        if n == 0 and violation.kind not in FATAL:
            self.violation_n0 = self.violation_n0 or violation
        elif self.violation is None:
            self.violation = violation


def is_outside(found: Violation) -> bool:
    """Whether an element that was judged again is a violation."""
    return found.ratio is not None and found.ratio > 1


def ratio_of(error: float, bound: float) -> float:
    """Error over bound; inf for a NaN, and for an error where there must be none."""
    if math.isnan(error):
        return math.inf
    if bound > 0:
        # What is outside must not round to 1.
        return max(error / bound, math.nextafter(1, 2)) if error > bound else error / bound
    return math.inf if error else 0.0


def _higher(best: Highest | None, amounts: Any, sheet: Sheet, view: str) -> Highest:
    where = np.unravel_index(int(np.argmax(amounts)), amounts.shape)
    amount = float(amounts[where])
    if best is not None and not amount > best.amount:
        return best
    return Highest(amount, sheet, int(where[0]), view)


def worst_first(ratio: Any, among: Flags, most: int) -> list[tuple[int, ...]]:
    """The places `among` those with the greatest ratio, greatest first."""
    places = np.argwhere(among)
    amounts = ratio[among]
    order = np.argsort(-amounts, kind="stable")[:most]
    return [tuple(int(k) for k in places[position]) for position in order]


def violation_of(sheet: Sheet, trouble: Trouble, constant: str) -> Violation:
    """A call that gave no value, as a violation."""
    cell = trouble.placed.cell
    first = trouble.rows[0] if trouble.rows else 0
    case = sheet.case(trouble.placed.start + first, cell.view)
    return Violation(trouble.kind, trouble.message, case, constant)
