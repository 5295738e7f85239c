"""The type of an elaborated term, read off without any search."""

from __future__ import annotations

from harness.statement.term import (
    Apply,
    Call,
    Coord,
    FinLiteral,
    Forall,
    HasFDerivAt,
    Lambda,
    Logic,
    Relation,
    Tabulate,
    Term,
    Var,
)
from harness.statement.types import PROP, REAL, FinType, FunType, LinearType, Type


def type_of(term: Term) -> Type:
    """The type of a term. TypeError for a term that elaboration cannot have made."""
    match term:
        case Var(type=kind) | Tabulate(type=kind) | Lambda(type=kind) | Call(type=kind):
            return kind
        case FinLiteral(length=length):
            return FinType(length)
        case Coord(vector=vector):
            kind = type_of(vector)
            return kind.result if isinstance(kind, FunType) else REAL
        case Apply(map=mapping):
            kind = type_of(mapping)
            if isinstance(kind, LinearType):
                return kind.codomain
            if isinstance(kind, FunType):
                return kind.result
            raise TypeError(f"{kind} is not applied to anything")
        case Relation() | Logic() | HasFDerivAt() | Forall():
            return PROP
    return REAL
