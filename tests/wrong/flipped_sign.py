"""The Jacobian-vector product with its sign flipped: self-adjoint still, so one theorem holds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def jvp(x: NDArray[Any], dx: NDArray[Any]) -> NDArray[Any]:
    """Wrong: y * (<y, dx> - dx)."""
    y, s = _parts(x, dx)
    return np.asarray(y * (s - dx))


def right_twin(x: NDArray[Any], dx: NDArray[Any]) -> NDArray[Any]:
    """y * (dx - <y, dx>)."""
    y, s = _parts(x, dx)
    return np.asarray(y * (dx - s))


def _parts(x: NDArray[Any], dx: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    exps = np.exp(x - np.max(x, axis=-1, keepdims=True, initial=-np.inf))
    y = exps / np.sum(exps, axis=-1, keepdims=True)
    return y, np.sum(y * dx, axis=-1, keepdims=True)
