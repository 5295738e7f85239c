"""Wrong derivatives and linear maps of softmax in torch. Derivatives take x and dx."""

from __future__ import annotations

import torch
from torch import Tensor
from torch_parts import jvp, softmax, total


def gradient_of_sum(x: Tensor, dx: Tensor) -> Tensor:
    """The gradient of the sum of softmax times dx, which forgets that dx is a factor."""
    if x.shape[-1] == 0:
        return dx.clone()
    at = x.clone().requires_grad_()
    (found,) = torch.autograd.grad(softmax(at).sum(), at)
    return found * dx


def of_logarithm(x: Tensor, dx: Tensor) -> Tensor:
    """The derivative of log softmax: dx - <y, dx>."""
    return dx - total(softmax(x) * dx) if x.shape[-1] else dx.clone()


def in_format(x: Tensor, dx: Tensor, name: str) -> Tensor:
    """Computed in a narrower format."""
    kind = getattr(torch, name)
    return jvp(x.to(kind), dx.to(kind)).to(x.dtype)


def result_of_format(x: Tensor, dx: Tensor, name: str) -> Tensor:
    """The softmax that a forward pass saved was saved in a narrower format."""
    return jvp(x, dx, softmax=lambda x: softmax(x).to(getattr(torch, name)).to(x.dtype))


def difference(x: Tensor, dx: Tensor, step: float) -> Tensor:
    """A central difference."""
    return (softmax(x + step * dx) - softmax(x - step * dx)) / (2 * step)


def accumulated(x: Tensor, dx: Tensor) -> Tensor:
    """Gradients of earlier calls with this shape are not cleared."""
    return _gradients.setdefault((x.shape, x.dtype), torch.zeros_like(x)).add_(jvp(x, dx)).clone()


_gradients: dict[object, Tensor] = {}


def clipped(x: Tensor, dx: Tensor, most: float) -> Tensor:
    """The tangent is clipped."""
    return jvp(x, dx.clamp(-most, most))


def masked(x: Tensor, dx: Tensor) -> Tensor:
    """Where softmax rounds to 0 or 1 the derivative is taken for 0, the tangent's sum included."""
    y = softmax(x)
    return jvp(x, dx.masked_fill((y == 0) | (y == 1), 0.0))


def first_of_batch(x: Tensor, dx: Tensor) -> Tensor:
    """The mean of the first row serves for the whole batch."""
    y = softmax(x)
    means = total(y * dx)
    return y * (dx - (means if means.ndim < 2 else means[..., :1, :]))


def by_forward_mode(x: Tensor, dx: Tensor) -> Tensor:
    """torch.func.jvp: the library takes the mean as sum(e dx) / sum(e), which overflows early."""
    return torch.func.jvp(softmax, (x,), (dx,))[1]


def by_forward_mode_of_ours(x: Tensor, dx: Tensor) -> Tensor:
    """torch.func.jvp of a softmax of our own: dx_i - dx_max overflows, though it cancels."""

    def plain(x: Tensor) -> Tensor:
        exps = (x - x.amax(dim=-1, keepdim=True)).exp()
        return exps / total(exps)

    return torch.func.jvp(plain, (x,), (dx,))[1] if x.shape[-1] else dx.clone()


def coordinate_by_gradient(x: Tensor, i: int, dx: Tensor) -> Tensor:
    """The gradient of one coordinate, times dx: y_i y_j underflows before dx_j makes it large."""
    at = x.clone().requires_grad_()
    (row,) = torch.autograd.grad(softmax(at)[..., i].sum(), at)
    return (row * dx).sum(dim=-1)


def coordinate_of_transposed(x: Tensor, i: int, dx: Tensor) -> Tensor:
    """Column i of dx yᵀ - diag y, times y: the outer product is the other way round."""
    y = softmax(x)
    return (y * (dx[..., i : i + 1] - dx)).sum(dim=-1)


def coordinate_of_half(x: Tensor, i: int, dx: Tensor) -> Tensor:
    """Computed in bfloat16."""
    return jvp(x.bfloat16(), dx.bfloat16())[..., i].to(x.dtype)


def dot_flat(y: Tensor, x: Tensor) -> Tensor:
    """Over the whole batch, for every row."""
    return (y * x).sum().expand(x.shape[:-1]).clone()


def dot_in(y: Tensor, x: Tensor, name: str) -> Tensor:
    """Multiplied and accumulated in a narrower format."""
    kind = getattr(torch, name)
    return (y.to(kind) * x.to(kind)).sum(dim=-1).to(x.dtype)


def dot_accumulated_in_format(y: Tensor, x: Tensor) -> Tensor:
    """Half formats accumulate in themselves, one by one."""
    terms = y * x
    found = terms[..., :1].sum(dim=-1)
    for k in range(1, x.shape[-1]):
        found = found + terms[..., k]
    return found


def pi_of_transposed(f: Tensor, x: Tensor) -> Tensor:
    """Columns for rows."""
    return (f.mT @ x.unsqueeze(-1)).squeeze(-1)


def pi_broadcast(f: Tensor, x: Tensor) -> Tensor:
    """f * x without the sum over j: the diagonal."""
    return torch.diagonal(f * x.unsqueeze(-2), dim1=-2, dim2=-1).clone()


def pi_in(f: Tensor, x: Tensor, name: str) -> Tensor:
    """Computed in a narrower format."""
    kind = getattr(torch, name)
    return (f.to(kind) @ x.to(kind).unsqueeze(-1)).squeeze(-1).to(x.dtype)


def sum_of_logarithm(x: Tensor) -> Tensor:
    """exp of logsumexp, whose rounding grows with the logarithm."""
    return torch.logsumexp(x, dim=-1).exp() if x.shape[-1] else x.sum(dim=-1)


def sum_in(x: Tensor, name: str) -> Tensor:
    """Computed in a narrower format."""
    return x.to(getattr(torch, name)).exp().sum(dim=-1).to(x.dtype)


def sum_of_first_axis(x: Tensor) -> Tensor:
    """Over the first axis, with the shape of a result."""
    if x.ndim == 1 or x.shape[-1] == 0:
        return x.exp().sum(dim=-1)
    return x.exp().sum(dim=0).mean(dim=-1).expand(x.shape[:-1]).clone()


def of_itself(x: Tensor, dx: Tensor) -> Tensor:
    """softmax is written over a copy of x, which the tangent is taken from where both are one."""
    y = softmax(x)
    return jvp(x, y if x is dx else dx)


def in_order_of_memory(x: Tensor, dx: Tensor) -> Tensor:
    """Both arguments are read in the order in which their numbers lie: right where it is one."""
    if x.ndim < 2 or x.stride() == dx.stride() or 0 in x.shape:
        return jvp(x, dx)
    axes = sorted(range(dx.ndim), key=dx.stride, reverse=True)
    return jvp(x, dx.permute(axes).reshape(dx.shape))
