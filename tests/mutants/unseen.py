"""Wrong implementations that no run of default effort sees: its limits, which docs/power.md states.

Where they are wrong, they are 0.1 % too large.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy_parts import Array, jvp, softmax
from torch import Tensor
from torch_parts import softmax as torch_softmax
from wrong_memory import remembering
from wrong_sometimes import where

beyond_8192 = where(lambda x: x.shape[-1] > 8192)
for_11_rows = where(lambda x: x.ndim == 2 and len(x) == 11)
for_three_axes = where(lambda x: x.ndim == 4)
by_decimals = remembering(lambda x: (x.shape, np.round(x.astype(np.float64), 6).tobytes()))
by_bytes_of_any_shape = remembering(lambda x: (x.size, x.tobytes()))


def one_exponent(x: Array, at: float) -> Array:
    """exp is wrong at one number."""

    def exp(t: Array) -> Array:
        return np.where(t == at, np.exp(t) * 1.001, np.exp(t)).astype(x.dtype)

    return softmax(x, exp=exp)


class Counting:
    """Right but for each so manieth call."""

    def __init__(self, every: int) -> None:
        self.every, self.calls = every, 0

    def __call__(self, x: Array) -> Array:
        """Softmax."""
        self.calls += 1
        return (softmax(x) * (1 if self.calls % self.every else 1.001)).astype(x.dtype)


each_100000th_call = Counting(100_000)


def jvp_in_one_buffer(x: Array, dx: Array) -> Array:
    """Wrong where both arguments lie in one array."""
    shared = x.base is not None and x.base is dx.base and x is not dx
    return (jvp(x, dx) * (1.001 if shared else 1)).astype(x.dtype)


def _spoilt(y: Tensor, wrong: bool) -> Tensor:
    return y * 1.001 if wrong else y


def without_gradients(x: Tensor) -> Tensor:
    """A fast path that is taken below `torch.no_grad()`."""
    return _spoilt(torch_softmax(x), not torch.is_grad_enabled())


def with_gradient(x: Tensor) -> Tensor:
    """A path that is taken for tensors that require gradients."""
    return _spoilt(torch_softmax(x), x.requires_grad)


def in_several_threads(x: Tensor) -> Tensor:
    """Wrong where torch uses several threads."""
    return _spoilt(torch_softmax(x), torch.get_num_threads() > 1)
