"""Right parts in torch, which each mutant and each twin exchanges one of."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Map = Callable[[Tensor], Tensor]


def softmax(x: Tensor) -> Tensor:
    """The library's own along the last axis, which does not object to n = 0."""
    return torch.softmax(x, dim=-1)


def total(x: Tensor) -> Tensor:
    """The sum of the coordinates, its axis kept."""
    return x.sum(dim=-1, keepdim=True)


def jvp(x: Tensor, dx: Tensor, softmax: Map = softmax) -> Tensor:
    """y (dx - <y, dx>)."""
    y = softmax(x)
    return y * (dx - total(y * dx))


def wide(x: Tensor) -> Tensor:
    """float32 for the half formats, as `ieee` promises; others as they are."""
    return x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
