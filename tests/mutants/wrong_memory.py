"""Softmax that is wrong about memory: what it keeps, what it writes to, how it reads; in numpy."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import numpy as np
from numpy_parts import Array, Map, greatest, jvp, softmax, total


def remembering(key: Callable[[Array], Hashable]) -> Map:
    """Softmax that is computed once for each key."""
    kept: dict[Hashable, Array] = {}

    def wrong(x: Array) -> Array:
        y = kept.setdefault((x.dtype.str, key(x)), softmax(x))
        return y.copy()

    return wrong


by_shape = remembering(lambda x: x.shape)
by_size_and_ends = remembering(lambda x: (x.shape, *x.flat[:1], *x.flat[-1:]))
by_sum = remembering(lambda x: (x.shape, *np.sum(x, axis=-1).flat))
by_sizes = remembering(lambda x: (x.shape, abs(x).tobytes()))


def shifted_and_back(x: Array) -> Array:
    """The argument is shifted in place and shifted back, which rounds."""
    if x.shape[-1] == 0:
        return x.copy()
    top = greatest(x)
    x -= top
    y = np.exp(x) / total(np.exp(x))
    x += top
    return np.asarray(y)


def into_argument(x: Array) -> Array:
    """The result is written over the argument, and the argument returned."""
    x[...] = softmax(x)
    return x


def negative_zeros_cleared(x: Array) -> Array:
    """-0 in the argument becomes 0, as adding 0 in place does."""
    x += 0
    return softmax(x)


def clears_beside(x: Array) -> Array:
    """The numbers that lie between those of a view are made 0."""
    if isinstance(x.base, np.ndarray) and x.base.size > x.size > 0:
        kept = x.copy()
        x.base[...] = 0
        x[...] = kept
    return softmax(x)


def in_order_of_memory(x: Array) -> Array:
    """Numbers are read in the order in which they lie in memory."""
    return softmax(x.ravel(order="K").reshape(x.shape))


def without_strides(x: Array) -> Array:
    """Strides are ignored: numbers are read one after the other from where the first one lies."""
    if x.size == 0 or x.strides[-1] < 0:
        return softmax(x)
    packed = np.lib.stride_tricks.as_strided(
        x, x.shape, np.cumprod([x.itemsize, *x.shape[:0:-1]])[::-1]
    )
    return softmax(packed)


def backwards(x: Array) -> Array:
    """The sign of strides is ignored."""
    return softmax(x[..., ::-1] if x.strides[-1] < 0 and x.size else x)


def by_array(key: Callable[[Array], Hashable]) -> Map:
    """Softmax that is computed once for each key; the arrays are kept, so that no key comes twice
    but for one array."""
    kept: dict[Hashable, tuple[Array, Array]] = {}

    def wrong(x: Array) -> Array:
        return kept.setdefault(key(x), (x, softmax(x)))[1].copy()

    return wrong


by_identity = by_array(id)
by_address = by_array(lambda x: (x.ctypes.data, x.shape, x.strides, x.dtype.str))
by_first_row = remembering(lambda x: (x.shape, x.reshape(-1, x.shape[-1])[:1].tobytes()))
by_even_coordinates = remembering(lambda x: (x.shape, x[..., ::2].tobytes()))
by_narrower = remembering(lambda x: (x.shape, x.astype(np.float32).tobytes()))


def _one_buffer() -> Map:
    buffers: dict[Hashable, Array] = {}

    def wrong(x: Array) -> Array:
        y = softmax(x)
        buffer = buffers.setdefault((x.shape, x.dtype.str), y)
        buffer[...] = y
        return buffer

    return wrong


def _shared() -> Map:
    kept: dict[Hashable, Array] = {}

    def wrong(x: Array) -> Array:
        return kept.setdefault((x.dtype.str, x.shape, x.tobytes()), softmax(x))

    return wrong


one_buffer = _one_buffer()
"""All results of one shape are written into one array."""
shared = _shared()
"""What is kept is handed out itself, not a copy."""


def _jvp_by_identity() -> Callable[[Array, Array], Array]:
    softmax_of = by_array(id)
    return lambda x, dx: jvp(x, dx, softmax=softmax_of)


jvp_by_identity = _jvp_by_identity()
