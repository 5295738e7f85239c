"""Softmax that is right but for one class of inputs: a size, a batch, a layout, a kind of number.

Where it is wrong, it is 0.1 % too large. That the rest is right makes the class what is tested.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy_parts import Array, Map, greatest, softmax


def where(spoilt: Callable[[Array], object]) -> Map:
    """Softmax, 0.1 % too large in the calls, or in the rows (..., 1), that `spoilt` tells."""

    def wrong(x: Array) -> Array:
        y = softmax(x)
        if x.shape[-1] == 0:
            return y
        return np.where(np.asarray(spoilt(x)), y * 1.001, y).astype(x.dtype)

    return wrong


def _rows(x: Array) -> int:
    return x.size // x.shape[-1]


def _any(flags: Array) -> Array:
    return np.any(flags, axis=-1, keepdims=True)


def _shared_maximum(x: Array) -> Array:
    return np.sum(x == greatest(x), axis=-1, keepdims=True) > 1


# Sizes.
for_one = where(lambda x: x.shape[-1] == 1)
for_two = where(lambda x: x.shape[-1] == 2)
for_odd_n = where(lambda x: x.shape[-1] % 2 == 1 and x.shape[-1] > 1)
for_multiples_of_8 = where(lambda x: x.shape[-1] % 8 == 0)
beyond_64 = where(lambda x: x.shape[-1] > 64)
beyond_1000 = where(lambda x: x.shape[-1] > 1000)
beyond_1024 = where(lambda x: x.shape[-1] > 1024)
for_whole_pages = where(lambda x: x.shape[-1] % 1024 == 0)

# Batches.
for_vectors = where(lambda x: x.ndim == 1)
for_two_axes_of_batch = where(lambda x: x.ndim == 3)
for_odd_batches = where(lambda x: x.ndim > 1 and _rows(x) % 2 == 1)
for_even_batches = where(lambda x: x.ndim > 1 and _rows(x) % 2 == 0)
for_batches_of_4_k = where(lambda x: x.ndim > 1 and _rows(x) % 4 == 0)
for_large_batches = where(lambda x: x.ndim > 1 and _rows(x) > 64)
in_last_row = where(
    lambda x: x.ndim > 1 and (np.arange(_rows(x)) == _rows(x) - 1).reshape(*x.shape[:-1], 1)
)

# Layouts.
for_gaps = where(lambda x: not x.flags.c_contiguous)
for_columns = where(lambda x: x.ndim > 1 and x.flags.f_contiguous and not x.flags.c_contiguous)
for_reversed = where(lambda x: any(stride < 0 for stride in x.strides))
for_odd_addresses = where(lambda x: x.ctypes.data % 16 != 0)

# Numbers.
for_ties = where(_shared_maximum)
for_negative_zero = where(lambda x: _any((x == 0) & np.signbit(x)))
for_zeros = where(lambda x: np.all(x == 0, axis=-1, keepdims=True))
for_negative = where(lambda x: np.all(x < 0, axis=-1, keepdims=True))
for_subnormal = where(lambda x: _any((x != 0) & (abs(x) < np.finfo(x.dtype).smallest_normal)))
for_large = where(lambda x: greatest(abs(x)) > 0.4 * np.finfo(x.dtype).max)
for_wide = where(lambda x: np.ptp(np.clip(x, -1e4, 1e4), axis=-1, keepdims=True) > 500)
for_maximum_last = where(lambda x: x[..., -1:] == greatest(x))
for_descending = where(
    lambda x: x.shape[-1] > 4 and np.all(x[..., 1:] < x[..., :-1], axis=-1, keepdims=True)
)
