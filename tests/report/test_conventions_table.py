"""The table of conventions: one line for a situation, or several on a narrow terminal."""

from __future__ import annotations

import pytest

from harness.conformance.conventions import Convention
from harness.report.conventions_table import lines

MASKED = ("[-inf, -inf, -inf]", "[1, 2, 3]")


def one(entry: str, situation: str, arguments: tuple[str, ...], outcome: str) -> Convention:
    return Convention(entry, "softmaxJvp", "float32", "cpu", situation, arguments, outcome)


FOUND = [
    one("numpy", "a NaN", ("[0, nan, 1]", "[1, 2, 3]"), "NaN everywhere"),
    one("numpy", "a masked row (all -inf)", MASKED, "NaN everywhere"),
    one("torch", "a NaN", ("[0, nan, 1]", "[1, 2, 3]"), "NaN everywhere"),
    one("torch", "a masked row (all -inf)", MASKED, "[0, 0, 0]"),
]
COLUMNS = [
    "softmaxJvp   numpy float32, torch float32",
    "    a NaN                    [0, nan, 1], [1, 2, 3]         NaN everywhere",
    "    a masked row (all -inf)  [-inf, -inf, -inf], [1, 2, 3]  NaN everywhere   (numpy)",
    "                                                            [0, 0, 0]   (torch)",
]


@pytest.mark.parametrize("width", [None, 100, max(map(len, COLUMNS))])
def test_columns_where_they_fit(width: int | None) -> None:
    text = list(lines(FOUND, width))
    assert text[text.index("") + 1 :] == COLUMNS
    assert " ".join(text[: text.index("")]).startswith("Outside the reals")


@pytest.mark.parametrize("width", [60, 80, max(map(len, COLUMNS)) - 1])
def test_what_comes_back_stands_below_where_they_do_not(width: int) -> None:
    text = list(lines(FOUND, width))
    assert max(map(len, text)) <= width
    assert text[text.index("") + 2 :] == [
        "    a NaN: [0, nan, 1], [1, 2, 3]",
        "        NaN everywhere",
        "    a masked row (all -inf): [-inf, -inf, -inf], [1, 2, 3]",
        "        NaN everywhere   (numpy)",
        "        [0, 0, 0]   (torch)",
    ]


def test_50_columns() -> None:
    names = [f"a.library.path.{k}" for k in range(5)]
    found = [one(name, "a masked row (all -inf)", MASKED, "NaN everywhere") for name in names]
    text = list(lines([*found, FOUND[3]], 50))
    assert max(map(len, text)) <= 50
    said = " ".join(" ".join(text).split())
    assert all(f"{name} float32" in said for name in names)
    assert "a masked row (all -inf): [-inf, -inf, -inf], [1, 2, 3] NaN everywhere" in said


def test_no_conventions() -> None:
    assert list(lines([], None))[2:] == ["No entry implements a constant that takes vectors."]
