"""When an operation has no rounding error at all, told from the numbers in a carrier.

Each answer is sound and not complete: where it says "exact", the number in the carrier is the exact
result; where it does not, the result may be exact all the same.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from harness.evaluate.formats import Format
from harness.evaluate.value import Array

Flags = NDArray[np.bool_]


def sum_is_exact(a: Array, b: Array, total: Array) -> Flags:
    """Whether `total`, the carrier's a + b, has no rounding in it (Knuth's two-sum)."""
    part = total - a
    return np.asarray(((a - (total - part)) + (b - part)) == 0)


def product_is_exact(a: Array, b: Array, product: Array, bits: int, fmt: Format) -> Flags:
    """Whether `product`, the carrier's a * b, has no rounding in it. bits: of the carrier.

    a, b: numbers of the format, and the product finite, wherever the answer is used. Two factors
    of half the carrier's bits have an exact product, unless it is subnormal in the carrier (which
    a product in a format half as wide never is); 0, 1 and -1 times anything are exact.
    """
    if bits >= 2 * fmt.p:
        return np.ones((1,) * product.ndim, dtype=np.bool_)
    wide = half_width(a, bits) & half_width(b, bits)
    wide &= abs(product) >= np.finfo(product.dtype).smallest_normal
    unit = (abs(a) == 1) | (abs(b) == 1)
    return np.asarray(wide | unit | (a == 0) | (b == 0))


def half_width(value: Array, bits: int) -> Flags:
    """Whether the value has at most half the carrier's bits (Veltkamp's splitting).

    False near the largest number, where the splitting overflows.
    """
    big = value.dtype.type(2.0 ** ((bits + 1) // 2) + 1)
    scaled = big * value
    return np.asarray(scaled - (scaled - value) == value)


def is_power_of_two(value: Array) -> Flags:
    """Whether the value is a power of two or the negative of one."""
    return np.asarray(abs(np.frexp(value)[0]) == 0.5)


def lowest_bit(values: Array, p: int) -> Array:
    """The power of two of the lowest set bit; inf for 0 (it is on every grid).

    0 for a value that is not finite or has more than p bits (p at most 64).
    """
    mantissa, exponent = np.frexp(abs(values))
    whole = np.ldexp(mantissa, p)
    integral = np.isfinite(values) & (whole == np.rint(whole))
    bits = np.where(integral, whole, 1).astype(np.uint64)
    low = (bits & (~bits + np.uint64(1))).astype(values.dtype)
    result = np.where(integral, np.ldexp(low, exponent - p), 0)
    return np.asarray(np.where(values == 0, np.inf, result))


def on_one_grid(values: Array, size: Array, fmt: Format, smallest: float) -> Flags:
    """Whether summation over the last axis is exact in the format, in every order.

    It is when all values are multiples of one power of two and `size`, the sum of their magnitudes,
    is below 2^p of it: so is then every partial sum. smallest: the least such power of two allowed
    (partial sums that are smaller might be flushed to zero).
    """
    grid = np.min(lowest_bit(values, fmt.p), axis=-1, initial=np.inf)
    # Strictly below: the carrier's `size` may have been rounded down to 2^p of the grid.
    return np.asarray((size < 2.0**fmt.p * grid) & (grid >= max(fmt.eta, smallest)))
