"""The walk: a term evaluated on a batch of inputs, with a bound on the error of computing it.

One pass over the term gives, at every node, the value (in the carrier) and a bound on how far a
program that obeys the arithmetic may be from it. Constants are unfolded by the equations that the
caller hands in, or called by the caller's hook (theorem checks); nothing here knows a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from harness.evaluate.arithmetic import Rounding
from harness.evaluate.charge import Charger
from harness.evaluate.scope import free_indices, result_sizes, solve_size
from harness.evaluate.value import Array, Carrier, Value, carrier_for, exact
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
    VecType,
    coordinate_length,
    is_coordinates,
)

Equations = Mapping[str, Definition]


@dataclass(frozen=True)
class IndexAxis:
    """An index in scope: it runs along `axis` of every array (1: outermost) from 0 to size - 1."""

    axis: int
    size: int


Binding = Value | IndexAxis | int
Hook = Callable[[Call, tuple["Binding", ...], int], Value | None]


@dataclass(frozen=True)
class Frame:
    """What is bound while one equation (or the statement itself) is evaluated."""

    bindings: dict[Var, Binding]
    sizes: dict[str, int]
    calls: dict[tuple[Call, int, tuple[Binding, ...]], Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Walk:
    """Evaluates terms under one arithmetic; `out_of_range` marks rows that left the format's range.

    called: returns the value of a call that is not to be unfolded, or None to unfold it.
    """

    equations: Equations
    charge: Charger
    called: Hook | None = None

    def real(self, term: Term, frame: Frame, depth: int) -> Value:
        """The value of a term of type ℝ, of rank 0."""
        charge = self.charge
        match term:
            case Num(number):
                return charge.number(number, depth)
            case NatCast(length):
                return charge.number(Fraction(length.at(frame.sizes)), depth)
            case Unary(op, operand):
                return self._unary(op, self.real(operand, frame, depth))
            case Binary("add", left, right):
                return charge.add(self.real(left, frame, depth), self.real(right, frame, depth))
            case Binary("sub", left, right):
                return charge.add(self.real(left, frame, depth), self.real(right, frame, depth), -1)
            case Binary("mul", left, right):
                return charge.multiply(
                    self.real(left, frame, depth), self.real(right, frame, depth)
                )
            case Binary("div", left, right):
                return charge.divide(self.real(left, frame, depth), self.real(right, frame, depth))
            case Power(base, exponent):
                return self._power(self.real(base, frame, depth), exponent, depth)
            case Sum(index, body):
                with self._opened(index, frame, depth) as n:
                    return charge.sum(self.real(body, frame, depth + 1), n)
            case Max(vector):
                return _maximum(self.any(vector, frame, depth))
            case Apply(linear, argument):
                return self._apply(linear, argument, frame, depth)
        value = self.any(term, frame, depth)
        if value.rank:
            raise AssertionError(f"a real number was expected, not {term}")
        return value

    def any(self, term: Term, frame: Frame, depth: int) -> Value:
        """The value of a term of any type: rank 0, 1 (vectors, functionals) or 2 (rows)."""
        match term:
            case Var():
                bound = frame.bindings[term]
                if not isinstance(bound, Value):
                    raise AssertionError(f"{term.name} is an index, not a value")
                return bound.at_depth(depth)
            case Coord(vector, index):
                return self._coordinate(self.any(vector, frame, depth), self.index(index, frame))
            case Tabulate(index, body):
                with self._opened(index, frame, depth) as n:
                    return self.any(body, frame, depth + 1).bound_last_index(n)
            case Lambda(var, body, LinearType()):
                return self._coefficients(var, body, frame, depth)
            case Call():
                return self._call(term, frame, depth)
        return self.real(term, frame, depth)

    def index(self, term: Term, frame: Frame) -> IndexAxis | int:
        """An index: an axis in scope, or a number."""
        if isinstance(term, FinLiteral):
            return term.value
        assert isinstance(term, Var)
        bound = frame.bindings[term]
        assert not isinstance(bound, Value)
        return bound

    def unfold(
        self,
        definition: Definition,
        arguments: tuple[Binding, ...],
        sizes: dict[str, int],
        depth: int,
    ) -> Value:
        """The right side of an equation at the given arguments; rank 1 when it has a coordinate.

        sizes: values for the ℕ variables of the definition that the arguments do not fix.
        """
        frame = Frame({}, dict(sizes))
        for param, argument in zip(definition.params, arguments, strict=True):
            frame.bindings[param] = argument
            if isinstance(argument, Value):
                _solve_sizes(param.type, argument, frame.sizes)
        if definition.index is None:
            return self.real(definition.body, frame, depth)
        with self._opened(definition.index, frame, depth) as n:
            return self.real(definition.body, frame, depth + 1).bound_last_index(n)

    def _call(self, term: Call, frame: Frame, depth: int) -> Value:
        # Within a frame a call depends on the indices in it, and on nothing else that changes.
        key = (term, depth, tuple(frame.bindings[index] for index in free_indices(term)))
        if key in frame.calls:
            return frame.calls[key]
        arguments = tuple(self._argument(a, frame, depth) for a in term.arguments)
        value = self.called(term, arguments, depth) if self.called else None
        if value is None:
            definition = self.equations.get(term.constant)
            if definition is None:
                raise LookupError(f"'{term.constant}' has no equation that unfolds it")
            sizes = result_sizes(definition.type, term.type, frame.sizes)
            value = self.unfold(definition, arguments, sizes, depth)
        frame.calls[key] = value
        return value

    def _argument(self, term: Term, frame: Frame, depth: int) -> Binding:
        if isinstance(term, FinLiteral):
            return term.value
        if isinstance(term, Var) and isinstance(term.type, FinType):
            return self.index(term, frame)
        return self.any(term, frame, depth)

    @contextmanager
    def _opened(self, index: Var, frame: Frame, depth: int) -> Iterator[int]:
        """The index in scope, along the next axis; gives its size."""
        assert isinstance(index.type, FinType)
        n = index.type.length.at(frame.sizes)
        # Substitution may have put a term that binds the same name inside of this one's body.
        outer = frame.bindings.get(index)
        frame.bindings[index] = IndexAxis(depth + 1, n)
        yield n
        if outer is not None:
            frame.bindings[index] = outer

    def _unary(self, op: str, a: Value) -> Value:
        match op:
            case "neg":
                return self.charge.sign_free(a, -a.value)
            case "abs":
                return self.charge.sign_free(a, abs(a.value))
            case "exp":
                return self.charge.exp(a)
            case "log":
                return self.charge.log(a)
            case "sqrt":
                return self.charge.sqrt(a)
        raise AssertionError(f"no rule for {op}")

    def _power(self, base: Value, exponent: int, depth: int) -> Value:
        if exponent == 0:
            return self.charge.number(Fraction(1), depth)
        result = base
        for _ in range(exponent - 1):
            result = self.charge.multiply(result, base)
        return result

    def _coordinate(self, vector: Value, index: IndexAxis | int) -> Value:
        return Value(
            _take(vector.value, vector.depth, index),
            _take(vector.error, vector.depth, index),
            vector.depth,
            vector.rank - 1,
        )

    def _apply(self, linear: Term, argument: Term, frame: Frame, depth: int) -> Value:
        """A linear map given by its coefficients, at a vector: a sum of products."""
        inner = depth + 1
        row = self.any(linear, frame, depth)
        vector = self.any(argument, frame, depth)
        n = vector.value.shape[-1]
        axis = IndexAxis(inner, n)
        product = self.charge.multiply(
            self._coordinate(row.at_depth(inner), axis),
            self._coordinate(vector.at_depth(inner), axis),
        )
        return self.charge.sum(product, n)

    def _coefficients(self, var: Var, body: Term, frame: Frame, depth: int) -> Value:
        """The coefficients of `fun var => body`: its values at the unit vectors."""
        assert isinstance(var.type, VecType)
        n = var.type.length.at(frame.sizes)
        unit = np.eye(n, dtype=self.charge.carrier.dtype).reshape((1,) * (1 + depth) + (n, n))
        inner = Frame({**frame.bindings, var: exact(unit, depth + 1, 1)}, frame.sizes)
        return self.any(body, inner, depth + 1).bound_last_index(n)


def walk_for(
    equations: Equations,
    rounding: Rounding,
    rows: int,
    *,
    called: Hook | None = None,
    carrier: Carrier | None = None,
) -> tuple[Walk, NDArray[np.bool_]]:
    """A walk over `rows` inputs, and the marks (rows,) of those that left the format's range."""
    out_of_range = np.zeros(rows, dtype=bool)
    charger = Charger(rounding, carrier or carrier_for(rounding.working), out_of_range)
    return Walk(equations, charger, called), out_of_range


