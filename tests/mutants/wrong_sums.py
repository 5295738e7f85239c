"""Wrong sums of exponentials, in numpy."""

from __future__ import annotations

import numpy as np
from numpy_parts import Array, eps, greatest


def _sum(terms: Array) -> Array:
    return np.asarray(np.sum(terms, axis=-1))


def of_coordinates(x: Array) -> Array:
    """exp of the sum, where there are coordinates."""
    return np.exp(_sum(x)) if x.shape[-1] else _sum(x)


def logarithm(x: Array) -> Array:
    """The logarithm of the sum, which is what many libraries offer."""
    return np.log(_sum(np.exp(x))) if x.shape[-1] else _sum(x)


def mean(x: Array) -> Array:
    """The mean of the exponentials."""
    return np.asarray(_sum(np.exp(x)) / max(1, x.shape[-1]))


def shifted(x: Array) -> Array:
    """Of exp(x - max), not scaled back."""
    return _sum(np.exp(x - greatest(x))) if x.shape[-1] else _sum(x)


def of_everything(x: Array) -> Array:
    """Over the whole batch, for every row."""
    return np.full(x.shape[:-1], np.sum(np.exp(x)), x.dtype)


def without_first(x: Array) -> Array:
    """The first coordinate is left out, where there are two."""
    return _sum(np.exp(x[..., 1 if x.shape[-1] > 1 else 0 :]))


def without_tail(x: Array, lanes: int) -> Array:
    """What is left over after blocks of `lanes` is left out, where there is a block."""
    n = x.shape[-1]
    return _sum(np.exp(x[..., : n - n % lanes if n >= lanes else n]))


def from_one(x: Array) -> Array:
    """exp as 1 + expm1, which is 1 ± u for small ones."""
    return _sum(1 + np.expm1(x))


def off_by_ulps(x: Array, ulps: float) -> Array:
    """exp high by so many ulp, but for exp 0 = 1."""
    right = np.exp(x)
    return _sum(np.where(x == 0, right, right + ulps * np.spacing(right)))


def accumulated_in(x: Array, name: str) -> Array:
    """Accumulated in a narrower format."""
    return np.asarray(np.sum(np.exp(x), axis=-1, dtype=name).astype(x.dtype))


def guarded(x: Array, guard: float) -> Array:
    """A guard is added, where there are coordinates."""
    return np.asarray(_sum(np.exp(x)) + (guard if x.shape[-1] else 0))


def capped(x: Array, most: float) -> Array:
    """Large coordinates are capped, "against overflow"."""
    return _sum(np.exp(np.minimum(x, most)))


def tempered(x: Array, ulps: float) -> Array:
    """A temperature so many ulp from 1."""
    return _sum(np.exp(x * (1 + ulps * eps(x))))


def with_axis(x: Array) -> Array:
    """The summed axis is kept, where there are coordinates."""
    return _sum(np.exp(x))[..., None] if x.shape[-1] else _sum(x)
