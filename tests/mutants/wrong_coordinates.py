"""Wrong coordinates of the derivative of softmax, in numpy. Each takes x, i and dx."""

from __future__ import annotations

import numpy as np
from numpy_parts import Array, eps, jvp, softmax


def _parts(x: Array, dx: Array) -> tuple[Array, Array]:
    y = softmax(x)
    return y, np.sum(y * dx, axis=-1)


def next_index(x: Array, i: int, dx: Array) -> Array:
    """The index is off by one, round the end."""
    return jvp(x, dx)[..., (i + 1) % x.shape[-1]]


def from_the_end(x: Array, i: int, dx: Array) -> Array:
    """Counted from the end."""
    return jvp(x, dx)[..., -1 - i]


def one_based(x: Array, i: int, dx: Array) -> Array:
    """Counted from 1: coordinate 0 is the last one."""
    return jvp(x, dx)[..., i - 1]


def at_most(x: Array, i: int, dx: Array, most: int) -> Array:
    """Indices above `most` are taken for it."""
    return jvp(x, dx)[..., min(i, most)]


def without_own(x: Array, i: int, dx: Array) -> Array:
    """-y_i s: the coordinate's own term is missing."""
    y, s = _parts(x, dx)
    return -y[..., i] * s


def added(x: Array, i: int, dx: Array) -> Array:
    """y_i dx_i + y_i s."""
    y, s = _parts(x, dx)
    return y[..., i] * dx[..., i] + y[..., i] * s


def unweighted(x: Array, i: int, dx: Array) -> Array:
    """dx_i - y_i s."""
    y, s = _parts(x, dx)
    return dx[..., i] - y[..., i] * s


def tempered(x: Array, i: int, dx: Array, ulps: float) -> Array:
    """A factor so many ulp from 1."""
    return np.asarray(jvp(x, dx)[..., i] * (1 + ulps * eps(x)))


def in_format(x: Array, i: int, dx: Array, name: str) -> Array:
    """Computed in a narrower format."""
    return jvp(x.astype(name), dx.astype(name))[..., i].astype(x.dtype)


def difference(x: Array, i: int, dx: Array, step: float) -> Array:
    """A central difference."""
    ahead, behind = softmax(x + step * dx), softmax(x - step * dx)
    return np.asarray((ahead[..., i] - behind[..., i]) / (2 * step))


def largest_only(x: Array, i: int, dx: Array) -> Array:
    """<y, dx> is taken for the tangent of the likeliest coordinate alone."""
    y = softmax(x)
    likeliest = np.argmax(y, axis=-1)[..., None]
    s = np.take_along_axis(dx, likeliest, axis=-1)[..., 0]
    return np.asarray(y[..., i] * (dx[..., i] - s))


def whole_vector(x: Array, i: int, dx: Array) -> Array:
    """All coordinates instead of one."""
    return jvp(x, dx)
