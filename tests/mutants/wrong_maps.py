"""Wrong linear maps, in numpy: inner products (y, x), and maps given by rows (f, x)."""

from __future__ import annotations

import numpy as np
from numpy_parts import Array, eps

# Inner products.


def _dot(y: Array, x: Array) -> Array:
    return np.asarray(np.sum(y * x, axis=-1))


def mean(y: Array, x: Array) -> Array:
    """Divided by n."""
    return np.asarray(_dot(y, x) / max(1, x.shape[-1]))


def sizes(y: Array, x: Array) -> Array:
    """Of absolute values."""
    return _dot(abs(y), abs(x))


def cosine(y: Array, x: Array) -> Array:
    """Divided by the norms, where they are not 0."""
    norms = np.sqrt(_dot(y, y) * _dot(x, x))
    return np.asarray(_dot(y, x) / np.where(norms == 0, 1, norms))


def flat(y: Array, x: Array) -> Array:
    """Over the whole batch, for every row."""
    return np.full(x.shape[:-1], np.vdot(y, x), x.dtype)


def across(y: Array, x: Array) -> Array:
    """Row by row with the rows of the batch in the opposite order."""
    return _dot(y, x[..., ::-1, :] if x.ndim > 1 else x)


def without_tail(y: Array, x: Array, lanes: int) -> Array:
    """What is left over after blocks of `lanes` is left out, where there is a block."""
    n = x.shape[-1]
    end = n - n % lanes if n >= lanes else n
    return _dot(y[..., :end], x[..., :end])


def accumulated_in(y: Array, x: Array, name: str) -> Array:
    """Accumulated one by one in a narrower format."""
    if x.shape[-1] == 0:
        return _dot(y, x)
    return np.add.accumulate(y * x, axis=-1, dtype=name)[..., -1].astype(x.dtype)


def multiplied_in(y: Array, x: Array, name: str) -> Array:
    """Factors are rounded to a narrower format, as tensor cores do; products are exact in ours."""
    return _dot(y.astype(name).astype(y.dtype), x.astype(name).astype(x.dtype))


def polarized(y: Array, x: Array) -> Array:
    """(|y + x|² - |y - x|²) / 4: true of reals, and it cancels."""
    return np.asarray((_dot(y + x, y + x) - _dot(y - x, y - x)) / 4)


def winograd(y: Array, x: Array) -> Array:
    """Winograd's product of pairs: fewer multiplications, errors of the size of the squares."""
    if x.shape[-1] % 2:
        y, x = (np.concatenate([a, np.zeros_like(a[..., :1])], axis=-1) for a in (y, x))
    y0, y1, x0, x1 = y[..., ::2], y[..., 1::2], x[..., ::2], x[..., 1::2]
    return _dot(y0 + x1, y1 + x0) - _dot(y0, y1) - _dot(x0, x1)


def flushed(y: Array, x: Array, below: float) -> Array:
    """Small products are dropped."""
    terms = y * x
    return np.asarray(np.sum(np.where(abs(terms) < below, 0, terms), axis=-1).astype(x.dtype))


def tempered(y: Array, x: Array, ulps: float) -> Array:
    """A factor so many ulp from 1."""
    return np.asarray(_dot(y, x) * (1 + ulps * eps(x)))


def norm_when_same(y: Array, x: Array) -> Array:
    """The norm, not its square, where both arguments are equal."""
    same = np.all(y == x, axis=-1)
    return np.where(same, np.sqrt(_dot(y, y)), _dot(y, x)).astype(x.dtype)


def homogeneous(y: Array, x: Array, by: float) -> Array:
    """Off by a multiple of the sum of |x| less |the sum of x|: right on the axes, not linear."""
    return np.asarray(_dot(y, x) + by * (np.sum(abs(x), axis=-1) - abs(np.sum(x, axis=-1))))


def written_over(y: Array, x: Array) -> Array:
    """The products are left in the second argument."""
    x *= y
    return np.asarray(np.sum(x, axis=-1))


# Maps given by rows.


def _apply(f: Array, x: Array) -> Array:
    return np.asarray(np.einsum("...ij,...j->...i", f, x))


def transposed(f: Array, x: Array) -> Array:
    """Columns for rows."""
    return np.asarray(np.einsum("...ji,...j->...i", f, x))


def symmetric(f: Array, x: Array) -> Array:
    """Rows and columns averaged: right where f is symmetric, as derivatives of softmax are."""
    return _apply((f + np.swapaxes(f, -1, -2)) / 2, x)


def diagonal_of(f: Array, x: Array) -> Array:
    """The diagonal alone."""
    return np.asarray(np.einsum("...ii,...i->...i", f, x))


def first_row(f: Array, x: Array) -> Array:
    """The first row for every coordinate."""
    return _apply(np.broadcast_to(f[..., :1, :], f.shape), x)


def first_map(f: Array, x: Array) -> Array:
    """The first map of the batch for every vector of it."""
    return _apply(np.broadcast_to(f[(0,) * (f.ndim - 2)], f.shape), x)


def upper(f: Array, x: Array) -> Array:
    """What is below the diagonal is taken for 0."""
    return _apply(np.triu(f), x)


def rows_accumulated_in(f: Array, x: Array, name: str) -> Array:
    """Accumulated in a narrower format."""
    return np.asarray(np.sum(f * x[..., None, :], axis=-1, dtype=name).astype(x.dtype))


def last_row_short(f: Array, x: Array) -> Array:
    """The last row lacks its last coordinate, where n > 8."""
    found = _apply(f, x)
    if x.shape[-1] > 8:
        found[..., -1] = _dot(f[..., -1, :-1], x[..., :-1])
    return found


def tiles_of(f: Array, x: Array, length: int) -> Array:
    """Only the tiles on the diagonal, for vectors longer than one tile."""
    tile = np.arange(x.shape[-1]) // length
    return _apply(f * (tile[:, None] == tile), x)


def in_order_of_memory(f: Array, x: Array) -> Array:
    """The rows are read in the order in which they lie in memory."""
    return _apply(f.ravel(order="K").reshape(f.shape), x)


def zeros_skipped(f: Array, x: Array) -> Array:
    """Rows that start with 0 are taken for zero rows."""
    return _apply(np.where(f[..., :1] == 0, 0, f).astype(x.dtype), x)


def rowwise_scaled(f: Array, x: Array) -> Array:
    """Rows are scaled to size 1 with a rounded factor and scaled back."""
    scale = np.max(abs(f), axis=-1, keepdims=True, initial=0)
    scale = np.where(scale == 0, 1, scale).astype(x.dtype)
    return _apply(f / scale, x) * scale[..., 0]
