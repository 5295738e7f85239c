"""Reference values and bounds for a definition: what a call should return, and how nearly.

The reference comes from the cheapest tier that is accurate enough for the format: float64 for
float32 and below, 80-bit longdouble for float64 where the platform has it, balls elsewhere. Its own
error is derived by the same walk that derives the bound, so a comparison is three-valued.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.evaluate.arithmetic import Arithmetic, Rounding
from harness.evaluate.balls import Balls, precision
from harness.evaluate.formats import FORMATS, Format
from harness.evaluate.value import FLOAT64, LONGDOUBLE, Array, Carrier, Value, carrier_for, exact
from harness.evaluate.walk import Binding, Equations, IndexAxis, walk_for
from harness.statement.term import Definition

Argument = NDArray[np.float64] | range
"""Numbers of the format under test in float64, (rows,), (rows, n) or (rows, n, m); or, where the
definition takes an index, the range of all its values."""

# The carrier formats as the walk charges them. The 80-bit one keeps float64's range: what leaves it
# is out of range for float64 code too. (Its own underflow threshold, 2^-16445, is far below.)
_HARNESS = {
    FLOAT64.bits: FORMATS["float64"],
    64: Format("extended", p=64, emin=-1022, emax=1023),
}
BALL_BITS = 96
TIERS = ("float64", "longdouble", "balls")


@dataclass(frozen=True)
class Reference:
    """value + low is the exact result up to `error`; rows out of range have no meaning.

    value, low, error: (rows, indices..., coordinates); low is 0 except for balls. tier: which.
    """

    value: Array
    low: Array
    error: Array
    out_of_range: NDArray[np.bool_]
    tier: str


@dataclass(frozen=True)
class Bound:
    """error: the derived bound on |computed - exact|, inf where there is none; same shape."""

    error: Array
    out_of_range: NDArray[np.bool_]


def harness_rounding(carrier: Carrier) -> Rounding:
    """What the harness's own arithmetic in a carrier is charged: any order, exp within 2 ulp."""
    return replace(
        Arithmetic("harness", exp_ulp=2.0).for_dtype("float64"),
        output=_HARNESS[carrier.bits],
        working=_HARNESS[carrier.bits],
        accumulator=_HARNESS[carrier.bits],
    )


def tier_for(dtype: str) -> str:
    """The tier that judges a format on this platform."""
    if FORMATS[dtype].p < FLOAT64.bits:
        return "float64"
    return "longdouble" if LONGDOUBLE else "balls"


def bound(
    definition: Definition,
    equations: Equations,
    arguments: Sequence[Argument],
    arithmetic: Arithmetic,
    dtype: str,
    carrier: Carrier | None = None,
) -> Bound:
    """The bound for one form: the walk of the unfolded right side, one cast at the end.

    carrier: what the walk computes in, by default the cheapest that is wider than the format.
    """
    rounding = arithmetic.for_dtype(dtype)
    carrier = carrier or carrier_for(rounding.working)
    value, out = _walk(definition, equations, arguments, rounding, carrier)
    return Bound(np.broadcast_to(value.error, _shape(value, arguments)), out)


def greatest(bounds: Sequence[Bound]) -> Bound:
    """The bound that allows each of several forms; out of range when one of them is."""
    error, out = bounds[0].error, bounds[0].out_of_range
    for other in bounds[1:]:
        error = np.maximum(error, other.error)
        out = out | other.out_of_range
    return Bound(error, out)


def reference(
    definition: Definition,
    equations: Equations,
    arguments: Sequence[Argument],
    dtype: str,
    tier: str | None = None,
) -> Reference:
    """The values of a definition at a batch of inputs, by the given tier (default: `tier_for`)."""
    tier = tier or tier_for(dtype)
    if tier == "balls":
        return _by_balls(definition, equations, arguments)
    carrier = FLOAT64 if tier == "float64" else LONGDOUBLE
    assert carrier is not None
    value, out = _walk(definition, equations, arguments, harness_rounding(carrier), carrier)
    shape = _shape(value, arguments)
    number = np.broadcast_to(value.value, shape)
    low = np.zeros((1,) * len(shape), number.dtype)
    return Reference(number, low, np.broadcast_to(value.error, shape), out, tier)


def exact_row(
    definition: Definition,
    equations: Equations,
    arguments: Sequence[Argument],
    row: int,
    bits: int = BALL_BITS,
) -> Any:
    """Balls of one row: a ball, or nested lists over index arguments and then the coordinate."""
    with precision(bits):
        return _row(definition, equations, arguments, row)


