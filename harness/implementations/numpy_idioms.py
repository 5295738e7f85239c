"""A softmax of numpy as people write it: idioms in common use, right and wrong.

Arrays of shape (..., n), n >= 1; results are new arrays. Nothing is converted: numpy computes in
the format of its arguments.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def naive(x: Any) -> Any:
    """exp(x) / sum exp(x), as the formula stands; overflows for large x."""
    return np.exp(x) / np.sum(np.exp(x), axis=-1, keepdims=True)


def shifted(x: Any) -> Any:
    """The maximum subtracted first."""
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def reciprocal(x: Any) -> Any:
    """Shifted, and multiplied by the reciprocal of the sum."""
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e * (1 / np.sum(e, axis=-1, keepdims=True))


def log_sum_exp(x: Any) -> Any:
    """exp(x - log sum exp x), the logarithm by the shift."""
    top = np.max(x, axis=-1, keepdims=True)
    return np.exp(x - (top + np.log(np.sum(np.exp(x - top), axis=-1, keepdims=True))))


def jvp_by_jacobian(x: Any, v: Any) -> Any:
    """(diag(y) - y yᵀ) v, the Jacobian written out. x, v: of one shape."""
    y = shifted(x)
    jacobian = (
        y[..., :, None] * np.eye(x.shape[-1], dtype=x.dtype) - y[..., :, None] * y[..., None, :]
    )
    return np.einsum("...ij,...j->...i", jacobian, v)


def jvp(x: Any, v: Any) -> Any:
    """y (v - <y, v>). x, v: of one shape."""
    y = shifted(x)
    return y * (v - np.sum(y * v, axis=-1, keepdims=True))
