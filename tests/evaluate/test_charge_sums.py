"""Rules of sums, of the cast at the end and of the range, by numbers derived by hand."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from harness.evaluate.charge import SLACK, Charger
from harness.evaluate.formats import FORMATS
from harness.evaluate.oracle import harness_rounding
from harness.evaluate.value import FLOAT64, LONGDOUBLE
from tests.evaluate.chargers import charger, error_of, quiet, real, summands

U = 2.0**-24
ETA = FORMATS["float32"].eta
TINY = FORMATS["float32"].smallest_normal
LARGEST = FORMATS["float32"].largest


@pytest.fixture(autouse=True)
def as_in_the_walk() -> Iterator[None]:
    with quiet():
        yield


def near(expected: float) -> object:
    return pytest.approx(expected, rel=1e-6, abs=0)


# sums


def test_sum_charges_its_depth() -> None:
    charge = charger()
    values, errors = [1.0, -3.0, 5.0, 1 / 3], [1e-3, 0.0, 2e-3, 1e-4]
    size, e0, hu = sum(map(abs, values)), sum(errors), 3 * U
    got = charge.sum(summands(charge, values, errors), 4)
    assert error_of(got) == near(e0 + hu / (1 - hu) * (size + e0))


def test_sum_of_nothing_and_of_one() -> None:
    charge = charger()
    empty = charge.sum(summands(charge, []), 0)
    assert (empty.value[0], empty.error[0]) == (0, 0)
    assert error_of(charge.sum(summands(charge, [1 / 3], 1e-3), 1)) == near(1e-3)


def test_a_constant_summand_counts_n_times() -> None:
    charge = charger()
    got = charge.sum(summands(charge, [1 / 3], 1e-3), 5)
    assert got.value[0] == near(5 / 3)
    assert error_of(got) == near(5e-3 + 4 * U * (5 / 3 + 5e-3))


@pytest.mark.parametrize(
    "values, exact",
    [
        ([1.0, 2.0, -3.0], True),
        ([2.0**23, 2.0**22, 1.0], True),
        ([2.0**23, 2.0**23 - 1, 1.0], False),  # reaches 2^24 units
        ([2.0**24, 1.0, -1.0], False),  # the result is on the grid; not every partial sum is
        ([ETA, 5 * ETA, TINY], True),
        ([0.0, -0.0, 0.0], True),
        ([0.5, 0.25, 2.0**-30], False),
    ],
)
def test_sums_on_one_grid_are_exact(values: list[float], exact: bool) -> None:
    charge = charger()
    assert (error_of(charge.sum(summands(charge, values), len(values))) == 0) == exact


def test_sums_on_one_grid_may_be_flushed() -> None:
    charge = charger(arithmetic="flush_to_zero")
    partly_subnormal = [1.5 * TINY, -TINY, TINY]
    assert error_of(charge.sum(summands(charge, partly_subnormal), 3)) >= TINY
    assert error_of(charge.sum(summands(charge, [3 * TINY, -TINY, TINY]), 3)) == 0


def test_a_sum_whose_size_the_carrier_rounds_down_is_not_exact() -> None:
    charge = charger("float64", carrier=FLOAT64)
    assert error_of(charge.sum(summands(charge, [2.0**53, 1.0]), 2)) >= 1
    assert error_of(charge.sum(summands(charge, [2.0**53 - 2, 1.0]), 2)) == 0


@pytest.mark.skipif(LONGDOUBLE is None, reason="longdouble is not 80-bit")
def test_longdouble_knows_exact_sums_too() -> None:
    """The harness's own longdouble sums: exact ones are worth a reference without doubt."""
    assert LONGDOUBLE
    charge = Charger(harness_rounding(LONGDOUBLE), LONGDOUBLE, np.zeros(1, dtype=bool))
    assert error_of(charge.sum(summands(charge, [1.0, 2.0**-60, 3.0]), 3)) == 0
    assert error_of(charge.sum(summands(charge, [1.0, 2.0**-63, 3.0]), 3)) > 0


