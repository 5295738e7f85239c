"""Rules of single operations: numbers derived by hand, and cases on both sides of every seam."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np
import pytest

from harness.evaluate.formats import FORMATS
from harness.evaluate.value import FLOAT64, LONGDOUBLE
from tests.evaluate.chargers import charger, error_of, quiet, real

U = 2.0**-24
ETA = FORMATS["float32"].eta
TINY = FORMATS["float32"].smallest_normal
LARGEST = FORMATS["float32"].largest
needs_longdouble = pytest.mark.skipif(LONGDOUBLE is None, reason="longdouble is not 80-bit")


@pytest.fixture(autouse=True)
def as_in_the_walk() -> Iterator[None]:
    with quiet():
        yield


def near(expected: float) -> object:
    return pytest.approx(expected, rel=1e-6, abs=0)


# numerals


@pytest.mark.parametrize(
    "number, error",
    [
        (Fraction(3, 2), 0.0),
        (Fraction(0), 0.0),
        (Fraction(1, 3), U / 3),
        (Fraction(2**24 + 1), U * 2**24),
        (Fraction(1, 2**149), 0.0),  # the smallest subnormal number
        (Fraction(1, 2**150), ETA / 2 + U * 2.0**-150),
        (1 + Fraction(1, 2**60), U),  # on the grid only after the carrier's rounding
    ],
)
def test_numeral(number: Fraction, error: float) -> None:
    assert error_of(charger().number(number, 0)) == near(error)


def test_numeral_in_a_carrier_that_is_no_wider_than_the_format() -> None:
    charge = charger("float64", carrier=FLOAT64)
    assert error_of(charge.number(Fraction(1, 2), 0)) == 0
    third = charge.number(Fraction(1, 3), 0)
    missed = abs(Fraction(float(third.value[0])) - Fraction(1, 3))
    assert missed <= error_of(third) <= 2.0**-53


def test_numeral_beyond_the_format_takes_every_row_out_of_range() -> None:
    for huge in (Fraction(10**39), -(Fraction(10) ** 400)):
        charge = charger(rows=3)
        charge.number(huge, 2)
        assert charge.out_of_range.all()
    charge = charger(rows=3)
    charge.number(Fraction(10**38), 2)
    assert not charge.out_of_range.any()


def test_subnormal_numeral_under_flush_to_zero() -> None:
    assert error_of(charger(arithmetic="flush_to_zero").number(Fraction(1, 2**127), 0)) >= 2.0**-127
    assert error_of(charger(arithmetic="flush_to_zero").number(Fraction(1, 2**126), 0)) == 0


# arguments


def test_arguments_are_exact() -> None:
    charge = charger(rows=3)
    assert not charge.entering(real(charge, [1.5, ETA, -LARGEST])).error.any()
    assert not charge.out_of_range.any()


def test_subnormal_arguments_may_be_flushed() -> None:
    charge = charger(arithmetic="flush_to_zero", rows=4)
    entered = charge.entering(real(charge, [0.0, TINY, -TINY / 2, ETA]))
    assert entered.error.tolist() == [0, 0, near(TINY / 2), near(ETA)]
    # Subnormal float16 numbers are normal in float32; still they may be read as zero.
    half = charger("float16", "flush_to_zero")
    assert error_of(half.entering(real(half, 2.0**-15))) == near(2.0**-15)


def test_arguments_wider_than_the_working_format_are_rounded() -> None:
    charge = charger("float64", working="float32", rows=3)
    entered = charge.entering(real(charge, [1.5, 1 / 3, 1e300]))
    assert entered.error[:2].tolist() == [0, near(U / 3)]
    assert charge.out_of_range.tolist() == [False, False, True]


def test_rows_with_infinities_or_nan_are_out_of_range_and_no_other() -> None:
    charge = charger(rows=4)
    charge.entering(real(charge, [1.0, math.inf, math.nan, -math.inf]))
    assert charge.out_of_range.tolist() == [False, True, True, True]


# sums of two


def test_addition_charges_one_rounding() -> None:
    charge = charger()
    got = charge.add(real(charge, 3.0, 1e-3), real(charge, -1.0, 1e-4))
    assert error_of(got) == near(1.1e-3 + U * (2 + 1.1e-3))
    assert charge.add(real(charge, 3.0), real(charge, 1.0), -1).value[0] == 2


@pytest.mark.parametrize(
    "a, b, error",
    [
        (1.0, 2 * U, 0.0),  # on the grid
        (1.0, U, U),  # halfway
        (1.0, 2.0**-60, 2.0**-53),  # rounds to 1, as in the carrier
        (1.0, -1.0, 0.0),
        (ETA, 3 * ETA, 0.0),
        (TINY, -ETA, 0.0),  # subnormal and exact
        (LARGEST, -TINY, 2.0**-53 * LARGEST),
    ],
)
def test_addition_of_exact_numbers(a: float, b: float, error: float) -> None:
    charge = charger()
    assert error_of(charge.add(real(charge, a), real(charge, b))) == near(error)


def test_exactness_needs_exact_operands_and_an_arithmetic_that_promises_it() -> None:
    charge = charger()
    assert error_of(charge.add(real(charge, 1.0, 1e-30), real(charge, 1.0))) >= 2 * U
    charge = charger(arithmetic="exp2")
    assert error_of(charge.add(real(charge, 1.0), real(charge, 1.0))) == near(2 * U)


def test_an_exact_subnormal_sum_may_be_flushed() -> None:
    charge = charger(arithmetic="flush_to_zero")
    assert error_of(charge.add(real(charge, 1.5 * TINY), real(charge, -TINY))) >= TINY / 2
    assert error_of(charge.add(real(charge, 3.0 * TINY), real(charge, -TINY))) == 0
    # Just below the smallest normal number in exact terms, and equal to it in the carrier.
    assert error_of(charge.add(real(charge, TINY), real(charge, -ETA * 2.0**-40))) >= TINY


# products


def test_product_of_inexact_numbers() -> None:
    charge = charger()
    got = charge.multiply(real(charge, 3.0, 1e-3), real(charge, -2.0, 1e-4))
    e0 = 3e-4 + 2e-3 + 1e-7
    assert error_of(got) == near(e0 + U * (6 + e0) + ETA / 2)


@pytest.mark.parametrize(
    "a, b, error",
    [
        (3.0, 1.5, 0.0),
        (0.0, 1 / 3, 0.0),
        (1 + 2 * U, 1 + 2 * U, U * (1 + 4 * U) + ETA / 2),
        (ETA, 0.5, U * ETA / 2 + ETA / 2),  # halfway between 0 and the smallest number
        (2.0**-75, 2.0**-74, 0.0),  # the smallest number
    ],
)
def test_product_of_exact_numbers(a: float, b: float, error: float) -> None:
    a, b = float(np.float32(a)), float(np.float32(b))
    charge = charger()
    assert error_of(charge.multiply(real(charge, a), real(charge, b))) == near(error)


def test_products_that_underflow_in_the_carrier_itself_are_not_called_exact() -> None:
    charge = charger("float64", carrier=FLOAT64)
    assert error_of(charge.multiply(real(charge, 2.0**-600), real(charge, 2.0**-600))) > 0
    assert error_of(charge.multiply(real(charge, 2.0**-500), real(charge, 2.0**-500))) == 0
    # 53 bits times 53 bits do not fit the carrier, though every number is "on its grid".
    full = 1 + 2.0**-52
    assert error_of(charge.multiply(real(charge, full), real(charge, full))) >= 2.0**-104


@needs_longdouble
def test_products_of_float64_numbers_that_underflow() -> None:
    """eta / 2 of float64 is 0 in float64; in longdouble it is not."""
    charge = charger("float64")
    got = charge.multiply(real(charge, 3 * 2.0**-538), real(charge, 2.0**-537))
    assert got.value[0] == np.ldexp(np.longdouble(1.5), -1074)
    assert error_of(got) >= np.ldexp(np.longdouble(1), -1075)


def test_zero_times_a_value_without_bound_has_no_bound() -> None:
    charge = charger()
    assert error_of(charge.multiply(real(charge, 0.0), real(charge, 1.0, math.inf))) == math.inf
    assert not charge.out_of_range.any()


# quotients


def test_quotient_charges_two_roundings() -> None:
    charge = charger()
    got = charge.divide(real(charge, 3.0, 1e-3), real(charge, -2.0, 1e-4))
    e0 = (1e-3 + 1.5e-4) / (2 - 1e-4)
    assert error_of(got) == near(e0 + 2 * U * (1.5 + e0) + ETA / 2)


@pytest.mark.parametrize("error, bounded", [(0.999, True), (1.0, False), (1.1, False)])
def test_a_divisor_that_may_be_zero_leaves_no_bound(error: float, bounded: bool) -> None:
    charge = charger()
    got = error_of(charge.divide(real(charge, 1.0), real(charge, 1.0, error)))
    assert math.isfinite(got) == bounded
    assert got >= 999 or not bounded


def test_division_by_zero_is_out_of_range() -> None:
    charge = charger(rows=3)
    charge.divide(real(charge, [0.0, 1.0, 1.0]), real(charge, [0.0, 0.0, 1.0]))
    assert charge.out_of_range.tolist() == [True, True, False]


@pytest.mark.parametrize(
    "a, b, error",
    [
        (3.0, 4.0, 0.0),
        (0.0, 3.0, 0.0),
        (6.0, 3.0, 2 * U * 2),  # exact as a quotient, and perhaps not by way of 1 / 3
        (3 * ETA, 2.0, 1.5 * ETA),  # off the grid: u and half a subnormal
    ],
)
def test_quotient_of_exact_numbers(a: float, b: float, error: float) -> None:
    charge = charger()
    got = error_of(charge.divide(real(charge, a), real(charge, b)))
    assert got == near(error) if error != 1.5 * ETA else 0.5 * ETA <= got <= ETA


def test_reciprocals_that_are_subnormal_or_overflow() -> None:
    charge = charger(rows=1000)
    b = np.linspace(1.5, 1.99, 1000, dtype=np.float32) * np.float32(2.0**126)
    a = np.float32(1.7 * 2.0**126)
    quotient = charge.divide(real(charge, float(a)), real(charge, b.tolist()))
    missed = abs((a * (np.float32(1) / b)).astype(np.float64) - quotient.value)
    assert (missed <= quotient.error).all()
    assert (missed > 2 * U * quotient.value).any()  # the charge of a quotient does not do
    tiny = 2.0**-140
    assert error_of(charge.divide(real(charge, tiny), real(charge, tiny))) == math.inf
    assert math.isfinite(error_of(charge.divide(real(charge, tiny), real(charge, 2.0**-126))))
    flush = charger(arithmetic="flush_to_zero")
    assert error_of(flush.divide(real(flush, 2.0**126), real(flush, 2.0**127))) >= 0.5


def test_exact_quotients_that_are_subnormal_in_the_carrier() -> None:
    charge = charger("float64", carrier=FLOAT64)
    assert error_of(charge.divide(real(charge, 1 + 2.0**-52), real(charge, 2.0**1023))) > 0
    assert error_of(charge.divide(real(charge, 1.5), real(charge, 2.0**1000))) == 0


def test_a_small_quotient_of_small_error_does_not_lose_it_to_underflow() -> None:
    """|v| Eb underflows in float64, Eb / |b| does not. Found by the walk's property test."""
    charge = charger("float64", carrier=FLOAT64)
    b, relative = 2.0**-200, 2.0**-48
    got = charge.divide(real(charge, 3 * 2.0**-1074), real(charge, b, b * relative))
    assert error_of(got) >= got.value[0] * relative


