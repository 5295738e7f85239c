"""A check as a graph, for any back end: what it is called with, and how a row of it ends.

A definition (`definition.py`) or a relation (`relation.py`) gives the observed error, the bound and
the doubt; what follows here is the comparison of `compare.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from harness.evaluate.fast.graph import Axis, Graph, Node, axis_of
from harness.evaluate.fast.lower import Vector
from harness.evaluate.fast.reasons import NotCompiled
from harness.evaluate.fast.rules import Number, Rules, is_paired
from harness.evaluate.formats import Format
from harness.statement.types import (
    REAL,
    FinType,
    FunType,
    Length,
    LinearType,
    Type,
    coordinate_length,
    is_coordinates,
)

LEAST_WIDE = 2.0**-960
"""The least bound that a kernel for float64 judges by; the walk has a wider exponent there."""

Shape = tuple[Length, ...]


@dataclass(frozen=True)
class Outcome:
    """The nodes that a row ends with. good: nothing speaks against judging it; ratio, ulps: of each
    element; greatest_*: of the row."""

    good: Node
    ratio: Node
    greatest_ratio: Node
    greatest_ulps: Node


@dataclass(frozen=True)
class Lowered:
    """A check as a graph, before any back end. title: for people; arrays: the shapes of what it is
    called with, without the rows; own: that of a result; storage: what compiled code gets them
    as."""

    title: str
    graph: Graph
    outcome: Outcome
    arrays: tuple[Shape, ...]
    own: Shape
    storage: str


def compared(
    graph: Graph,
    title: str,
    gap: Node,
    judged: Number,
    fmt: Format,
    checks: Sequence[Node],
    arrays: Sequence[Shape],
    own: Shape,
    unchecked: Collection[int] = (),
) -> Lowered:
    """The graph with its comparison. gap: the observed error; own: the shape of a row of results;
    unchecked: arrays that need not be tested for being finite."""
    wide = is_paired(fmt)
    if wide:
        # Below, the roundings of the bound itself count; 0 has none.
        none = graph.eq(judged.error, graph.const(0.0))
        least = graph.le(graph.const(LEAST_WIDE), judged.error)
        checks = [*checks, graph.either(none, least)]
    checks = list(dict.fromkeys(everywhere(graph, check) for check in checks))
    covered = {id(node) for check in checks for node in telltale(check)}
    for slot, shape in enumerate(arrays):
        entry = graph.input(slot, axes_of(shape), fmt.largest)
        if id(entry) not in covered and slot not in unchecked:
            checks.append(everywhere(graph, graph.finite(entry, fmt.largest)))
    outcome = outcome_of(graph, gap, judged, fmt, checks)
    storage = "double" if wide else "float"
    return Lowered(title, graph, outcome, tuple(arrays), own, storage)


def outcome_of(
    graph: Graph, gap: Node, judged: Number, fmt: Format, checks: Sequence[Node]
) -> Outcome:
    """The comparison: whether the row is inside, how large error / bound and the error in ulp are.

    gap: the observed error.
    """
    doubtful = graph.fma(judged.doubt, graph.const(1 + 2.0**-10), gap)
    inside = graph.le(doubtful, judged.error)
    good = graph.truth(True)
    for check in (*checks, inside):
        good = graph.both(good, everywhere(graph, check))
    ratio = graph.div(gap, graph.max(judged.error, graph.const(2.0**-1000)))
    ulps = graph.mul(gap, graph.inverse_ulp(judged.value, fmt.p, fmt.emin))
    return Outcome(good, ratio, _greatest(graph, ratio), _greatest(graph, ulps))


def everywhere(graph: Graph, check: Node) -> Node:
    """A truth at every value of the indices it depends on."""
    for axis in sorted(check.axes):
        check = graph.reduce("all", axis, check)
    return check


def telltale(check: Node) -> list[Node]:
    """The inputs that make a check fail where they are infinite or NaN."""
    while check.op == "reduce":
        check = check.args[0]
    if check.op != "le" or check.args[1].op != "const" or check.args[0].low < 0:
        return []
    found, stack, seen = [], [check.args[0]], set[int]()
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node.op == "input":
            found.append(node)
        elif node.op in ("add", "sub", "mul", "fma", "abs", "neg"):
            stack.extend(node.args)  # infinite or NaN if one of these is
    return found


def shape_of(kind: Type) -> Shape:
    """The axes of a value after the batch. NotCompiled for a type that is not sampled."""
    if kind == REAL:
        return ()
    if is_coordinates(kind):
        return (coordinate_length(kind),)
    if isinstance(kind, LinearType):
        return (*shape_of(kind.codomain), kind.domain.length)
    if isinstance(kind, FunType) and isinstance(kind.domain, FinType):
        return (kind.domain.length, *shape_of(kind.result))
    raise NotCompiled(f"arguments of type {kind} are not compiled")


def sampled(slot: int, shape: Shape, rules: Rules, fmt: Format) -> Number | Vector:
    """An argument: array `slot`."""

    places = tuple(axis_of(length, 100 + k) for k, length in enumerate(shape))
    rules.entering(rules.exact(rules.graph.input(slot, places, fmt.largest)))

    def part(places: tuple[Axis | str | int, ...]) -> Number | Vector:
        if len(places) < len(shape):
            return Vector(shape[len(places)], lambda place: part((*places, place)))
        return rules.entering(rules.exact(rules.graph.input(slot, places, fmt.largest)))

    return part(())


def axes_of(shape: Shape) -> tuple[Axis, ...]:
    """An index for each place of an array, of the lowest levels."""
    return tuple(axis_of(length, shape[:k].count(length)) for k, length in enumerate(shape))


def _greatest(graph: Graph, node: Node) -> Node:
    for axis in sorted(node.axes):
        node = graph.reduce("max", axis, node)
    return node
