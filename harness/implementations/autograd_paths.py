"""Derivatives that HIPS autograd takes of a softmax in its numpy; arrays of shape (..., n)."""

from __future__ import annotations

from typing import Any


def forward_jvp(x: Any, v: Any) -> Any:
    """autograd.make_jvp of the shifted softmax at x along v."""
    from autograd import make_jvp

    return make_jvp(_softmax)(x)(v)[1]


def backward_vjp(x: Any, v: Any) -> Any:
    """What autograd.make_vjp pulls back along v: the derivative is self-adjoint."""
    from autograd import make_vjp

    pull, _ = make_vjp(_softmax)(x)
    return pull(v)


def _softmax(x: Any) -> Any:
    import autograd.numpy as anp

    e = anp.exp(x - anp.max(x, axis=-1, keepdims=True))
    return e / anp.sum(e, axis=-1, keepdims=True)
