"""Softmax shifted by something that is not its maximum, or in a way that loses digits; in numpy."""

from __future__ import annotations

import numpy as np
from numpy_parts import Array, greatest, softmax, total


def by_mean(x: Array) -> Array:
    """By the mean: the largest exponent is unbounded still."""
    return softmax(x, shift=lambda x: np.mean(x, axis=-1, keepdims=True))


def by_first(x: Array) -> Array:
    """By the first coordinate."""
    return softmax(x, shift=lambda x: x[..., :1])


def by_minimum(x: Array) -> Array:
    """By the least coordinate."""
    return softmax(x, shift=lambda x: np.min(x, axis=-1, keepdims=True))


def by_largest_size(x: Array) -> Array:
    """By the greatest absolute value: all exponentials vanish when x is far below 0."""
    return softmax(x, shift=lambda x: greatest(abs(x)))


def by_maximum_of_batch(x: Array) -> Array:
    """By one maximum for the whole batch: rows far below it vanish."""
    return softmax(x, shift=lambda x: np.max(x, keepdims=True))


def by_maximum_from_zero(x: Array) -> Array:
    """By a maximum whose search starts from 0."""
    return softmax(x, shift=lambda x: np.maximum(greatest(x), 0))


def by_maximum_of_all_but_last(x: Array) -> Array:
    """By the maximum of the first n - 1 coordinates."""
    return softmax(x, shift=lambda x: greatest(x[..., : max(1, x.shape[-1] - 1)]))


def capped(x: Array, most: float) -> Array:
    """Not at all: large coordinates are capped instead."""
    return softmax(np.minimum(x, most), shift=np.zeros_like)


def after_rounding(x: Array, name: str) -> Array:
    """x is rounded to a narrower format before its maximum is subtracted."""
    return softmax(np.clip(x, np.finfo(name).min, np.finfo(name).max).astype(name)).astype(x.dtype)


def by_log_of_sum(x: Array) -> Array:
    """exp(x - log of the sum), which adds an error in proportion to that logarithm."""
    if x.shape[-1] == 0:
        return x.copy()
    top = greatest(x)
    return np.asarray(np.exp(x - (top + np.log(total(np.exp(x - top))))))


def running(x: Array) -> Array:
    """One pass that forgets to rescale the sum when the maximum grows."""
    if x.shape[-1] == 0:
        return x.copy()
    tops = np.maximum.accumulate(x, axis=-1)
    return np.asarray(np.exp(x - tops[..., -1:]) / total(np.exp(x - tops)))


def in_blocks(x: Array, length: int) -> Array:
    """Sums of blocks, each shifted by its own maximum, are added as they are."""
    if x.shape[-1] == 0:
        return x.copy()
    starts = range(0, x.shape[-1], length)
    sums = [total(np.exp(b - greatest(b))) for b in (x[..., k : k + length] for k in starts)]
    return np.asarray(np.exp(x - greatest(x)) / sum(sums))
