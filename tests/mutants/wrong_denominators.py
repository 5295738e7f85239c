"""Softmax that divides by something other than the sum of its exponentials; in numpy."""

from __future__ import annotations

import numpy as np
from numpy_parts import Array, greatest, softmax, total


def guarded(x: Array, guard: float) -> Array:
    """A guard against a division by 0 is added, where the sum is at least 1 anyway."""
    return softmax(x, total=lambda exps: total(exps) + guard)


def at_least(x: Array, least: float) -> Array:
    """The sum is not allowed below `least`."""
    return softmax(x, total=lambda exps: np.maximum(total(exps), least))


def without_last(x: Array) -> Array:
    """The last exponential is left out, where there are two."""
    return softmax(x, total=lambda exps: total(exps[..., : max(1, exps.shape[-1] - 1)]))


def without_tail(x: Array, lanes: int) -> Array:
    """What is left over after blocks of `lanes` is left out, where there is a block."""

    def sum_of_blocks(exps: Array) -> Array:
        n = exps.shape[-1]
        return total(exps[..., : n - n % lanes if n >= lanes else n])

    return softmax(x, total=sum_of_blocks)


def of_first(x: Array, most: int) -> Array:
    """Only the first so many exponentials are summed."""
    return softmax(x, total=lambda exps: total(exps[..., :most]))


def padded(x: Array, to: int) -> Array:
    """Padding to a multiple of `to` is counted as zeros, not as -inf."""

    def sum_with_padding(exps: Array) -> Array:
        return total(exps) + -exps.shape[-1] % to * np.min(exps, axis=-1, keepdims=True)

    return softmax(x, total=sum_with_padding)


def ties_once(x: Array) -> Array:
    """Coordinates that share the maximum are counted once."""
    return softmax(x, total=lambda exps: total(exps) - (total((exps == 1) * exps) - 1))


def accumulated_in(x: Array, name: str) -> Array:
    """Summed one by one in a narrower format."""

    def running(exps: Array) -> Array:
        return np.add.accumulate(exps, axis=-1, dtype=name)[..., -1:].astype(x.dtype)

    return softmax(x, total=running)


def reciprocal_in(x: Array, name: str) -> Array:
    """The reciprocal of the sum is taken in a narrower format."""
    return softmax(x, total=lambda exps: 1 / (1 / total(exps).astype(name)).astype(x.dtype))


def next_above(x: Array) -> Array:
    """The sum is 1 ulp too large."""
    return softmax(x, total=lambda exps: np.nextafter(total(exps), np.inf, dtype=x.dtype))


def euclidean(x: Array) -> Array:
    """The root of the sum of squares."""
    return softmax(x, total=lambda exps: np.sqrt(total(exps * exps)))


def largest(x: Array) -> Array:
    """The greatest exponential."""
    return softmax(x, total=greatest)


def over_everything(x: Array) -> Array:
    """The sum over the whole batch."""
    return softmax(x, total=lambda exps: np.sum(exps, keepdims=True))


def own_and_one(x: Array) -> Array:
    """1 + exp: a sigmoid of each coordinate."""
    return softmax(x, total=lambda exps: exps + 1)
