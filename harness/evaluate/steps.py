"""The walk of a constant, spelled out: one step for each node, its value and its error as terms.

What `harness.evaluate.charge` computes for numbers is written here for symbols, node by node, for
the equation of one constant: the bound that a person can read and check. The exactness rules, which
only sharpen, and the walk's own rounding (a part in 10^9) are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count

from harness.evaluate.scope import free_indices
from harness.evaluate.symbols import (
    EXP_ULP,
    GAMMA,
    ONE,
    ROUNDOFF,
    SUBNORMAL,
    TWO,
    ZERO,
    is_plain,
    minus,
    not_negative,
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
from harness.statement.traverse import subterms
from harness.statement.type_of import type_of
from harness.statement.types import (
    REAL,
    FinType,
    FunType,
    Length,
    LinearType,
    Type,
    VecType,
    coordinate_length,
)

_INDEX_NAMES = "jklmpqrst"


class Unsaid(Exception):
    """A term for which this derivation has no words (a linear map given by a function)."""


@dataclass(frozen=True)
class Step:
    """One node. name: what stands for its value from here on, a variable or a coordinate of one;
    indices: what it varies with; value, error: in terms of earlier names; rule: of the walk;
    is_result_of: the calls whose value it is."""

    name: Term
    error_name: Term
    indices: tuple[Var, ...]
    rule: str
    value: Term
    error: Term
    is_result_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Derivation:
    """All steps of one constant, the result last. form: which way of computing it is meant."""

    constant: str
    form: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Known:
    """A value in earlier names, and its error (0: exact)."""

    value: Term
    error: Term


@dataclass(frozen=True)
class _Deriver:
    equations: Mapping[str, Definition]
    steps: list[Step] = field(default_factory=list)
    by_content: dict[Term, int] = field(default_factory=dict)
    never_negative: set[str] = field(default_factory=set)
    fresh: count[int] = field(default_factory=lambda: count(1))

    def real(self, term: Term) -> Known:
        """The node of a term of type ℝ, its own steps added."""
        match term:
            case Num():
                exact = abs(term.value.numerator) <= 256 and term.value.denominator == 1
                return Known(term, ZERO if exact else times(ROUNDOFF, self.size(term)))
            case NatCast() | Var():
                return Known(term, ZERO)
            case Unary(op=op, operand=operand):
                return self.unary(op, self.real(operand))
            case Binary(op="add", left=left, right=Unary(op="neg", operand=right)):
                return self.binary("sub", self.real(left), self.real(right))
            case Binary(op=op, left=left, right=right):
                return self.binary(op, self.real(left), self.real(right))
            case Power(base=base, exponent=exponent):
                return self.power(self.real(base), exponent)
            case Sum(index=index, body=body):
                inner = index_of(index.type, term)
                return self.sum(inner, self.real(substitute(body, {index: inner})))
            case Max(vector=vector):
                inner = index_of(FinType(length_of(vector)), term)
                each = self.real(item(vector, inner))
                return self.step("maximum", Max(_tabulated(inner, each.value)), _max(inner, each))
            case Coord(vector=vector, index=at):
                return self.coordinate(vector, at)
            case Apply(map=mapping, argument=argument):
                inner = index_of(FinType(length_of(argument)), term)
                one, other = self.real(item(mapping, inner)), self.real(item(argument, inner))
                return self.sum(inner, self.binary("mul", one, other))
            case Call():
                return self.call(term, None)
        raise Unsaid(f"no step for {type(term).__name__}")

    def coordinate(self, vector: Term, at: Term) -> Known:
        match vector:
            case Tabulate(index=index, body=body):
                return self.real(substitute(body, {index: at}))
            case Call():
                return self.call(vector, at)
            case Coord(vector=Var()) | Var():
                return Known(Coord(vector, at), ZERO)
        raise Unsaid(f"no step for a coordinate of {type(vector).__name__}")

    def call(self, term: Call, at: Term | None) -> Known:
        definition = self.equations.get(term.constant)
        if definition is None:
            raise Unsaid(f"{term.constant} has no equation")
        values: dict[Var, Term] = dict(zip(definition.params, term.arguments, strict=True))
        if definition.index is not None and at is not None:
            values[definition.index] = at
        result = self.real(substitute(definition.body, values))
        if is_plain(term):
            self.label(result.value, show_term(term if at is None else Coord(term, at)))
        return result

    def label(self, name: Term, text: str) -> None:
        """Says of the step with this very name that it is the result of a call."""
        for k, step in enumerate(self.steps):
            if step.name == name and text not in step.is_result_of:
                known = (*step.is_result_of, text)
                self.steps[k] = Step(
                    step.name,
                    step.error_name,
                    step.indices,
                    step.rule,
                    step.value,
                    step.error,
                    known,
                )

    def step(self, rule: str, value: Term, error: Term) -> Known:
        """A new name for a node, or the known one of a node with the same value and error."""
        indices = free_indices(value)
        places = {
            index: Var(f"·{k}", index.type) for k, index in enumerate(_in_order(value, indices))
        }
        content = substitute(value, dict(places))
        number = self.by_content.get(content)
        if number is None:
            number = self.by_content[content] = next(self.fresh)
            name, error_name = self.names(number, tuple(places))
            self.steps.append(Step(name, error_name, tuple(places), rule, value, error))
            if not_negative(value, self.never_negative):
                self.never_negative.add(f"v{number}")
        name, error_name = self.names(number, tuple(places))
        return Known(name, error_name if self.error_of(number) != ZERO else ZERO)

    def error_of(self, number: int) -> Term:
        return self.steps[number - 1].error

    def names(self, number: int, indices: tuple[Var, ...]) -> tuple[Term, Term]:
        """v₁ and E₁, at the indices that they vary with."""
        found = []
        for letter in ("v", "E"):
            kind: Type = REAL
            for index in reversed(indices):
                assert isinstance(index.type, FinType)
                kind = VecType(index.type.length) if kind == REAL else FunType(index.type, kind)
            name: Term = Var(f"{letter}{number}", kind)
            for index in indices:
                name = Coord(name, index)
            found.append(name)
        return found[0], found[1]

    def unary(self, op: str, a: Known) -> Known:
        v = Unary(op, a.value)
        match op:
            case "neg" | "abs":
                return self.step("sign", v, a.error)
            case "exp":
                above = Unary("exp", plus(a.value, a.error))
                moved = minus(above, v) if a.error != ZERO else ZERO
                own = times(TWO, EXP_ULP, ROUNDOFF, above)
                return self.step("exp", v, plus(moved, own, times(EXP_ULP, SUBNORMAL)))
            case "log":
                moved = ZERO
                if a.error != ZERO:
                    moved = Unary("neg", Unary("log", minus(ONE, over(a.error, a.value))))
                own = times(TWO, EXP_ULP, ROUNDOFF, plus(self.size(v), moved))
                return self.step("log", v, plus(moved, own, ROUNDOFF))
            case "sqrt":
                roots = plus(v, Unary("sqrt", minus(a.value, a.error)))
                return self.step("square root", v, self.rounded(v, over(a.error, roots)))
        raise Unsaid(f"no step for {op}")

    def binary(self, op: str, a: Known, b: Known) -> Known:
        v = Binary(op, a.value, b.value)
        half = over(SUBNORMAL, TWO)
        match op:
            case "add" | "sub":
                rule = "sum of two" if op == "add" else "difference"
                return self.step(rule, v, self.rounded(v, plus(a.error, b.error)))
            case "mul":
                both = times(a.error, b.error)
                e0 = plus(
                    times(self.size(a.value), b.error), times(self.size(b.value), a.error), both
                )
                return self.step("product", v, plus(self.rounded(v, e0), half))
            case "div":
                room = minus(self.size(b.value), b.error)
                e0 = over(plus(a.error, times(self.size(v), b.error)), room)
                return self.step("quotient", v, plus(self.rounded(v, e0, twice=True), half))
        raise Unsaid(f"no step for {op}")

    def size(self, term: Term) -> Term:
        """|term|, without bars where the steps say that it cannot be negative."""
        return size(term, self.never_negative)

    def rounded(self, v: Term, e0: Term, *, twice: bool = False) -> Term:
        """E0 + u (|v| + E0), or with 2u."""
        unit = times(TWO, ROUNDOFF) if twice else ROUNDOFF
        return plus(e0, times(unit, plus(self.size(v), e0)))

    def power(self, base: Known, exponent: int) -> Known:
        if exponent == 0:
            return Known(ONE, ZERO)
        result = base
        for _ in range(exponent - 1):
            result = self.binary("mul", result, base)
        return result

    def sum(self, index: Var, each: Known) -> Known:
        v = Sum(index, each.value)
        e0 = total(index, each.error)
        error = plus(e0, times(GAMMA, plus(total(index, self.size(each.value)), e0)))
        return self.step("sum", v, error)


def derive(constant: str, form: str, equations: Mapping[str, Definition]) -> Derivation:
    """The steps of a constant at exact arguments. Unsaid when a node has no rule here."""
    definition = equations[constant]
    deriver = _Deriver(equations)
    result = deriver.real(definition.body)
    call: Term = Call(constant, definition.params, definition.type)
    if definition.index is not None:
        call = Coord(call, definition.index)
    if not any(step.name == result.value for step in deriver.steps):
        deriver.step("copy", result.value, result.error)
        result = Known(deriver.steps[-1].name, ZERO)
    deriver.label(result.value, show_term(call))
    return Derivation(constant, form, tuple(deriver.steps))


def index_of(kind: Type, term: Term) -> Var:
    """The index of a sum: j unless `term` uses it, so that equal sums read alike."""
    taken = {one.name for one in free_indices(term)}
    return Var(next(name for name in _INDEX_NAMES if name not in taken), kind)


def _in_order(term: Term, indices: tuple[Var, ...]) -> list[Var]:
    """Free indices in the order in which the term names them."""
    named = dict.fromkeys(part for part in subterms(term) if part in indices)
    return [one for one in named if isinstance(one, Var)]


def item(vector: Term, index: Term) -> Term:
    """A coordinate, reduced. Unsaid for a linear map that is a function."""
    if isinstance(vector, Tabulate):
        return substitute(vector.body, {vector.index: index})
    if isinstance(vector, Lambda):
        raise Unsaid("a linear map given by a function")
    return Coord(vector, index)


def length_of(vector: Term) -> Length:
    """How many coordinates a vector has, or takes where it is a linear map."""
    kind = type_of(vector)
    return kind.domain.length if isinstance(kind, LinearType) else coordinate_length(kind)


def _tabulated(index: Var, value: Term) -> Term:
    """The vector of a value that varies with an index; the vector itself for its coordinates."""
    if (
        isinstance(value, Coord)
        and value.index == index
        and index not in free_indices(value.vector)
    ):
        return value.vector
    assert isinstance(index.type, FinType)
    return Tabulate(index, value, VecType(index.type.length))


def _max(index: Var, each: Known) -> Term:
    return ZERO if each.error == ZERO else Max(_tabulated(index, each.error))
