"""Random numbers that are the same bits on every machine, addressed instead of drawn in sequence.

A number depends on a key (128 bits), a lane (one lane per purpose) and its position, never on what
was asked before: that is what lets one cell be replayed alone. Philox supplies the bits; what
follows uses integer arithmetic, + - × ÷ and multiplication by powers of two only. The distributions
of numpy's `Generator`, exp, log and even ldexp into the subnormal range differ between versions,
vector units or C libraries (NUMERICS.md section 5).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harness.cells.maker import Maker, Numbers, Shape
from harness.cells.on_numpy import NUMPY

Reals = NDArray[np.float64]

GENERATION = "cells3"
"""Part of every key: a new name whenever the data of a cell change."""

_SQRT_3 = 1.7320508075688772


@dataclass(frozen=True)
class Source:
    """Where numbers come from, and what arrays they are made in."""

    key: int
    make: Maker = NUMPY


def key_of(*parts: str | int) -> int:
    """A 128-bit key from names and numbers; different parts give unrelated keys."""
    text = "\x1f".join([GENERATION, *(str(part) for part in parts)])
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest(), "little")


def raw(source: Source, lane: int, shape: Shape) -> Numbers:
    """Uniform 64-bit patterns, as int64."""
    return source.make.words(source.key, lane, shape)


def unit(source: Source, lane: int, shape: Shape) -> Numbers:
    """Uniform odd multiples of 2^-53 in (0, 1), ends excluded."""
    return _unit(source.make, raw(source, lane, shape))


def below(source: Source, lane: int, shape: Shape, bound: int) -> Numbers:
    """Integers in [0, bound), 1 <= bound <= 2^31; uniform up to a bias of bound / 2^32."""
    return (source.make.shifted(raw(source, lane, shape), 32) * bound) >> 32


def signs(source: Source, lane: int, shape: Shape) -> Numbers:
    """-1.0 or 1.0, evenly."""
    return 1.0 - 2.0 * source.make.reals(below(source, lane, shape, 2))


def gaussian(source: Source, lane: int, shape: Shape) -> Numbers:
    """Bell-shaped numbers of mean 0 and standard deviation 1.04, between -5.2 and 5.2, never 0.

    Irwin-Hall: the sum of four uniform 16-bit numbers. Its coarse grid would make sums and
    products exact too often, so each is multiplied by a number in (1/2, 3/2) with all its bits.
    """
    words, fine = raw(source, lane, (2, *shape))
    quarters = sum((words >> 16 * k) & 0xFFFF for k in range(4))
    centred = 2 * quarters - (4 * 0xFFFF - 1)
    sizes = source.make.reals(centred) * (2.0**-17 * _SQRT_3)
    return sizes * (0.5 + _unit(source.make, fine))


def log_uniform(source: Source, lane: int, shape: Shape, lowest: int, highest: int) -> Numbers:
    """Positive numbers in [2^lowest, 2^highest): exponents and significands uniform."""
    exponents, significands = raw(source, lane, (2, *shape))
    drawn = (source.make.shifted(exponents, 32) * (highest - lowest)) >> 32
    return scaled(source.make, 1.0 + _unit(source.make, significands), drawn + lowest)


def scaled(make: Maker, values: Numbers, exponents: Numbers) -> Numbers:
    """values · 2^exponents, rounded once; values in [1, 2], exponents in [-1100, 1022]."""
    # ldexp of some C libraries truncates into the subnormal range; multiplication never does.
    normal = make.clipped(exponents, -1022, 1022)
    return values * _power_of_two(make, normal) * _power_of_two(make, exponents - normal)


def _power_of_two(make: Maker, exponents: Numbers) -> Numbers:
    return make.of_bits((exponents + 1023) << 52)


def _unit(make: Maker, patterns: Numbers) -> Numbers:
    return make.reals((make.shifted(patterns, 12) << 1) | 1) * 2.0**-53
