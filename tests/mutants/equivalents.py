"""Defects that no input separates from the bound: rounding that the arithmetic allows anyway."""

from __future__ import annotations

import numpy as np
from numpy_parts import Array, eps, greatest, jvp, softmax, total


def guarded_below_u(x: Array) -> Array:
    """A quarter of u in the denominator: the sum is at least 1, and 1 + u/4 rounds to 1."""
    return softmax(x, total=lambda exps: total(exps) + eps(x) / 8)


def exp_scaled(x: Array, by: float) -> Array:
    """exp with one relative error for all arguments: it cancels in the quotient."""
    return softmax(x, exp=lambda t: np.exp(t) * (1 + by))


def exp_within_k(x: Array, ulps: float) -> Array:
    """exp high by fewer ulp than the K that every arithmetic allows, but for exp 0 = 1."""

    def exp(t: Array) -> Array:
        right = np.exp(t)
        return np.where(t == 0, right, right + ulps * np.spacing(right))

    return softmax(x, exp=exp)


def ulp_up_below_the_top(x: Array) -> Array:
    """The next number above, for coordinates whose exponential rounds: the others may be exact."""
    y = softmax(x)
    below = (x != greatest(x)) & (y > 0) if x.shape[-1] else x == x
    return np.where(below, np.nextafter(y, 2, dtype=x.dtype), y)


def normalized_twice(x: Array) -> Array:
    """The result is divided by its own sum once more."""
    y = softmax(x)
    return y / total(y) if x.shape[-1] else y


def shifted_by_rounded_maximum(x: Array) -> Array:
    """Shifted by the maximum rounded to float16, where that is finite: any shift is licensed."""

    def near(x: Array) -> Array:
        top = greatest(x)
        rounded = np.clip(top, -100, 100).astype(np.float16).astype(x.dtype)
        return np.where(abs(top) < 8, rounded, top).astype(x.dtype)

    return softmax(x, shift=near)


def wrongly_compensated(x: Array) -> Array:
    """Kahan's sum with the compensation added where it is to be subtracted."""

    def kahan(exps: Array) -> Array:
        found, lost = exps[..., :1] * 0, exps[..., :1] * 0
        for k in range(exps.shape[-1]):
            term = exps[..., k : k + 1] + lost
            found, lost = found + term, ((found + term) - found) - term
        return np.asarray(found)

    return softmax(x, total=kahan)


def negative_zeros(x: Array) -> Array:
    """-0 in the place of 0: the same real number."""
    y = softmax(x)
    return np.where(y == 0, -y, y).astype(x.dtype)


def sum_within_k(x: Array, ulps: float) -> Array:
    """A sum of exponentials that are high by fewer ulp than K, but for exp 0 = 1."""
    right = np.exp(x)
    return np.asarray(np.sum(np.where(x == 0, right, right + ulps * np.spacing(right)), axis=-1))


def softmax_ulp_down(x: Array, dx: Array) -> Array:
    """y (dx - <y, dx>) with y one ulp below the right one, where it is no power of two."""
    y = softmax(x)
    near = np.where(np.frexp(y)[0] == 0.5, y, np.nextafter(y, 0, dtype=x.dtype))
    return jvp(x, dx, softmax=lambda _: near)
