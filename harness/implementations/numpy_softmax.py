"""Softmax, its derivative and their parts in plain numpy: one function for each Lean constant.

Arrays are float64, float32 or float16 of shape (..., n): n >= 0 coordinates on the last axis, the
leading axes are a batch. Results are new arrays of the dtype of the arguments; arguments are never
changed. float16 is computed in float32 and rounded once, at the end. ValueError when shapes or
dtypes do not fit together, TypeError when an array is not of floats.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def softmax_vec_of_fun(f: Array) -> Array:
    """The vector with the coordinates f.

    Mirrors Lean `Proofs.Autograd.softmaxVecOfFun`. f: shape (..., n). Returns a copy: a caller who
    goes on to change the vector does not change f.
    """
    _check_floats(f)
    return f.copy()


def sum_exp(x: Array) -> Array:
    """The sum of the exponentials of the coordinates; 0 when n = 0.

    Mirrors Lean `Proofs.Autograd.sumExp`. x: shape (..., n). Returns shape (...,); infinite where
    the sum exceeds the largest number of the dtype.
    """
    _check_floats(x)
    return _rounded(np.sum(np.exp(_working(x)), axis=-1), x)


def softmax_vec(x: Array) -> Array:
    """Softmax along the last axis; the identity when n = 0.

    Mirrors Lean `Proofs.Autograd.softmaxVec`. x: shape (..., n). Returns that shape.
    """
    _check_floats(x)
    return _rounded(_softmax(_working(x)), x)


def dot_clm(y: Array, x: Array) -> Array:
    """The sum of the products of the coordinates of y and x; 0 when n = 0.

    Mirrors Lean `Proofs.Autograd.dotCLM`. y, x: one shape (..., n). Returns shape (...,).
    """
    _check_alike(y, x)
    return _rounded(np.sum(_working(y) * _working(x), axis=-1), y)


def softmax_deriv_coord(x: Array, i: int, dx: Array) -> Array:
    """Coordinate i of the derivative of softmax at x, applied to dx.

    Mirrors Lean `Proofs.Autograd.softmaxDerivCoord`: y i * dx i - y i * <y, dx>, y = softmax(x).
    x, dx: one shape (..., n); 0 <= i < n. Returns shape (...,). IndexError for another i.
    """
    _check_alike(x, dx)
    if not 0 <= i < x.shape[-1]:
        raise IndexError(f"coordinate {i} of vectors of length {x.shape[-1]}")
    y, v = _softmax(_working(x)), _working(dx)
    s = np.sum(y * v, axis=-1)
    return _rounded(y[..., i] * v[..., i] - y[..., i] * s, x)


def softmax_deriv_clm(x: Array, dx: Array) -> Array:
    """The derivative of softmax at x, applied to dx; the identity when n = 0.

    Mirrors Lean `Proofs.Autograd.softmaxDerivCLM`, whose coordinates are those of
    `softmax_deriv_coord`. x, dx: one shape (..., n). Returns that shape.
    """
    _check_alike(x, dx)
    y, v = _softmax(_working(x)), _working(dx)
    s = np.sum(y * v, axis=-1, keepdims=True)
    return _rounded(y * v - y * s, x)


def softmax_jvp(x: Array, dx: Array) -> Array:
    """Directional derivative of softmax at x along dx; the identity on dx when n = 0.

    Mirrors Lean `Proofs.Autograd.softmaxJvp`: y * (dx - <y, dx>), y = softmax(x).
    x, dx: one shape (..., n). Returns that shape.
    """
    _check_alike(x, dx)
    y, v = _softmax(_working(x)), _working(dx)
    s = np.sum(y * v, axis=-1, keepdims=True)
    return _rounded(y * (v - s), x)


def pi(f: Array, x: Array) -> Array:
    """The linear map whose rows are f, applied to x.

    Mirrors Mathlib `ContinuousLinearMap.pi`. f: rows of coefficients, shape (..., n, n); x: shape
    (..., n). Returns shape (..., n), whose coordinate i is the sum of f i j * x j.
    """
    _check_floats(f)
    _check_floats(x)
    if f.dtype != x.dtype or f.ndim < 2 or (*f.shape[:-2], f.shape[-1]) != x.shape:
        raise ValueError(
            f"rows {f.shape} of {f.dtype} do not apply to vectors {x.shape} of {x.dtype}"
        )
    return _rounded(np.einsum("...ij,...j->...i", _working(f), _working(x)), x)


def _softmax(x: Array) -> Array:
    if x.shape[-1] == 0:  # the maximum of no numbers does not exist
        return x.copy()
    # Shifted by the maximum, no exponential overflows and one of them is exactly 1.
    exps = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return np.asarray(exps / np.sum(exps, axis=-1, keepdims=True))


def _working(x: Array) -> Array:
    return x.astype(np.float32) if x.dtype == np.float16 else x


def _rounded(result: Array, like: Array) -> Array:
    return result.astype(like.dtype, copy=False)


def _check_floats(x: Array) -> None:
    if x.dtype not in (np.float64, np.float32, np.float16):
        raise TypeError(f"an array of floats is expected, not of {x.dtype}")
    if x.ndim == 0:
        raise ValueError("a vector is expected, not a number")


def _check_alike(x: Array, v: Array) -> None:
    _check_floats(x)
    _check_floats(v)
    if x.shape != v.shape or x.dtype != v.dtype:
        raise ValueError(f"{x.shape} of {x.dtype} does not go with {v.shape} of {v.dtype}")
