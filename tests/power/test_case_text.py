"""The text of a stated case: arguments, a layout, calls before."""

from __future__ import annotations

import pytest

from harness.errors import InputError
from harness.power.case_text import StatedCase, parse_cases


def test_numbers_lists_and_arithmetic() -> None:
    (case,) = parse_cases("x = [0, -2**3, 1/4] + [1] * 3, i = 2")
    assert case == StatedCase({"x": [0, -8, 0.25, 1, 1, 1], "i": 2})


def test_a_layout_and_calls_before() -> None:
    (case,) = parse_cases("x = [[1], [2]]; mixed; after x = [0]; after x = [3]")
    assert case.view == "mixed" and case.after == ({"x": [0]}, {"x": [3]})


def test_several_cases() -> None:
    first, second = parse_cases("x = [0] | x = [1]")
    assert (first.given, second.given) == ({"x": [0]}, {"x": [1]})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "x = ",
        "x = [0], x = [1]",
        "x = [0]; sideways",
        "x = __import__('os')",
        "x = [y]",
        "x = [1/0]",
        "x = [True]",
        "x = 2**99999",
        "x = [0] * 99999",
        "x = 'a'",
        "**{'x': 1}",
        "[0]",
    ],
)
def test_anything_else_is_an_input_error(text: str) -> None:
    with pytest.raises(InputError, match="cannot be read") as caught:
        parse_cases(text)
    assert caught.value.hint
