"""Softmax, its derivative and their parts in plain torch: one function for each Lean constant.

Tensors are float64, float32, float16 or bfloat16 of shape (..., n) on any device: n >= 0
coordinates on the last axis, the leading axes are a batch. Results are new tensors of the dtype and
on the device of the arguments; arguments are never changed. float16 and bfloat16 are computed in
float32 and rounded once, at the end. ValueError when shapes or dtypes do not fit together,
TypeError when a tensor is not of floats.
"""

from __future__ import annotations

import torch
from torch import Tensor

_HALF = (torch.float16, torch.bfloat16)
_FLOATS = (torch.float64, torch.float32, *_HALF)


def softmax_vec_of_fun(f: Tensor) -> Tensor:
    """The vector with the coordinates f.

    Mirrors Lean `Proofs.Autograd.softmaxVecOfFun`. f: shape (..., n). Returns a copy: a caller who
    goes on to change the vector does not change f.
    """
    _check_floats(f)
    return f.clone()


def sum_exp(x: Tensor) -> Tensor:
    """The sum of the exponentials of the coordinates; 0 when n = 0.

    Mirrors Lean `Proofs.Autograd.sumExp`. x: shape (..., n). Returns shape (...,); infinite where
    the sum exceeds the largest number of the dtype.
    """
    _check_floats(x)
    return _working(x).exp().sum(dim=-1).to(x.dtype)


def softmax_vec(x: Tensor) -> Tensor:
    """Softmax along the last axis; the identity when n = 0.

    Mirrors Lean `Proofs.Autograd.softmaxVec`. x: shape (..., n). Returns that shape.
    """
    _check_floats(x)
    return _softmax(_working(x)).to(x.dtype)


def dot_clm(y: Tensor, x: Tensor) -> Tensor:
    """The sum of the products of the coordinates of y and x; 0 when n = 0.

    Mirrors Lean `Proofs.Autograd.dotCLM`. y, x: one shape (..., n). Returns shape (...,).
    """
    _check_alike(y, x)
    return (_working(y) * _working(x)).sum(dim=-1).to(y.dtype)


def softmax_deriv_coord(x: Tensor, i: int, dx: Tensor) -> Tensor:
    """Coordinate i of the derivative of softmax at x, applied to dx.

    Mirrors Lean `Proofs.Autograd.softmaxDerivCoord`: y i * dx i - y i * <y, dx>, y = softmax(x).
    x, dx: one shape (..., n); 0 <= i < n. Returns shape (...,). IndexError for another i.
    """
    _check_alike(x, dx)
    if not 0 <= i < x.shape[-1]:
        raise IndexError(f"coordinate {i} of vectors of length {x.shape[-1]}")
    y, v = _softmax(_working(x)), _working(dx)
    s = (y * v).sum(dim=-1)
    return (y[..., i] * v[..., i] - y[..., i] * s).to(x.dtype)


def softmax_deriv_clm(x: Tensor, dx: Tensor) -> Tensor:
    """The derivative of softmax at x, applied to dx; the identity when n = 0.

    Mirrors Lean `Proofs.Autograd.softmaxDerivCLM`, whose coordinates are those of
    `softmax_deriv_coord`. x, dx: one shape (..., n). Returns that shape.
    """
    _check_alike(x, dx)
    y, v = _softmax(_working(x)), _working(dx)
    s = (y * v).sum(dim=-1, keepdim=True)
    return (y * v - y * s).to(x.dtype)


def softmax_jvp(x: Tensor, dx: Tensor) -> Tensor:
    """Directional derivative of softmax at x along dx; the identity on dx when n = 0.

    Mirrors Lean `Proofs.Autograd.softmaxJvp`: y * (dx - <y, dx>), y = softmax(x).
    x, dx: one shape (..., n). Returns that shape.
    """
    _check_alike(x, dx)
    y, v = _softmax(_working(x)), _working(dx)
    s = (y * v).sum(dim=-1, keepdim=True)
    return (y * (v - s)).to(x.dtype)


def pi(f: Tensor, x: Tensor) -> Tensor:
    """The linear map whose rows are f, applied to x.

    Mirrors Mathlib `ContinuousLinearMap.pi`. f: rows of coefficients, shape (..., n, n); x: shape
    (..., n). Returns shape (..., n), whose coordinate i is the sum of f i j * x j.
    """
    _check_floats(f)
    _check_floats(x)
    if f.dtype != x.dtype or f.ndim < 2 or (*f.shape[:-2], f.shape[-1]) != x.shape:
        raise ValueError(
            f"rows {tuple(f.shape)} of {f.dtype} do not apply to "
            f"vectors {tuple(x.shape)} of {x.dtype}"
        )
    return torch.einsum("...ij,...j->...i", _working(f), _working(x)).to(x.dtype)


def _softmax(x: Tensor) -> Tensor:
    if x.shape[-1] == 0:  # the maximum of no numbers does not exist
        return x.clone()
    # Shifted by the maximum, no exponential overflows and one of them is exactly 1.
    exps = (x - x.amax(dim=-1, keepdim=True)).exp()
    return exps / exps.sum(dim=-1, keepdim=True)


def _working(x: Tensor) -> Tensor:
    return x.float() if x.dtype in _HALF else x


def _check_floats(x: Tensor) -> None:
    if x.dtype not in _FLOATS:
        raise TypeError(f"a tensor of floats is expected, not of {x.dtype}")
    if x.ndim == 0:
        raise ValueError("a vector is expected, not a number")


def _check_alike(x: Tensor, v: Tensor) -> None:
    _check_floats(x)
    _check_floats(v)
    if x.shape != v.shape or x.dtype != v.dtype:
        raise ValueError(
            f"{tuple(x.shape)} of {x.dtype} does not go with {tuple(v.shape)} of {v.dtype}"
        )
