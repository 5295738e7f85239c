"""From equations to a kernel: the definition check of a constant, generated.

For each form that the arithmetic allows the right side of the equation is lowered once, in the
same graph; the bound is the greatest of their errors. The value and the doubt about it come from
the equations that the oracle uses. What follows is the comparison of `compare.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from harness.evaluate.arithmetic import Arithmetic
from harness.evaluate.fast.emit import Emitter
from harness.evaluate.fast.graph import Axis, Graph, Node, axis_of
from harness.evaluate.fast.kernel import Kernel
from harness.evaluate.fast.lower import Binding, Lowering, Vector
from harness.evaluate.fast.machine import Store, compiled
from harness.evaluate.fast.reasons import NotCompiled
from harness.evaluate.fast.row_end import Outcome
from harness.evaluate.fast.rules import Number, Rules
from harness.evaluate.formats import FORMATS, Format
from harness.statement.term import Definition
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

Equations = Mapping[str, Definition]
LEAST_WIDE = 2.0**-960
"""The least bound that a kernel for float64 judges by; the walk has a wider exponent there."""

Shape = tuple[Length, ...]


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


def compile_definition(
    sets: Sequence[Equations],
    reference: Equations,
    constant: str,
    arithmetic: Arithmetic,
    dtype: str,
    store: Store | None = None,
) -> Kernel:
    """The definition check of a constant as a kernel.

    NotCompiled, with the reason, where it has no kernel; AbsentError without llvmlite.
    """
    return compiled_kernel(lowered_definition(sets, reference, constant, arithmetic, dtype), store)


def lowered_definition(
    sets: Sequence[Equations],
    reference: Equations,
    constant: str,
    arithmetic: Arithmetic,
    dtype: str,
) -> Lowered:
    """The definition check of a constant as a graph, for any back end.

    sets: the equations of each form that the arithmetic allows; reference: equations that give the
    value. NotCompiled, with the reason, where it cannot be lowered.
    """
    fmt, rounding = FORMATS[dtype], arithmetic.for_dtype(dtype)
    wide = fmt.p > FORMATS["float32"].p
    graph, checks = Graph(), list[Node]()
    definition = reference[constant]
    rules = Rules(graph, rounding, wide)
    value = _result(reference, constant, rules, fmt)
    checks += rules.own_checks
    error: Node | None = None
    for equations in sets:
        rules = Rules(graph, rounding, wide)
        found = _result(equations, constant, rules, fmt).error
        if not any(found in check.args[0].args for check in rules.checks):
            rules.checks.append(graph.le(found, graph.const(fmt.largest)))
        checks += rules.checks + rules.own_checks
        error = found if error is None else graph.max(error, found)
    if error is None:
        raise NotCompiled("the arithmetic allows no form")
    shapes = [shape_of(p.type) for p in definition.params if not isinstance(p.type, FinType)]
    own = () if definition.index is None else (_length(definition.index.type),)
    got = graph.input(len(shapes), _axes(own), fmt.largest)
    judged = Number(value.value, error, value.doubt)
    gap = graph.sub(got, judged.value)
    if value.low:
        gap = graph.sub(gap, value.low)
    gap = graph.abs(gap)
    title = f"{constant}, {arithmetic.name}, {dtype}"
    # A result that is no number fails the comparison itself.
    return compared(graph, title, gap, judged, fmt, checks, [*shapes, own], own, {len(shapes)})


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
    wide = fmt.p > FORMATS["float32"].p
    if wide:
        # Below, the roundings of the bound itself count; 0 has none.
        none = graph.eq(judged.error, graph.const(0.0))
        least = graph.le(graph.const(LEAST_WIDE), judged.error)
        checks = [*checks, graph.either(none, least)]
    checks = list(dict.fromkeys(everywhere(graph, check) for check in checks))
    covered = {id(node) for check in checks for node in telltale(check)}
    for slot, shape in enumerate(arrays):
        entry = graph.input(slot, _axes(shape), fmt.largest)
        if id(entry) not in covered and slot not in unchecked:
            checks.append(everywhere(graph, graph.finite(entry, fmt.largest)))
    outcome = outcome_of(graph, gap, judged, fmt, checks)
    storage = "double" if wide else "float"
    return Lowered(title, graph, outcome, tuple(arrays), own, storage)


def compiled_kernel(made: Lowered, store: Store | None = None) -> Kernel:
    """The code of a graph. AbsentError without llvmlite."""
    emitter = Emitter(made.graph, made.outcome, made.storage, made.arrays)
    return Kernel(made.title, emitter.layout, made.own, compiled(emitter.text(), store))


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


def _result(equations: Equations, constant: str, rules: Rules, fmt: Format) -> Number:
    """The right side of the constant's equation, cast to the format of the result."""
    definition = equations[constant]
    arguments: list[Binding] = []
    for param in definition.params:
        if isinstance(param.type, FinType):
            arguments.append(param.name)
        else:
            slot = sum(not isinstance(a, str) for a in arguments)
            arguments.append(sampled(slot, shape_of(param.type), rules, fmt))
    found = Lowering(equations, rules).unfold(definition, tuple(arguments), _sizes(definition))
    if isinstance(found, Vector):
        at = found.at(axis_of(found.length, 0))
        assert isinstance(at, Number)
        found = at
    return rules.cast(found)


def sampled(slot: int, shape: Shape, rules: Rules, fmt: Format) -> Number | Vector:
    """An argument: array `slot`."""

    places = tuple(axis_of(length, 100 + k) for k, length in enumerate(shape))
    rules.entering(rules.exact(rules.graph.input(slot, places, fmt.largest)))

    def part(places: tuple[Axis | str | int, ...]) -> Number | Vector:
        if len(places) < len(shape):
            return Vector(shape[len(places)], lambda place: part((*places, place)))
        return rules.entering(rules.exact(rules.graph.input(slot, places, fmt.largest)))

    return part(())


def _sizes(definition: Definition) -> dict[str, Length]:
    """Each ℕ variable of the definition, as itself."""
    names = {
        name
        for param in definition.params
        if not isinstance(param.type, FinType)
        for length in shape_of(param.type)
        for name in length.variables
    }
    return {name: Length((name,)) for name in names}


def _axes(shape: Shape) -> tuple[Axis, ...]:
    return tuple(axis_of(length, shape[:k].count(length)) for k, length in enumerate(shape))


def _length(kind: Type) -> Length:
    assert isinstance(kind, FinType)
    return kind.length


def _greatest(graph: Graph, node: Node) -> Node:
    for axis in sorted(node.axes):
        node = graph.reduce("max", axis, node)
    return node
