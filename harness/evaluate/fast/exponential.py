"""The exponential that kernels compute: its constants, and how far from the exact one it may be.

exp a = 2^k exp r with k the integer next to a / ln 2 and r = a - k ln 2 in two fused steps, so that
r is exact within 2^-53 and abs(r) <= 0.3467. There 1 + r + r^2 q(r), q interpolated at Chebyshev
points, is within 2^-43.6 of exp r (the test bounds it with balls); Horner's rule in float64 adds
less than 2^-51. Charged are 2^-43 relative. An argument of 0 gives exactly 1.
"""

from __future__ import annotations

RELATIVE = 2.0**-43
"""|computed - exp a| <= RELATIVE exp a + CLAMPED, for CLAMP[0] <= a <= CLAMP[1]."""

CLAMP = (-690.0, 700.0)
"""Arguments beyond are replaced by these; exp of them is beyond every format but float64."""

CLAMPED = 2.0**-990
"""At least exp CLAMP[0]: what may be missing below."""

HALF_WIDTH = 0.3467
LOG2_E = float.fromhex("0x1.71547652b82fep+0")
LN2_HIGH = float.fromhex("0x1.62e42fefa39efp-1")
LN2_LOW = float.fromhex("0x1.abc9e3b39803fp-56")
SHIFTER = 1.5 * 2.0**52
"""Added and subtracted it rounds to an integer, which its lowest bits hold meanwhile."""

COEFFICIENTS = tuple(
    float.fromhex(text)
    for text in (
        "0x1.fffffffffe051p-2",
        "0x1.5555555554f93p-3",
        "0x1.55555565ce931p-5",
        "0x1.111111170e2fap-7",
        "0x1.6c166bc75e823p-10",
        "0x1.a019c35adf08ep-13",
        "0x1.a136e5a92400ep-16",
        "0x1.72ad61987410cp-19",
    )
)
"""Of q, from the constant one on."""