# exp, log, sqrt


def test_exp_charges_its_ulps() -> None:
    charge = charger()
    assert error_of(charge.exp(real(charge, 1.0))) == near(math.e * 8 * U + 4 * ETA)
    assert error_of(charge.exp(real(charge, 0.0))) == 0
    assert error_of(charge.exp(real(charge, -0.0))) == 0
    g = math.expm1(0.5)
    got = error_of(charge.exp(real(charge, 1.0, 0.5)))
    assert got == near(math.e * (g + 8 * U * (1 + g)) + 4 * ETA)
    assert error_of(charge.exp(real(charge, 0.0, 1e-9))) >= 1e-9


def test_exp_far_below_zero() -> None:
    charge = charger()
    assert error_of(charge.exp(real(charge, -200.0))) == near(4 * ETA)
    # An argument known to 1e22 only: still nothing but the K ulp of a vanishing number.
    assert error_of(charge.exp(real(charge, -1e30, 1e22))) == near(4 * ETA)
    assert error_of(charge.exp(real(charge, -1e30, 1.1e30))) == math.inf
    # The carrier's exp(-760) is 0; the bound must reach what the argument may be.
    assert error_of(charge.exp(real(charge, -760.0, 700.0))) >= math.exp(-60)
    assert not charge.out_of_range.any()


