"""The theorem check: every constant of the statement is called, on the arguments it really gets.

The value of a call is what came back; its error is the walk of its definition at the argument and
the argument's error. What stands outside the calls is the harness's own arithmetic, in a carrier
wider than the format, and is charged its own (tiny) rounding. There is no oracle.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from harness.cells.inputs import indices
from harness.conformance.by_choice import by_choice
from harness.conformance.call_hook import CallHook, Kept, TooLarge
from harness.conformance.claim import Claim
from harness.conformance.derivative import directional
from harness.conformance.extent import MOST_NUMBERS, extent
from harness.conformance.hypotheses import rows_where_true
from harness.conformance.sheet import Placed, Sheet
from harness.conformance.subject import Subject
from harness.conformance.tally import Tally, ratio_of
from harness.conformance.verdict import CheckResult, Verdict, Violation
from harness.conformance.workbench import Workbench
from harness.evaluate.charge import Charger
from harness.evaluate.compare import Comparison, compare, three_way
from harness.evaluate.formats import FORMATS
from harness.evaluate.oracle import Bound, harness_rounding
from harness.evaluate.value import Value, carrier_for, exact
from harness.evaluate.walk import Binding, Frame, IndexAxis, Walk
from harness.statement.term import Call, HasFDerivAt, Relation, Var
from harness.statement.types import FinType

MOST_LINEAR = 17
"""The largest n at which linearity is judged: the definition check, which is stronger, goes on."""

MOST_SERIES = 17
"""The largest n at which derivatives are taken by series (8 to 140 us a row up to 64)."""


@dataclass(frozen=True)
class Pass:
    """One way to judge the rows of a sheet: a view, its cells, and the indices that are fixed."""

    sheet: Sheet
    view: str
    cells: tuple[Placed, ...]
    fixed: dict[Var, int]
    kept: dict[tuple[Call, int], Kept]


def check_theorem(
    bench: Workbench,
    subject: Subject,
    declaration: str,
    claim: Claim,
    check: str = "theorem",
    fail_fast: bool = False,
    first: Sequence[Sheet] = (),
) -> CheckResult:
    """Judge one statement for one entry; every constant in it must have an implementation.

    check: what the result calls it, `theorem` or `fact` (of a def); first: sheets to begin with,
    before those of the plan.
    """
    start = time.perf_counter()
    ours = tuple(c for c in claim.constants if c not in subject.callees)
    base = CheckResult(
        declaration,
        check,
        subject.name,
        subject.dtype,
        subject.device,
        Verdict.NOT_RUN,
        constants=claim.constants,
        ours=ours,
        arithmetic=", ".join(sorted({subject.arithmetic(c).name for c in claim.constants})),
        expected=subject.expected,
    )
    tally = Tally()
    notes: list[str] = []
    for sheet in (*first, *claim_sheets(bench, claim, subject.dtype)):
        if not subject.takes(sheet.n, claim.constants):
            tally.unsupported += len(sheet.placed)
            continue
        if claim.derivatives and sheet.n > MOST_SERIES:
            notes = [f"derivatives by series up to n = {MOST_SERIES}"]
            break
        if check == "linearity" and sheet.n > MOST_LINEAR:
            notes = [f"linearity up to n = {MOST_LINEAR}"]
            break
        try:
            judge_claim(bench, subject, claim, sheet, tally)
        except TooLarge as limit:
            notes = [str(limit)]
            break
        if tally.hung or (fail_fast and tally.violation):
            break
    notes += subject.notes(claim.constants)
    result = tally.result(replace(base, notes=tuple(notes)))
    return replace(result, seconds=time.perf_counter() - start)


def claim_sheets(bench: Workbench, claim: Claim, dtype: str) -> tuple[Sheet, ...]:
    """The inputs that a statement is judged at, by rising n."""
    return bench.sheets(claim.variables, dtype, claim.tangents)


def judge_claim(
    bench: Workbench, subject: Subject, claim: Claim, sheet: Sheet, tally: Tally
) -> None:
    """Every cell of one sheet, into the tally. TooLarge when it would take too many calls."""
    parts = (*claim.relations, *claim.assumed, *(d.derivative.body for d in claim.derivatives))
    each = extent(parts, bench.own, sheet.sizes, claim.passed)
    if each * sheet.rows > MOST_NUMBERS:
        raise TooLarge(f"below n = {sheet.n}: {each:,} numbers at an input")
    keep = rows_where_true(bench, claim, sheet)
    tally.discarded += int((~keep).sum()) if sheet.n else 0
    sizes = dict(sheet.sizes)
    enumerated = [v for v in claim.indices if v in claim.passed]
    ranges = [indices(_length(v, sizes), "theorem") for v in enumerated]
    # Theorem checks add no power over definition checks, which see every view at any effort.
    passes = sheet.passes() if bench.effort == "deep" else sheet.passes()[:1]
    for view, cells in passes:
        if view != "contiguous" and not subject.layouts(claim.constants):
            tally.unplaced += len(cells)
            continue
        tally.cells += len(cells)
        kept: dict[tuple[Call, int], Kept] = {}
        for place in product(*ranges):
            one = Pass(sheet, view, cells, dict(zip(enumerated, place, strict=True)), kept)
            terms: list[Relation | HasFDerivAt] = [*claim.relations, *claim.derivatives]
            for term in terms:
                _judge_pass(bench, subject, claim, one, term, keep, tally)
                if tally.hung:  # every further call may take as long
                    return


def _judge_pass(
    bench: Workbench,
    subject: Subject,
    claim: Claim,
    one: Pass,
    term: Relation | HasFDerivAt,
    keep: NDArray[np.bool_],
    tally: Tally,
) -> None:
    sheet = one.sheet
    fmt = FORMATS[subject.dtype]
    carrier = carrier_for(fmt)
    out = np.zeros(sheet.rows, dtype=bool)
    hook = CallHook(bench, subject, sheet, one.cells, out, frozenset(one.fixed), one.kept)
    walk = Walk({}, Charger(harness_rounding(carrier), carrier, out), hook.call)
    frame, depth = frame_of(claim, one, walk)
    with np.errstate(all="ignore"):
        if isinstance(term, Relation):
            left, right = walk.any(term.left, frame, depth), walk.any(term.right, frame, depth)
            comparison, texts = compared(
                term.op, left, right, out, subject.dtype, sheet, depth, frame
            )
        else:
            value = walk.any(term.derivative.body, frame, depth)
            want = directional(bench, claim, term, sheet)
            shape = want.value.shape
            # Where the derivative itself is not known as well as the bound, nothing is judged.
            error = value.error
            if claim.pulled:
                promise = subject.arithmetic(claim.constants[0])
                error = error + by_choice(bench, term, sheet, promise, want, error)
            allowed = np.where(want.error > error, np.inf, error)
            bound = Bound(np.broadcast_to(allowed, shape), out)
            got = np.broadcast_to(value.value, shape)
            comparison = compare(got, want, bound, fmt)
            texts = (got, want.value, bound.error)
    for results in hook.troubles:
        tally.trouble(sheet, results[1], results[0])

    def confirm(where: tuple[int, ...], *, always: bool = False) -> Violation | None:
        if not always and not comparison.outside[where]:
            return None
        return _violation(sheet, one, where, texts, comparison, claim)

    tally.compared(
        sheet,
        one.view,
        comparison,
        hook.done & keep,
        np.zeros(comparison.judged.shape, bool),
        confirm,
    )


def frame_of(claim: Claim, one: Pass, walk: Walk) -> tuple[Frame, int]:
    """What is bound while the statement is evaluated, and how many indices are in scope."""
    sizes = dict(one.sheet.sizes)
    free = [v for v in claim.indices if v not in one.fixed]
    depth = len(free)
    bindings: dict[Var, Binding] = dict(one.fixed)
    for axis, index in enumerate(free, start=1):
        bindings[index] = IndexAxis(axis, _length(index, sizes))
    for variable in claim.sampled:
        array = one.sheet.arrays[variable].astype(walk.charge.carrier.dtype)
        bindings[variable] = exact(array, 0, array.ndim - 1).at_depth(depth)
    return Frame(bindings, sizes), depth


def compared(
    op: str,
    left: Value,
    right: Value,
    out: NDArray[np.bool_],
    dtype: str,
    sheet: Sheet,
    depth: int,
    frame: Frame,
) -> tuple[Comparison, tuple[NDArray[np.floating], ...]]:
    """Both sides of a relation: the comparison; left, right and bound at every element."""
    axes = tuple(
        b.size for b in frame.bindings.values() if isinstance(b, IndexAxis) and b.axis <= depth
    )
    own = np.broadcast_shapes(left.value.shape, right.value.shape)[1 + depth :]
    shape = (sheet.rows, *axes, *own)
    a, b = np.broadcast_to(left.value, shape), np.broadcast_to(right.value, shape)
    allowed = np.broadcast_to(left.error + right.error, shape)
    gap = {"=": abs(a - b), "≤": a - b, "<": a - b, "≥": b - a, ">": b - a}[op]
    error = np.maximum(gap, 0)
    comparison = three_way(error, np.zeros_like(error), allowed, out, b, FORMATS[dtype])
    return comparison, (a, b, allowed)


def _violation(
    sheet: Sheet,
    one: Pass,
    where: tuple[int, ...],
    texts: tuple[NDArray[np.floating], ...],
    comparison: Comparison,
    claim: Claim,
) -> Violation:
    # The carrier may be wider than a Python float.
    distance = float(abs(texts[0][where] - texts[1][where]))
    limit = _rounded_down(texts[2][where])
    left, right = float(texts[0][where]), float(texts[1][where])
    kind = "value" if np.isfinite(left) and np.isfinite(right) else "nan"
    ratio = ratio_of(float(distance), limit)
    if not comparison.outside[where]:
        ratio = float(comparison.ratio[where])
    at = [f"{v.name} = {k}" for v, k in one.fixed.items()] + [str(k) for k in where[1:]]
    place = f" at {', '.join(at)}" if at else ""
    message = (
        f"left side{place} is {left!r}, right side {right!r}: "
        f"they differ by {distance:.3g}, bound {limit:.3g}"
    )
    case = sheet.case(where[0], one.view)
    constant = ", ".join(claim.constants)
    return Violation(
        kind,
        message,
        case,
        constant,
        ratio,
        left.hex(),
        right.hex(),
        limit,
        confirmed=True,
        at=(*one.fixed.values(), *where[1:]),
    )


def _rounded_down(bound: np.floating) -> float:
    """As a float that is not greater: an error beyond the bound is beyond that, too."""
    nearest = float(bound)
    return math.nextafter(nearest, 0) if nearest > bound else nearest


def _length(index: Var, sizes: dict[str, int]) -> int:
    assert isinstance(index.type, FinType)
    return index.type.length.at(sizes)