def test_wider_accumulator() -> None:
    charge = charger(accumulator="float64")
    # Exact in float64, and then rounded to float32.
    assert error_of(charge.sum(summands(charge, [2.0**24, 1.0]), 2)) >= 1
    assert error_of(charge.sum(summands(charge, [2.0**24, 1.0, 1.0]), 3)) == 0
    third = float(np.float32(1 / 3))
    got = error_of(charge.sum(summands(charge, [third] * 1000), 1000))
    assert got == pytest.approx(U * 1000 / 3, rel=1e-4, abs=0)  # one rounding, not 999


def test_narrower_accumulator() -> None:
    charge = charger(accumulator="float16")
    # Neither fits float16; both would be called exact in float32.
    assert error_of(charge.sum(summands(charge, [2.0**-30, 2.0**-30]), 2)) >= 2.0**-29
    assert error_of(charge.sum(summands(charge, [1 + 2 * U], 0.0), 1)) >= 2 * U
    assert error_of(charge.sum(summands(charge, [1.0, 3.0]), 2)) == 0
    charge.sum(summands(charge, [65504.0, 65504.0]), 2)
    assert charge.out_of_range.all()


def test_a_sum_too_long_for_its_accumulator_has_no_bound() -> None:
    charge = charger("bfloat16", "elementwise")
    assert math.isfinite(error_of(charge.sum(summands(charge, [1 / 3] * 256), 256)))
    assert error_of(charge.sum(summands(charge, [1 / 3] * 257), 257)) == math.inf


def test_a_sum_that_cancels_may_overflow_on_the_way() -> None:
    charge = charger()
    charge.sum(summands(charge, [LARGEST, LARGEST, -LARGEST]), 3)
    assert charge.out_of_range.all()


# the cast at the end


def test_cast_rounds_once_more() -> None:
    charge = charger("float16")
    half = FORMATS["float16"]
    got = charge.cast(real(charge, 1 / 3, 1e-3))
    assert error_of(got) == near(1e-3 + half.u * (1 / 3 + 1e-3) + half.eta / 2)
    assert error_of(charge.cast(real(charge, 0.75))) == 0
    assert error_of(charge.cast(real(charge, 0.75 + 2.0**-20))) > 0
    same = charger("float32")
    assert error_of(same.cast(real(same, 1 / 3, 1e-3))) == 1e-3


def test_cast_leaves_the_range_of_the_result() -> None:
    charge = charger("float16", rows=2)
    charge.cast(real(charge, [65504.0, 65520.0]))
    assert charge.out_of_range.tolist() == [False, True]
    # bfloat16 has fewer bits than float16 and more range: this is a cast all the same.
    charge = charger("float16", working="bfloat16")
    charge.cast(real(charge, 2.0**20))
    assert charge.out_of_range.all()


def test_a_subnormal_result_may_be_flushed_by_the_cast() -> None:
    charge = charger("float16", "flush_to_zero")
    assert error_of(charge.cast(real(charge, 2.0**-15))) >= 2.0**-15
    assert error_of(charge.cast(real(charge, 2.0**-14))) == 0


# range


def test_value_plus_error_decides_the_range_of_its_row_alone() -> None:
    charge = charger(rows=4)
    a = real(charge, [LARGEST, LARGEST / 2, 1.0, LARGEST / 2], [0, 0, math.inf, LARGEST])
    charge.add(a, real(charge, [0.0, 0.0, 0.0, 0.0]))
    # LARGEST + 0 is exact; an infinite error is "no bound", not "out of range".
    assert charge.out_of_range.tolist() == [False, False, False, True]


def test_a_nan_error_becomes_infinite() -> None:
    charge = charger()
    got = charge.sum(summands(charge, [1.0, 2.0], math.nan), 2)
    assert error_of(got) == math.inf


def test_slack_covers_the_carriers_roundings() -> None:
    assert 1 + 16 * FLOAT64.unit < SLACK


def test_a_narrow_accumulator_flushes_what_enters_and_what_it_adds() -> None:
    charge = charger(arithmetic="flush_to_zero", accumulator="float16")
    smallest = FORMATS["float16"].smallest_normal
    # On the grid of float16, and below its smallest normal number: one alone may be lost, too.
    assert error_of(charge.sum(summands(charge, [2.0**-20]), 1)) >= smallest
    assert error_of(charge.sum(summands(charge, [2.0**-20, 2.0**-20]), 2)) >= 2 * smallest
    assert error_of(charge.sum(summands(charge, [3 * smallest, -smallest]), 2)) == 0
