"""Exactness: where a test says exact, rational arithmetic agrees; and it does say so."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.evaluate.exactness import (
    half_width,
    is_power_of_two,
    lowest_bit,
    on_one_grid,
    product_is_exact,
    sum_is_exact,
)
from harness.evaluate.formats import FORMATS, Format, round_to
from harness.evaluate.value import LONGDOUBLE
from tests.evaluate.chargers import quiet

SEAMS = [0.0, 1.0, -1.0, 3.0, 2.0**-53, 1 + 2.0**-52, 5e-324, 2.0**-1022, 2.0**1023, 1e308, 1 / 3]
numbers = st.one_of(
    st.sampled_from(SEAMS),
    st.floats(allow_nan=False, allow_infinity=False),
    st.builds(lambda m, e: float(m) * 2.0**e, st.integers(-9, 9), st.integers(-600, 600)),
)


def array(value: float) -> np.ndarray:
    return np.array([value])


@given(a=numbers, b=numbers)
def test_a_sum_said_to_be_exact_is(a: float, b: float) -> None:
    with quiet():
        total = array(a) + array(b)
        said = sum_is_exact(array(a), array(b), total)[0]
    if np.isfinite(total[0]):
        assert said == (Fraction(a) + Fraction(b) == Fraction(float(total[0])))
    else:
        assert not said


@given(a=numbers, b=numbers)
def test_a_product_said_to_be_exact_is(a: float, b: float) -> None:
    with quiet():
        product = array(a) * array(b)
        said = product_is_exact(array(a), array(b), product, 53, FORMATS["float64"])[0]
    if said and np.isfinite(product[0]):
        assert Fraction(a) * Fraction(b) == Fraction(float(product[0]))


@given(a=st.integers(-(2**24), 2**24), b=st.integers(-(2**24), 2**24), e=st.integers(-149, 100))
def test_products_of_a_format_half_as_wide_are_exact(a: int, b: int, e: int) -> None:
    left, right = array(a * 2.0**e), array(b * 2.0**-149)
    product = left * right
    assert product_is_exact(left, right, product, 53, FORMATS["float32"])[0]
    assert Fraction(float(left[0])) * Fraction(float(right[0])) == Fraction(float(product[0]))


def test_small_integers_have_exact_products_in_any_carrier() -> None:
    left, right = array(3.0), array(2.0**26 - 1)
    assert product_is_exact(left, right, left * right, 53, FORMATS["float64"])[0]
    assert not half_width(array(2.0**26 + 1), 53)[0]
    with quiet():
        assert not half_width(array(1.7e308), 53)[0]  # the splitting overflows


@given(value=numbers)
def test_half_width_is_26_bits_of_float64(value: float) -> None:
    with quiet():
        if half_width(array(value), 53)[0]:
            assert abs(Fraction(value).numerator).bit_length() <= 26 or value % 1 == 0


def test_powers_of_two() -> None:
    values = np.array([1.0, -2.0, 0.5, 5e-324, 2.0**1023, 3.0, 0.0, 1 + 2.0**-52])
    assert is_power_of_two(values).tolist() == [True] * 5 + [False] * 3


def two_adic(value: float) -> Fraction:
    """The power of two that divides a number exactly."""
    exact = Fraction(value)
    top = exact.numerator & -exact.numerator
    return Fraction(top, exact.denominator)


@given(value=numbers)
def test_lowest_bit(value: float) -> None:
    got = lowest_bit(array(value), 53)[0]
    assert got == np.inf if value == 0 else Fraction(float(got)) == two_adic(value)


def test_lowest_bit_of_what_the_format_cannot_hold() -> None:
    values = np.array([1 + 2.0**-24, 1 + 2.0**-23, np.inf, np.nan, -np.inf])
    assert lowest_bit(values, 24).tolist() == [0, 2.0**-23, 0, 0, 0]


@pytest.mark.skipif(LONGDOUBLE is None, reason="longdouble is not 80-bit")
def test_lowest_bit_of_64_bits() -> None:
    one = np.longdouble(1)
    values = np.array(
        [one + np.ldexp(one, -63), -one, np.ldexp(one, 63) + 1, 2 - np.ldexp(one, -63)]
    )
    expected = [np.ldexp(one, -63), one, one, np.ldexp(one, -63)]
    assert lowest_bit(values, 64).tolist() == expected


TINY = Format("tiny", p=4, emin=-6, emax=8)
"""So narrow that sums of its numbers often fit and often do not."""


@given(
    steps=st.lists(st.integers(-15, 15), min_size=2, max_size=4),
    shifts=st.lists(st.integers(-9, 4), min_size=4, max_size=4),
)
def test_summands_said_to_be_on_one_grid_add_exactly_in_every_order(
    steps: list[int], shifts: list[int]
) -> None:
    values = np.array([[step * 2.0**shift for step, shift in zip(steps, shifts, strict=False)]])
    values = round_to(values, TINY)
    if on_one_grid(values, abs(values).sum(axis=-1), TINY, 0.0)[0]:
        exact = sum(map(Fraction, values[0].tolist()))
        for order in permutations(values[0].tolist()):
            total = 0.0
            for value in order:
                total = float(round_to(np.array(total + value), TINY))
            assert Fraction(total) == exact


@pytest.mark.parametrize(
    "values, smallest, expected",
    [
        ([1.0, 2.0, 12.0], 0.0, True),
        ([1.0, 2.0, 13.0], 0.0, False),  # 16 units are one too many for 4 bits
        ([0.0, 0.0], 0.0, True),
        ([], 0.0, True),
        ([2.0**-9, 2.0**-9], 0.0, True),  # the smallest number of the format
        ([2.0**-10, 2.0**-10], 0.0, False),
        ([2.0**-9, 2.0**-9], 2.0**-6, False),
    ],
)
def test_on_one_grid(values: list[float], smallest: float, expected: bool) -> None:
    row = np.array([values])
    assert on_one_grid(row, abs(row).sum(axis=-1), TINY, smallest)[0] == expected
