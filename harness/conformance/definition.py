"""The definition check: what a constant returns against its unfolded equation.

The left side of the equation is called, the right side is unfolded to primitives and never called.
The value is the oracle's, the bound is the walk of that right side under the entry's arithmetic.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.cells import draws
from harness.cells.inputs import indices
from harness.conformance.calling import call_cells
from harness.conformance.extent import MOST_NUMBERS, extent
from harness.conformance.passing import Argument
from harness.conformance.sheet import Sheet
from harness.conformance.subject import Subject
from harness.conformance.tally import Tally, is_outside, ratio_of
from harness.conformance.verdict import CheckResult, Verdict, Violation
from harness.conformance.workbench import Workbench, arguments_of
from harness.evaluate import oracle
from harness.evaluate.balls import precision
from harness.evaluate.compare import compare
from harness.evaluate.formats import FORMATS, ulp
from harness.evaluate.oracle import BALL_BITS, Bound, Reference, balls_of, exact_row
from harness.statement.term import Definition

MOST_INDICES = 64
"""Values of an index that are all tried in a probe."""
_DRAWS = 4

DIGITS = 25
"""Decimal digits of the exact value that a violation shows."""


def check_definition(
    bench: Workbench,
    subject: Subject,
    declaration: str,
    constant: str,
    fail_fast: bool = False,
    first: Sequence[Sheet] = (),
) -> CheckResult:
    """Judge one constant of one entry. `declaration` is the spec that holds its equation.

    first: sheets to begin with, before those of the plan.
    """
    start = time.perf_counter()
    base = CheckResult(
        declaration,
        "definition",
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
    definition = bench.own[constant]
    oracle = ""
    largest = math.inf
    for sheet in (*first, *bench.definition_sheets(definition.params, subject.dtype)):
        if sheet.n >= largest:
            continue
        if not subject.takes(sheet.n, (constant,)):
            tally.unsupported += len(sheet.placed)
            continue
        each = extent([definition.body], bench.own, sheet.sizes)
        if each * sheet.rows > MOST_NUMBERS:
            if sheet.probe:
                continue
            note = f"below n = {sheet.n}: {each:,} numbers at an input"
            base = replace(base, notes=(*base.notes, note))
            largest = sheet.n
            continue
        oracle = judge_sheet(bench, subject, constant, sheet, tally)
        if tally.hung or (fail_fast and tally.violation):
            break
    return replace(tally.result(base), oracle=oracle, seconds=time.perf_counter() - start)


def judge_sheet(
    bench: Workbench, subject: Subject, constant: str, sheet: Sheet, tally: Tally
) -> str:
    """Every cell of one sheet, into the tally; returns the oracle tier."""
    definition = bench.own[constant]
    callee = subject.callees[constant]
    want = bench.reference(constant, sheet)
    bound = bench.bound(constant, sheet, subject.arithmetic(constant))
    fmt = FORMATS[subject.dtype]
    for view, cells in sheet.passes():
        if view != "contiguous" and not callee.layouts:
            tally.unplaced += len(cells)
            continue
        tally.cells += len(cells)
        for arguments, place in calls(definition, sheet):
            part, allowed = _at(want, place), _at_bound(bound, place)
            own = part.value.shape[1:]
            results = call_cells(callee, arguments, sheet.rows, own, cells)
            tally.trouble(sheet, results, constant)
            if tally.hung:  # every further call may take as long
                return want.tier
            comparison = compare(results.numbers, part, allowed, fmt)
            normal = abs(part.value) >= fmt.smallest_normal

            def confirm(
                where: tuple[int, ...],
                *,
                always: bool = False,
                view: str = view,
                place: tuple[int, ...] = place,
                got: NDArray[np.float64] = results.numbers,
                allowed: Bound = allowed,
            ) -> Violation | None:
                found = _again(bench, constant, sheet, view, place, where, got, allowed)
                return found if always or is_outside(found) else None

            tally.compared(sheet, view, comparison, results.done, normal, confirm)
    return want.tier


def calls(
    definition: Definition, sheet: Sheet
) -> Iterator[tuple[tuple[Argument, ...], tuple[int, ...]]]:
    """The arguments of a call, and the index values among them (once where there is none)."""
    own = arguments_of(definition, sheet)
    ranges = [_indices(len(a), sheet) for a in own if isinstance(a, range)]
    for place in product(*ranges):
        rest = iter(place)
        yield tuple(next(rest) if isinstance(a, range) else a for a in own), place


def _indices(n: int, sheet: Sheet) -> tuple[int, ...]:
    """A few, or where there are few rows all, or more that the seed draws."""
    if not sheet.probe:
        return indices(n, "definition")
    if n <= MOST_INDICES:
        return tuple(range(n))
    seed = sheet.data[0].cell.seed
    drawn = (indices(n, draws.key_of("probe", seed, turn)) for turn in range(_DRAWS))
    return tuple(sorted(set().union(*drawn)))


def _at(want: Reference, place: tuple[int, ...]) -> Reference:
    if not place:
        return want
    pick: Any = (slice(None), *place)
    low = want.low if want.low.shape[1:] == (1,) * (want.low.ndim - 1) else None
    return Reference(
        want.value[pick],
        want.low[pick] if low is None else np.zeros((1,) * want.value[pick].ndim),
        want.error[pick],
        want.out_of_range,
        want.tier,
    )


def _at_bound(bound: Bound, place: tuple[int, ...]) -> Bound:
    if not place:
        return bound
    pick: Any = (slice(None), *place)
    return Bound(bound.error[pick], bound.out_of_range)


def _again(
    bench: Workbench,
    constant: str,
    sheet: Sheet,
    view: str,
    place: tuple[int, ...],
    where: tuple[int, ...],
    got: NDArray[np.float64],
    allowed: Bound,
) -> Violation:
    """The element again, in balls: what would be its violation, if it is one."""
    equations = bench.stable_equations(constant)
    definition = equations[constant]
    row, own = where[0], where[1:]
    exact: Any = _exact(definition, equations, arguments_of(definition, sheet), row, (*place, *own))
    observed, limit = float(got[where]), float(allowed.error[where])
    with precision(BALL_BITS):
        want = float(exact.mid())
        digits = exact.mid().str(DIGITS, radius=False)
        if np.isfinite(observed):
            error = float((balls_of(np.float64(observed)) - exact).abs_lower())
        else:
            error = float("inf")
    case = sheet.case(row, view)
    found = value_violation(
        constant, case, (*place, *own), observed, want, error, limit, sheet.dtype
    )
    return replace(found, exact=digits)


def _exact(
    definition: Definition,
    equations: Mapping[str, Definition],
    arguments: Sequence[oracle.Argument],
    row: int,
    place: tuple[int, ...],
) -> Any:
    """The ball of one element: the others of its row would take n times as long."""
    rest = iter(place)
    chosen = [range(k := next(rest), k + 1) if isinstance(a, range) else a for a in arguments]
    for k in rest:
        assert definition.index is not None
        definition = replace(definition, params=(*definition.params, definition.index), index=None)
        chosen.append(range(k, k + 1))
    exact: Any = exact_row(definition, equations, chosen, row)
    for _ in place:
        (exact,) = exact
    return exact


def value_violation(
    constant: str,
    case: Any,
    place: tuple[int, ...],
    observed: float,
    want: float,
    error: float,
    limit: float,
    dtype: str,
) -> Violation:
    """A value outside its bound, in words and in hex floats."""
    kind = "value" if np.isfinite(observed) else "nan"
    ratio = ratio_of(error, limit)
    at = f" at coordinate {', '.join(map(str, place))}" if place else ""
    step = float(ulp(np.array(want), FORMATS[dtype]))
    message = (
        f"{constant}{at} is {observed!r}, exact is {want!r}: error {error / step:.3g} ulp, "
        f"bound {limit / step:.3g} ulp"
    )
    return Violation(
        kind,
        message,
        case,
        constant,
        ratio,
        observed.hex(),
        want.hex(),
        limit,
        confirmed=True,
        at=place,
    )
