"""Wrong Jacobian-vector products of softmax, in numpy. Each takes x and dx."""

from __future__ import annotations

import numpy as np
from numpy_parts import Array, eps, greatest, jvp, softmax, total


def size(v: Array) -> Array:
    """The sum of absolute values, its axis kept."""
    return total(abs(v))


# Formulas.


def without_mean(x: Array, dx: Array) -> Array:
    """y dx: the mean is not subtracted."""
    return softmax(x) * dx


def diagonal(x: Array, dx: Array) -> Array:
    """y (1 - y) dx: the Jacobian without what is off its diagonal."""
    y = softmax(x)
    return y * (1 - y) * dx


def plain_mean(x: Array, dx: Array) -> Array:
    """The mean of dx, not weighted by y."""
    return softmax(x) * (dx - total(dx) / max(1, x.shape[-1]))


def mean_of_squares(x: Array, dx: Array) -> Array:
    """Weighted by y twice."""
    y = softmax(x)
    return y * (dx - total(y * y * dx))


def doubled(x: Array, dx: Array) -> Array:
    """A factor 2."""
    return 2 * jvp(x, dx)


def swapped(x: Array, dx: Array) -> Array:
    """The arguments change places."""
    return jvp(dx, x)


def at_another_point(x: Array, dx: Array, by: float) -> Array:
    """The derivative at x + by dx."""
    return jvp(x + by * dx, dx)


def tempered(x: Array, dx: Array, ulps: float) -> Array:
    """A factor so many ulp from 1."""
    return jvp(x, dx) * (1 + ulps * eps(x))


def guarded(x: Array, dx: Array, guard: float) -> Array:
    """A guard in the denominator of softmax."""
    return jvp(x, dx, softmax=lambda x: softmax(x, total=lambda exps: total(exps) + guard))


def identity_for_one(x: Array, dx: Array) -> Array:
    """For n = 1 the tangent itself, as if softmax were the identity there and not constant."""
    return dx.copy() if x.shape[-1] == 1 else jvp(x, dx)


def offset(x: Array, dx: Array, by: float) -> Array:
    """A constant is added."""
    return jvp(x, dx) + by


def zeros_moved(x: Array, dx: Array) -> Array:
    """A zero tangent is replaced by a small number, so that it can be divided by."""
    return jvp(x, np.where(dx == 0, eps(x), dx).astype(x.dtype))


def mean_over_batch(x: Array, dx: Array) -> Array:
    """The mean is taken over the whole batch."""
    return jvp(x, dx, total=lambda t: np.sum(t, keepdims=True))


def first_row(x: Array, dx: Array) -> Array:
    """The softmax of the first row serves for the whole batch."""
    return jvp(x, dx, softmax=lambda x: softmax(x[..., :1, :] if x.ndim > 1 else x))


# Precision.


def mean_in(x: Array, dx: Array, name: str) -> Array:
    """The mean is accumulated in a narrower format."""
    return jvp(x, dx, total=lambda t: np.sum(t, axis=-1, keepdims=True, dtype=name).astype(x.dtype))


def softmax_in(x: Array, dx: Array, name: str) -> Array:
    """The softmax is computed in a narrower format."""
    return jvp(x, dx, softmax=lambda x: softmax(x.astype(name)).astype(x.dtype))


def flushed(x: Array, dx: Array, below: float) -> Array:
    """Small results are 0."""
    found = jvp(x, dx)
    return np.where(abs(found) < below, 0, found).astype(x.dtype)


def saturated(x: Array, dx: Array, at: float) -> Array:
    """0 as soon as one coordinate is beyond doubt."""
    sure = np.any(softmax(x) > 1 - at, axis=-1, keepdims=True)
    return np.where(sure, 0, jvp(x, dx)).astype(x.dtype)


def last_by_sum(x: Array, dx: Array) -> Array:
    """The last coordinate is minus the sum of the others: true of reals, and it cancels."""
    found = jvp(x, dx)
    if x.shape[-1] > 1:
        found[..., -1] = -np.sum(found[..., :-1], axis=-1)
    return found


# Not linear in dx.


