"""The random numbers: addressed by key, lane and position, and of the stated ranges."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from harness.cells import draws
from harness.cells.on_numpy import NUMPY

KEY = draws.key_of("test", 1)
SOURCE = draws.Source(KEY)
MANY = (200, 50)


def philox(counter: int, key: int) -> list[int]:
    """One block of Philox4x64-10 (Salmon et al. 2011) in integers of Python."""
    mask = 2**64 - 1
    a, b, c, d = ((counter >> (64 * k)) & mask for k in range(4))
    k0, k1 = key & mask, key >> 64
    for _ in range(10):
        p, q = 0xD2E7470EE14C6C93 * a, 0xCA5A826395121157 * c
        a, b, c, d = (q >> 64) ^ b ^ k0, q & mask, (p >> 64) ^ d ^ k1, p & mask
        k0, k1 = (k0 + 0x9E3779B97F4A7C15) & mask, (k1 + 0xBB67AE8584CAA73B) & mask
    return [a, b, c, d]


def test_words_are_philox_of_key_and_lane() -> None:
    for lane in (0, 3, 91):
        words = draws.raw(SOURCE, lane, (2, 4)).view(np.uint64).tolist()
        # numpy counts before it makes a block.
        assert words == [philox((lane << 128) + block, KEY) for block in (1, 2)]


def test_philox_here_agrees_with_the_published_vector() -> None:
    assert philox(0, 0)[0] == 0x16554D9ECA36314C


def test_keys_differ_when_any_part_does() -> None:
    keys = {draws.key_of(*parts) for parts in [("a", 1), ("a", 2), ("b", 1), ("a1",), ("a", 1, 0)]}
    assert len(keys) == 5
    assert all(0 <= key < 2**128 for key in keys)


def test_a_number_does_not_depend_on_how_many_are_asked_for() -> None:
    long = draws.raw(SOURCE, 0, (1000,))
    assert np.array_equal(draws.raw(SOURCE, 0, (10,)), long[:10])
    assert not np.intersect1d(long, draws.raw(SOURCE, 1, (1000,))).size


def test_unit_is_odd_multiples_within_the_open_interval() -> None:
    numbers = draws.unit(SOURCE, 0, MANY)
    assert numbers.min() > 0 and numbers.max() < 1
    assert np.all((numbers * 2.0**53) % 2 == 1)
    assert abs(numbers.mean() - 0.5) < 0.02


@pytest.mark.parametrize("bound", [1, 2, 7, 1 << 31])
def test_below_stays_below_and_reaches_both_ends(bound: int) -> None:
    numbers = draws.below(SOURCE, 0, MANY, bound)
    assert numbers.min() >= 0 and numbers.max() < bound
    assert numbers.min() <= bound // 100 and numbers.max() >= bound - 1 - bound // 100


def test_gaussian_has_its_moments_and_no_coarse_grid() -> None:
    numbers = draws.gaussian(SOURCE, 0, MANY)
    assert abs(numbers.mean()) < 0.03
    assert abs(numbers.std() - 1.04) < 0.02
    assert 3 < np.abs(numbers).max() < 5.2
    significands, _ = np.frexp(numbers)
    assert np.mean((significands * 2.0**53) % 2 == 1) > 0.4


def test_log_uniform_fills_every_binade() -> None:
    numbers = draws.log_uniform(SOURCE, 0, MANY, -5, 3)
    _, exponents = np.frexp(numbers)
    counts = np.unique_counts(exponents - 1)
    assert counts.values.tolist() == list(range(-5, 3))
    assert counts.counts.min() > 1000


@pytest.mark.parametrize("exponent", [0, 1000, 1022, -1022, -1023, -1040, -1074, -1075, -1100])
def test_scaled_rounds_once_also_into_the_subnormal_range(exponent: int) -> None:
    values = 1.0 + draws.unit(SOURCE, 0, (100,))
    got = draws.scaled(NUMPY, values, np.full(values.shape, exponent))
    for value, result in zip(values, got, strict=True):
        exact = Fraction(float(value)) * Fraction(2) ** exponent
        # int / int of Python is correctly rounded, subnormal results included.
        assert float(result) == exact.numerator / exact.denominator
