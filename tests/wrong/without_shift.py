"""Softmax without the shift by the maximum: exp overflows, or every exponential underflows to 0."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def softmax(x: NDArray[Any]) -> NDArray[Any]:
    """Wrong: the largest exponent is unbounded."""
    return _normalized(x)


def right_twin(x: NDArray[Any]) -> NDArray[Any]:
    """The largest exponent is 0."""
    return _normalized(x - np.max(x, axis=-1, keepdims=True, initial=-np.inf))


def _normalized(x: NDArray[Any]) -> NDArray[Any]:
    exps = np.exp(x)
    return np.asarray(exps / np.sum(exps, axis=-1, keepdims=True))