def _row(
    definition: Definition, equations: Equations, arguments: Sequence[Argument], row: int
) -> Any:
    balls = Balls(equations)

    def nested(values: list[Any], rest: Sequence[Argument]) -> Any:
        if not rest:
            return balls.unfold(definition, values, {})
        if isinstance(rest[0], range):
            return [nested([*values, k], rest[1:]) for k in rest[0]]
        return nested([*values, balls_of(rest[0][row])], rest[1:])

    return nested([], arguments)


def balls_of(numbers: Any) -> Any:
    """Exact balls of floats, nested like the array."""
    from flint import arb

    if numbers.ndim == 0:
        return arb(float(numbers))
    return [balls_of(part) for part in numbers]


def _by_balls(
    definition: Definition, equations: Equations, arguments: Sequence[Argument]
) -> Reference:
    rows = _rows(arguments)
    splits = []
    with precision(BALL_BITS):
        for row in range(rows):
            nested = _row(definition, equations, arguments, row)
            splits.append(_mapped(split_ball, nested))
    parts = np.array(splits, dtype=np.float64).reshape(rows, *_nesting(splits[0]), 3)
    out = np.zeros(rows, dtype=bool)
    return Reference(parts[..., 0], parts[..., 1], parts[..., 2], out, "balls")


def split_ball(ball: Any) -> tuple[float, float, float]:
    """A ball as high + low with an upper bound of what is missing (floats); nan when unbounded."""
    if not ball.is_finite():
        return (float("nan"), 0.0, float("inf"))
    high = float(ball.mid())
    if not np.isfinite(high):
        return (high, 0.0, float("inf"))
    rest = ball - high
    low = float(rest.mid())
    missing = (rest - low).abs_upper()
    if missing.is_zero():
        return (high, low, 0.0)
    # Conversion rounds to nearest: one part in 2^50 covers it, and a subnormal.
    return (high, low, float(missing) * (1 + 2.0**-50) + 5e-324)


def _mapped(function: Any, nested: Any) -> Any:
    return [_mapped(function, p) for p in nested] if isinstance(nested, list) else function(nested)


def _nesting(nested: Any) -> tuple[int, ...]:
    if not isinstance(nested, list):
        return ()
    return (len(nested), *(_nesting(nested[0]) if nested else ()))


def _walk(
    definition: Definition,
    equations: Equations,
    arguments: Sequence[Argument],
    rounding: Rounding,
    carrier: Carrier,
) -> tuple[Value, NDArray[np.bool_]]:
    walk, out = walk_for(equations, rounding, _rows(arguments), carrier=carrier)
    # A range of one value is that value: the arrays of the walk have no axis for it.
    depth = sum(isinstance(a, range) and len(a) != 1 for a in arguments)
    bindings: list[Binding] = []
    axis = 0
    with np.errstate(all="ignore"):
        for argument in arguments:
            if isinstance(argument, range) and len(argument) == 1:
                bindings.append(argument.start)
            elif isinstance(argument, range):
                axis += 1
                bindings.append(IndexAxis(axis, len(argument)))
            else:
                array = argument.astype(carrier.dtype)
                entering = walk.charge.entering(exact(array, 0, array.ndim - 1))
                bindings.append(entering.at_depth(depth))
        value = walk.charge.cast(walk.unfold(definition, tuple(bindings), {}, depth))
        return replace(
            value,
            value=_with_axes(value.value, arguments),
            error=_with_axes(value.error, arguments),
            depth=sum(isinstance(argument, range) for argument in arguments),
        ), out


def _with_axes(array: NDArray[Any], arguments: Sequence[Argument]) -> NDArray[Any]:
    """The array with an axis of length 1 for each range of one value."""
    ranges = [a for a in arguments if isinstance(a, range)]
    for axis, one in enumerate(ranges, start=1):
        if len(one) == 1:
            array = np.expand_dims(array, axis)
    return array


def _rows(arguments: Sequence[Argument]) -> int:
    return int(next(a.shape[0] for a in arguments if not isinstance(a, range)))


def _shape(value: Value, arguments: Sequence[Argument]) -> tuple[int, ...]:
    ranges = tuple(len(a) for a in arguments if isinstance(a, range))
    return (_rows(arguments), *ranges, *value.value.shape[1 + len(ranges) :])
