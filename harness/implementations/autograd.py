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


def vmapped_backward(f: Function) -> Directional:
    """`torch.func.vjp` of one vector, mapped over the rows; transposed, as `backward`."""

    def derivative(x: Any, v: Any) -> Any:
        import torch

        def pulled(point: Any, cotangent: Any) -> Any:
            return torch.func.vjp(f, point)[1](cotangent)[0]

        for _ in range(x.ndim - 1):
            pulled = torch.func.vmap(pulled)
        return pulled(x, v)

    return derivative


def column_forward(f: Function) -> Directional:
    """`torch.func.jacfwd` of one vector, mapped over the rows: the column along v, a unit vector.

    ValueError for another v.
    """

    def derivative(x: Any, v: Any) -> Any:
        import torch

        jacobian = torch.func.jacfwd(f)
        for _ in range(x.ndim - 1):
            jacobian = torch.func.vmap(jacobian)
        if ((v != 0) & (v != 1)).any() or (v.sum(dim=-1) != min(x.shape[-1], 1)).any():
            raise ValueError("a column of the Jacobian is along a unit vector")
        if x.shape[-1] == 0:
            return jacobian(x).sum(dim=-1)
        column = v.argmax(dim=-1)[..., None, None]
        return jacobian(x).take_along_dim(column, dim=-1).squeeze(-1)

    return derivative


def row_backward(f: Function) -> Directional:
    """`torch.func.jacrev`, as `column_forward`: the row along v, a unit vector. It is what
    `backward` makes of v. ValueError for another v."""

    def derivative(x: Any, v: Any) -> Any:
        import torch

        jacobian = torch.func.jacrev(f)
        for _ in range(x.ndim - 1):
            jacobian = torch.func.vmap(jacobian)
        if ((v != 0) & (v != 1)).any() or (v.sum(dim=-1) != min(x.shape[-1], 1)).any():
            raise ValueError("a row of the Jacobian is along a unit vector")
        if x.shape[-1] == 0:
            return jacobian(x).sum(dim=-1)
        row = v.argmax(dim=-1)[..., None, None]
        return jacobian(x).take_along_dim(row, dim=-2).squeeze(-2)

    return derivative


MODES: dict[str, Callable[[Function], Directional]] = {
    "jvp": forward,
    "backward": backward,
    "double_backward": backward_twice,
    "jacfwd": column_forward,
    "jacrev": row_backward,
    "vmap_vjp": vmapped_backward,
}
ALONG_AXES = frozenset({"jacfwd", "jacrev"})
"""The modes that make a whole Jacobian: they are asked for one line of it at each input."""
BACKWARD = frozenset({"backward", "double_backward", "jacrev", "vmap_vjp"})
"""The modes with a backward pass."""
