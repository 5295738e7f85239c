"""Comparisons: inside, outside, undecided, and everything that is not judged at all."""

from __future__ import annotations

import math

import numpy as np
import pytest

from harness.evaluate.compare import Comparison, compare, three_way
from harness.evaluate.formats import FORMATS
from harness.evaluate.oracle import Bound, Reference

FMT = FORMATS["float32"]
NAN, INF = math.nan, math.inf


def one(
    error: float, doubt: float, allowed: float, *, out: bool = False, want: float = 1.0
) -> Comparison:
    error_, doubt_, allowed_ = (np.array([part]) for part in (error, doubt, allowed))
    return three_way(error_, doubt_, allowed_, np.array([out]), np.array([want]), FMT)


def verdict(found: Comparison) -> str:
    told = {
        "inside": found.inside,
        "outside": found.outside,
        "undecided": found.undecided,
        "not judged": ~found.judged,
    }
    (only,) = (name for name, flags in told.items() if flags.all())
    return only


@pytest.mark.parametrize(
    "error, doubt, allowed, expected",
    [
        (0.5, 0.1, 1.0, "inside"),
        (0.9, 0.1, 1.0, "inside"),
        (0.95, 0.1, 1.0, "undecided"),
        (1.05, 0.1, 1.0, "undecided"),
        (1.1, 0.05, 1.0, "outside"),
        (0.0, 0.0, 0.0, "inside"),
        (1e-300, 0.0, 0.0, "outside"),
        (0.0, 1e-300, 0.0, "undecided"),
        (NAN, 0.0, 1.0, "outside"),
        (INF, 0.0, 1.0, "outside"),
        (NAN, 0.0, 0.0, "outside"),
        (NAN, INF, 1.0, "undecided"),  # the oracle has no value either
        (0.5, INF, 1.0, "undecided"),
        (0.5, 0.0, INF, "not judged"),
        (0.5, 0.0, NAN, "not judged"),
        (NAN, 0.0, INF, "not judged"),
    ],
)
def test_three_answers(error: float, doubt: float, allowed: float, expected: str) -> None:
    assert verdict(one(error, doubt, allowed)) == expected


def test_a_row_out_of_range_is_not_judged_and_says_so() -> None:
    found = one(NAN, 0.0, 1.0, out=True)
    assert verdict(found) == "not judged"
    assert found.out.all() and not one(0.5, 0.0, INF).out.any()
    assert (found.ratio == 0).all() and (found.ulps == 0).all()


def test_ratio_and_ulps() -> None:
    found = one(0.5, 0.0, 2.0, want=1.0)
    assert found.ratio[0] == 0.25
    assert found.ulps[0] == 0.5 / 2.0**-23
    assert one(0.0, 0.0, 0.0).ratio[0] == 0
    assert one(NAN, 0.0, 1.0).ratio[0] == INF
    assert one(1e-300, 0.0, 0.0).ratio[0] == INF
    assert one(FMT.eta, 0.0, 1.0, want=0.0).ulps[0] == 1
    assert one(1.0, 0.0, 2.0, want=NAN).ulps[0] > 0


def test_rows_are_judged_one_by_one() -> None:
    shape = (3, 2)
    want = Reference(
        np.ones(shape),
        np.zeros((1, 1)),
        np.full(shape, 1e-12),
        np.array([0, 0, 1], bool),
        "float64",
    )
    allowed = np.array([[1e-6, 1e-6], [1e-6, INF], [1e-6, 1e-6]])
    bound = Bound(allowed, np.zeros(3, bool))
    got = np.array([[1.0, 1.1], [1.0, NAN], [NAN, 1.0]])
    found = compare(got, want, bound, FMT)
    assert found.judged.tolist() == [[True, True], [True, False], [False, False]]
    assert found.inside.tolist() == [[True, False], [True, False], [False, False]]
    assert found.outside.tolist() == [[False, True], [False, False], [False, False]]
    assert found.out.tolist() == [[False, False], [False, False], [True, True]]


def test_the_low_part_of_a_ball_counts() -> None:
    high, low = 1.0, 2.0**-60
    want = Reference(np.array([high]), np.array([low]), np.zeros(1), np.zeros(1, bool), "balls")
    just = Bound(np.array([low]), np.zeros(1, bool))
    assert verdict(compare(np.array([1.0]), want, just, FORMATS["float64"])) == "inside"
    less = Bound(np.array([low * 0.99]), np.zeros(1, bool))
    assert verdict(compare(np.array([1.0]), want, less, FORMATS["float64"])) == "outside"


def test_no_coordinates_are_no_verdict() -> None:
    empty = np.zeros((3, 0))
    want = Reference(empty, np.zeros((1, 1)), empty, np.zeros(3, bool), "float64")
    found = compare(empty, want, Bound(empty, np.zeros(3, bool)), FMT)
    assert found.judged.shape == (3, 0)
