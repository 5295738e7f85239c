"""The double-double exponential of kernels: its constants, and how far from the exact one it is.

exp a = 2^k 2^(j/64) exp r with 64 k + j the integer next to a 64 / ln 2. The step ln 2 / 64 is cut
into three parts of which products with that integer are exact but for the last; 2^(j/64) comes
from a table; exp r by 11 terms of its series (abs(r) < 0.00543, the rest is below 2^-119), the
first ones in double-double. The last addition counts most, 3 u^2 = 2^-104.4, then the table (u^2)
and the argument. Charged are 2^-101.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache

from harness.evaluate.balls import precision

RELATIVE = 2.0**-101
CLAMP = (-600.0, 690.0)
CLAMPED = 2.0**-860
"""At least exp CLAMP[0]: what may be missing below."""

STEPS = 64
PER_STEP = STEPS / math.log(2)
SHIFTER = 1.5 * 2.0**52
TERMS = 11
_PART_BITS = 36  # times the 17 bits of the greatest number of steps: exact in float64


@cache
def step() -> tuple[float, float, float]:
    """ln 2 / 64 in three parts."""
    from flint import arb

    with precision(240):
        rest = arb.const_log2() / STEPS
        parts = []
        for _ in range(2):
            mantissa, exponent = math.frexp(float(rest.mid()))
            parts.append(math.ldexp(round(math.ldexp(mantissa, _PART_BITS)), exponent - _PART_BITS))
            rest -= parts[-1]
        return parts[0], parts[1], float(rest.mid())


@cache
def table() -> tuple[tuple[float, float], ...]:
    """2^(j/64), high and low."""
    from flint import arb

    with precision(240):
        values = [arb(2) ** (arb(j) / STEPS) for j in range(STEPS)]
        highs = [float(value.mid()) for value in values]
        return tuple((h, float((v - h).mid())) for h, v in zip(highs, values, strict=True))


def outer() -> tuple[tuple[float, float], ...]:
    """1/5!, 1/4!, 1/3!, 1/2 in double-double."""
    return tuple(_pair(Fraction(1, math.factorial(k))) for k in (5, 4, 3, 2))


def inner() -> tuple[float, ...]:
    """1/6! and on."""
    return tuple(1 / math.factorial(k) for k in range(6, TERMS + 1))


def _pair(number: Fraction) -> tuple[float, float]:
    high = float(number)
    return high, float(number - Fraction(high))
