"""Errors as a terminal shows them."""

from __future__ import annotations

import pytest

from harness.errors import InputError, Place


def shown(message: str, source: str | None, column: int = 1) -> list[str]:
    place = Place("a.yaml", 3, column)
    return InputError(message, place=place, source=source).with_caret().split("\n")


def test_the_caret_is_below_its_column_whatever_is_before_it() -> None:
    assert shown("found a tab", "\tname: x", 1) == [
        "a.yaml:3:1: found a tab",
        "    →name: x",
        "    ^",
    ]
    _, line, caret = shown("odd", "a\t\x1b[31m∑ = 1", 10)
    assert line.index("=") == caret.index("^") and "\x1b" not in line


@pytest.mark.parametrize("source", [None, "", "  \t "])
def test_there_is_no_caret_below_nothing(source: str | None) -> None:
    assert shown("the file is empty", source) == ["a.yaml:3:1: the file is empty"]


def test_no_message_is_obeyed_by_a_terminal() -> None:
    error = InputError("no spec 'a\x1b[2J\u202eb'", hint="∀ é — ok\nx")
    assert error.with_caret() == "no spec 'a\\x1b[2J\\u202eb' (∀ é — ok\\nx)"
