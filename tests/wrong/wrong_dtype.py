"""Softmax with the right values, and more precise ones, in another dtype than was asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def softmax(x: NDArray[Any]) -> NDArray[Any]:
    """Wrong: float64 for float32 (nothing is computed, and so nothing widened, when n = 0)."""
    return x.copy() if x.shape[-1] == 0 else _wide(x)


def right_twin(x: NDArray[Any]) -> NDArray[Any]:
    """Computed in float64, returned in the dtype of x."""
    return _wide(x).astype(x.dtype)


def _wide(x: NDArray[Any]) -> NDArray[Any]:
    wide = x.astype(np.float64)
    exps = np.exp(wide - np.max(wide, axis=-1, keepdims=True, initial=-np.inf))
    return np.asarray(exps / np.sum(exps, axis=-1, keepdims=True))
