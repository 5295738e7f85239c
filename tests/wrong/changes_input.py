"""Softmax with the right values that overwrites the caller's array on the way."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def softmax(x: NDArray[Any]) -> NDArray[Any]:
    """Wrong: the shift is done in place."""
    return _normalized_in_place(x)


def right_twin(x: NDArray[Any]) -> NDArray[Any]:
    """A copy is shifted."""
    return _normalized_in_place(x.copy())


def _normalized_in_place(x: NDArray[Any]) -> NDArray[Any]:
    x -= np.max(x, axis=-1, keepdims=True, initial=-np.inf)
    exps = np.exp(x)
    return np.asarray(exps / np.sum(exps, axis=-1, keepdims=True))