def forward_difference(x: Array, dx: Array, step: float) -> Array:
    """(softmax(x + h dx) - softmax(x)) / h."""
    return np.asarray((softmax(x + step * dx) - softmax(x)) / step)


def central_difference(x: Array, dx: Array, step: float) -> Array:
    """(softmax(x + h dx) - softmax(x - h dx)) / 2h."""
    return np.asarray((softmax(x + step * dx) - softmax(x - step * dx)) / (2 * step))


def scaled_difference(x: Array, dx: Array, step: float) -> Array:
    """The central difference along dx scaled to size 1, so that it is homogeneous."""
    far = np.where(greatest(abs(dx)) == 0, 1, greatest(abs(dx))) if dx.shape[-1] else dx
    return central_difference(x, dx / far, step) * far


def complex_step(x: Array, dx: Array, step: float) -> Array:
    """Im softmax(x + i h dx) / h, exact to h² where h dx is small, and only there."""
    if x.shape[-1] == 0:
        return dx.copy()
    exps = np.exp(x - greatest(x) + 1j * step * dx)
    return np.imag(exps / total(exps)).astype(x.dtype) / step


def homogeneous(x: Array, dx: Array, by: float) -> Array:
    """Off by a multiple of the sum of |dx| less |the sum of dx|: 1-homogeneous, and not linear.

    Right on the axes, and wherever all coordinates of dx have one sign.
    """
    return jvp(x, dx) + by * (size(dx) - abs(total(dx)))


def by_coordinates(x: Array, dx: Array, by: float) -> Array:
    """Off by a multiple of the product of neighbours over their size: right on the axes only."""
    near = np.roll(dx, 1, axis=-1) if dx.shape[-1] > 1 else np.zeros_like(dx)
    together = abs(dx) + abs(near)
    bend = np.where(together == 0, 0, dx / np.where(together == 0, 1, together) * near)
    return (jvp(x, dx) + by * bend).astype(x.dtype)


def quadratic(x: Array, dx: Array, by: float) -> Array:
    """A second-order term."""
    return jvp(x, dx) + by * dx * dx


def rectified(x: Array, dx: Array) -> Array:
    """Negative tangents count as 0."""
    return jvp(x, np.maximum(dx, 0))


def odd(x: Array, dx: Array) -> Array:
    """The sign of dx and its square: odd, and not linear."""
    return jvp(x, dx * abs(dx))


def clipped(x: Array, dx: Array, most: float) -> Array:
    """The tangent is clipped."""
    return jvp(x, np.clip(dx, -most, most))


def normalized(x: Array, dx: Array, most: float) -> Array:
    """The tangent is scaled down to a size, as clipping by the norm does."""
    return jvp(x, dx / np.maximum(1, np.sqrt(total(dx * dx)) / most).astype(x.dtype))


# Memory and sizes.


def into_tangent(x: Array, dx: Array) -> Array:
    """The tangent is centred in place."""
    y = softmax(x)
    dx -= total(y * dx)
    return np.asarray(y * dx)


def block_diagonal(x: Array, dx: Array, length: int) -> Array:
    """The mean is taken over each block of coordinates by itself."""
    y = softmax(x)
    parts = [slice(k, k + length) for k in range(0, x.shape[-1], length)]
    found = [y[..., p] * (dx[..., p] - total(y[..., p] * dx[..., p])) for p in parts]
    return np.concatenate(found, axis=-1) if found else dx.copy()


def without_tail(x: Array, dx: Array, lanes: int) -> Array:
    """What is left over after blocks of `lanes` is left out of the mean."""

    def sum_of_blocks(t: Array) -> Array:
        n = t.shape[-1]
        return total(t[..., : n - n % lanes if n >= lanes else n])

    y = softmax(x)
    return np.asarray(y * (dx - sum_of_blocks(y * dx)))


_forward: dict[object, Array] = {}


def saved(x: Array, dx: Array) -> Array:
    """The softmax of an earlier call with this shape, as a backward pass reads what was saved."""
    return jvp(x, dx, softmax=lambda x: _forward.setdefault((x.shape, x.dtype.str), softmax(x)))
