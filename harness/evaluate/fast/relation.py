"""From a statement to a kernel: the theorem check of a relation, generated.

Every constant is called, on the arguments that it really gets; the kernel reads what came back. The
error of a result is the walk of its definition at the argument and the argument's error, lowered
into the same graph; outside of the calls errors only propagate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from harness.evaluate.arithmetic import Arithmetic, Rounding
from harness.evaluate.fast.definition import Equations
from harness.evaluate.fast.graph import Axis, Graph, Node, axis_of
from harness.evaluate.fast.lower import Binding, Index, Lowering, Scope, Vector
from harness.evaluate.fast.lowered import Lowered, Shape, compared, sampled, shape_of
from harness.evaluate.fast.outside import OUTSIDE
from harness.evaluate.fast.reasons import NotCompiled
from harness.evaluate.fast.rules import MARGIN, Number, Rules, is_paired
from harness.evaluate.formats import FORMATS, Format
from harness.statement.substitute import free_vars
from harness.statement.term import Call, Relation, Term, Var
from harness.statement.traverse import subterms
from harness.statement.types import FinType, Length

LEVELS = 1000
"""Of axes, for each lowering: more than sums are nested."""

Promise = tuple[Sequence[Equations], Arithmetic]
"""How a constant may be unfolded, and what its implementation promises about rounding."""


@dataclass(frozen=True)
class Asked:
    """A call that the statement makes.

    arguments: a slot of the kernel's arrays, or an index (a number or a name); made: the slots of
    arguments that are no variables and no results, with their terms: the caller computes and
    rounds them; slot: where the kernel reads the result.
    """

    term: Call
    arguments: tuple[int | str, ...]
    literal: tuple[bool, ...]
    made: tuple[tuple[int, Term], ...]
    slot: int


@dataclass(frozen=True)
class LoweredRelation:
    """made: a graph whose arrays are the variables, in order, then what `calls` name."""

    made: Lowered
    calls: tuple[Asked, ...]


def lowered_relation(
    relation: Relation,
    variables: Sequence[Var],
    promises: Mapping[str, Promise],
    dtype: str,
) -> LoweredRelation:
    """The theorem check of one relation, for any back end.

    variables: the sampled ones and indices, in order; those indices that are arguments of calls
    are named at the call of the kernel, the others run over all coordinates. NotCompiled, with the
    reason, where there is no kernel.
    """
    return _Maker(Graph(), FORMATS[dtype], promises).made(relation, variables)


class _Maker:
    """Makes one kernel; remembers the calls that it met."""

    def __init__(self, graph: Graph, fmt: Format, promises: Mapping[str, Promise]) -> None:
        self.graph, self.fmt, self.promises = graph, fmt, promises
        self.slots: list[Shape] = []
        self.calls: dict[Call, Asked] = {}
        self.results: dict[Call, Number | Vector] = {}
        self.checks: list[Node] = []
        self.scope = Scope({}, {})
        self.lowerings = 0
        self.paired = is_paired(fmt)
        self.outside = Rules(graph, OUTSIDE, self.paired, outside=True)

    def made(self, relation: Relation, variables: Sequence[Var]) -> LoweredRelation:
        bindings: dict[Var, Binding] = {}
        names: dict[str, Length] = {}
        for variable in variables:
            if isinstance(variable.type, FinType):
                continue
            shape = shape_of(variable.type)
            names.update({name: Length((name,)) for one in shape for name in one.variables})
            bindings[variable] = sampled(self._slot(shape), shape, self.outside, self.fmt)
        for variable in variables:
            if isinstance(variable.type, FinType):
                bindings[variable] = axis_of(variable.type.length, len(bindings))
        passed = _passed(relation)
        bindings |= {v: v.name for v in bindings if v in passed}
        self.scope = Scope(bindings, names)
        lowering = self._lowering({}, self.outside)
        left = lowering.any(relation.left, self.scope)
        right = lowering.any(relation.right, self.scope)
        own: Shape = ()
        while isinstance(left, Vector) and isinstance(right, Vector):
            axis = axis_of(left.length, len(own))
            own = (*own, left.length)
            left, right = left.at(axis), right.at(axis)
        assert isinstance(left, Number) and isinstance(right, Number)
        running = sum(isinstance(bound, Axis) for bound in bindings.values())
        return self._finished(relation.op, left, right, running + len(own))

    def _finished(self, op: str, left: Number, right: Number, indices: int) -> LoweredRelation:
        """indices: over how many the relation is stated, whether it depends on them or not."""
        g = self.graph
        difference = self.outside.difference(left, right)
        # Where the difference is NaN, as beyond the range, `max` is its second operand: NaN, too.
        gap = {
            "=": lambda: g.abs(difference),
            "≤": lambda: g.max(g.const(0.0), difference),
            "<": lambda: g.max(g.const(0.0), difference),
            "≥": lambda: g.max(g.const(0.0), g.neg(difference)),
            ">": lambda: g.max(g.const(0.0), g.neg(difference)),
        }[op]()
        error = g.add(left.error, right.error)
        judged = Number(right.value, error, g.add(left.doubt, right.doubt))
        axes = sorted(gap.axes | error.axes)
        if indices > 1:
            raise NotCompiled("a relation over two indices is not compiled")
        if len(axes) < indices:
            raise NotCompiled("a relation that does not depend on its index is not compiled")
        if axes:
            judged = Number(*(g.renamed(n, axes[0], _first(axes[0])) for n in _parts(judged)))
            gap = g.renamed(gap, axes[0], _first(axes[0]))
        own = tuple(axis.length for axis in axes)
        self.checks += [
            *self.outside.checks,
            *self.outside.own_checks,
            g.le(error, g.const(self.fmt.largest)),
        ]
        title = f"a statement about {', '.join(self.promises)}, {self.fmt.name}"
        made = compared(g, title, gap, judged, self.fmt, self.checks, self.slots, own)
        return LoweredRelation(made, tuple(self.calls.values()))

    def _lowering(self, equations: Equations, rules: Rules) -> Lowering:
        """Another one, whose axes no other has. Definitions are unfolded, statements call."""
        self.lowerings += 1
        called = None if equations else self._called
        return Lowering(equations, rules, called, LEVELS * self.lowerings)

    def _slot(self, shape: Shape) -> int:
        self.slots.append(shape)
        return len(self.slots) - 1

    def _called(self, term: Call, arguments: tuple[Binding, ...]) -> Number | Vector | None:
        if term not in self.results:
            self.results[term] = self._result(term, arguments)
        return self.results[term]

    def _result(self, term: Call, arguments: tuple[Binding, ...]) -> Number | Vector:
        sets, arithmetic = self.promises[term.constant]
        passed: list[Binding] = []
        told: list[int | str] = []
        literal: list[bool] = []
        made: list[tuple[int, Term]] = []
        for argument, part in zip(arguments, term.arguments, strict=True):
            if isinstance(argument, Axis):
                raise NotCompiled("a call for every index of a sum is not compiled")
            literal.append(not isinstance(argument, Number | Vector))
            if not isinstance(argument, Number | Vector):
                told.append(argument)
                passed.append(argument)
            elif isinstance(part, Var) or part in self.calls:
                told.append(self._known(part))
                passed.append(argument)
            else:
                slot, number = self._computed(argument, part)
                told.append(slot)
                made.append((slot, part))
                passed.append(number)
        shape = shape_of(term.type)
        shape = tuple(self.scope.length(length) for length in shape)
        slot = self._slot(shape)
        self.calls[term] = Asked(term, tuple(told), tuple(literal), tuple(made), slot)
        rounding = arithmetic.for_dtype(self.fmt.name)
        errors = [self._bound(one, term, passed, rounding) for one in sets]
        return self._read(slot, shape, errors, ())

    def _known(self, part: Term) -> int:
        if isinstance(part, Call):
            return self.calls[part].slot
        order = [
            v for v, bound in self.scope.bindings.items() if isinstance(bound, Number | Vector)
        ]
        return next(k for k, v in enumerate(order) if v == part)

    def _bound(
        self, equations: Equations, term: Call, passed: Sequence[Binding], rounding: Rounding
    ) -> Callable[[tuple[Index, ...]], Node]:
        """The error of a result at its coordinates, by one form."""
        rules = Rules(self.graph, rounding, self.paired, checks=self.checks, own_checks=self.checks)
        entering = tuple(_entering(a, rules) for a in passed)
        sizes: dict[str, Length] = {}
        lowering = self._lowering(equations, rules)
        found = lowering.unfold(equations[term.constant], entering, sizes)

        def at(places: tuple[Index, ...]) -> Node:
            value = found
            for place in places:
                assert isinstance(value, Vector)
                value = value.at(place)
            assert isinstance(value, Number)
            return rules.cast(value).error

        return at

    def _read(
        self,
        slot: int,
        shape: Shape,
        errors: Sequence[Callable[[tuple[Index, ...]], Node]],
        places: tuple[Index, ...],
    ) -> Number | Vector:
        if len(places) < len(shape):
            return Vector(
                shape[len(places)], lambda place: self._read(slot, shape, errors, (*places, place))
            )
        error = errors[0](places)
        for other in errors[1:]:
            error = self.graph.max(error, other(places))
        value = self.graph.input(slot, places, self.fmt.largest)
        return self.outside.known(value, error)

    def _computed(self, argument: Number | Vector, term: Term) -> tuple[int, Number | Vector]:
        """An argument that the caller computes and rounds; what rounding lost is its error.

        Where float64 does not tell that nearly enough, as next to a number of the format, an
        exponential may make a difference of it: the walk judges.
        """
        known = {v for v, bound in self.scope.bindings.items() if not isinstance(bound, Axis)}
        if not free_vars(term) <= known:
            raise NotCompiled("a call whose argument depends on an index is not compiled")
        shape: Shape = ()
        while isinstance(argument, Vector):
            shape = (*shape, argument.length)
            argument = argument.at(axis_of(argument.length, 200 + len(shape)))
        slot = self._slot(shape)
        g = self.graph
        # What it requires follows from what the term required outside, where doubts are larger.
        sharp = Rules(g, OUTSIDE, self.paired, sharp=True, outside=True)
        argument = self._lowering({}, sharp).any(term, self.scope)

        def at(places: tuple[Index, ...], full: Number | Vector) -> Number | Vector:
            if isinstance(full, Vector):
                return Vector(full.length, lambda place: at((*places, place), full.at(place)))
            number = g.input(slot, places, self.fmt.largest)
            off = sharp.difference(sharp.exact(number), full)
            lost = g.sub(g.abs(off), full.doubt)
            sure = g.le(full.doubt, g.mul(lost, g.const(MARGIN)))
            self.checks.append(g.either(g.eq(full.doubt, g.const(0.0)), sure))
            error = g.add(g.max(lost, g.const(0.0)), full.error)
            return sharp.known(number, error)

        found = at((), argument)
        return slot, found


def _entering(argument: Binding, rules: Rules) -> Binding:
    if isinstance(argument, Number):
        return rules.entering(argument)
    if isinstance(argument, Vector):

        def at(place: Index) -> Number | Vector:
            part = _entering(argument.at(place), rules)
            assert isinstance(part, Number | Vector)
            return part

        at(axis_of(argument.length, 300))
        return Vector(argument.length, at)
    return argument


def _parts(number: Number) -> tuple[Node, Node, Node]:
    return (number.value, number.error, number.doubt)


def _first(axis: Axis) -> Axis:
    return axis_of(axis.length, 0)


def _passed(term: object) -> set[Var]:
    """The indices that stand as arguments of calls."""
    assert isinstance(term, Relation)
    return {
        argument
        for side in (term.left, term.right)
        for part in subterms(side)
        if isinstance(part, Call)
        for argument in part.arguments
        if isinstance(argument, Var) and isinstance(argument.type, FinType)
    }
