"""Softmax of float64 vectors whose denominator is summed in float32."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


def softmax(x: NDArray[Any]) -> NDArray[Any]:
    """Wrong: half of the digits of the sum are lost."""
    return _summed_in(np.float32, x)


def right_twin(x: NDArray[Any]) -> NDArray[Any]:
    """The sum is accumulated in the dtype of x."""
    return _summed_in(x.dtype, x)


def _summed_in(dtype: DTypeLike, x: NDArray[Any]) -> NDArray[Any]:
    exps = np.exp(x - np.max(x, axis=-1, keepdims=True, initial=-np.inf))
    total = np.sum(exps, axis=-1, keepdims=True, dtype=dtype)
    return np.asarray(exps / total.astype(x.dtype))
