"""Plots as inline SVG, a line per entry. Colours are classes: both themes have their own."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from harness.site.markup import joined, tag

WIDTH, HEIGHT = 340, 190
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 12, 34
FLOOR = HEIGHT - BOTTOM


@dataclass(frozen=True)
class Line:
    """One curve. points: (place on the x axis, value); infinite values lie on the upper edge."""

    name: str
    points: Sequence[tuple[int, float]]


@dataclass(frozen=True)
class Axis:
    """labels: of the places 0, 1, … of the x axis, empty where there is none; name: of the axis."""

    name: str
    labels: Sequence[Markup | str]


def curves(
    title: str, axis: Axis, unit: str, lines: Sequence[Line | None], most: float = math.inf
) -> Markup:
    """Values above 0 on a scale of powers of two, over places at equal distances; from `most` on
    they are beyond the scale. A line that is None keeps its colour for other plots."""
    finite = [v for line in lines if line for _, v in line.points if 0 < v < most]
    low = math.floor(math.log2(min(finite, default=0.5)))
    high = max(math.ceil(math.log2(max(finite, default=2.0))), low + 2)

    def height(value: float) -> float:
        if value <= 0:
            return FLOOR
        level = 1.0 if value >= most else (math.log2(value) - low) / (high - low)
        return TOP + (1 - level) * (FLOOR - TOP)

    step = max(1, math.ceil((high - low) / 5))
    grid = _grid((height(2.0**power), power_of_two(power)) for power in range(low, high + 1, step))
    drawn = [_curve(k, line, axis, height, most) for k, line in enumerate(lines) if line]
    return _frame(title, axis, unit, [grid, *drawn])


def levels(title: str, axis: Axis, lines: Sequence[Line | None]) -> Markup:
    """Values from 0 on, most of them below 1, where a line is drawn; from 2 on they are beyond."""
    over = any(v > 1 for line in lines if line for _, v in line.points)
    most = 2.0 if over else 1.0

    def height(value: float) -> float:
        return TOP + (1 - min(value, most) / most) * (FLOOR - TOP)

    grid = _grid((height(mark), f"{mark:g}") for mark in (0, most / 4, most / 2, most))
    drawn = [_curve(k, line, axis, height, 2.0) for k, line in enumerate(lines) if line]
    y = _round(height(1.0))
    limit = tag("line", x1=LEFT, y1=y, x2=WIDTH - RIGHT, y2=y, class_="limit")
    return _frame(title, axis, "", [grid, limit, *drawn])


def steps(title: str, axis: Axis, lines: Sequence[Line | None], mark: int) -> Markup:
    """Shares of 1 as outlines of bars, a place each. mark: place at whose end a line is drawn."""
    most = max((v for line in lines if line for _, v in line.points), default=0.0) or 1.0

    def height(share: float) -> float:
        return TOP + (1 - share / most) * (FLOOR - TOP)

    grid = _grid((height(most * part), f"{100 * most * part:.0f} %") for part in (0, 0.5, 1))
    drawn = [_outline(k, line, axis, height) for k, line in enumerate(lines) if line]
    x = _round(_place(axis, mark) + _step(axis) / 2)
    limit = tag("line", x1=x, y1=TOP, x2=x, y2=FLOOR, class_="limit")
    return _frame(title, axis, "", [grid, *drawn, limit])


def _frame(title: str, axis: Axis, unit: str, content: Sequence[Markup]) -> Markup:
    labels = [
        tag("text", label, x=_round(_place(axis, k)), y=FLOOR + 13)
        for k, label in enumerate(axis.labels)
        if label
    ]
    names = [tag("text", axis.name, x=WIDTH - RIGHT, y=HEIGHT - 4, text_anchor="end")]
    if unit:
        names.append(tag("text", unit, x=4, y=9))
    return tag(
        "svg",
        *content,
        tag("g", *labels, text_anchor="middle"),
        *names,
        class_="plot",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_label=title,
    )


def _curve(number: int, line: Line, axis: Axis, height: object, most: float) -> Markup:
    """Points that are within the scale are dots: subpaths of no length, with round ends."""
    assert callable(height)
    places = [(_round(_place(axis, x)), _round(height(v)), v) for x, v in line.points]
    path = " ".join(f"{x} {y}" for x, y, _ in places)
    within = "".join(f"M{x} {y}h0" for x, y, v in places if v < most)
    beyond = "".join(
        f"M{x - 4} {y + 7}L{x} {y}L{x + 4} {y + 7}Z" for x, y, v in places if v >= most
    )
    return tag(
        "g",
        tag("path", d=f"M{path}" if path else "", class_="curve"),
        *([tag("path", d=within, class_="dots")] if within else []),
        *([tag("path", d=beyond, class_="beyond")] if beyond else []),
        class_=f"series s{number % 6}",
    )


def _outline(number: int, line: Line, axis: Axis, height: object) -> Markup:
    assert callable(height)
    shares = dict(line.points)
    half = _step(axis) / 2
    path = f"M{_round(_place(axis, 0) - half)} {FLOOR}"
    for place in range(len(axis.labels)):
        path += f"V{_round(height(shares.get(place, 0.0)))}H{_round(_place(axis, place) + half)}"
    path += f"V{FLOOR}"
    return tag("g", tag("path", d=path, class_="curve"), class_=f"series s{number % 6} area")


def _grid(marks: Iterable[tuple[float, object]]) -> Markup:
    """Lines across the plot at these heights, each with its label."""
    places = [(_round(y), label) for y, label in marks]
    lines = tag("path", d="".join(f"M{LEFT} {y}H{WIDTH - RIGHT}" for y, _ in places), class_="grid")
    labels = [tag("text", label, x=LEFT - 5, y=_round(y + 3)) for y, label in places]
    return joined([lines, tag("g", *labels, text_anchor="end")])


def power_of_two(power: int) -> Markup | str:
    """`0.25`, `8`, or 2 with a raised exponent."""
    if 0 <= power <= 9:
        return str(2**power)
    if -3 <= power < 0:
        return str(2.0**power)
    raised = tag("tspan", f"−{-power}" if power < 0 else power, dy="-3", class_="power")
    return joined(["2", raised])


def _step(axis: Axis) -> float:
    return (WIDTH - LEFT - RIGHT) / max(1, len(axis.labels))


def _place(axis: Axis, place: int) -> float:
    return LEFT + (place + 0.5) * _step(axis)


def _round(value: float) -> float | int:
    """One decimal is a tenth of a pixel."""
    found = round(value, 1)
    return int(found) if found == int(found) else found
