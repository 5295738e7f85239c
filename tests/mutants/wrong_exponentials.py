"""Softmax with a defect in its exponentials, all in numpy, all right otherwise."""

from __future__ import annotations

import math

import numpy as np
from numpy_parts import Array, eps, greatest, softmax, total


def base_two(x: Array) -> Array:
    """2 in the place of e."""
    return softmax(x, exp=np.exp2)


def limit_of_powers(x: Array) -> Array:
    """exp t as (1 + t/1024)^1024."""
    return softmax(x, exp=lambda t: np.maximum(1 + t / 1024, 0) ** 1024)


def from_bits(x: Array) -> Array:
    """Schraudolph's exp: t, scaled, becomes the bits of the result; off by up to 4 %."""
    digits = np.finfo(x.dtype).nmant
    whole = np.int64 if x.itemsize == 8 else np.int32
    one = int(np.ones((), x.dtype).view(whole))

    def exp(t: Array) -> Array:
        bits = one + np.maximum(t * (2**digits / math.log(2)), -one)
        return bits.astype(whole).view(x.dtype)

    return softmax(x, exp=exp)


def from_table(x: Array, steps: int) -> Array:
    """exp from a table of e^(k/steps), continued linearly."""

    def exp(t: Array) -> Array:
        knot = np.floor(t * steps) / steps
        return np.exp(knot) * (1 + (t - knot))

    return softmax(x, exp=exp)


def polynomial(x: Array, degree: int) -> Array:
    """exp t = 2^k e^r, |r| <= ln 2 / 2, with too few terms of the series of e^r."""

    def exp(t: Array) -> Array:
        k = np.rint(t / math.log(2))
        r = np.where(t < -800, 0, t - k * math.log(2)).astype(x.dtype)
        series = np.ones_like(r)
        for j in range(degree, 0, -1):
            series = 1 + series * r / j
        return np.asarray(np.ldexp(series, np.maximum(k, -1200).astype(int)))

    return softmax(x, exp=exp)


def wavering(x: Array, by: float) -> Array:
    """exp with a relative error that depends on the argument; a constant one would cancel."""
    return softmax(x, exp=lambda t: np.exp(t) * (1 + by * np.sin(1000 * t)))


def off_by_ulps(x: Array, ulps: float) -> Array:
    """exp high by so many ulp where the last bit of the result is 1, low where it is 0.

    exp 0 stays 1.
    """
    whole = np.int64 if x.itemsize == 8 else np.int32

    def exp(t: Array) -> Array:
        right = np.exp(t)
        sign = (2 * (right.view(whole) & 1) - 1).astype(x.dtype)
        return np.where(t == 0, right, right + sign * ulps * np.spacing(right))

    return softmax(x, exp=exp)


def in_format(x: Array, name: str) -> Array:
    """exp computed in a narrower format."""
    return softmax(x, exp=lambda t: np.exp(t.astype(name)).astype(x.dtype))


def flushed(x: Array, below: float) -> Array:
    """Exponentials below a threshold are 0."""
    return softmax(x, exp=lambda t: np.where(np.exp(t) < below, 0, np.exp(t)).astype(x.dtype))


def flushed_subnormals(x: Array) -> Array:
    """Subnormal exponentials are 0, and no arithmetic is declared."""
    return flushed(x, float(np.finfo(x.dtype).smallest_normal))


def clamped(x: Array, lowest: float) -> Array:
    """No exponent below `lowest`."""
    return softmax(x, exp=lambda t: np.exp(np.maximum(t, lowest)))


def tempered(x: Array, by: float) -> Array:
    """A temperature of 1 / (1 + by)."""
    return softmax(x, exp=lambda t: np.exp(t * (1 + by)))


def tempered_by_ulps(x: Array, ulps: float) -> Array:
    """A temperature so many ulp from 1."""
    return tempered(x, ulps * eps(x))


def attention_scaled(x: Array) -> Array:
    """Divided by the square root of n before exp, as attention does with another n."""
    return softmax(x, exp=lambda t: np.exp(t / math.sqrt(x.shape[-1])))


def scaled_before_shift(x: Array) -> Array:
    """x and its maximum are scaled by log2 e, and rounded, before they are subtracted."""
    if x.shape[-1] == 0:
        return x.copy()
    scaled = x * math.log2(math.e)
    exps = np.exp2(scaled - greatest(scaled))
    return np.asarray(exps / total(exps))
