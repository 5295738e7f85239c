"""Arithmetic on vectors, functions and linear maps, by coordinates and by arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from harness.statement.context import Context, excerpt
from harness.statement.substitute import applied, coordinate
from harness.statement.syntax import Node, failure
from harness.statement.term import Lambda, Tabulate, Term
from harness.statement.types import REAL, FinType, FunType, LinearType, Type, VecType


def pointwise(
    context: Context,
    node: Node,
    kind: Type,
    operands: Sequence[Term],
    combine: Callable[[Sequence[Term]], Term],
) -> Term:
    """`combine` on real numbers, lifted to values of a type: to coordinates and to arguments."""
    kind = context.inference.type(kind)
    if kind == REAL:
        return combine(operands)
    domain: Type
    result: Type
    if isinstance(kind, LinearType):
        domain, result = kind.domain, kind.codomain
    elif isinstance(kind, VecType):
        domain, result = FinType(kind.length), REAL
    elif isinstance(kind, FunType):
        domain, result = kind.domain, kind.result
    else:
        shown = context.inference.shown(kind)
        raise failure(node, f"`{excerpt(node)}` is arithmetic on {shown}, which is outside")
    var = context.inference.variable("_" if isinstance(domain, FinType) else "v", domain)
    at = coordinate if isinstance(domain, FinType) else applied
    body = pointwise(context, node, result, [at(each, var) for each in operands], combine)
    context.inference.charge(node, (body,))
    return (Tabulate if isinstance(domain, FinType) else Lambda)(var, body, kind)
