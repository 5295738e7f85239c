"""Right parts in numpy, which each mutant and each twin exchanges one of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Map = Callable[[Array], Array]


def greatest(x: Array) -> Array:
    """The greatest coordinate, its axis kept."""
    return np.asarray(np.max(x, axis=-1, keepdims=True))


def total(x: Array) -> Array:
    """The sum of the coordinates, its axis kept."""
    return np.asarray(np.sum(x, axis=-1, keepdims=True))


def softmax(x: Array, exp: Map = np.exp, shift: Map = greatest, total: Map = total) -> Array:
    """exp(x - max) over its sum; the identity when n = 0."""
    if x.shape[-1] == 0:
        return x.copy()
    exps = exp(x - shift(x))
    return np.asarray(exps / total(exps))


def jvp(x: Array, dx: Array, softmax: Map = softmax, total: Map = total) -> Array:
    """y (dx - <y, dx>)."""
    y = softmax(x)
    return np.asarray(y * (dx - total(y * dx)))


def eps(x: Array) -> float:
    """The distance from 1 to the next number of the format, 2u; a Python float, which never
    widens an array."""
    return float(np.finfo(x.dtype).eps)
