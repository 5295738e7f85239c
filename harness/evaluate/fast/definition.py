"""From equations to a graph: the definition check of a constant.

For each form that the arithmetic allows the right side of the equation is lowered once, in the
same graph; the bound is the greatest of their errors. The value and the doubt about it come from
the equations that the oracle uses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.evaluate.arithmetic import Arithmetic
from harness.evaluate.fast.graph import Graph, Node, axis_of
from harness.evaluate.fast.lower import Binding, Lowering, Vector
from harness.evaluate.fast.lowered import Lowered, axes_of, compared, sampled, shape_of
from harness.evaluate.fast.reasons import NotCompiled
from harness.evaluate.fast.rules import Number, Rules, is_paired
from harness.evaluate.formats import FORMATS, Format
from harness.statement.term import Definition
from harness.statement.types import FinType, Length, Type

Equations = Mapping[str, Definition]


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
    wide = is_paired(fmt)
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
    got = graph.input(len(shapes), axes_of(own), fmt.largest)
    judged = Number(value.value, error, value.doubt)
    gap = graph.sub(got, judged.value)
    if value.low:
        gap = graph.sub(gap, value.low)
    gap = graph.abs(gap)
    title = f"{constant}, {arithmetic.name}, {dtype}"
    # A result that is no number fails the comparison itself.
    return compared(graph, title, gap, judged, fmt, checks, [*shapes, own], own, {len(shapes)})


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


def _length(kind: Type) -> Length:
    assert isinstance(kind, FinType)
    return kind.length
