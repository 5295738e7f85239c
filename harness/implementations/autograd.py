"""Directional derivatives that torch takes of a function, to be judged like anybody's.

Each mode turns a differentiable `f(x)` on tensors (..., n) into `(x, v) -> derivative at x along
v`, of that shape and dtype. The rows of a batch are independent, so one pass serves them all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Function = Callable[[Any], Any]
Directional = Callable[[Any, Any], Any]


def forward(f: Function) -> Directional:
    """`torch.func.jvp`: forward mode."""

    def derivative(x: Any, v: Any) -> Any:
        import torch

        return torch.func.jvp(f, (x,), (v,))[1]

    return derivative


def backward_twice(f: Function) -> Directional:
    """Backward mode twice: the derivative of `u -> (backward of f along u)` along v."""

    def derivative(x: Any, v: Any) -> Any:
        import torch

        point = x.detach().clone().requires_grad_(True)
        u = torch.zeros_like(x).requires_grad_(True)
        (pulled,) = torch.autograd.grad(f(point), point, u, create_graph=True)
        (pushed,) = torch.autograd.grad(pulled, u, v)
        return pushed

    return derivative


def backward(f: Function) -> Directional:
    """Backward mode once: the transposed derivative, which is the derivative where that is
    self-adjoint (for softmax: `inner_softmaxJvp_comm`)."""

    def derivative(x: Any, v: Any) -> Any:
        import torch

        point = x.detach().clone().requires_grad_(True)
        (pulled,) = torch.autograd.grad(f(point), point, v)
        return pulled

    return derivative


MODES: dict[str, Callable[[Function], Directional]] = {
    "jvp": forward,
    "backward": backward,
    "double_backward": backward_twice,
}
