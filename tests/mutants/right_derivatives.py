"""Derivatives, inner products, sums and maps in numpy, written in other ways than ours."""

from __future__ import annotations

import numpy as np
from numpy_parts import Array, greatest, jvp, softmax, total


def expanded(x: Array, dx: Array) -> Array:
    """y dx - y s."""
    y = softmax(x)
    return np.asarray(y * dx - y * total(y * dx))


def unnormalized(x: Array, dx: Array) -> Array:
    """The mean as one quotient of sums, the exponentials divided last."""
    if x.shape[-1] == 0:
        return dx.copy()
    exps = np.exp(x - greatest(x))
    return np.asarray(exps / total(exps) * (dx - total(exps / total(exps) * dx)))


def mean_by_matmul(x: Array, dx: Array) -> Array:
    """<y, dx> as a product of a row and a column."""
    y = softmax(x)
    return np.asarray(y * (dx - (y[..., None, :] @ dx[..., :, None])[..., 0]))


def from_square(x: Array, dx: Array) -> Array:
    """y ((1 - y) dx - what the others contribute)."""
    y = softmax(x)
    return y * ((1 - y) * dx - (total(y * dx) - y * dx))


def wide(x: Array, dx: Array, name: str) -> Array:
    """Computed in a wider format."""
    return jvp(x.astype(name), dx.astype(name)).astype(x.dtype)


def coordinate_by_row(x: Array, i: int, dx: Array) -> Array:
    """Row i of the Jacobian, y_i (δ_ij - y_j), times dx."""
    y = softmax(x)
    delta = (np.arange(x.shape[-1]) == i).astype(x.dtype)
    return np.asarray(y[..., i] * total((delta - y) * dx)[..., 0])


def coordinate_of_vector(x: Array, i: int, dx: Array) -> Array:
    """One coordinate of the whole product."""
    return jvp(x, dx)[..., i]


def dot_by_einsum(y: Array, x: Array) -> Array:
    """einsum."""
    return np.asarray(np.einsum("...i,...i->...", y, x))


def dot_by_matmul(y: Array, x: Array) -> Array:
    """A row times a column."""
    return (y[..., None, :] @ x[..., :, None])[..., 0, 0]


def dot_by_rows(y: Array, x: Array) -> Array:
    """numpy.dot of each pair of rows."""
    if x.shape[-1] == 0:
        return np.zeros(x.shape[:-1], x.dtype)
    rows = zip(y.reshape(-1, y.shape[-1]), x.reshape(-1, x.shape[-1]), strict=True)
    return np.array([np.dot(a, b) for a, b in rows], x.dtype).reshape(x.shape[:-1])


def dot_compensated(y: Array, x: Array) -> Array:
    """Products summed with Kahan's compensation."""
    found, lost = np.zeros(x.shape[:-1], x.dtype), np.zeros(x.shape[:-1], x.dtype)
    for k in range(x.shape[-1]):
        term = y[..., k] * x[..., k] - lost
        found, lost = found + term, ((found + term) - found) - term
    return np.asarray(found)


def sum_by_matmul(x: Array) -> Array:
    """A product with ones."""
    return np.exp(x) @ np.ones(x.shape[-1], x.dtype)


def sum_backwards(x: Array) -> Array:
    """One by one from the last coordinate."""
    if x.shape[-1] == 0:
        return np.zeros(x.shape[:-1], x.dtype)
    return np.add.accumulate(np.exp(x[..., ::-1]), axis=-1)[..., -1]


def pi_by_matmul(f: Array, x: Array) -> Array:
    """The matrix product."""
    return (f @ x[..., :, None])[..., 0]


def pi_by_columns(f: Array, x: Array) -> Array:
    """The columns of f, weighted by x, added one by one."""
    found = np.zeros_like(x)
    for j in range(x.shape[-1]):
        found = found + f[..., :, j] * x[..., j : j + 1]
    return found


def pi_by_broadcast(f: Array, x: Array) -> Array:
    """All products, then sums over the last axis."""
    return np.asarray(np.sum(f * x[..., None, :], axis=-1))
