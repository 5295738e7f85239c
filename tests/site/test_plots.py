"""Plots: valid SVG, points inside of the frame, infinities at its edge."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from harness.site.plots import (
    FLOOR,
    HEIGHT,
    LEFT,
    TOP,
    WIDTH,
    Axis,
    Line,
    curves,
    levels,
    power_of_two,
    steps,
)

AXIS = Axis("n", ["1", "2", "", "64"])


def points(svg: Markup) -> list[tuple[float, float]]:
    """Where the dots and the corners of the curves are, dots first."""
    found: list[tuple[float, float]] = []
    for path in sorted(
        ElementTree.fromstring(str(svg)).iter("path"), key=lambda one: one.get("class") != "dots"
    ):
        x = y = 0.0
        for letter, numbers in re.findall(r"([A-Za-z])([-\d. ]*)", path.attrib["d"]):
            values = [float(number) for number in numbers.split()]
            assert letter in "MLHVZh" and (letter != "h" or values == [0.0])
            if letter in "ML":
                pairs = list(zip(values[::2], values[1::2], strict=True))
            elif letter in "HV":
                (value,) = values
                pairs = [(value, y) if letter == "H" else (x, value)]
            else:
                continue
            found += pairs
            x, y = pairs[-1]
    return found


@pytest.mark.parametrize(
    "values",
    [
        [1.0, 2.0, 4.0, 8.0],
        [0.0, 0.0, 0.0, 0.0],
        [math.inf] * 4,
        [5e-324, 1.7e308, 0.0, math.inf],
        [0.999, 1.001, 0.5, 1e300],
    ],
)
def test_everything_is_inside(values: list[float]) -> None:
    line = Line("numpy", list(enumerate(values)))
    for svg in (
        curves("errors", AXIS, "ulp", [line, None]),
        curves("errors", AXIS, "ulp", [None, line], most=2.0**24),
        levels("errors", AXIS, [line]),
        steps("errors", AXIS, [Line("numpy", [(k, 0.25) for k in range(4)])], 2),
    ):
        for x, y in points(svg):
            assert 0 <= x <= WIDTH and 0 <= y <= HEIGHT
        assert 'role="img"' in svg and 'aria-label="errors"' in svg
        assert "style" not in svg


def test_what_is_beyond_the_scale_is_a_triangle() -> None:
    svg = curves("errors", AXIS, "ulp", [Line("a", [(0, 4.0), (1, 1e9)])], most=2.0**11)
    assert svg.count('class="beyond"') == 1 and svg.count("h0") == 1
    assert "beyond" not in levels("errors", AXIS, [Line("a", [(0, 0.5)])])


def test_greater_is_higher_and_the_line_is_at_one() -> None:
    low, high = points(curves("e", AXIS, "ulp", [Line("a", [(0, 1.0), (3, 16.0)])]))[:2]
    assert low[0] < high[0] and low[1] > high[1]
    root = ElementTree.fromstring(str(levels("e", AXIS, [Line("a", [(0, 0.5), (1, 1.5)])])))
    limit = next(one for one in root.iter("line") if one.get("class") == "limit")
    middle = (TOP + FLOOR) / 2
    assert float(limit.attrib["y1"]) == middle and float(limit.attrib["x1"]) == LEFT


def test_labels() -> None:
    assert [str(power_of_two(power)) for power in (-2, 0, 9)] == ["0.25", "1", "512"]
    assert re.sub("<.*?>", "", str(power_of_two(-16))) == "2−16"
