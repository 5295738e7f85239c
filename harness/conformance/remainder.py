"""That a derivative is Fréchet's: the remainder is of second order, by a rigorous enclosure.

Along a direction v, Taylor's theorem puts f(x + h v) - f(x) - h f' v into h^2 times the
coefficient of t^2 of f(z + t v), taken over the whole segment z in x + [0, h] v. Both sides are
balls; when they do not overlap the statement is false. Axis directions are tried beside the sampled
one (scaled to about 1), because a candidate may be right along the one and not along the other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from harness.conformance.derivative import stable_equations
from harness.conformance.workbench import Workbench
from harness.evaluate.balls import Balls, Scene
from harness.statement.term import HasFDerivAt

STEPS = (-10, -40)
"""Exponents of the steps h = 2^k: a wrong value shows at the first, a wrong order at the second."""


def remainders(bench: Workbench, term: HasFDerivAt, scene: Scene) -> Iterator[str | None]:
    """For each direction and step: "" when the remainder is enclosed, else what refutes it.

    Nothing where an enclosure is unbounded: the coefficient of t alone is judged there.
    """
    own = Balls(bench.own)
    point = own.evaluate(term.point, scene)
    for direction in _directions(scene.bindings[term.derivative.var]):
        bound = {**scene.bindings, term.derivative.var: direction}
        claimed = _listed(own.evaluate(term.derivative.body, Scene(bound, scene.sizes)))
        for step in STEPS:
            try:
                answer = _judged(bench, term, scene, point, direction, claimed, step)
            except ValueError:  # FLINT: a denominator that may be zero somewhere on the segment
                continue
            if answer is not None:
                yield answer


def _judged(
    bench: Workbench,
    term: HasFDerivAt,
    scene: Scene,
    point: list[Any],
    direction: list[Any],
    claimed: list[Any],
    step: int,
) -> str | None:
    from flint import arb, arb_series

    h = arb(2) ** step
    segment = h * arb(0.5, 0.5)
    start = _values(bench, term, scene, point)
    end = _values(bench, term, scene, [x + h * v for x, v in zip(point, direction, strict=True)])
    along = [arb_series([x + segment * v, v, 0], 3) for x, v in zip(point, direction, strict=True)]
    curved = [_second(one) for one in _values(bench, term, scene, along)]
    for first, last, slope, second in zip(start, end, claimed, curved, strict=True):
        remainder = last - first - h * slope
        enclosure = h * h * second
        if not (remainder.is_finite() and enclosure.is_finite()):
            return None
        if not remainder.overlaps(enclosure):
            return f"remainder at h = 2^{step} is {remainder}, Taylor's theorem allows {enclosure}"
    return ""


def _values(bench: Workbench, term: HasFDerivAt, scene: Scene, argument: list[Any]) -> list[Any]:
    bindings = {**scene.bindings, term.function.var: argument}
    balls = Balls(stable_equations(bench, term))
    return _listed(balls.evaluate(term.function.body, Scene(bindings, scene.sizes)))


def _directions(sampled: list[Any]) -> list[list[Any]]:
    from flint import arb

    axes = {0, len(sampled) - 1} if sampled else set()
    greatest = max((abs(v) for v in sampled), default=arb(0), key=float)
    scale = arb(2) ** -math.frexp(float(greatest))[1]
    return [
        [scale * v for v in sampled],
        *([arb(int(k == axis)) for k in range(len(sampled))] for axis in sorted(axes)),
    ]


def _second(value: Any) -> Any:
    from flint import arb, arb_series

    return value[2] if isinstance(value, arb_series) else arb(0)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
