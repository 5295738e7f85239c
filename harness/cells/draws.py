"""Random numbers that are the same bits on every machine, addressed instead of drawn in sequence.

A number depends on a key (128 bits), a lane (one lane per purpose) and its position, never on what
was asked before: that is what lets one cell be replayed alone. Philox supplies the bits; what
follows uses integer arithmetic, + - × ÷ and multiplication by powers of two only. The distributions
of numpy's `Generator`, exp, log and even ldexp into the subnormal range differ between versions,
vector units or C libraries (NUMERICS.md section 5).
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]
Shape = tuple[int, ...]

GENERATION = "cells2"
"""Part of every key: a new name whenever the data of a cell change."""

_SQRT_3 = 1.7320508075688772


def key_of(*parts: str | int) -> int:
    """A 128-bit key from names and numbers; different parts give unrelated keys."""
    text = "\x1f".join([GENERATION, *(str(part) for part in parts)])
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest(), "little")


def raw(key: int, lane: int, shape: Shape) -> NDArray[np.uint64]:
    """Uniform 64-bit patterns."""
    # The low 128 bits of the counter run within a lane, so lanes cannot overlap.
    generator = np.random.Philox(key=key, counter=lane << 128)
    return np.asarray(generator.random_raw(shape), dtype=np.uint64)


def unit(key: int, lane: int, shape: Shape) -> Reals:
    """Uniform odd multiples of 2^-53 in (0, 1), ends excluded."""
    return _unit(raw(key, lane, shape))


def below(key: int, lane: int, shape: Shape, bound: int) -> Integers:
    """Integers in [0, bound), 1 <= bound <= 2^31; uniform up to a bias of bound / 2^32."""
    high = raw(key, lane, shape) >> np.uint64(32)
    return ((high * np.uint64(bound)) >> np.uint64(32)).astype(np.int64)


def signs(key: int, lane: int, shape: Shape) -> Reals:
    """-1.0 or 1.0, evenly."""
    return 1.0 - 2.0 * below(key, lane, shape, 2).astype(np.float64)


def gaussian(key: int, lane: int, shape: Shape) -> Reals:
    """Bell-shaped numbers of mean 0 and standard deviation 1.04, between -5.2 and 5.2, never 0.

    Irwin-Hall: the sum of four uniform 16-bit numbers. Its coarse grid would make sums and
    products exact too often, so each is multiplied by a number in (1/2, 3/2) with all its bits.
    """
    words, fine = raw(key, lane, (2, *shape))
    quarters = sum((words >> np.uint64(16 * k)) & np.uint64(0xFFFF) for k in range(4))
    centred = 2 * np.asarray(quarters).astype(np.int64) - (4 * 0xFFFF - 1)
    return centred.astype(np.float64) * (2.0**-17 * _SQRT_3) * (0.5 + _unit(fine))


def log_uniform(key: int, lane: int, shape: Shape, lowest: int, highest: int) -> Reals:
    """Positive numbers in [2^lowest, 2^highest): exponents and significands uniform."""
    exponents, significands = raw(key, lane, (2, *shape))
    span = np.uint64(highest - lowest)
    drawn = (((exponents >> np.uint64(32)) * span) >> np.uint64(32)).astype(np.int64)
    return scaled(1.0 + _unit(significands), drawn + lowest)


def scaled(values: Reals, exponents: Integers) -> Reals:
    """values · 2^exponents, rounded once; values in [1, 2], exponents in [-1100, 1022]."""
    # ldexp of some C libraries truncates into the subnormal range; multiplication never does.
    normal = np.maximum(exponents, -1022)
    return values * _power_of_two(normal) * _power_of_two(exponents - normal)


def _power_of_two(exponents: Integers) -> Reals:
    return ((exponents + 1023) << 52).view(np.float64)


def _unit(bits: NDArray[np.uint64]) -> Reals:
    odd = ((bits >> np.uint64(12)) << np.uint64(1)) | np.uint64(1)
    return odd.astype(np.float64) * 2.0**-53
