"""The directional derivative of a statement's function, with no formula for it: power series.

`HasFDerivAt f f' x` says in particular that the coefficient of t in f(x + t v) is f' v. The series
runs through the unfolded f in ball arithmetic, so its value never comes from f'.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.conformance.claim import Claim
from harness.conformance.sheet import Sheet
from harness.conformance.workbench import Workbench
from harness.evaluate.balls import Balls, Scene, precision
from harness.evaluate.oracle import BALL_BITS, Reference, balls_of, split_ball
from harness.statement.substitute import constants_of
from harness.statement.term import HasFDerivAt, Var
from harness.statement.types import FunType, RealType

_BITS = (BALL_BITS, 256, 1024)
"""Precisions, until every coefficient is known; a row with one that stays unknown is not judged."""


def directional(bench: Workbench, claim: Claim, term: HasFDerivAt, sheet: Sheet) -> Reference:
    """The derivative of the function at the point in the direction, at every row of a sheet.

    (rows,) for a real function, (rows, m) for one with m coordinates.
    """
    return bench.once(("series", term, sheet.key), lambda: _by_series(bench, claim, term, sheet))


def _by_series(bench: Workbench, claim: Claim, term: HasFDerivAt, sheet: Sheet) -> Reference:
    rows = []
    for row in range(sheet.rows):
        for bits in _BITS:
            with precision(bits):
                numbers = {v: balls_of(sheet.arrays[v][row]) for v in claim.sampled}
                found = series_of(bench, term, numbers, dict(sheet.sizes))
                split = [split_ball(ball) for ball in found]
            if all(ball.is_finite() for ball in found):
                break
        rows.append(split)
    parts = np.array(rows, dtype=np.float64).reshape(sheet.rows, -1, 3)
    unknown = np.array([not np.isfinite(one).all() for one in parts], dtype=bool)
    if isinstance(term.function.type, FunType) and isinstance(term.function.type.result, RealType):
        parts = parts[:, 0]
    return Reference(parts[..., 0], parts[..., 1], parts[..., 2], unknown, "balls")


def series_of(
    bench: Workbench,
    term: HasFDerivAt,
    numbers: dict[Var, Any],
    sizes: dict[str, int],
) -> list[Any]:
    """The coefficients of t of f(x + t v), as a list of balls (one where f is real).

    The balls are unbounded where the precision does not tell a denominator from 0.
    """
    from flint import arb, arb_series

    balls = Balls(stable_equations(bench, term))
    point = balls.evaluate(term.point, Scene(dict(numbers), sizes))
    direction = numbers[term.derivative.var]
    moved = [arb_series([x, v], 2) for x, v in zip(point, direction, strict=True)]
    scene = Scene({**numbers, term.function.var: moved}, sizes)
    try:
        value = balls.evaluate(term.function.body, scene)
    except ValueError:  # FLINT, of a denominator
        here = Scene({**numbers, term.function.var: point}, sizes)
        value = balls.evaluate(term.function.body, here)
        return [arb("nan") for _ in (value if isinstance(value, list) else [value])]
    values = value if isinstance(value, list) else [value]
    return [one[1] if isinstance(one, arb_series) else arb(0) for one in values]


def stable_equations(bench: Workbench, term: HasFDerivAt) -> dict[str, Any]:
    """Equations of what the function calls, in forms that do not overflow."""

    def make() -> dict[str, Any]:
        found: dict[str, Any] = {}
        for constant in constants_of(term.function.body):
            found.update(bench.stable_equations(constant))
        return found

    return bench.once(("stable", term), make)
