"""No rule is slack: real programs use most of every bound, and hostile operands all of its E0."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from harness.evaluate.charge import Charger
from harness.evaluate.formats import FORMATS, round_to, ulp
from harness.evaluate.value import Value
from tests.evaluate.chargers import charger, quiet, real, share, summands

FMT = FORMATS["float32"]
ROWS = 20_000
Singles = NDArray[np.float32]


def drawn(low: float, high: float, seed: int) -> Singles:
    return np.random.default_rng(seed).uniform(low, high, ROWS).astype(np.float32)


def exact(charge: Charger, numbers: Singles) -> Value:
    return real(charge, numbers.astype(float).tolist())


@pytest.mark.parametrize(
    "rule, program, least",
    [
        ("add", lambda a, b: a + b, 0.99),
        ("multiply", lambda a, b: a * b, 0.99),
        ("divide", lambda a, b: a / b, 0.49),
        ("divide", lambda a, b: a * (np.float32(1) / b), 0.80),
    ],
    ids=["a + b", "a * b", "a / b", "a * (1 / b)"],
)
def test_one_rounding(
    rule: str, program: Callable[[Singles, Singles], Singles], least: float
) -> None:
    charge = charger(rows=ROWS)
    a, b = drawn(0.5, 1.1, 1), drawn(0.5, 2.0, 2)
    node = getattr(charge, rule)(exact(charge, a), exact(charge, b))
    with quiet():
        assert least <= share(program(a, b), node) <= 1


def test_one_rounding_of_sqrt() -> None:
    charge = charger(rows=ROWS)
    a = drawn(1.0, 1.1, 3)
    assert 0.99 <= share(np.sqrt(a), charge.sqrt(exact(charge, a))) <= 1


@pytest.mark.parametrize("rule, low, high", [("exp", 0.0, 0.1), ("log", 55.0, 60.0)])
def test_a_library_that_is_off_by_its_ulps(rule: str, low: float, high: float) -> None:
    charge = charger(rows=ROWS)
    a = drawn(low, high, 4)
    node = getattr(charge, rule)(exact(charge, a))
    off = node.value + 3.5 * ulp(node.value, FMT)
    assert 0.85 <= share(round_to(off, FMT), node) <= 1


def test_numpys_own_exp_keeps_inside() -> None:
    charge = charger(rows=ROWS)
    a = drawn(-100.0, 88.0, 5)
    used = share(np.exp(a), charge.exp(exact(charge, a)))
    assert 0.1 < used <= 1


def test_halves_that_are_always_rounded_down() -> None:
    """1 + u rounds to 1, a thousand times: the longest way that a sum can go."""
    n = 1000
    values = [1.0] + [FMT.u] * (n - 1)
    charge = charger()
    node = charge.sum(summands(charge, values), n)
    total = np.float32(0)
    for value in values:
        total += np.float32(value)
    assert total == 1
    assert 0.99 <= share(np.array([total]), node) <= 1


@pytest.mark.parametrize("n", [3, 9, 64, 300])
@pytest.mark.parametrize("kind", ["normal", "spread", "integers", "subnormal", "cancelling"])
def test_long_sums_in_any_order(kind: str, n: int) -> None:
    random = np.random.default_rng(n)
    values = {
        "normal": random.normal(size=n),
        "spread": random.normal(size=n) * 2.0 ** random.uniform(-40, 40, n),
        "integers": random.integers(-(2**18), 2**18, n).astype(float),
        "subnormal": random.normal(size=n) * 2.0**-132,
        "cancelling": np.resize([1.0, 2.0**-24, -1.0, 2.0**-30], n) * random.uniform(0.9, 1, n),
    }[kind].astype(np.float32)
    charge = charger()
    node = charge.sum(summands(charge, values.astype(float).tolist()), n)
    exact = math.fsum(values.tolist())
    for order in (values, values[::-1], np.sort(values), random.permutation(values)):
        sequential = np.add.accumulate(order)[-1]
        for got in (sequential, np.sum(order), np.sum(order.reshape(-1, 1), axis=0)[0]):
            assert abs(float(got) - exact) <= node.error[0]
    assert (node.error[0] == 0) == (kind in ("integers", "subnormal") and n <= 64)


def test_a_cast() -> None:
    charge = charger("float16", rows=ROWS)
    a = drawn(1.0, 1.1, 6)
    assert 0.99 <= share(a.astype(np.float16), charge.cast(exact(charge, a))) <= 1


def test_a_numeral() -> None:
    from fractions import Fraction

    number = Fraction(1) + Fraction(1, 2**24) + Fraction(1, 2**40)
    node = charger().number(number, 0)
    assert 0.99 <= share(np.array([np.float32(float(number))]), node) <= 1


def test_a_flushed_number() -> None:
    charge = charger(arithmetic="flush_to_zero")
    node = charge.multiply(real(charge, 2.0**-100), real(charge, 2.0**-26 * 0.99))
    assert 0.98 <= share(np.zeros(1), node) <= 1


A, B, EA, EB = 3.0, 0.5, 1e-2, 2e-2


@pytest.mark.parametrize(
    "rule, operands, worst",
    [
        ("add", 2, (A + EA) + (B + EB)),
        ("multiply", 2, (A + EA) * (B + EB)),
        ("divide", 2, (A + EA) / (B - EB)),
        ("exp", 1, np.exp(A + EA)),
        ("log", 1, np.log(A - EA)),
        ("sqrt", 1, np.sqrt(A - EA)),
    ],
)
def test_operands_as_wrong_as_they_may_be(rule: str, operands: int, worst: float) -> None:
    charge = charger()
    values = [real(charge, A, EA), real(charge, B, EB)][:operands]
    node = getattr(charge, rule)(*values)
    assert 0.99 <= share(np.array([worst]), node) <= 1