def test_exp_that_may_overflow_is_out_of_range() -> None:
    charge = charger(rows=3)
    charge.exp(real(charge, [88.7, 88.8, 88.0], [0.0, 0.0, 1.0]))
    assert charge.out_of_range.tolist() == [False, True, True]


def test_exp_by_exp2_rounds_its_argument() -> None:
    charge = charger(arithmetic="exp2")
    got = error_of(charge.exp(real(charge, -20.0)))
    assert got == pytest.approx(math.exp(-20) * (40 * U + 8 * U), rel=1e-4, abs=0)
    assert error_of(charge.exp(real(charge, 0.0))) > 0


def test_log() -> None:
    charge = charger()
    moved = -math.log1p(-0.25)
    got = error_of(charge.log(real(charge, 4.0, 1.0)))
    assert got == near(moved + 8 * U * (math.log(4) + moved) + U)
    assert error_of(charge.log(real(charge, 1.0, 1.0))) == math.inf
    assert error_of(charge.log(real(charge, 1.0))) == near(U)
    # log 1 = 0, but the computed argument may be near 0, and its logarithm has K ulp of error.
    moved = -math.log1p(-0.9)
    assert error_of(charge.log(real(charge, 1.0, 0.9))) >= moved * (1 + 8 * U)


def test_sqrt() -> None:
    charge = charger()
    assert error_of(charge.sqrt(real(charge, 4.0))) == near(2 * U)
    e0 = 1 / (2 + math.sqrt(3))
    assert error_of(charge.sqrt(real(charge, 4.0, 1.0))) == near(e0 + U * (2 + e0))
    assert error_of(charge.sqrt(real(charge, 0.0))) == 0


