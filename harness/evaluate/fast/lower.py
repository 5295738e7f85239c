"""From the term to the graph of a kernel: the walk, with nodes in the place of arrays.

The same traversal as `walk.py`, symbolic: vectors are functions from an index to a number, indices
are axes of the graph. What a kernel cannot do raises `NotCompiled` with a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from harness.evaluate.fast.graph import Axis, axis_of
from harness.evaluate.fast.reasons import NotCompiled
from harness.evaluate.fast.rules import Number, Rules
from harness.statement.term import (
    Apply,
    Binary,
    Call,
    Coord,
    Definition,
    FinLiteral,
    Lambda,
    Max,
    NatCast,
    Num,
    Power,
    Sum,
    Tabulate,
    Term,
    Unary,
    Var,
)
from harness.statement.types import (
    FinType,
    FunType,
    Length,
    LinearType,
    Type,
    coordinate_length,
    is_coordinates,
)

Index = Axis | int | str
"""An axis of the graph, a literal, or the name of an index that is given at the call."""


@dataclass(frozen=True)
class Vector:
    """A vector (or rows of vectors): its length and its coordinates."""

    length: Length
    at: Callable[[Index], Lowered]


Lowered = Number | Vector
Binding = Lowered | Index
Called = Callable[[Call, tuple[Binding, ...]], "Lowered | None"]


@dataclass(frozen=True)
class Scope:
    """What is bound: variables to values, ℕ variables to lengths of the outermost term."""

    bindings: Mapping[Var, Binding]
    sizes: Mapping[str, Length]

    def binding(self, var: Var, value: Binding) -> Scope:
        """The scope with one more variable."""
        return Scope({**self.bindings, var: value}, self.sizes)

    def length(self, length: Length) -> Length:
        """A length in the variables of the outermost term."""
        names: list[str] = []
        offset = length.offset
        for name in length.variables:
            found = self.sizes.get(name)
            if found is None:
                raise NotCompiled(f"the size '{name}' follows from no argument")
            names.extend(found.variables)
            offset += found.offset
        return Length(tuple(sorted(names)), offset)


@dataclass(frozen=True)
class Lowering:
    """Lowers terms under one set of rules. called: what stands for a call that is not unfolded;
    first: the level of its outermost axes, which no other lowering may have that asks its vectors
    for coordinates: an index would be taken for the one of a sum inside."""

    equations: Mapping[str, Definition]
    rules: Rules
    called: Called | None = None
    first: int = 100
    _opened: list[Axis] = field(default_factory=list)

    def real(self, term: Term, scope: Scope) -> Number:
        """A term of type ℝ."""
        rules = self.rules
        match term:
            case Num(number):
                return rules.number(number)
            case NatCast(length):
                return rules.length(scope.length(length))
            case Unary(op, operand):
                return self._unary(op, self.real(operand, scope))
            case Binary("add" | "sub" as op, left, right):
                sign = 1 if op == "add" else -1
                return rules.add(self.real(left, scope), self.real(right, scope), sign)
            case Binary("mul", left, right):
                return rules.multiply(self.real(left, scope), self.real(right, scope))
            case Binary("div", left, right):
                return rules.divide(self.real(left, scope), self.real(right, scope))
            case Power(base, exponent):
                return self._power(self.real(base, scope), exponent)
            case Sum(index, body):
                axis = self._open(scope.length(_length(index)))
                total = rules.sum(self.real(body, scope.binding(index, axis)), axis)
                self._opened.pop()
                return total
            case Max(vector):
                return self._maximum(self._vector(vector, scope))
            case Apply(linear, argument):
                row, along = self._vector(linear, scope), self._vector(argument, scope)
                axis = self._open(along.length)
                product = rules.multiply(_number(row.at(axis)), _number(along.at(axis)))
                total = rules.sum(product, axis)
                self._opened.pop()
                return total
        return _number(self.any(term, scope))

    def any(self, term: Term, scope: Scope) -> Lowered:
        """A term of any type."""
        match term:
            case Var():
                bound = scope.bindings[term]
                assert isinstance(bound, Number | Vector)
                return bound
            case Coord(vector, index):
                return self._vector(vector, scope).at(self._index(index, scope))
            case Tabulate(index, body):
                return self._each(scope.length(_length(index)), index, body, scope)
            case Lambda(_, _, LinearType()):
                raise NotCompiled("a linear map written as a function is not compiled")
            case Call():
                return self._call(term, scope)
        return self.real(term, scope)

    def unfold(
        self, definition: Definition, arguments: tuple[Binding, ...], sizes: Mapping[str, Length]
    ) -> Lowered:
        """The right side of an equation at its arguments; a vector when it has a coordinate."""
        known = dict(sizes)
        for param, argument in zip(definition.params, arguments, strict=True):
            if isinstance(argument, Vector):
                _solve(param.type, argument, known)
        scope = Scope(dict(zip(definition.params, arguments, strict=True)), known)
        if definition.index is None:
            return self.real(definition.body, scope)
        length = scope.length(_length(definition.index))
        return self._each(length, definition.index, definition.body, scope)

    def _each(self, length: Length, index: Var, body: Term, scope: Scope) -> Vector:
        """`fun index => body`. It is lowered at all indices at once, too: as in the walk, a number
        that is out of range counts where nothing uses it."""
        known: dict[Index, Lowered] = {}

        def at(place: Index) -> Lowered:
            if place not in known:
                known[place] = self.any(body, scope.binding(index, place))
            return known[place]

        at(self._open(length))
        self._opened.pop()
        return Vector(length, at)

    def _call(self, term: Call, scope: Scope) -> Lowered:
        arguments = tuple(self._argument(a, scope) for a in term.arguments)
        value = self.called(term, arguments) if self.called else None
        if value is not None:
            return value
        definition = self.equations.get(term.constant)
        if definition is None:
            raise NotCompiled(f"'{term.constant}' has no equation that unfolds it")
        sizes: dict[str, Length] = {}
        if is_coordinates(definition.type) and is_coordinates(term.type):
            actual = scope.length(coordinate_length(term.type))
            _solve_length(coordinate_length(definition.type), actual, sizes)
        return self.unfold(definition, arguments, sizes)

    def _argument(self, term: Term, scope: Scope) -> Binding:
        if isinstance(term, FinLiteral) or (
            isinstance(term, Var) and isinstance(term.type, FinType)
        ):
            return self._index(term, scope)
        return self.any(term, scope)

    def _index(self, term: Term, scope: Scope) -> Index:
        if isinstance(term, FinLiteral):
            return term.value
        assert isinstance(term, Var)
        bound = scope.bindings[term]
        assert isinstance(bound, Axis | int | str)
        return bound

    def _open(self, length: Length) -> Axis:
        """A new axis; `Graph.reduce` gives it the canonical level when it is closed."""
        self._opened.append(axis_of(length, self.first + len(self._opened)))
        return self._opened[-1]

    def _unary(self, op: str, a: Number) -> Number:
        match op:
            case "neg":
                return self.rules.negate(a)
            case "abs":
                return self.rules.magnitude(a)
            case "exp":
                return self.rules.exp(a)
            case "log":
                return self.rules.log(a)
            case "sqrt":
                return self.rules.sqrt(a)
        raise NotCompiled(f"'{op}' is not compiled")

    def _power(self, base: Number, exponent: int) -> Number:
        result = base
        for _ in range(exponent - 1):
            result = self.rules.multiply(result, base)
        return result if exponent else self.rules.exact(self.rules.graph.const(1.0))

    def _maximum(self, vector: Vector) -> Number:
        axis = self._open(vector.length)
        found = self.rules.greatest(_number(vector.at(axis)), axis)
        self._opened.pop()
        return found

    def _vector(self, term: Term, scope: Scope) -> Vector:
        found = self.any(term, scope)
        assert isinstance(found, Vector)
        return found


def _number(value: Lowered) -> Number:
    assert isinstance(value, Number)
    return value


def _length(index: Var) -> Length:
    assert isinstance(index.type, FinType)
    return index.type.length


def _solve(kind: Type, argument: Vector, sizes: dict[str, Length]) -> None:
    """Fix the ℕ variables of a parameter's type by its argument."""
    if is_coordinates(kind):
        _solve_length(coordinate_length(kind), argument.length, sizes)
    elif isinstance(kind, LinearType):
        _solve_length(kind.domain.length, argument.length, sizes)
    elif isinstance(kind, FunType) and isinstance(kind.result, LinearType):
        assert isinstance(kind.domain, FinType)
        _solve_length(kind.domain.length, argument.length, sizes)


def _solve_length(declared: Length, actual: Length, sizes: dict[str, Length]) -> None:
    if len(declared.variables) == 1 and actual.offset >= declared.offset:
        rest = Length(actual.variables, actual.offset - declared.offset)
        sizes.setdefault(declared.variables[0], rest)
