"""`fun` and `∑`: the type of what they bind, and what their bodies may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from harness.statement.context import Context, Typed
from harness.statement.elaborate_constants import abstracted
from harness.statement.elaborate_types import type_from
from harness.statement.inference import ANYTHING, Anything
from harness.statement.pointwise import pointwise
from harness.statement.syntax import Binder, Binding, Node, failure
from harness.statement.term import Sum, Term
from harness.statement.types import NAT, PROP, REAL, FinType, FunType, Type, VecType, is_coordinates


def plain_name(node: Node, name: str) -> str:
    """The name that a binder introduces. InputError for one with dots."""
    if "." in name:
        raise failure(node, f"`{name}` cannot be bound", "bound names have no dots")
    return name


def function(context: Context, node: Binding, expected: Type | None) -> Typed:
    """`fun binders => body`: one binder after the other."""
    known = ANYTHING if expected is None else context.inference.type(expected)
    if not node.binders:
        return _function_body(context, node.body, known)
    binder, *others = node.binders
    name, *names = binder.names
    rest = (replace(binder, names=tuple(names)), *others) if names else tuple(others)
    if not isinstance(known, FunType | Anything):
        shown = context.inference.shown(known)
        hint = "write WithLp.toLp 2 fun i => …" if isinstance(known, VecType) else ""
        raise failure(node, f"`fun` is a function, but {shown} is needed here", hint)
    domain = _domain(context, binder, name, known)
    var, inner = context.bind(plain_name(binder, name), domain)
    result = known.result if isinstance(known, FunType) else ANYTHING
    return abstracted(var, function(inner, replace(node, binders=rest), result))


def _function_body(context: Context, body: Node, expected: Type) -> Typed:
    found = context.infer(body, expected)
    term = context.coerce(found, expected, body)
    kind = REAL if expected == REAL else found.type
    if isinstance(expected, FunType):
        kind = expected
    if kind in (NAT, PROP) or isinstance(kind, FinType):
        raise failure(body, f"functions to {kind} are outside of the statement language")
    return Typed(term, kind)


def _domain(context: Context, binder: Binder, name: str, known: FunType | Anything) -> Type:
    """The type of a bound name: declared, or that of the argument of the expected function."""
    if binder.type is None:
        if isinstance(known, FunType):
            return known.domain
        raise failure(
            binder, f"cannot infer the type of `{name}`", f"write fun {name} : Fin n => …"
        )
    domain = type_from(context, binder.type)
    if isinstance(known, FunType) and not context.inference.unify(domain, known.domain):
        wanted = context.inference.shown(known.domain)
        raise failure(
            binder, f"`{name}` has type {domain}, but the argument here has type {wanted}"
        )
    if not (isinstance(domain, FinType) or domain == REAL or is_coordinates(domain)):
        raise failure(binder, f"a function of {domain} is outside of the statement language")
    return domain


def summed(context: Context, node: Binding, expected: Type | None) -> Typed:
    """`∑ i, body`: of real numbers, or coordinate by coordinate of vectors and maps."""
    if not node.binders:
        found = context.infer(node.body, expected)
        if found.type == NAT and expected == REAL:
            return Typed(found.term, REAL)
        if found.type == NAT:
            hint = "write the type of a summand: (1 : ℝ)"
            raise failure(node, "a sum of natural numbers is outside of the language", hint)
        return found
    binder, *rest = node.binders
    (name,) = binder.names
    if binder.type is None:
        what, hint = f"the range of `{name}`", f"write ∑ {name} : Fin n, …"
        domain: Type = FinType(context.inference.unknown(binder, what, hint))
    else:
        domain = type_from(context, binder.type)
    if not isinstance(domain, FinType):
        raise failure(binder, f"a sum over {domain} is outside", "sums are over Fin n")
    index, inner = context.bind(plain_name(binder, name), domain)
    found = summed(inner, replace(node, binders=tuple(rest)), expected)

    def total(parts: Sequence[Term]) -> Term:
        return Sum(index, parts[0])

    return Typed(pointwise(context, node, found.type, (found.term,), total), found.type)
