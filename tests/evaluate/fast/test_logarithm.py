"""The logarithm of kernels: its stated error, by balls."""

from __future__ import annotations

import math
import struct

import numpy as np
import pytest
from flint import arb

from harness.evaluate.balls import precision
from harness.evaluate.fast import logarithm
from harness.evaluate.fast.graph import Graph
from harness.evaluate.fast.llvm import instructions
from tests.evaluate.fast.eight_lanes import computed_by

TERMS = 60
"""Of artanh s / s = 1 + z / 3 + z^2 / 5 + ...: what is left is below 2^-300 here."""


def polynomial_error(coefficients: tuple[float, ...], pieces: int = 4000) -> float:
    """An upper bound of |2 s (1 + z q(z)) / log m - 1| over |s| <= HALF_WIDTH, rigorous.

    log m = 2 artanh s, and artanh s / s >= 1 is a series in z. So is the difference of the two: on
    a piece it is at most the value in the middle plus half the width times the derivative, which a
    ball over the whole piece encloses.
    """
    with precision(400):
        series = [arb(1) / (2 * k + 1) for k in range(TERMS)]
        given = [arb(1), *map(arb, coefficients), *[arb(0)] * TERMS]
        differences = [c - exact for c, exact in zip(given, series, strict=False)]
        slopes = [k * c for k, c in enumerate(differences)][1:]
        end = arb(logarithm.HALF_WIDTH) ** 2
        half, worst = end / (2 * pieces), arb(0)
        for piece in range(pieces):
            middle = half * (2 * piece + 1)
            slope = abs(horner(slopes, arb(middle, half))).abs_upper()
            worst = worst.max(abs(horner(differences, middle)).abs_upper() + half * slope)
        return float((worst + end**TERMS / (1 - end)).abs_upper())


def horner(coefficients: list[arb], z: arb) -> arb:
    total = arb(0)
    for c in reversed(coefficients):
        total = total * z + c
    return total


def logarithms(arguments: np.ndarray) -> np.ndarray:
    """By the instructions that kernels use."""
    return computed_by(lambda code, a: instructions.log(code, a, True), arguments)


def farthest(arguments: np.ndarray, values: np.ndarray) -> float:
    """The greatest relative error, rigorous; infinite where log 1 is not 0."""
    worst = 0.0
    with precision(200):
        for argument, value in zip(arguments.tolist(), values.tolist(), strict=True):
            if argument == 1:
                worst = worst if value == 0 else math.inf
            else:
                off = abs(arb(value) / arb(argument).log() - 1)
                worst = max(worst, float(off.abs_upper()))
    return worst


def hard_arguments() -> np.ndarray:
    """All binades, numbers next to 1, and both ends of m in many binades."""
    random = np.random.default_rng(3)
    root = struct.unpack("<d", struct.pack("<Q", logarithm.ROOT_BITS))[0]
    ends = np.array([np.nextafter(root, 0), root, np.nextafter(root, 1), 1.0, 1 - 2.0**-53])
    near = 1 + random.choice([-1, 1], 2000) * np.exp2(random.uniform(-53, -1, 2000))
    far = np.exp2(random.uniform(-1000, 1023.9, 2000))
    binades = np.exp2(np.arange(-999.0, 1023, 7))
    every = [near, far, np.exp2(random.uniform(-2, 2, 2000)), np.outer(binades, ends).ravel()]
    arguments = np.concatenate([*every, ends, [logarithm.LEAST, np.finfo(float).max]])
    return arguments[len(arguments) % 8 :]


def test_the_polynomial_is_as_near_as_stated() -> None:
    worst = polynomial_error(logarithm.COEFFICIENTS)
    assert worst < 2.0**-44.9
    assert worst + 2.0**-50 < logarithm.RELATIVE


def test_a_wrong_coefficient_is_found() -> None:
    first, *others = logarithm.COEFFICIENTS
    assert polynomial_error((first * (1 + 2.0**-36), *others)) > 2.0**-44.9


def test_the_whole_of_m_is_within_the_width() -> None:
    root = struct.unpack("<d", struct.pack("<Q", logarithm.ROOT_BITS))[0]
    for m in (root, np.nextafter(2 * root, 0)):
        assert abs((m - 1) / (m + 1)) < logarithm.HALF_WIDTH
    assert abs(root - math.sqrt(0.5)) <= 2.0**-53


def test_the_parts_of_ln_2_lose_nothing_to_speak_of() -> None:
    with precision(200):
        rest = arb(2).log() - arb(logarithm.LN2_HIGH) - arb(logarithm.LN2_LOW)
        assert float(abs(1100 * rest).abs_upper()) < 2.0**-98


def test_the_computed_logarithm_is_as_near_as_stated() -> None:
    arguments = hard_arguments()
    assert 2.0**-52 < farthest(arguments, logarithms(arguments)) < logarithm.RELATIVE / 2


def test_without_the_polynomial_the_roundings_are_as_small_as_stated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = tuple(1 / (2 * k + 3) for k in range(12))
    monkeypatch.setattr(logarithm, "COEFFICIENTS", many)
    arguments = hard_arguments()
    assert 2.0**-54 < farthest(arguments, logarithms(arguments)) < 2.0**-50


@pytest.mark.parametrize("name", ["LN2_HIGH", "LN2_LOW"])
def test_a_wrong_part_of_ln_2_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = getattr(logarithm, name) + 2.0**-42
    monkeypatch.setattr(logarithm, name, wrong)
    arguments = hard_arguments()
    assert farthest(arguments, logarithms(arguments)) > logarithm.RELATIVE


def test_whatever_the_argument_the_value_is_in_the_interval() -> None:
    given = [0.0, -0.0, -1.0, -np.inf, np.nan, 5e-324, 2.0**-1001, np.inf]
    graph = Graph()
    whole = graph.log(graph.param("x"))
    values = logarithms(np.array(given))
    assert (values >= whole.low).all() and (values[:7] < -693).all() and values[7] > 709
    for low, high in ((0.0, 1.0), (0.5, 0.5), (1.0, 1.0), (1 - 2.0**-53, 1 + 2.0**-52), (3, 1e300)):
        node = graph.log(graph.param((low, high), low, high))
        one, other = logarithms(np.array([low, high] * 4))[:2]
        assert node.low <= one <= other <= node.high
