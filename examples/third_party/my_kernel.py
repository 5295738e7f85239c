"""A softmax of somebody else's: one pass over blocks, the sum rescaled when the maximum grows."""

import numpy as np

BLOCK = 4


def softmax(x: np.ndarray) -> np.ndarray:
    """Softmax along the last axis. x: floats of shape (..., n), n >= 0; returns that shape."""
    top = np.full((*x.shape[:-1], 1), -np.inf, x.dtype)
    total = np.zeros_like(top)
    for start in range(0, x.shape[-1], BLOCK):
        block = x[..., start : start + BLOCK]
        higher = np.maximum(top, block.max(axis=-1, keepdims=True))
        total = total * np.exp(top - higher) + np.exp(block - higher).sum(axis=-1, keepdims=True)
        top = higher
    return np.exp(x - top) / total
