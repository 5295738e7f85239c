"""The bound of a constant to first order in u, as one formula: |computed - exact| <= u · formula.

The rules of `harness.evaluate.steps` without what is quadratic in u and without underflow. Where
the error of a value is a multiple of the value it is kept as such, which makes the result short:
`|softmaxVec x i| (…)`. Constants that are called on the way keep their names; what they contribute
is a symbol of its own, explained in a further line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from harness.evaluate.scope import free_indices
from harness.evaluate.steps import Unsaid, index_of, item, length_of
from harness.evaluate.symbols import (
    DEPTH,
    EXP_ULP,
    ONE,
    TWO,
    ZERO,
    is_plain,
    over,
    plus,
    size,
    times,
    total,
)
from harness.statement.printer import show_term
from harness.statement.substitute import substitute
from harness.statement.term import (
    Apply,
    Binary,
    Call,
    Coord,
    Definition,
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
from harness.statement.traverse import parts
from harness.statement.types import REAL, FinType, FunType, Type, VecType


@dataclass(frozen=True)
class Error:
    """The error of a value ÷ u: rest + units · |value|. Where rest is 0 it is relative."""

    value: Term
    rest: Term = ZERO
    units: Term = ZERO

    @property
    def amount(self) -> Term:
        """All of it."""
        return plus(self.rest, times(size(self.value), self.units))

    @property
    def is_relative(self) -> bool:
        """Whether it is a multiple of the value."""
        return self.rest == ZERO


@dataclass(frozen=True)
class Where:
    """A symbol of the formula: what it stands for, and of which call it is the error ÷ u (of the
    value itself where it is not relative)."""

    name: Term
    meaning: Term
    call: Term
    relative: bool


@dataclass(frozen=True)
class Formula:
    """left: the constant at its arguments; right: the bound ÷ u; where: the symbols in it."""

    left: Term
    right: Term
    where: tuple[Where, ...]


@dataclass(frozen=True)
class _Reader:
    equations: Mapping[str, Definition]
    where: dict[Term, Where] = field(default_factory=dict)

    def error(self, term: Term) -> Error:
        match term:
            case Num() | NatCast() | Var() | Coord(vector=Var() | Coord(vector=Var())):
                return Error(term)
            case Unary(op=op, operand=operand):
                return self.unary(op, self.error(operand))
            case Binary(op="add", left=left, right=Unary(op="neg", operand=right)):
                return self.binary("sub", self.error(left), self.error(right))
            case Binary(op=op, left=left, right=right):
                return self.binary(op, self.error(left), self.error(right))
            case Power(base=base, exponent=exponent):
                return self.power(self.error(base), exponent)
            case Sum(index=index, body=body):
                inner = index_of(index.type, term)
                return self.sum(inner, self.error(substitute(body, {index: inner})))
            case Max(vector=vector):
                return self.maximum(term, vector)
            case Apply(map=mapping, argument=argument):
                inner = index_of(FinType(length_of(argument)), term)
                one, other = self.error(item(mapping, inner)), self.error(item(argument, inner))
                return self.sum(inner, self.binary("mul", one, other))
            case Coord(vector=Tabulate(index=index, body=body), index=at):
                return self.error(substitute(body, {index: at}))
            case Call() | Coord(vector=Call()):
                return self.called(term)
        raise Unsaid(f"no rule for {type(term).__name__}")

    def maximum(self, term: Max, vector: Term) -> Error:
        inner = index_of(FinType(length_of(vector)), term)
        each = self.error(item(vector, inner))
        bare = isinstance(each.value, Coord) and each.value.index == inner
        shown = each.value.vector if isinstance(each.value, Coord) and bare else vector
        if each.amount != ZERO:
            raise Unsaid("the maximum of what is computed")
        return Error(Max(shown))

    def unfolded(self, term: Term) -> Error:
        """The error of what a call is by its equation."""
        call = term.vector if isinstance(term, Coord) else term
        assert isinstance(call, Call)
        definition = self.equations.get(call.constant)
        if definition is None:
            raise Unsaid(f"{call.constant} has no equation")
        values: dict[Var, Term] = dict(zip(definition.params, call.arguments, strict=True))
        if definition.index is not None and isinstance(term, Coord):
            values[definition.index] = term.index
        return self.error(substitute(definition.body, values))

    def called(self, term: Term) -> Error:
        """A call: its name, and a symbol for its error, the same for equal calls."""
        found = self.unfolded(term)
        call = term.vector if isinstance(term, Coord) else term
        assert isinstance(call, Call)
        if not is_plain(call):
            return found
        meaning = found.units if found.is_relative else found.amount
        if not parts(meaning) or _is_symbol(meaning):
            return Error(term, ZERO, meaning) if found.is_relative else Error(term, meaning)
        indices = list(free_indices(term))
        # One symbol for all indices; where it is explained, they have the letters seen first.
        content = substitute(term, {one: Var(f"·{k}", one.type) for k, one in enumerate(indices)})
        if content not in self.where:
            letter = "ρ" if found.is_relative else "ε"
            number = 1 + sum(one.relative == found.is_relative for one in self.where.values())
            name = _family(f"{letter}{number}", indices)
            self.where[content] = Where(name, meaning, term, found.is_relative)
        name = _symbol_of(self.where[content].name)
        for index in indices:
            name = Coord(name, index)
        return Error(term, ZERO, name) if found.is_relative else Error(term, name)

    def unary(self, op: str, a: Error) -> Error:
        v = Unary(op, a.value)
        # The error of a over |a|.
        relative = plus(over(a.rest, size(a.value)), a.units)
        match op:
            case "neg" | "abs":
                return Error(v, a.rest, a.units)
            case "exp":
                return Error(v, ZERO, plus(a.amount, times(TWO, EXP_ULP)))
            case "log":
                return Error(v, plus(relative, ONE), times(TWO, EXP_ULP))
            case "sqrt":
                return Error(v, ZERO, plus(over(relative, TWO), ONE))
        raise Unsaid(f"no rule for {op}")

    def binary(self, op: str, a: Error, b: Error) -> Error:
        v = Binary(op, a.value, b.value)
        match op:
            case "add" | "sub":
                return Error(v, plus(a.amount, b.amount), ONE)
            case "mul":
                crossed = plus(times(size(a.value), b.rest), times(size(b.value), a.rest))
                return Error(v, crossed, plus(a.units, b.units, ONE))
            case "div":
                moved = plus(
                    over(a.rest, size(b.value)), times(size(v), over(b.rest, size(b.value)))
                )
                return Error(v, moved, plus(a.units, b.units, TWO))
        raise Unsaid(f"no rule for {op}")

    def power(self, base: Error, exponent: int) -> Error:
        if exponent == 0:
            return Error(ONE)
        result = base
        for _ in range(exponent - 1):
            result = self.binary("mul", result, base)
        return result

    def sum(self, index: Var, each: Error) -> Error:
        v = Sum(index, each.value)
        inner = plus(each.rest, times(size(each.value), plus(each.units, DEPTH)))
        amount = total(index, inner)
        return Error(v, ZERO, over(amount, v)) if size(v) == v else Error(v, amount)


def first_order(constant: str, equations: Mapping[str, Definition]) -> Formula:
    """The formula of a constant at exact arguments. Unsaid when a node has no rule here."""
    definition = equations[constant]
    left: Term = Call(constant, definition.params, definition.type)
    if definition.index is not None:
        left = Coord(left, definition.index)
    reader = _Reader(equations)
    found = reader.unfolded(left)
    if found.is_relative and not isinstance(found.value, Sum):
        right = times(size(left), found.units)
    elif isinstance(found.units, Binary) and found.units.right == found.value:
        right = found.units.left  # |∑ …| times what was divided by it
    else:
        right = found.amount
    where = list(reader.where.values())
    if where and right in (where[-1].name, times(size(left), where[-1].name)):
        last = where.pop()
        right = times(size(left), last.meaning) if last.relative else last.meaning
    return Formula(left, right, tuple(where))


def shown(formula: Formula) -> str:
    """The formula as one line of text."""
    text = f"|computed - {show_term(formula.left)}| ≤ u · ({show_term(formula.right)})"
    where = [f"{show_term(one.name)} = {show_term(one.meaning)}" for one in formula.where]
    return "; ".join([text, *where])


def _symbol_of(name: Term) -> Term:
    """The family that a symbol at indices belongs to."""
    while isinstance(name, Coord):
        name = name.vector
    return name


def _is_symbol(term: Term) -> bool:
    return isinstance(head := _symbol_of(term), Var) and head.name[0] in "ρε"


def _family(name: str, indices: list[Var]) -> Term:
    """A symbol that varies with indices."""
    kind: Type = REAL
    for index in reversed(indices):
        assert isinstance(index.type, FinType)
        kind = VecType(index.type.length) if kind == REAL else FunType(index.type, kind)
    found: Term = Var(name, kind)
    for index in indices:
        found = Coord(found, index)
    return found
