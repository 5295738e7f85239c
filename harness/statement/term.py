"""The term: an elaborated statement, the one data structure that every judge reads.

Elaboration leaves only what follows. Constants are fully applied (`Call`): to their explicit
arguments and to the argument of the linear map that they return. Vector algebra (`x + y`, `c • x`,
`-x`) is spelled out by `Tabulate`; `inner ℝ a b`, `‖a‖` are sums; `<|`, ascriptions, `let`, named
arguments and synonyms are gone; every bound name is unique in its statement. Nodes are immutable,
hashable and know nothing of arrays or files.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar, dataclass_transform

from harness.statement.types import Length, Type

T = TypeVar("T")


class Term:
    """Base of the nodes below."""

    def __getstate__(self) -> dict[str, object]:
        # Hashes of texts differ between processes.
        return {name: part for name, part in self.__dict__.items() if name != "_hash"}


@dataclass_transform(frozen_default=True)
def _node(cls: type[T]) -> type[T]:
    """A frozen dataclass that computes its hash once: terms are keys of the evaluators' memos."""
    made = dataclass(frozen=True)(cls)
    computed = made.__hash__

    def remembered(self: T) -> int:
        known = self.__dict__.get("_hash")
        if known is None:
            known = computed(self)
            object.__setattr__(self, "_hash", known)
        return int(known)

    made.__hash__ = remembered  # type: ignore[method-assign, assignment]
    return made


@_node
class Var(Term):
    """A bound variable; `name` is unique in its statement."""

    name: str
    type: Type


@_node
class FinLiteral(Term):
    """The numeral `value` as an index in `Fin length`."""

    value: int
    length: Length


@_node
class Num(Term):
    """A real numeral (exact)."""

    value: Fraction


@_node
class NatCast(Term):
    """A ℕ-term used as a real number, `(n : ℝ)`."""

    length: Length


@_node
class Unary(Term):
    """op is one of neg, exp, log, sqrt, abs; operand : ℝ."""

    op: str
    operand: Term


@_node
class Binary(Term):
    """op is one of add, sub, mul, div on ℝ."""

    op: str
    left: Term
    right: Term


@_node
class Power(Term):
    """A natural power of a real number."""

    base: Term
    exponent: int


@_node
class Sum(Term):
    """∑ index, body; index : Fin n."""

    index: Var
    body: Term


@_node
class Max(Term):
    """The greatest coordinate of a vector. Not in the language: forms introduce it (`neg_max`)."""

    vector: Term


@_node
class Coord(Term):
    """`vector index`: a coordinate of a `Vec n` or `Fin n → ℝ`, or one functional of a
    `Fin n → Vec n →L[ℝ] ℝ`."""

    vector: Term
    index: Term


@_node
class Tabulate(Term):
    """`fun index => body` with index : Fin n; type is `Vec n` or `Fin n → …`."""

    index: Var
    body: Term
    type: Type


@_node
class Lambda(Term):
    """`fun var => body` with var : Vec n: a function or (type says so) a linear map."""

    var: Var
    body: Term
    type: Type


@_node
class Apply(Term):
    """A linear map (a variable, or a coordinate of one) at a vector. Calls are never in here."""

    map: Term
    argument: Term


@_node
class Call(Term):
    """A constant applied to all it takes; type is ℝ, `Vec n` or `Fin n → ℝ`."""

    constant: str
    arguments: tuple[Term, ...]
    type: Type


@_node
class Relation(Term):
    """op is one of = ≠ < ≤ > ≥; both sides have one type (ℝ, vectors, functions, linear maps)."""

    op: str
    left: Term
    right: Term
    type: Type


@_node
class Logic(Term):
    """op is one of ∧ ∨ → ↔ ¬ (¬ has one part)."""

    op: str
    parts: tuple[Term, ...]


@_node
class HasFDerivAt(Term):
    """`HasFDerivAt function derivative point`; function and derivative are `Lambda`s."""

    function: Lambda
    derivative: Lambda
    point: Term


@_node
class Forall(Term):
    """∀ variables, body: the outermost node of a statement, never nested (elaboration hoists)."""

    variables: tuple[Var, ...]
    body: Term


@dataclass(frozen=True)
class Definition:
    """The equation that unfolds a constant, read left to right.

    params: its explicit Lean arguments, then the argument of the linear map that it returns;
    index: the coordinate at which the equation speaks, or None when the constant is real;
    body: the right side, a real number.
    """

    constant: str
    params: tuple[Var, ...]
    index: Var | None
    body: Term
    type: Type


@dataclass(frozen=True)
class Signature:
    """The type of a constant: implicit ℕ parameters, explicit parameter types, result type.

    name: as statements write it, without the namespaces in force (`softmaxVec`,
    `ContinuousLinearMap.pi`); full_name: with them. params: `(name, type)` in Lean order, names may
    be empty; result: what is left after the explicit arguments (may be a `LinearType`).
    """

    name: str
    full_name: str
    sizes: tuple[str, ...]
    params: tuple[tuple[str, Type], ...]
    result: Type