@pytest.mark.parametrize("value, error", [(0.0, 1e-30), (1.0, 1.5)])
def test_sqrt_of_what_may_be_negative_has_no_bound(value: float, error: float) -> None:
    charge = charger()
    assert error_of(charge.sqrt(real(charge, value, error))) == math.inf


# a carrier that is no better than the format


@pytest.mark.parametrize("way", [1, -1])
@pytest.mark.parametrize(
    "rule, exact",
    [("exp", math.exp), ("log", math.log), ("sqrt", math.sqrt), ("divide", lambda a: 3 / a)],
)
def test_the_carriers_own_number_may_be_as_far_off(
    rule: str, exact: Callable[[float], float], way: int
) -> None:
    """The carrier has a, the truth is a + e, the program has a + 2e; or all on the other side."""
    charge = charger("float64", carrier=FLOAT64)
    a, e = 1.0, 0.25
    operand = real(charge, a, e)
    operands = (operand,) if rule != "divide" else (real(charge, 3.0), operand)
    bound = error_of(getattr(charge, rule)(*operands))
    truth, computed = exact(a + way * e), exact(a + 2 * way * e)
    assert abs(computed - truth) <= bound
    assert bound < math.inf


def test_products_and_sums_in_a_carrier_that_errs_as_much() -> None:
    charge = charger("float64", carrier=FLOAT64)
    bound = error_of(charge.multiply(real(charge, 3.0, 1.0), real(charge, 2.0, 0.5)))
    assert bound >= 5.0 * 3.0 - 4.0 * 2.5  # truth (4, 2.5), program (5, 3)
    assert error_of(charge.divide(real(charge, 1.0), real(charge, 1.0, 0.5))) == math.inf
