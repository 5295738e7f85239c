"""The dependency graph as a picture: what rests on what, in columns, drawn as SVG.

Columns by the longest way down to what rests on nothing; within a column by the mean place of the
neighbours, in a few sweeps. Deterministic, and good for some hundred nodes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from markupsafe import Markup

from harness.site.markup import tag

NODE_HEIGHT, ROW, GAP = 26, 38, 46
LETTER, PADDING = 6.9, 26
SWEEPS = 8


@dataclass(frozen=True)
class Node:
    """name: unique; label: what is written; link: of its page; kind: class of its colour; says:
    that colour in words."""

    name: str
    label: str
    link: str
    kind: str
    says: str


def picture(title: str, nodes: Sequence[Node], rests_on: Mapping[str, Sequence[str]]) -> Markup:
    """The graph, users to the right of what they use."""
    if not nodes:
        return Markup("")
    columns = arranged([node.name for node in nodes], rests_on)
    by_name = {node.name: node for node in nodes}
    places: dict[str, tuple[float, float, float]] = {}
    x, most = 8.0, max(map(len, columns))
    for column in columns:
        shown = [by_name[name] for name in column if name in by_name]
        width = max((len(node.label) * LETTER + PADDING for node in shown), default=10.0)
        top = (most - len(column)) * ROW / 2 + 8
        for row, name in enumerate(column):
            places[name] = (x, top + row * ROW, width)
        x += width + GAP
    edges = [
        _edge(places, _way(user, used, columns), user, used)
        for user in by_name
        for used in rests_on.get(user, ())
        if used in by_name
    ]
    boxes = [_box(by_name[name], *places[name]) for name in by_name]
    width, height = round(x - GAP + 8), most * ROW + 4
    return tag(
        "svg",
        *edges,
        *boxes,
        class_="graph",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        role="group",
        aria_label=title,
    )


def arranged(names: Sequence[str], rests_on: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """The columns, left to right, with a place for each edge that passes through one
    (`user→used@column`)."""
    known = set(names)
    level = _levels(names, rests_on)
    columns: list[list[str]] = [[] for _ in range(max(level.values(), default=0) + 1)]
    for name in names:
        columns[level[name]].append(name)
    neighbours: dict[str, list[str]] = {name: [] for name in names}
    for user in names:
        for used in rests_on.get(user, ()):
            if used not in known or level[used] >= level[user]:
                continue
            chain = [used]
            for column in range(level[used] + 1, level[user]):
                passing = _passing(user, used, column)
                columns[column].append(passing)
                neighbours[passing] = []
                chain.append(passing)
            for one, other in zip(chain, [*chain[1:], user], strict=True):
                neighbours[one].append(other)
                neighbours[other].append(one)
    for sweep in range(SWEEPS):
        order = range(len(columns)) if sweep % 2 == 0 else range(len(columns) - 1, -1, -1)
        for column in order:
            _sort(columns, column, neighbours)
    return columns


def _sort(columns: list[list[str]], column: int, neighbours: Mapping[str, Sequence[str]]) -> None:
    """One column by the mean height of its neighbours, heights measured from the middle."""
    height = {
        name: row - len(members) / 2 for members in columns for row, name in enumerate(members)
    }
    columns[column].sort(
        key=lambda name: fmean([height[other] for other in neighbours[name]] or [height[name]])
    )


def _levels(names: Sequence[str], rests_on: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The longest way down; a cycle, which Lean does not allow, is cut where it closes."""
    level: dict[str, int] = {}
    known = set(names)
    for start in names:
        waiting = [(start, False)]
        open_: set[str] = set()
        while waiting:
            name, done = waiting.pop()
            below = [one for one in rests_on.get(name, ()) if one in known and one != name]
            if done:
                level[name] = 1 + max((level.get(one, -1) for one in below), default=-1)
                open_.discard(name)
            elif name not in level and name not in open_:
                open_.add(name)
                waiting.append((name, True))
                waiting += [(one, False) for one in below if one not in open_]
    return level


def _passing(user: str, used: str, column: int) -> str:
    return f"{user}→{used}@{column}"


def _way(user: str, used: str, columns: Sequence[Sequence[str]]) -> list[str]:
    """The names that an edge passes, from what is used to its user."""
    passing = [
        name
        for column, members in enumerate(columns)
        for name in members
        if name == _passing(user, used, column)
    ]
    return [used, *passing, user]


def _edge(
    places: Mapping[str, tuple[float, float, float]], way: Sequence[str], user: str, used: str
) -> Markup:
    half = NODE_HEIGHT / 2
    x, y, width = places[way[0]]
    path = f"M{x + width:.0f} {y + half:.0f}"
    x += width
    for name in way[1:]:
        to_x, to_y, _ = places[name]
        middle = (x + to_x) / 2
        path += (
            f" C{middle:.0f} {y + half:.0f} {middle:.0f} {to_y + half:.0f}"
            f" {to_x:.0f} {to_y + half:.0f}"
        )
        # Across the column of a place that is only passed.
        x, y = to_x, to_y
        if name != way[-1]:
            x += places[name][2]
            path += f" H{x:.0f}"
    return tag("path", d=path, class_="edge", data_from=user, data_to=used)


def _box(node: Node, x: float, y: float, width: float) -> Markup:
    content = [
        tag("rect", x=round(x), y=round(y), width=round(width), height=NODE_HEIGHT, rx=6),
        tag("circle", cx=round(x) + 11, cy=round(y) + NODE_HEIGHT // 2, r=4, class_="rung"),
        tag("text", node.label, x=round(x) + 20, y=round(y) + 17),
    ]
    return tag(
        "a",
        *content,
        href=node.link,
        class_=f"node {node.kind}",
        data_name=node.name,
        aria_label=f"{node.label}: {node.says}",
    )