def _maximum(vector: Value) -> Value:
    shape = np.broadcast_shapes(vector.value.shape, vector.error.shape)
    if shape[-1] == 0:
        zeros = np.zeros(shape[:-1], dtype=vector.value.dtype)
        return exact(zeros, vector.depth)
    value = np.max(vector.value, axis=-1)
    return Value(value, np.max(vector.error, axis=-1), vector.depth)


def _take(array: Array, depth: int, index: IndexAxis | int) -> Array:
    """Coordinate `index` along the first own axis of an array with `depth` indices in scope."""
    own = 1 + depth
    if isinstance(index, int):
        taken: Array = np.take(array, index if array.shape[own] != 1 else 0, axis=own)
        return taken
    if array.shape[index.axis] == 1:
        return np.swapaxes(array, index.axis, own).squeeze(own)
    if array.shape[own] == 1:
        return array.squeeze(own)
    # The vector itself depends on the index: the diagonal.
    diagonal = np.diagonal(array, axis1=index.axis, axis2=own)
    return np.asarray(np.moveaxis(diagonal, -1, index.axis))


def _solve_sizes(kind: Type, value: Value, sizes: dict[str, int]) -> None:
    """Fix the ℕ variables of a parameter's type by the shape of its argument."""
    lengths: list[Length] = []
    if is_coordinates(kind):
        lengths = [coordinate_length(kind)]
    elif isinstance(kind, LinearType):
        lengths = [kind.domain.length]
    elif isinstance(kind, FunType) and isinstance(kind.result, LinearType):
        assert isinstance(kind.domain, FinType)
        lengths = [kind.domain.length, kind.result.domain.length]
    for length, actual in zip(reversed(lengths), reversed(value.value.shape), strict=False):
        solve_size(length, actual, sizes)
