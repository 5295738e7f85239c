"""Values: axes of the batch, of indices in scope and of the value itself."""

from __future__ import annotations

import numpy as np
import pytest

from harness.evaluate.formats import FORMATS
from harness.evaluate.value import FLOAT64, LONGDOUBLE, Value, carrier_for, exact


def test_exact_values_have_a_zero_error_that_broadcasts() -> None:
    value = exact(np.ones((3, 4)), 0, 1)
    assert value.error.shape == (1, 1)
    assert not value.error.any()


def test_a_deeper_scope_adds_axes_before_the_values_own() -> None:
    value = exact(np.arange(12.0).reshape(3, 4), 0, 1)
    deeper = value.at_depth(2)
    assert deeper.value.shape == (3, 1, 1, 4)
    assert (deeper.depth, deeper.rank) == (2, 1)
    assert np.array_equal(deeper.at_depth(0).value, value.value)
    assert value.at_depth(0) is value


def test_a_scope_that_the_value_depends_on_cannot_be_left() -> None:
    value = exact(np.ones((3, 4)), 1)
    with pytest.raises(AssertionError, match="left the scope"):
        value.at_depth(0)


def test_the_innermost_index_becomes_an_own_axis() -> None:
    number = Value(np.ones((3, 1, 4)), np.full((1, 1, 1), 0.5), 2)
    vector = number.bound_last_index(4)
    assert (vector.depth, vector.rank) == (1, 1)
    assert vector.value.shape == (3, 1, 4)
    assert vector.error.shape == (1, 1, 4)


@pytest.mark.parametrize("n", [0, 1, 5])
def test_what_does_not_depend_on_the_index_is_repeated(n: int) -> None:
    vector = exact(np.full((2, 1), 7.0), 1).bound_last_index(n)
    assert vector.value.tolist() == [[7.0] * n] * 2


@pytest.mark.parametrize("name", ["float32", "float16", "bfloat16"])
def test_float64_carries_the_narrower_formats(name: str) -> None:
    assert carrier_for(FORMATS[name]) is FLOAT64


def test_float64_is_carried_by_longdouble_where_there_is_one() -> None:
    assert carrier_for(FORMATS["float64"]) is (LONGDOUBLE or FLOAT64)
    assert FLOAT64.unit == FORMATS["float64"].u
