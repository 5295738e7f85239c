"""The exponential of kernels: its stated error, by balls."""

from __future__ import annotations

import numpy as np
from flint import arb

from harness.evaluate.balls import precision
from harness.evaluate.fast import exponential
from harness.evaluate.fast.llvm import instructions
from tests.evaluate.fast.eight_lanes import computed_by


def polynomial_error(coefficients: tuple[float, ...], pieces: int = 4000) -> float:
    """An upper bound of |(1 + r + r^2 q(r)) / exp r - 1| over |r| <= HALF_WIDTH, rigorous.

    On a piece about r0 it is at most the value at r0 plus the width times the derivative, which a
    ball over the whole piece encloses: (p' - p) exp(-r), where p' nearly is p.
    """
    series = (1.0, 1.0, *coefficients)
    worst = arb(0)
    with precision(160):
        slopes = (*(k * arb(c) for k, c in enumerate(series)), arb(0))[1:]
        rest = tuple(slope - arb(c) for slope, c in zip(slopes, series, strict=True))
        half = arb(exponential.HALF_WIDTH) / pieces
        for k in range(-pieces, pieces, 2):
            middle = half * (k + 1)
            value = abs(horner(series, middle) * (-middle).exp() - 1)
            around = arb(middle, half)
            slope = abs(horner(rest, around) * (-around).exp())
            worst = worst.max(value.abs_upper() + half * slope.abs_upper())
        return float(worst.abs_upper())


def horner(coefficients: tuple[float | arb, ...], r: arb) -> arb:
    total = arb(0)
    for c in reversed(coefficients):
        total = total * r + arb(c)
    return total


def computed(arguments: np.ndarray) -> np.ndarray:
    """exp by the instructions that kernels use."""
    return computed_by(lambda code, a: instructions.exp(code, a, True, above=True), arguments)


def test_the_polynomial_is_as_near_as_stated() -> None:
    worst = polynomial_error(exponential.COEFFICIENTS)
    assert worst < 2.0**-43.5
    assert worst + 2.0**-51 < exponential.RELATIVE


def test_a_wrong_coefficient_is_found() -> None:
    first, *others = exponential.COEFFICIENTS
    assert polynomial_error((first * (1 + 2.0**-40), *others), 400) > 2.0**-43.5


def test_the_computed_exponential_is_as_near_as_stated() -> None:
    random = np.random.default_rng(3)
    low, high = exponential.CLAMP
    arguments = np.concatenate(
        [random.uniform(low, high, 4000), random.normal(size=4000), [0.0, -0.0, low, high] * 2]
    )
    values = computed(arguments)
    worst = 0.0
    with precision(100):
        for argument, value in zip(arguments.tolist(), values.tolist(), strict=True):
            exact = arb(argument).exp()
            worst = max(worst, float(abs(arb(value) / exact - 1).abs_upper()))
    assert 2.0**-60 < worst < exponential.RELATIVE
    assert (values[8000:8002] == 1.0).all()


def test_beyond_the_ends_what_is_missing_is_stated() -> None:
    values = computed(np.array([-690.5, -1e4, -1e300, -np.inf, 701.0, 1e300, np.inf, 3.0]))
    assert (values[:4] > 0).all() and (values[:4] <= exponential.CLAMPED).all()
    assert (values[4:7] > 1e300).all()
