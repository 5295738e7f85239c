"""What counts as simple, and the numbers that are tried in the place of others."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from harness.conformance.shrink_values import _candidates, cost
from harness.evaluate.formats import FORMATS, on_grid


def test_simple_numbers_cost_little() -> None:
    rising = [0.0, 1.0, -1.0, 2.0, 3.0, 0.1, math.pi * 1e200]
    costs = cost(np.array(rising)).tolist()
    assert costs == sorted(costs) and len(set(costs)) == len(costs)
    assert cost(np.array([-0.0]))[0] > cost(np.array([0.0]))[0]


@given(
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.sampled_from(["float64", "float32", "float16", "bfloat16"]),
)
def test_candidates_are_numbers_of_the_format(value: float, dtype: str) -> None:
    fmt = FORMATS[dtype]
    found = np.array(_candidates(value, fmt, [1.5]))
    assert on_grid(found, fmt).all() and {0.0, 1.0, -1.0} <= set(found.tolist())


def test_a_threshold_in_the_exponent_is_near_in_steps_that_double() -> None:
    fmt = FORMATS["float64"]
    value, rounds = 2.0**1000, 0
    while True:
        failing = [c for c in _candidates(value, fmt, []) if c >= 2.0**701 and c < value]
        if not failing:
            break
        value, rounds = min(failing), rounds + 1
    assert value == 2.0**701 and rounds <= 8
