"""Ways on which tensorflow computes derivatives of a softmax, on tensors of shape (..., n)."""

from __future__ import annotations

from typing import Any


def forward_jvp(x: Any, v: Any) -> Any:
    """tf.autodiff.ForwardAccumulator through tf.nn.softmax at x along v."""
    import tensorflow as tf

    with tf.autodiff.ForwardAccumulator(x, v) as accumulator:
        y = tf.nn.softmax(x)
    return accumulator.jvp(y)


def backward_vjp(x: Any, v: Any) -> Any:
    """What tf.GradientTape pulls back along v: the derivative is self-adjoint."""
    import tensorflow as tf

    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.nn.softmax(x)
    return tape.gradient(y, x, output_gradients=v)
