"""Softmax in numpy, written in other ways than ours; the catalogue says what each promises."""

from __future__ import annotations

import math

import numpy as np
from numpy_parts import Array, greatest, softmax, total


def as_written(x: Array) -> Array:
    """Without a shift."""
    return softmax(x, shift=np.zeros_like)


def by_reciprocal(x: Array) -> Array:
    """Times the reciprocal of the sum."""
    if x.shape[-1] == 0:
        return x.copy()
    exps = np.exp(x - greatest(x))
    return np.asarray(exps * (1 / total(exps)))


def halved(x: Array) -> Array:
    """exp t as the square of exp(t / 2)."""
    return softmax(x, exp=lambda t: np.square(np.exp(t / 2)))


def wide(x: Array, name: str) -> Array:
    """Computed in a wider format."""
    return softmax(x.astype(name)).astype(x.dtype)


def one_by_one(x: Array) -> Array:
    """Summed from left to right."""
    return softmax(x, total=lambda exps: np.add.accumulate(exps, axis=-1)[..., -1:])


def from_the_end(x: Array) -> Array:
    """Summed from right to left."""
    return one_by_one(x[..., ::-1])[..., ::-1].copy()


def ascending(x: Array) -> Array:
    """Summed from the least to the greatest."""
    return softmax(x, total=lambda exps: total(np.sort(exps, axis=-1)))


def pairwise(x: Array) -> Array:
    """Summed in a binary tree."""

    def tree(exps: Array) -> Array:
        n = exps.shape[-1]
        return exps if n == 1 else tree(exps[..., : n // 2]) + tree(exps[..., n // 2 :])

    return softmax(x, total=tree)


def kahan(x: Array) -> Array:
    """Summed with Kahan's compensation."""

    def compensated(exps: Array) -> Array:
        found, lost = exps[..., :1] * 0, exps[..., :1] * 0
        for k in range(exps.shape[-1]):
            term = exps[..., k : k + 1] - lost
            found, lost = found + term, ((found + term) - found) - term
        return np.asarray(found)

    return softmax(x, total=compensated)


def in_lanes(x: Array) -> Array:
    """Summed in eight lanes, as vector units do, and a tail."""

    def lanes(exps: Array) -> Array:
        whole = exps.shape[-1] // 8 * 8
        blocks = exps[..., :whole].reshape(*exps.shape[:-1], -1, 8)
        found: Array = blocks.sum(axis=-2).sum(axis=-1, keepdims=True)
        return found + total(exps[..., whole:])

    return softmax(x, total=lanes)


def correctly_rounded(x: Array) -> Array:
    """Summed without an error but the last rounding (math.fsum)."""

    def exact(exps: Array) -> Array:
        sums = [math.fsum(row) for row in exps.reshape(-1, exps.shape[-1]).tolist()]
        return np.array(sums, exps.dtype).reshape(*exps.shape[:-1], 1)

    return softmax(x, total=exact)


def by_matmul(x: Array) -> Array:
    """Summed by a product with ones."""
    return softmax(x, total=lambda exps: exps @ np.ones((x.shape[-1], 1), x.dtype))


def by_einsum(x: Array) -> Array:
    """Summed by einsum."""
    return softmax(x, total=lambda exps: np.einsum("...i->...", exps)[..., None])


def number_by_number(x: Array) -> Array:
    """Python's own floats, one at a time."""
    rows = x.reshape(-1, x.shape[-1]).tolist() if x.size else []
    found = []
    for row in rows:
        top = max(row)
        exps = [math.exp(number - top) for number in row]
        found.append([number / sum(exps) for number in exps])
    return np.array(found, x.dtype).reshape(x.shape)


def own_exponential(x: Array) -> Array:
    """exp t = 2^k e^r by a reduction in two steps (Cody and Waite) and a polynomial."""
    high = 0.693359375  # ln 2 in ten bits, so that k * high is exact
    low = -2.12194440054690583e-4  # ln 2 - high, with all the digits that it has

    def exp(t: Array) -> Array:
        t = np.maximum(t, -800).astype(x.dtype)
        k = np.rint(t / math.log(2))
        r = (t - k * high) - k * low
        series = np.ones_like(r)
        for j in range(13, 0, -1):
            series = 1 + series * r / j
        return np.asarray(np.ldexp(series, k.astype(int)))

    return softmax(x, exp=exp)


def coarse(x: Array, ulps: float) -> Array:
    """An exp that is so many ulp off, and says so."""

    def exp(t: Array) -> Array:
        right = np.exp(t)
        return np.where(t == 0, right, right + ulps * np.spacing(right))

    return softmax(x, exp=exp)


def base_two(x: Array) -> Array:
    """exp t as 2^(t log2 e)."""
    return softmax(x, exp=lambda t: np.exp2(t * math.log2(math.e)))


def online(x: Array) -> Array:
    """One pass that rescales the sum whenever the maximum grows."""
    if x.shape[-1] == 0:
        return x.copy()
    top, found = x[..., :1], np.ones_like(x[..., :1])
    for k in range(1, x.shape[-1]):
        before, top = top, np.maximum(top, x[..., k : k + 1])
        found = found * np.exp(before - top) + np.exp(x[..., k : k + 1] - top)
    return np.asarray(np.exp(x - top) / found)


def online_in_blocks(x: Array, length: int) -> Array:
    """Block by block, sums rescaled to the greater maximum."""
    if x.shape[-1] == 0:
        return x.copy()
    top, found = np.full_like(x[..., :1], -np.inf), np.zeros_like(x[..., :1])
    for start in range(0, x.shape[-1], length):
        block = x[..., start : start + length]
        before, top = top, np.maximum(top, greatest(block))
        found = found * np.exp(before - top) + total(np.exp(block - top))
    return np.asarray(np.exp(x - top) / found)


def flushed(x: Array) -> Array:
    """Subnormal numbers are 0, before and after."""
    least = np.finfo(x.dtype).smallest_normal

    def flush(t: Array) -> Array:
        return np.where(abs(t) < least, 0, t).astype(x.dtype)

    return flush(softmax(flush(x), exp=lambda t: flush(np.exp(flush(t)))))


def operation_by_operation(x: Array) -> Array:
    """float16 that rounds after every operation and is added up in float32, as is declared."""

    def sum_in_float32(exps: Array) -> Array:
        return np.sum(exps, axis=-1, keepdims=True, dtype=np.float32).astype(x.dtype)

    return softmax(x, total=sum_in_float32)


def shifted_to_near_maximum(x: Array) -> Array:
    """Shifted by the maximum rounded to float16 where it is small: exp 0 need not occur."""

    def near(x: Array) -> Array:
        top = greatest(x)
        return np.where(abs(top) < 8, np.clip(top, -8, 8).astype(np.float16), top).astype(x.dtype)

    return softmax(x, shift=near)
