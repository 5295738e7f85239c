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

from harness.statement.types import Length, Type


class Term:
    """Base of the nodes below."""


@dataclass(frozen=True)
class Var(Term):
    """A bound variable; `name` is unique in its statement."""

    name: str
    type: Type


@dataclass(frozen=True)
class FinLiteral(Term):
    """The numeral `value` as an index in `Fin length`."""

    value: int
    length: Length


@dataclass(frozen=True)
class Num(Term):
    """A real numeral (exact)."""

    value: Fraction


@dataclass(frozen=True)
class NatCast(Term):
    """A ℕ-term used as a real number, `(n : ℝ)`."""

    length: Length


@dataclass(frozen=True)
class Unary(Term):
    """op is one of neg, exp, log, sqrt, abs; operand : ℝ."""

    op: str
    operand: Term


@dataclass(frozen=True)
class Binary(Term):
    """op is one of add, sub, mul, div on ℝ."""

    op: str
    left: Term
    right: Term


@dataclass(frozen=True)
class Power(Term):
    """A natural power of a real number."""

    base: Term
    exponent: int


@dataclass(frozen=True)
class Sum(Term):
    """∑ index, body; index : Fin n."""

    index: Var
    body: Term


@dataclass(frozen=True)
class Max(Term):
    """The greatest coordinate of a vector. Not in the language: forms introduce it (`neg_max`)."""

    vector: Term


@dataclass(frozen=True)
class Coord(Term):
    """`vector index`: a coordinate of a `Vec n` or `Fin n → ℝ`, or one functional of a
    `Fin n → Vec n →L[ℝ] ℝ`."""

    vector: Term
    index: Term


@dataclass(frozen=True)
class Tabulate(Term):
    """`fun index => body` with index : Fin n; type is `Vec n` or `Fin n → …`."""

    index: Var
    body: Term
    type: Type


@dataclass(frozen=True)
class Lambda(Term):
    """`fun var => body` with var : Vec n: a function or (type says so) a linear map."""

    var: Var
    body: Term
    type: Type


@dataclass(frozen=True)
class Apply(Term):
    """A linear map (a variable, or a coordinate of one) at a vector. Calls are never in here."""

    map: Term
    argument: Term


@dataclass(frozen=True)
class Call(Term):
    """A constant applied to all it takes; type is ℝ, `Vec n` or `Fin n → ℝ`."""

    constant: str
    arguments: tuple[Term, ...]
    type: Type


@dataclass(frozen=True)
class Relation(Term):
    """op is one of = ≠ < ≤ > ≥; both sides have one type (ℝ, vectors, functions, linear maps)."""

    op: str
    left: Term
    right: Term
    type: Type


@dataclass(frozen=True)
class Logic(Term):
    """op is one of ∧ ∨ → ↔ ¬ (¬ has one part)."""

    op: str
    parts: tuple[Term, ...]


@dataclass(frozen=True)
class HasFDerivAt(Term):
    """`HasFDerivAt function derivative point`; function and derivative are `Lambda`s."""

    function: Lambda
    derivative: Lambda
    point: Term


@dataclass(frozen=True)
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
