"""Two calls of a constant with one input, compared under what the derived bound allows both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from harness.conformance.calling import Callee, Results, call_cells
from harness.conformance.definition import at_place
from harness.conformance.observed import Observed
from harness.conformance.passing import Argument
from harness.conformance.sheet import Placed, Sheet
from harness.conformance.subject import Subject
from harness.conformance.tally import Tally, ratio_of, worst_first
from harness.conformance.verdict import Violation
from harness.conformance.workbench import Workbench
from harness.evaluate.compare import Comparison, Flags, three_way
from harness.evaluate.formats import FORMATS
from harness.evaluate.oracle import Bound

_TRIED = 3
_OWN_ROUNDING = 1e-9  # of the sum of two bounds and of the difference, in float64

Renew = Callable[[], Subject | None]


@dataclass(frozen=True)
class Setting:
    """Who is judged and how. renew: the subject with empty caches, None where that cannot be had;
    thorough: every row and every call, for a few inputs; suspects: ids of cells that failed another
    check: whether earlier calls are to blame is asked there. Explained ones are added."""

    bench: Workbench
    subject: Subject
    constant: str
    kind: str
    observed: Observed
    renew: Renew
    thorough: bool = False
    suspects: dict[str, None] = field(default_factory=dict)

    @property
    def callee(self) -> Callee:
        """What is called."""
        return self.subject.callees[self.constant]


@dataclass(frozen=True)
class Call:
    """One choice of the indices among the arguments, the `turn`-th, at all rows of a sheet."""

    setting: Setting
    sheet: Sheet
    arguments: tuple[Argument, ...]
    place: tuple[int, ...]
    turn: int

    @cached_property
    def bound(self) -> Bound:
        """How far one call may be off."""
        setting = self.setting
        arithmetic = setting.subject.arithmetic(setting.constant)
        return at_place(setting.bench.bound(setting.constant, self.sheet, arithmetic), self.place)

    @property
    def own(self) -> tuple[int, ...]:
        """The axes of one result."""
        return self.bound.error.shape[1:]

    def observed(self, view: str) -> Results:
        """What the definition check saw of all cells in a view, or would see."""
        setting = self.setting
        return setting.observed.call(setting.callee, self.arguments, self.sheet, self.own, view)

    def again(self, cells: Sequence[Placed], callee: Callee | None = None) -> Results:
        """A call that is made now."""
        made = callee or self.setting.callee
        return call_cells(made, self.arguments, self.sheet.rows, self.own, cells)

    def fresh(self, cells: Sequence[Placed]) -> Results | None:
        """The first call of code that was just imported; None where that cannot be had."""
        subject = self.setting.renew()
        return self.again(cells, subject.callees[self.setting.constant]) if subject else None


@dataclass(frozen=True)
class Pair:
    """Two results for the same inputs. which: the call that a row is of, one and other; words:
    what to say of a row, with the two numbers put in."""

    view: str
    one: Results
    other: Results
    which: Callable[[int], tuple[Placed, Placed]]
    words: Callable[[int], tuple[str, str]]
    by_memory: bool = False  # what is to be found is a memory, which fresh code lacks


def compared(call: Call, pair: Pair, tally: Tally) -> None:
    """Every row of a pair, into the tally, under twice the bound of one call."""
    sheet, bound = call.sheet, call.bound
    one, other = pair.one.numbers, pair.other.numbers
    done = pair.one.done & pair.other.done
    with np.errstate(all="ignore"):
        same = (one == other) | (np.isnan(one) & np.isnan(other))
        error = np.where(same, 0.0, abs(one - other))
        allowed = 2 * (1 + _OWN_ROUNDING) * bound.error.astype(np.float64)
    fmt = FORMATS[call.setting.subject.dtype]
    doubt = np.zeros_like(error)
    comparison = three_way(error, doubt, allowed, bound.out_of_range, other, fmt)
    outside = comparison.outside
    found = _lasting(call, pair, comparison, allowed, done)

    def confirm(where: tuple[int, ...], *, always: bool = False) -> Violation | None:
        return _violation(call, pair, where, allowed) if always or outside[where] else None

    tally.cells += int(found.any())
    normal = np.zeros(comparison.judged.shape, bool)
    tally.compared(sheet, pair.view, comparison, found, normal, confirm)


def _lasting(
    call: Call, pair: Pair, comparison: Comparison, allowed: NDArray[np.floating], done: Flags
) -> Flags:
    """The rows to judge: those called, without what differs because of earlier calls."""
    own = (1,) * (comparison.judged.ndim - 1)
    outside = comparison.outside & done.reshape(-1, *own)
    if pair.by_memory or not outside.any():
        return done
    for where in worst_first(comparison.ratio, outside, _TRIED):
        if not _agree_in_fresh_code(call, pair, where, allowed):
            return done
    rows = outside.any(axis=tuple(range(1, outside.ndim)))
    for row in np.flatnonzero(rows):
        call.setting.suspects[pair.which(int(row))[0].cell.id()] = None
        call.setting.suspects[pair.which(int(row))[1].cell.id()] = None
    return done & ~rows


def _agree_in_fresh_code(
    call: Call, pair: Pair, where: tuple[int, ...], allowed: NDArray[np.floating]
) -> bool:
    found = [call.fresh([placed]) for placed in pair.which(where[0])]
    if any(results is None or not results.done[where[0]] for results in found):
        return False
    one, other = (results.numbers[where] for results in found if results)
    return bool(one == other or abs(one - other) <= allowed[where])


def _violation(
    call: Call,
    pair: Pair,
    where: tuple[int, ...],
    allowed: NDArray[np.floating],
) -> Violation:
    one, other = float(pair.one.numbers[where]), float(pair.other.numbers[where])
    limit = float(allowed[where])
    gap = abs(one - other)
    at = (*call.place, *where[1:])
    coordinate = f" at coordinate {', '.join(map(str, at))}" if at else ""
    here, there = pair.words(where[0])
    message = (
        f"{call.setting.constant}{coordinate} is {one!r} {here}, {other!r} {there}: "
        f"they differ by {gap:.3g}, two calls may by {limit:.3g}"
    )
    return Violation(
        call.setting.kind,
        message,
        call.sheet.case(where[0], pair.view),
        call.setting.constant,
        0.0 if one == other else ratio_of(gap, limit),
        one.hex(),
        other.hex(),
        limit,
        confirmed=True,
        at=at,
    )
