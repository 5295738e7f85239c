"""Wrong softmax in torch: what its functions, views, formats and in-place methods tempt to."""

from __future__ import annotations

import torch
from torch import Tensor
from torch_parts import softmax, total


def first_axis(x: Tensor) -> Tensor:
    """The first axis for the last."""
    return torch.softmax(x, dim=0)


def middle_axis(x: Tensor) -> Tensor:
    """Axis 1, which is the last one of a batch of vectors and not of two axes of batch."""
    return torch.softmax(x, dim=1 if x.ndim > 1 else 0)


def softmin(x: Tensor) -> Tensor:
    """The opposite sign."""
    return torch.nn.functional.softmin(x, dim=-1)


def sigmoid(x: Tensor) -> Tensor:
    """Each coordinate by itself."""
    return torch.sigmoid(x)


def sparse(x: Tensor) -> Tensor:
    """The nearest point of the simplex (sparsemax)."""
    if x.shape[-1] == 0:
        return x.clone()
    ordered = x.sort(dim=-1, descending=True).values
    sums = ordered.cumsum(-1) - 1
    counts = torch.arange(1, x.shape[-1] + 1, dtype=x.dtype)
    support = (ordered * counts > sums).sum(-1, keepdim=True)
    return (x - sums.gather(-1, support - 1) / support).clamp_min(0).to(x.dtype)


def by_logarithm(x: Tensor) -> Tensor:
    """exp of log_softmax, which adds errors in proportion to the logarithm."""
    return torch.log_softmax(x, dim=-1).exp()


def in_format(x: Tensor, name: str) -> Tensor:
    """Computed in a narrower format."""
    return softmax(x.to(getattr(torch, name))).to(x.dtype)


def operation_by_operation(x: Tensor) -> Tensor:
    """Half formats without a wider one: every operation rounds to the format of x."""
    if x.shape[-1] == 0:
        return x.clone()
    exps = (x - x.amax(dim=-1, keepdim=True)).exp()
    sums = exps[..., :1]
    for k in range(1, x.shape[-1]):
        sums = sums + exps[..., k : k + 1]
    return exps / sums


def wide_result(x: Tensor) -> Tensor:
    """torch.softmax with `dtype`, which is the dtype of the result as well."""
    return x.clone() if x.numel() == 0 else torch.softmax(x, dim=-1, dtype=torch.float64)


def guarded(x: Tensor, guard: float) -> Tensor:
    """A guard in the denominator."""
    if x.shape[-1] == 0:
        return x.clone()
    exps = (x - x.amax(dim=-1, keepdim=True)).exp()
    return exps / (total(exps) + guard)


def tempered(x: Tensor, by: float) -> Tensor:
    """A temperature of 1 / (1 + by)."""
    return softmax(x * (1 + by))


def flushed(x: Tensor, below: float) -> Tensor:
    """Results below a threshold are 0."""
    return torch.nn.functional.threshold(softmax(x), below, 0.0)


def shifted_in_place(x: Tensor) -> Tensor:
    """The argument is shifted in place."""
    return softmax(x if x.shape[-1] == 0 else x.sub_(x.amax(dim=-1, keepdim=True)))


def in_order_of_memory(x: Tensor) -> Tensor:
    """The numbers from the first address on, strides ignored."""
    return softmax(x.as_strided(x.shape, torch.empty(x.shape).stride()))


def flattened(x: Tensor) -> Tensor:
    """A batch of two axes is flattened in the order of its columns."""
    if x.ndim < 3:
        return softmax(x)
    return softmax(x.transpose(0, 1).reshape(x.shape))


def beyond_a_block(x: Tensor, length: int) -> Tensor:
    """What does not fit into a block is left at 0."""
    kept = softmax(x[..., :length])
    return torch.nn.functional.pad(kept, (0, x.shape[-1] - kept.shape[-1]))


def top(x: Tensor, k: int) -> Tensor:
    """The k greatest coordinates, as sampling does."""
    k = min(k, x.shape[-1])
    least = x.topk(k, dim=-1).values[..., -1:] if k else x
    return softmax(x.masked_fill(x < least, -torch.inf) if k else x)


_first: dict[object, Tensor] = {}


def graph(x: Tensor) -> Tensor:
    """The first result of each shape, as a captured graph replays with a stale input."""
    return _first.setdefault((x.shape, x.dtype), softmax(x)).clone()


def gradient_of_log_sum(x: Tensor) -> Tensor:
    """The gradient of logsumexp: softmax on the reals, exp(x - log of the sum) in the library."""
    if x.shape[-1] == 0:
        return x.clone()
    at = x.clone().requires_grad_()
    (found,) = torch.autograd.grad(torch.logsumexp(at, dim=-1).sum(), at)
    return found


def leaves_flushing(x: Tensor) -> Tensor:
    """Subnormal numbers are flushed from now on, in the whole thread."""
    y = softmax(x)
    torch.set_flush_denormal(x.numel() > 0)
    return y


def by_identity(x: Tensor) -> Tensor:
    """The result for a tensor is kept, whatever is in it by now."""
    return _results.setdefault(id(x), (x, softmax(x)))[1].clone()


def one_buffer(x: Tensor) -> Tensor:
    """All results of one shape are written into one tensor, as a captured graph does."""
    buffer = _buffers.setdefault((x.shape, x.dtype), torch.empty(x.shape, dtype=x.dtype))
    return buffer.copy_(softmax(x))


_results: dict[int, tuple[Tensor, Tensor]] = {}
_buffers: dict[object, Tensor] = {}
