"""Checks that follow from the type of a constant, whatever its equation: calls against calls.

A constant of Lean is a function. So what code returns for it depends on the arguments, and on
nothing else that a call has: not on the other rows of the batch (`batch`), not on how the argument
lies in memory (`layout`), not on the calls that came before (`repeat`), and the arguments are the
same afterwards (`inputs`). None of this needs a formula or a reference value. Each is a check of
its own, so that a report names the cause where the definition check only says that a value is
wrong.

Two calls with one input are each within the derived bound E of one number, so within 2 E of each
other; real libraries do not agree in every bit (NUMERICS.md section 6), and no check here asks for
that. Where E is infinite or a node leaves the range, nothing is judged, and it is counted; `inputs`
compares bits of arguments and needs no bound. The calls of the definition check are used again.
Added are single rows of its batches, alone, and a few calls once more at the end.

Code that remembers calls shows as any of these. So a difference is tried again in code that was
just imported, each of the two calls first: where they then agree, the memory is the cause, and
`repeat` says it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from harness.conformance.calling import Callee, Results, call_cells
from harness.conformance.definition import at_place, calls, within_reach
from harness.conformance.observed import Observed
from harness.conformance.passing import Argument
from harness.conformance.sheet import Placed, Sheet
from harness.conformance.subject import Subject
from harness.conformance.tally import Tally, ratio_of, worst_first
from harness.conformance.verdict import CheckResult, Verdict, Violation
from harness.conformance.workbench import Workbench
from harness.evaluate.compare import Comparison, Flags, three_way
from harness.evaluate.formats import FORMATS
from harness.evaluate.oracle import Bound

KINDS = ("batch", "layout", "repeat", "inputs")

PLAIN = "contiguous"
REPEATED = 4
"""Calls of a sheet that are made once more."""
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


def check_typed(
    setting: Setting, declaration: str, fail_fast: bool = False, first: Sequence[Sheet] = ()
) -> CheckResult:
    """Judge one constant of one entry. first: sheets to begin with, before those of the plan."""
    start = time.perf_counter()
    subject, constant = setting.subject, setting.constant
    base = CheckResult(
        declaration,
        setting.kind,
        subject.name,
        subject.dtype,
        subject.device,
        Verdict.NOT_RUN,
        constants=(constant,),
        arithmetic=subject.arithmetic(constant).name,
        expected=subject.expected,
        notes=subject.notes((constant,)),
    )
    tally = Tally()
    definition = setting.bench.own[constant]
    for sheet in (*first, *setting.bench.definition_sheets(definition.params, subject.dtype)):
        if not subject.takes(sheet.n, (constant,)):
            tally.unsupported += len(sheet.placed)
            continue
        if not within_reach(setting.bench, definition, sheet):
            continue
        judge_typed(setting, sheet, tally)
        if tally.hung or (fail_fast and tally.violation):
            break
    return replace(tally.result(base), seconds=time.perf_counter() - start)


def judge_typed(setting: Setting, sheet: Sheet, tally: Tally) -> None:
    """Every comparison on one sheet, into the tally."""
    judge = {"batch": _batch, "layout": _layout, "repeat": _repeat, "inputs": _inputs}[setting.kind]
    definition = setting.bench.own[setting.constant]
    for turn, (arguments, place) in enumerate(calls(definition, sheet)):
        judge(_Call(setting, sheet, arguments, place, turn), tally)
        if tally.hung:  # every further call may take as long
            return


@dataclass(frozen=True)
class _Call:
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
class _Pair:
    """Two results for the same inputs. which: the call that a row is of, one and other; words:
    what to say of a row, with the two numbers put in."""

    view: str
    one: Results
    other: Results
    which: Callable[[int], tuple[Placed, Placed]]
    words: Callable[[int], tuple[str, str]]
    by_memory: bool = False  # what is to be found is a memory, which fresh code lacks


def _batch(call: _Call, tally: Tally) -> None:
    """Rows of a batch, and the same rows alone."""
    places = len(list(calls(call.setting.bench.own[call.setting.constant], call.sheet)))
    chosen: dict[int, Placed] = {}
    cells = _cells(call.sheet, PLAIN)
    for turn, placed in enumerate(cells):
        if placed.cell.batch == () or not (call.setting.thorough or turn % places == call.turn):
            continue
        rows = placed.stop - placed.start
        # The last one, where code that works in blocks errs, and others in turn.
        one = rows - 1 if turn % 2 else (7 * turn) % max(rows, 1)
        some = range(rows) if call.setting.thorough else (one,)
        chosen.update({placed.start + row: placed for row in some if rows})
    if not chosen:
        return
    singles = {row: _alone(placed, row) for row, placed in chosen.items()}

    def words(row: int) -> tuple[str, str]:
        placed = chosen[row]
        batch = "x".join(map(str, placed.cell.batch))
        return f"in row {row - placed.start} of a batch of {batch}", "for the same row alone"

    pair = _Pair(
        PLAIN,
        call.observed(PLAIN),
        call.again(list(singles.values())),
        lambda row: (chosen[row], singles[row]),
        words,
    )
    _compared(call, pair, tally)


def _layout(call: _Call, tally: Tally) -> None:
    """One input in each layout, and the same one contiguous."""
    for view, cells in _passes(call):
        if view != PLAIN:
            _compared(call, _laid_out(call, view, cells), tally)


def _laid_out(call: _Call, view: str, cells: Sequence[Placed]) -> _Pair:
    plain = _cells(call.sheet, PLAIN)
    twins = {one: replace(one, cell=replace(one.cell, view=PLAIN)) for one in cells}
    known = set(twins.values()) <= set(plain)
    other = call.observed(PLAIN) if known else call.again(list(twins.values()))
    by_row = _by_row(cells)
    words = (f"in layout '{view}'", "contiguous")
    which = {row: (one, twins[one]) for row, one in by_row.items()}
    return _Pair(view, call.observed(view), other, which.__getitem__, lambda _: words)


def _repeat(call: _Call, tally: Tally) -> None:
    """Some calls of the sheet once more, the last one first; and suspects, in fresh code."""
    for view, _ in _passes(call):
        call.observed(view)  # before any call is made again
    cells = _cells(call.sheet, PLAIN)
    step = 1 if call.setting.thorough else max(1, len(cells) // REPEATED)
    chosen = cells[::-1][::step]
    if chosen:
        words = ("at first", "later, for the same input")
        _compared(call, _repeated(call, chosen, call.again(chosen), words), tally)
    doubtful = [one for one in call.sheet.placed if one.cell.id() in call.setting.suspects]
    for placed in call.sheet.placed[-1:] if call.setting.thorough else doubtful:
        fresh = call.fresh([placed])
        if fresh is not None:
            words = ("after other calls", "in code just imported")
            _compared(call, _repeated(call, [placed], fresh, words), tally)


def _repeated(
    call: _Call, cells: Sequence[Placed], other: Results, words: tuple[str, str]
) -> _Pair:
    which = {row: (one, one) for row, one in _by_row(cells).items()}
    view = cells[0].cell.view
    seen = call.observed(view)
    return _Pair(view, seen, other, which.__getitem__, lambda _: words, by_memory=True)


def _inputs(call: _Call, tally: Tally) -> None:
    """Arguments, the memory around them and earlier results, before and after."""
    for view, cells in _passes(call):
        results = call.observed(view)
        changed = tuple(one for one in results.trouble if one.kind == "mutated")
        tally.trouble(call.sheet, replace(results, trouble=changed), call.setting.constant)
        count = int(results.done.sum())
        tally.cells += len(cells)
        if call.sheet.n == 0:
            tally.cases_n0 += count
        else:
            tally.cases += count


def _compared(call: _Call, pair: _Pair, tally: Tally) -> None:
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
    call: _Call, pair: _Pair, comparison: Comparison, allowed: NDArray[np.floating], done: Flags
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
    call: _Call, pair: _Pair, where: tuple[int, ...], allowed: NDArray[np.floating]
) -> bool:
    found = [call.fresh([placed]) for placed in pair.which(where[0])]
    if any(results is None or not results.done[where[0]] for results in found):
        return False
    one, other = (results.numbers[where] for results in found if results)
    return bool(one == other or abs(one - other) <= allowed[where])


def _violation(
    call: _Call,
    pair: _Pair,
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


def _passes(call: _Call) -> tuple[tuple[str, tuple[Placed, ...]], ...]:
    """The layouts in which arrays arrive as they are passed."""
    layouts = call.setting.callee.layouts
    return tuple(one for one in call.sheet.passes() if layouts or one[0] == PLAIN)


def _cells(sheet: Sheet, view: str) -> tuple[Placed, ...]:
    return dict(sheet.passes()).get(view, ())


def _by_row(cells: Sequence[Placed]) -> dict[int, Placed]:
    return {row: one for one in cells for row in range(one.start, one.stop)}


def _alone(placed: Placed, row: int) -> Placed:
    return Placed(replace(placed.cell, batch=()), row, row + 1)
