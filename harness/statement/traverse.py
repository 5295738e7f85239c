"""What is directly below a term, and the same term with something else there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from harness.statement.term import (
    Apply,
    Binary,
    Call,
    Coord,
    FinLiteral,
    Forall,
    HasFDerivAt,
    Lambda,
    Logic,
    Max,
    NatCast,
    Num,
    Power,
    Relation,
    Sum,
    Tabulate,
    Term,
    Unary,
    Var,
)


def parts(term: Term) -> tuple[Term, ...]:
    """The terms directly below, in the order in which they are written; no binding `Var`s."""
    match term:
        case Unary(operand=below) | Power(base=below) | Max(vector=below):
            return (below,)
        case Binary(left=left, right=right) | Relation(left=left, right=right):
            return (left, right)
        case Sum(body=body) | Tabulate(body=body) | Lambda(body=body) | Forall(body=body):
            return (body,)
        case Coord(vector=function, index=argument) | Apply(map=function, argument=argument):
            return (function, argument)
        case Call(arguments=arguments):
            return arguments
        case Logic(parts=below_all):
            return below_all
        case HasFDerivAt(function=function, derivative=derivative, point=point):
            return (function, derivative, point)
        case Var() | FinLiteral() | Num() | NatCast():
            return ()
    raise TypeError(f"not a term: {type(term).__name__}")


def mapped(term: Term, change: Callable[[Term], Term]) -> Term:
    """`term` with `change` applied to each of its parts; bound variables and types stay."""
    match term:
        case Var() | FinLiteral() | Num() | NatCast():
            return term
        case Unary(operand=operand):
            return replace(term, operand=change(operand))
        case Power(base=base):
            return replace(term, base=change(base))
        case Max(vector=vector):
            return Max(change(vector))
        case Binary(left=left, right=right) | Relation(left=left, right=right):
            return replace(term, left=change(left), right=change(right))
        case Sum(body=body) | Tabulate(body=body) | Lambda(body=body) | Forall(body=body):
            return replace(term, body=change(body))
        case Coord(vector=vector, index=index):
            return Coord(change(vector), change(index))
        case Apply(map=mapping, argument=argument):
            return Apply(change(mapping), change(argument))
        case Call(arguments=arguments):
            return replace(term, arguments=tuple(map(change, arguments)))
        case Logic(parts=below):
            return replace(term, parts=tuple(map(change, below)))
        case HasFDerivAt(function=function, derivative=derivative, point=point):
            sides = change(function), change(derivative)
            if not isinstance(sides[0], Lambda) or not isinstance(sides[1], Lambda):
                raise TypeError("the sides of HasFDerivAt must stay `Lambda`s")
            return HasFDerivAt(sides[0], sides[1], change(point))
    raise TypeError(f"not a term: {type(term).__name__}")


def subterms(term: Term) -> Iterator[Term]:
    """The term and all below it, in the order in which they are written; not recursive."""
    waiting = [term]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(reversed(parts(found)))


def bound_by(term: Term) -> tuple[Var, ...]:
    """The variables that the term itself binds in its body."""
    match term:
        case Sum(index=var) | Tabulate(index=var) | Lambda(var=var):
            return (var,)
        case Forall(variables=variables):
            return variables
    return ()
