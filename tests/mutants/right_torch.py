"""Softmax and what belongs to it in torch, by the library's other routes."""

from __future__ import annotations

from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch_parts import jvp, softmax, total, wide


def by_module(x: Tensor) -> Tensor:
    """torch.nn.Softmax."""
    return torch.nn.Softmax(dim=-1)(x)


def by_vmap(x: Tensor) -> Tensor:
    """A softmax of one vector, mapped over the rows."""
    rows = x.reshape(-1, x.shape[-1]) if x.numel() else x.reshape(1, -1)
    return torch.func.vmap(lambda row: torch.softmax(row, 0))(rows).reshape(x.shape)


def by_matmul(x: Tensor) -> Tensor:
    """Summed by a product with ones."""
    if x.shape[-1] == 0:
        return x.clone()
    exps = (wide(x) - wide(x).amax(dim=-1, keepdim=True)).exp()
    return (exps / (exps @ exps.new_ones(x.shape[-1], 1))).to(x.dtype)


def by_einsum(x: Tensor) -> Tensor:
    """Summed by einsum."""
    if x.shape[-1] == 0:
        return x.clone()
    exps = (wide(x) - wide(x).amax(dim=-1, keepdim=True)).exp()
    return (exps / torch.einsum("...i->...", exps).unsqueeze(-1)).to(x.dtype)


def in_place_of_copy(x: Tensor) -> Tensor:
    """In place, on a copy."""
    if x.shape[-1] == 0:
        return x.clone()
    exps = wide(x).clone()
    exps.sub_(exps.amax(dim=-1, keepdim=True)).exp_()
    return exps.div_(total(exps)).to(x.dtype)


def _plain(x: Tensor) -> Tensor:
    exps = (x - x.amax(dim=-1, keepdim=True)).exp()
    return exps / exps.sum(dim=-1, keepdim=True)


@cache
def _captured() -> Any:
    # Captured and traced by torch.compile; the backend runs the graph without a C++ compiler.
    return torch.compile(_plain, backend="aot_eager", dynamic=True)


def compiled(x: Tensor) -> Tensor:
    """torch.compile of the shifted softmax."""
    # One rank and one layout: torch compiles a function at most eight times.
    return _captured()(x.reshape(-1, x.shape[-1])).reshape(x.shape) if x.numel() else x.clone()


def operation_by_operation(x: Tensor) -> Tensor:
    """Half formats that round after every operation; torch adds them up in float32."""
    return x.clone() if x.shape[-1] == 0 else _plain(x)


def by_autograd(x: Tensor, dx: Tensor) -> Tensor:
    """The backward pass of softmax, whose Jacobian is its own transpose."""
    at = x.clone().requires_grad_()
    (found,) = torch.autograd.grad(softmax(at), at, dx)
    return found


def by_double_backward(x: Tensor, dx: Tensor) -> Tensor:
    """Forward mode by two backward passes."""
    at = x.clone().requires_grad_()
    weight = torch.zeros_like(x, requires_grad=True)
    (back,) = torch.autograd.grad(softmax(at), at, weight, create_graph=True)
    (found,) = torch.autograd.grad(back, weight, dx)
    return found


def by_vjp(x: Tensor, dx: Tensor) -> Tensor:
    """torch.func.vjp."""
    return torch.func.vjp(softmax, x)[1](dx)[0]


def by_vmapped_vjp(x: Tensor, dx: Tensor) -> Tensor:
    """torch.func.vjp of one row, mapped over the rows."""
    if x.shape[-1] == 0:
        return dx.clone()

    def row(a: Tensor, b: Tensor) -> Tensor:
        found: Tensor = torch.func.vjp(softmax, a)[1](b)[0]
        return found

    n = x.shape[-1]
    return torch.func.vmap(row)(x.reshape(-1, n), dx.reshape(-1, n)).reshape(x.shape)


def coordinate_by_vjp(x: Tensor, i: int, dx: Tensor) -> Tensor:
    """One coordinate of torch.func.vjp."""
    return torch.func.vjp(softmax, x)[1](dx)[0][..., i]


def dot_by_vecdot(y: Tensor, x: Tensor) -> Tensor:
    """torch.linalg.vecdot."""
    return torch.linalg.vecdot(wide(y), wide(x)).to(x.dtype)


def dot_by_bmm(y: Tensor, x: Tensor) -> Tensor:
    """Rows times columns."""
    return (wide(y).unsqueeze(-2) @ wide(x).unsqueeze(-1))[..., 0, 0].to(x.dtype)


def pi_by_vmap(f: Tensor, x: Tensor) -> Tensor:
    """torch.mv, mapped over the batch."""
    n = x.shape[-1]
    if n == 0:
        return x.clone()
    found = torch.func.vmap(torch.mv)(wide(f).reshape(-1, n, n), wide(x).reshape(-1, n))
    return found.reshape(x.shape).to(x.dtype)


def pi_by_matmul(f: Tensor, x: Tensor) -> Tensor:
    """The matrix product."""
    return (wide(f) @ wide(x).unsqueeze(-1)).squeeze(-1).to(x.dtype)


def pi_by_jvp(f: Tensor, x: Tensor) -> Tensor:
    """The derivative of the linear map itself, along x."""
    at = torch.zeros_like(wide(x))
    map_of = torch.func.jvp(lambda v: pi_by_matmul(wide(f), v), (at,), (wide(x),))
    return map_of[1].to(x.dtype)


def sum_by_cumsum(x: Tensor) -> Tensor:
    """The last of the running sums."""
    if x.shape[-1] == 0:
        return x.sum(dim=-1)
    return wide(x).exp().cumsum(dim=-1)[..., -1].to(x.dtype)


def derivative_expanded(x: Tensor, dx: Tensor) -> Tensor:
    """y dx - y s, in the working format."""
    y, v = softmax(wide(x)), wide(dx)
    return (y * v - y * total(y * v)).to(x.dtype)


def derivative_wide(x: Tensor, dx: Tensor) -> Tensor:
    """Computed in float64."""
    return jvp(x.double(), dx.double()).to(x.dtype)
