"""Numbers and texts as reports print them."""

from __future__ import annotations

import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.report import numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.001, "<.01"),
        (0.714, "0.71"),
        (0.9999, "0.99"),
        (0.57, "0.57"),
        (1.0, "1.00"),
        (1.0001, "1.01"),
        (1.07, "1.07"),
        (9.98, "9.98"),
        (9.999, "10"),
        (31.4, "31"),
        (31234.5, "3e4"),
        (1e300, "1e300"),
        (math.inf, "inf"),
        (math.nan, "nan"),
    ],
)
def test_ratio(value: float, text: str) -> None:
    assert numbers.ratio(value) == text


@given(st.floats(min_value=0))
def test_a_ratio_fits_into_its_column(value: float) -> None:
    assert len(numbers.ratio(value)) <= 5


def test_a_ratio_just_above_one_is_not_called_one() -> None:
    assert numbers.times(1.0000001) == "1.01 times the bound"
    assert numbers.times(31234.5) == "31,234 times the bound"
    assert numbers.times(math.inf) == "an error where the bound is 0"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_short_hex_is_the_same_number(value: float) -> None:
    assert float.fromhex(numbers.short_hex(value.hex())) == value


def test_long_arrays_are_cut() -> None:
    exact, readable = numbers.array([(k / 2).hex() for k in range(1000)])
    assert exact.endswith("… 994 more]")
    assert readable == "[0, 0.5, 1, 1.5, 2, 2.5, … 994 more]"


def test_nested_arrays() -> None:
    assert numbers.array([["0x1.8p+1"], ["inf"]])[1] == "[[3], [inf]]"
    assert numbers.array((2.0).hex()) == ("0x1p+1", "2")


@given(st.text())
def test_clean_text_has_nothing_that_a_terminal_obeys(text: str) -> None:
    found = numbers.clean(text)
    assert not [c for c in found if unicodedata.category(c) in ("Cc", "Cf", "Cs")]


def test_clean_keeps_lean() -> None:
    assert numbers.clean("∀ x,\n  ‖x‖ ≤ 1") == "∀ x, ‖x‖ ≤ 1"
    assert numbers.clean("\x1b[31mred") == "\\x1b[31mred"


def test_by_entry() -> None:
    pairs = [("numpy", "float64"), ("torch", "float32"), ("numpy", "float32")]
    assert numbers.by_entry(pairs) == "numpy float64 float32, torch float32"


def test_listed() -> None:
    assert numbers.listed([]) == ""
    assert numbers.listed(["a"]) == "a"
    assert numbers.listed(["a", "b", "c"]) == "a, b and c"
