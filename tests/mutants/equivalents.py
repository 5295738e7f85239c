"""Defects that no input separates from the bound: rounding that the arithmetic allows anyway."""

from __future__ import annotations

import numpy as np
from numpy_parts import Array, eps, greatest, jvp, softmax, total


def guarded_below_u(x: Array) -> Array:
    """A quarter of u in the denominator: the sum is at least 1, and 1 + u/4 rounds to 1."""
    return softmax(x, total=lambda exps: total(exps) + eps(x) / 8)


def exp_scaled(x: Array, by: float) -> Array:
    """exp times 1 + by, a power of two, for all arguments: it cancels in the quotient exactly."""
    return softmax(x, exp=lambda t: np.exp(t) * (1 + by))


def exp_within_k(x: Array, ulps: float) -> Array:
    """exp high by fewer ulp than the K that every arithmetic allows, but for exp 0 = 1."""

    def exp(t: Array) -> Array:
        right = np.exp(t)
        return np.where(t == 0, right, right + ulps * np.spacing(right))

    return softmax(x, exp=exp)


def _rounded(x: Array, y: Array) -> Array:
    """Where the exponential rounds, and the quotient does not underflow."""
    if x.shape[-1] == 0:
        return x == x
    return (x != greatest(x)) & (y >= np.finfo(x.dtype).smallest_normal)


def ulp_up_below_the_top(x: Array) -> Array:
    """The next number above, for coordinates whose exponential rounds: others may be exact."""
    y = softmax(x)
    return np.where(_rounded(x, y), np.nextafter(y, 2, dtype=x.dtype), y)


def negative_zeros(x: Array) -> Array:
    """-0 in the place of 0: the same real number."""
    y = softmax(x)
    return np.where(y == 0, -y, y).astype(x.dtype)


def sum_within_k(x: Array, ulps: float) -> Array:
    """A sum of exponentials that are high by fewer ulp than K, but for exp 0 = 1."""
    right = np.exp(x)
    return np.asarray(np.sum(np.where(x == 0, right, right + ulps * np.spacing(right)), axis=-1))


def softmax_ulp_down(x: Array, dx: Array) -> Array:
    """y (dx - <y, dx>) with y one ulp lower, for coordinates whose exponential rounds."""
    y = softmax(x)
    near = np.where(_rounded(x, y), np.nextafter(y, 0, dtype=x.dtype), y)
    return jvp(x, dx, softmax=lambda _: near)
