"""The bound of a theorem in symbols: what the errors of the calls in it become outside of them.

Outside of calls the harness computes, in a carrier wide enough to be charged next to nothing, so
that errors only propagate. The error of a call, `E (softmaxVec x) i`, is that constant's bound.
"""

from __future__ import annotations

from harness.evaluate.steps import Unsaid
from harness.evaluate.symbols import ONE, ZERO, error_of, minus, over, plus, size, times, total
from harness.statement.substitute import substitute
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
from harness.statement.types import FinType, coordinate_length, is_coordinates


def theorem_bound(statement: Forall) -> Term:
    """How far the two sides of the conclusion may be apart, at a coordinate where they are vectors.

    Unsaid for a statement of another shape. 0 where no constant is called."""
    body: Term = statement.body
    while isinstance(body, Logic) and body.op == "→":
        body = body.parts[-1]
    match body:
        case Relation(left=Lambda() | Tabulate() as left, right=Lambda() | Tabulate() as right):
            return plus(propagated(_inside(left)), propagated(_inside(right)))
        case Relation(left=left, right=right, type=kind):
            if is_coordinates(kind):
                index = Var("i", FinType(coordinate_length(kind)))
                left, right = _item(left, index), _item(right, index)
            return plus(propagated(left), propagated(right))
        case HasFDerivAt(derivative=derivative):
            return propagated(_inside(derivative))
    raise Unsaid(f"a statement of the shape {type(body).__name__}")


def propagated(term: Term) -> Term:
    """The error of a term whose calls have errors. Unsaid for what has no rule."""
    match term:
        case Num() | NatCast() | Var() | FinLiteral():
            return ZERO
        case Call():
            return error_of(term)
        case Coord(vector=Call() as call, index=index):
            return Coord(error_of(call), index)
        case Coord(vector=Tabulate(index=var, body=body), index=index):
            return propagated(substitute(body, {var: index}))
        case Coord(vector=vector):
            return ZERO if propagated(vector) == ZERO else _unsaid(term)
        case Unary(op="neg" | "abs", operand=operand):
            return propagated(operand)
        case Unary(op="exp", operand=operand):
            error = propagated(operand)
            above = Unary("exp", plus(operand, error))
            return ZERO if error == ZERO else minus(above, term)
        case Unary(op="log", operand=operand):
            error = propagated(operand)
            inside = minus(ONE, over(error, operand))
            return ZERO if error == ZERO else Unary("neg", Unary("log", inside))
        case Unary(op="sqrt", operand=operand):
            error = propagated(operand)
            return over(error, plus(term, Unary("sqrt", minus(operand, error))))
        case Binary(op="add" | "sub", left=left, right=right):
            return plus(propagated(left), propagated(right))
        case Binary(op="mul", left=left, right=right):
            one, other = propagated(left), propagated(right)
            crossed = plus(times(size(left), other), times(size(right), one))
            return plus(crossed, times(one, other))
        case Binary(op="div", left=left, right=right):
            one, other = propagated(left), propagated(right)
            moved = plus(one, times(size(term), other))
            return over(moved, minus(size(right), other))
        case Power(base=base, exponent=exponent):
            product: Term = base if exponent else ONE
            for _ in range(exponent - 1):
                product = Binary("mul", product, base)
            return propagated(product)
        case Sum(index=index, body=body):
            return total(index, propagated(body))
        case Apply(map=mapping, argument=argument):
            if propagated(mapping) == ZERO == propagated(argument):
                return ZERO
    return _unsaid(term)


def _unsaid(term: Term) -> Term:
    raise Unsaid(f"no rule for {type(term).__name__}")


def _inside(function: Term) -> Term:
    """What a function returns, at a coordinate where that is a vector."""
    while isinstance(function, Lambda | Tabulate):
        function = function.body
    if isinstance(function, Call) and is_coordinates(function.type):
        return Coord(function, Var("i", FinType(coordinate_length(function.type))))
    return function


def _item(vector: Term, index: Var) -> Term:
    if isinstance(vector, Tabulate):
        return substitute(vector.body, {vector.index: index})
    return Coord(vector, index)
