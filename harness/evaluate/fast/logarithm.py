"""The logarithm that kernels compute: its constants, and how far from the exact one it may be.

log a = k ln 2 + log m with a = 2^k m, where m, from sqrt 1/2 to sqrt 2, is read off the bits. With
s = (m - 1) / (m + 1) and z = s^2, log m = 2 s (1 + z q(z)), an odd series in s without its end: the
coefficients of q are interpolated so that it is within 2^-44.9 of log m (the test bounds it with
balls). m - 1 is exact, so that this holds next to 1, too, and log 1 is 0. Roundings add less than
2^-50: 2 s and its series lose 2^-51 of log m at most; adding k ln 2, in two parts and two fused
steps, loses 2^-52 of log a, and nothing for k = 0. (Else abs(log m) <= ln 2 / 2 <= abs(log a), so
nothing cancels.) Charged are 2^-43 relative.
"""

from __future__ import annotations

RELATIVE = 2.0**-43
"""|computed - log a| <= RELATIVE |log a| for finite a >= LEAST."""

LEAST = 2.0**-1000
"""Arguments below are replaced by it; kernels judge nothing there."""

HALF_WIDTH = 0.1715729
"""abs(s) is at most that."""

ROOT_BITS = 0x3FE6A09E667F3BCD
"""The bits of sqrt 1/2: where m begins."""

LN2_HIGH = float.fromhex("0x1.62e42fefa39efp-1")
LN2_LOW = float.fromhex("0x1.abc9e3b39803fp-56")

COEFFICIENTS = tuple(
    float.fromhex(text)
    for text in (
        "0x1.555555561c64bp-2",
        "0x1.999996ae26a00p-3",
        "0x1.24940ff72507cp-3",
        "0x1.c62bb4f4572e9p-4",
        "0x1.910cc0bfd4c28p-4",
    )
)
"""Of q, from the constant one on."""
