"""Softmax along the first axis: right for a single vector, wrong for every batch of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def softmax(x: NDArray[Any]) -> NDArray[Any]:
    """Wrong: the first axis is a batch as soon as there are two."""
    return _along(x, 0)


def right_twin(x: NDArray[Any]) -> NDArray[Any]:
    """The last axis holds the coordinates."""
    return _along(x, -1)


def _along(x: NDArray[Any], axis: int) -> NDArray[Any]:
    exps = np.exp(x - np.max(x, axis=axis, keepdims=True, initial=-np.inf))
    return np.asarray(exps / np.sum(exps, axis=axis, keepdims=True))
