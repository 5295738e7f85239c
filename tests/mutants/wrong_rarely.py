"""Wrong for few calls only: a band of sizes, a number of rows, one coordinate, one number.

Where they are wrong, they are 0.1 % too large. Nothing but a call of that kind shows it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy_parts import Array, greatest, jvp, softmax
from wrong_sometimes import where


def _spoilt(right: Array, wrong: object) -> Array:
    return np.asarray(np.where(np.asarray(wrong), right * 1.001, right), dtype=right.dtype)


def _within(x: Array, least: float, most: float) -> bool:
    return least <= x.shape[-1] <= most


def for_sizes(x: Array, least: float, most: float) -> Array:
    """Softmax of vectors of n from `least` to `most`."""
    return _spoilt(softmax(x), _within(x, least, most))


def for_multiples(x: Array, of: float) -> Array:
    """Softmax of vectors of a multiple of so many coordinates, but for 0."""
    return _spoilt(softmax(x), x.shape[-1] > 0 and x.shape[-1] % of == 0)


def for_rows(x: Array, rows: float) -> Array:
    """Softmax of one axis of batch of so many rows."""
    return _spoilt(softmax(x), x.ndim == 2 and len(x) == rows)


def for_numbers_beyond(x: Array, count: float) -> Array:
    """Softmax of more than `count` numbers at once, as threads that share them may err."""
    return _spoilt(softmax(x), x.size > count)


def for_vectors_beyond(x: Array, n: float) -> Array:
    """Softmax without a batch, for n greater than this."""
    return _spoilt(softmax(x), x.ndim == 1 and x.shape[-1] > n)


def for_two_axes_beyond(x: Array, n: float) -> Array:
    """Softmax of two axes of batch, for n greater than this."""
    return _spoilt(softmax(x), x.ndim == 3 and x.shape[-1] > n)


def at_coordinate(x: Array, i: float) -> Array:
    """Softmax at one coordinate."""
    return _spoilt(softmax(x), np.arange(x.shape[-1]) == i)


def in_row(x: Array, row: float) -> Array:
    """Softmax in one row of a batch."""
    count = x.size // max(x.shape[-1], 1)
    hit = (np.arange(count) == row).reshape(*x.shape[:-1], 1)
    return _spoilt(softmax(x), hit & (x.ndim > 1))


def for_exponents(x: Array, least: float, most: float) -> Array:
    """Softmax with an exp that is wrong between two arguments, as a table with one bad entry."""
    return softmax(x, exp=lambda t: _spoilt(np.exp(t), (least < t) & (t < most)))


for_squares = where(lambda x: x.ndim == 2 and x.shape[0] == x.shape[1])
for_owners = where(lambda x: x.base is None)
for_low_offsets = where(lambda x: np.all(x < -1e5, axis=-1, keepdims=True))
for_wide_ties = where(
    lambda x: (x.shape[-1] > 1025) & (np.sum(x == greatest(x), axis=-1, keepdims=True) > 1)
)
for_long_constants = where(
    lambda x: (x.shape[-1] > 257) & np.all(x == x[..., :1], axis=-1, keepdims=True)
)

Two = Callable[[Array, Array], Array]


def jvp_for_sizes(x: Array, dx: Array, least: float, most: float) -> Array:
    """The derivative for n from `least` to `most`."""
    return _spoilt(jvp(x, dx), _within(x, least, most))


def jvp_of_itself(x: Array, dx: Array) -> Array:
    """The derivative where both arguments are one array, as code that works in place may err."""
    return _spoilt(jvp(x, dx), x is dx and x.size > 0)


def jvp_in_strides_of_x(x: Array, dx: Array) -> Array:
    """The tangent is read with the strides of x."""
    if x.size == 0 or x.strides[-1] < 0 or x.strides == dx.strides:
        return jvp(x, dx)
    apart = max(x.strides) // x.itemsize * max(x.shape)
    memory = np.zeros(x.size + apart * x.ndim, x.dtype)
    memory[: dx.size] = dx.ravel(order="K")
    return jvp(x, np.lib.stride_tricks.as_strided(memory, x.shape, x.strides))


def jvp_of_packed_x(x: Array, dx: Array) -> Array:
    """The tangent is taken for contiguous where x is: its numbers in the order of memory."""
    if x.flags.c_contiguous and not dx.flags.c_contiguous:
        dx = dx.ravel(order="K").reshape(dx.shape)
    return jvp(x, dx)


def jvp_of_packed_dx(x: Array, dx: Array) -> Array:
    """x is taken for contiguous where the tangent is."""
    if dx.flags.c_contiguous and not x.flags.c_contiguous:
        x = x.ravel(order="K").reshape(x.shape)
    return jvp(x, dx)


def coordinate_at(x: Array, i: int, dx: Array, at: float) -> Array:
    """The coordinate of the derivative at one index."""
    return _spoilt(jvp(x, dx)[..., i], i == at)


def coordinate_for_sizes(x: Array, i: int, dx: Array, least: float, most: float) -> Array:
    """The coordinate of the derivative for n from `least` to `most`."""
    return _spoilt(jvp(x, dx)[..., i], _within(x, least, most))


def dot_for_sizes(y: Array, x: Array, least: float, most: float) -> Array:
    """The inner product for n from `least` to `most`."""
    return _spoilt(np.asarray(np.sum(y * x, axis=-1)), _within(x, least, most))


def dot_of_itself(y: Array, x: Array) -> Array:
    """The inner product where both arguments are one array."""
    return _spoilt(np.asarray(np.sum(y * x, axis=-1)), x is y and x.size > 0)


def sum_for_sizes(x: Array, least: float, most: float) -> Array:
    """The sum of exponentials for n from `least` to `most`."""
    return _spoilt(np.asarray(np.sum(np.exp(x), axis=-1)), _within(x, least, most))


def pi_for_sizes(f: Array, x: Array, least: float, most: float) -> Array:
    """The maps applied to a vector, for n from `least` to `most`."""
    return _spoilt(np.einsum("...ij,...j->...i", f, x), _within(x, least, most))


def pi_at(f: Array, x: Array, i: float, j: float) -> Array:
    """One coefficient of one map is wrong."""
    n = x.shape[-1]
    hit = (np.arange(n)[:, None] == i) & (np.arange(n) == j)
    return np.einsum("...ij,...j->...i", _spoilt(f, hit), x)
