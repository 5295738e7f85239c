"""The Jacobian-vector product without the factor y."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def jvp(x: NDArray[Any], dx: NDArray[Any]) -> NDArray[Any]:
    """Wrong: dx - <y, dx>."""
    _, centred = _parts(x, dx)
    return centred


def right_twin(x: NDArray[Any], dx: NDArray[Any]) -> NDArray[Any]:
    """y * (dx - <y, dx>)."""
    y, centred = _parts(x, dx)
    return np.asarray(y * centred)


def _parts(x: NDArray[Any], dx: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    exps = np.exp(x - np.max(x, axis=-1, keepdims=True, initial=-np.inf))
    y = exps / np.sum(exps, axis=-1, keepdims=True)
    return y, dx - np.sum(y * dx, axis=-1, keepdims=True)
