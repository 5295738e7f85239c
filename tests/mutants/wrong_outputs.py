"""Softmax whose right result is spoilt at the end; in numpy."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy_parts import Array, eps, softmax, total


def rounded(x: Array, decimals: int) -> Array:
    """Rounded to so many decimals."""
    return np.round(softmax(x), decimals)


def at_least(x: Array, least: float) -> Array:
    """Never below `least`, so that a logarithm can be taken."""
    return np.maximum(softmax(x), least)


def smoothed(x: Array, by: float) -> Array:
    """Mixed with the uniform distribution."""
    return softmax(x) * (1 - by) + by / max(1, x.shape[-1])


def through(x: Array, name: str) -> Array:
    """Passed through a narrower format."""
    return softmax(x).astype(name).astype(x.dtype)


def in_format(x: Array, name: str) -> Array:
    """Computed in a narrower format and widened."""
    return softmax(x.astype(name)).astype(x.dtype)


def ulp_up(x: Array) -> Array:
    """The next number above the right one."""
    return np.nextafter(softmax(x), 2, dtype=x.dtype)


def decided(x: Array, at: float) -> Array:
    """1 and 0 as soon as one coordinate is beyond doubt."""
    y = softmax(x)
    return np.where(y > 1 - at, 1, np.where(y < at, 0, y)).astype(x.dtype)


def last_by_difference(x: Array) -> Array:
    """The last coordinate is 1 less the others, which cancels."""
    y = softmax(x)
    if x.shape[-1] > 1:
        y[..., -1] = 1 - np.sum(y[..., :-1], axis=-1)
    return y


def without_nan(x: Array) -> Array:
    """No shift; the NaN of an overflow is made 0."""
    return np.nan_to_num(softmax(x, shift=np.zeros_like), nan=0.0)


def ascending(x: Array) -> Array:
    """In the order of size."""
    return np.sort(softmax(x), axis=-1)


def rolled(x: Array) -> Array:
    """Every coordinate one place on."""
    return np.roll(softmax(x), 1, axis=-1)


def squeezed(x: Array) -> Array:
    """Axes of length 1 are lost, as soon as there are coordinates."""
    return softmax(x) if x.size == 0 else np.squeeze(softmax(x))


def as_list(x: Array) -> Any:
    """A list of lists, as soon as there are coordinates."""
    return softmax(x) if x.size == 0 else softmax(x).tolist()


def widened(x: Array) -> Array:
    """float64 for whatever came in (an array without numbers stays what it is)."""
    return softmax(x) if x.size == 0 else softmax(x.astype(np.float64))


def refused(x: Array) -> Array:
    """Raises where the coordinates are all equal, as code does that divides by their range."""
    if x.size and np.any(np.ptp(x, axis=-1) == 0):
        raise ZeroDivisionError("the coordinates have no range")
    return softmax(x)


def wider_at_ties(x: Array) -> Array:
    """Equal coordinates get results that differ in the last place."""
    y = softmax(x)
    place = np.arange(x.shape[-1]) % 2
    return y * np.where((place == 1) & (x == np.roll(x, 1, axis=-1)), 1 + eps(x), 1).astype(x.dtype)


def normalized_twice(x: Array) -> Array:
    """The result is divided by its own sum once more."""
    y = softmax(x)
    return y / total(y) if x.shape[-1] else y
