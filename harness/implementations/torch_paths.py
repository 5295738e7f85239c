"""Ways on which torch computes a softmax or its derivative, each as a function by our convention.

Tensors of shape (..., n), on any device; x and v of one shape.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import torch


def exp_log_softmax(x: Any) -> Any:
    """The exponential of torch.log_softmax: the way through the log-domain."""
    return torch.log_softmax(x, -1).exp()


def attention(x: Any) -> Any:
    """The softmax inside torch.nn.functional.scaled_dot_product_attention.

    The query x meets identity keys at scale 1, so the scores are x, exactly; identity values hand
    the weights back. x: (..., n), n small, for the keys are n × n.
    """
    n = x.shape[-1]
    one = torch.eye(n, dtype=x.dtype, device=x.device)
    rows = x.reshape(1, 1, -1, n)
    keys = one.reshape(1, 1, n, n)
    weights = torch.nn.functional.scaled_dot_product_attention(rows, keys, keys, scale=1.0)
    return weights.reshape(x.shape)


def attention_math(x: Any) -> Any:
    """As `attention`, by the backend of torch that composes it of its own softmax and products."""
    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        return attention(x)


def forward_jvp(x: Any, v: Any) -> Any:
    """torch.func.jvp of torch.softmax at x along v: forward mode."""
    return torch.func.jvp(lambda z: torch.softmax(z, -1), (x,), (v,))[1]


def backward_vjp(x: Any, v: Any) -> Any:
    """What autograd pulls back along v, which is the derivative along v: it is self-adjoint
    (`inner_softmaxJvp_comm`)."""
    point = x.detach().requires_grad_(True)
    (pulled,) = torch.autograd.grad(torch.softmax(point, -1), point, v)
    return pulled


def compiled(x: Any) -> Any:
    """torch.compile of torch.softmax on contiguous rows, sizes dynamic: other layouts would each be
    compiled anew, and beyond a limit not at all."""
    return _compiled()(x.reshape(-1, x.shape[-1]).contiguous()).reshape(x.shape)


@cache
def _compiled() -> Any:
    return torch.compile(lambda x: torch.softmax(x, -1), dynamic=True)
