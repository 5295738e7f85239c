"""Ways on which jax computes a softmax or its derivative, on arrays of jax of shape (..., n)."""

from __future__ import annotations

from functools import cache
from typing import Any


def jitted(x: Any) -> Any:
    """jax.nn.softmax, compiled by XLA as a whole."""
    return _jitted()(x)


def exp_log_softmax(x: Any) -> Any:
    """The exponential of jax.nn.log_softmax."""
    import jax

    return jax.numpy.exp(jax.nn.log_softmax(x))


def forward_jvp(x: Any, v: Any) -> Any:
    """jax.jvp of jax.nn.softmax at x along v, as jax is by default: the derivative rule of its own
    is off (jax_softmax_custom_jvp)."""
    import jax

    return jax.jvp(jax.nn.softmax, (x,), (v,))[1]


def backward_vjp(x: Any, v: Any) -> Any:
    """What jax.vjp pulls back along v: the derivative is self-adjoint."""
    import jax

    (pulled,) = jax.vjp(jax.nn.softmax, x)[1](v)
    return pulled


@cache
def _jitted() -> Any:
    import jax

    return jax.jit(jax.nn.softmax)
