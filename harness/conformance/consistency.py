"""The consistency check: a statement on exact reals, everything unfolded, balls on both sides.

It judges the spec and the Lean text, never code: a refutation means that the statement is false.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from harness.conformance.claim import Claim
from harness.conformance.derivative import series_of
from harness.conformance.hypotheses import rows_where_true, scenes
from harness.conformance.remainder import remainders
from harness.conformance.sheet import Sheet
from harness.conformance.verdict import CheckResult, Verdict, Violation
from harness.conformance.workbench import Workbench
from harness.evaluate.balls import Balls, Scene, magnitude, precision
from harness.statement.term import HasFDerivAt, Relation

DTYPE = "float32"
"""The inputs are the exact real values of these floats; their exponents keep exp cheap."""
LARGEST = 8
ROWS_PER_CELL = 1
PRECISIONS = (96, 256, 1024)
AGREED_BITS = 64
NOTHING = "n = 0 only: compared, and credits nothing"
DERIVATIVE = (
    "the derivative by series, its linearity, and the remainder of second order, enclosed at "
    "h = 2^-10 and 2^-40, along sampled and axis directions"
)


def check_consistency(bench: Workbench, declaration: str, claim: Claim) -> CheckResult:
    """Judge one statement on exact reals."""
    start = time.perf_counter()
    base = CheckResult(
        declaration, "consistency", "", "reals", "", Verdict.NOT_RUN, constants=claim.constants
    )
    if claim.derivatives:
        base = replace(base, notes=(DERIVATIVE,))
    cases = undecided = discarded = at_zero = 0
    for sheet in bench.sheets(claim.variables, DTYPE):
        if sheet.n > LARGEST:
            break
        keep = rows_where_true(bench, claim, sheet)
        for row in _rows(sheet):
            if not keep[row]:
                discarded += 1
                continue
            verdict = judge_row(bench, claim, sheet, row)
            if sheet.n == 0:
                at_zero += 1
            elif verdict is None:
                undecided += 1
            else:
                cases += 1
            if verdict:
                return replace(
                    base,
                    verdict=Verdict.REFUTED,
                    cases=cases,
                    violation=Violation("value", verdict, sheet.case(row), confirmed=True),
                    seconds=time.perf_counter() - start,
                )
    return replace(
        base,
        verdict=_verdict(cases, undecided, at_zero),
        cases=cases,
        cases_n0=at_zero,
        undecided=undecided,
        discarded=discarded,
        seconds=time.perf_counter() - start,
        notes=(*base.notes, *((NOTHING,) if at_zero and not cases else ())),
    )


def _verdict(cases: int, undecided: int, at_zero: int) -> Verdict:
    if cases == 0:
        return Verdict.UNSUPPORTED if at_zero and not undecided else Verdict.INCONCLUSIVE
    return Verdict.INCONCLUSIVE if undecided > cases else Verdict.CONFORMS


def _rows(sheet: Sheet) -> Iterator[int]:
    for placed in sheet.data:
        yield from range(placed.rows.start, min(placed.stop, placed.start + ROWS_PER_CELL))


def judge_row(bench: Workbench, claim: Claim, sheet: Sheet, row: int) -> str | None:
    """ "" when consistent, None when undecided, else what refutes it."""
    for bits in PRECISIONS:
        with precision(bits):
            answers = list(_answers(bench, claim, sheet, row))
        refutation = next((a for a in answers if a), None)
        if refutation:
            return refutation
        if None not in answers:
            return ""
    return None


def _answers(bench: Workbench, claim: Claim, sheet: Sheet, row: int) -> Iterator[str | None]:
    for scene in scenes(claim, sheet, row):
        for relation in claim.relations:
            yield from _compared(bench, relation, scene)
        for term in claim.derivatives:
            yield from _derivative(bench, term, scene)


def _compared(bench: Workbench, relation: Relation, scene: Scene) -> Iterator[str | None]:
    balls = Balls(bench.own)
    left, right = balls.evaluate(relation.left, scene), balls.evaluate(relation.right, scene)
    lefts = left if isinstance(left, list) else [left]
    rights = right if isinstance(right, list) else [right]
    for a, b in zip(lefts, rights, strict=True):
        yield _judged(relation.op, a, b, balls.scale)


def _derivative(bench: Workbench, term: HasFDerivAt, scene: Scene) -> Iterator[str | None]:
    balls = Balls(bench.own)
    claimed = balls.evaluate(term.derivative.body, scene)
    claimed = claimed if isinstance(claimed, list) else [claimed]
    found = series_of(bench, term, dict(scene.bindings), scene.sizes)
    for a, b in zip(found, claimed, strict=True):
        yield _judged("=", a, b, balls.scale)
    yield from _linear(bench, term, scene)
    yield from remainders(bench, term, scene)


def _linear(bench: Workbench, term: HasFDerivAt, scene: Scene) -> Iterator[str | None]:
    """f' (v + e) = f' v + f' e for the first and last unit vector e, and f' (-3 v) = -3 f' v."""
    from flint import arb

    balls = Balls(bench.own)
    direction = scene.bindings[term.derivative.var]

    def along(v: list[Any]) -> list[Any]:
        bound = {**scene.bindings, term.derivative.var: v}
        value = balls.evaluate(term.derivative.body, Scene(bound, scene.sizes))
        return value if isinstance(value, list) else [value]

    base = along(direction)
    for axis in sorted({0, len(direction) - 1}) if direction else ():
        unit = [arb(int(k == axis)) for k in range(len(direction))]
        moved = along([v + e for v, e in zip(direction, unit, strict=True)])
        for whole, a, b in zip(moved, base, along(unit), strict=True):
            yield _told_linear(_judged("=", whole, a + b, balls.scale))
    for a, b in zip(along([-3 * v for v in direction]), base, strict=True):
        yield _told_linear(_judged("=", a, -3 * b, balls.scale))


def _told_linear(answer: str | None) -> str | None:
    return f"the derivative is not linear: {answer}" if answer else answer


def _judged(op: str, a: Any, b: Any, scale: float) -> str | None:
    if op == "=":
        if not a.overlaps(b):
            return f"left side is {a}, right side {b}"
        limit = 2.0**-AGREED_BITS * max(scale, magnitude(a), magnitude(b))
        return "" if float((a - b).abs_upper()) <= limit else None
    less, more = (a, b) if op in ("≤", "<") else (b, a)
    if more < less or (op in ("<", ">") and more <= less):
        return f"left side is {a}, right side {b}, and {op} was claimed"
    return "" if (less <= more if op in ("≤", "≥") else less < more) else None
