"""One rule for every kind of node: the dispatch of elaboration, binders and connectives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from harness.statement.context import Context, Typed, excerpt
from harness.statement.elaborate_application import abstracted, application
from harness.statement.elaborate_arithmetic import (
    arithmetic,
    numeral,
    pointwise,
    relation,
    scalar_multiple,
)
from harness.statement.elaborate_functions import absolute, norm
from harness.statement.elaborate_types import is_type, type_from
from harness.statement.inference import ANYTHING, Anything
from harness.statement.syntax import (
    Application,
    Ascription,
    Binder,
    Binding,
    Enclosed,
    Field,
    Identifier,
    Infix,
    Let,
    NamedArgument,
    Node,
    Numeral,
    Prefix,
    failure,
)
from harness.statement.term import Logic, NatCast, Sum, Term
from harness.statement.types import (
    NAT,
    PROP,
    REAL,
    FinType,
    FunType,
    Type,
    VecType,
    is_coordinates,
)


def elaborated(context: Context, node: Node, expected: Type | None) -> Typed:
    """The term of any node and its type; `expected` helps inference and is not ensured."""
    match node:
        case Application(head=head) if is_type(context, node):
            raise failure(head, "a type where a term is expected", "equations are between values")
        case Identifier() | Application() | Field():
            return application(context, node)
        case Numeral():
            return numeral(context, node, expected)
        case Infix(op="→" | "∧" | "∨" | "↔", left=left, right=right):
            parts = (proposition(context, left), proposition(context, right))
            return Typed(Logic(node.op, parts), PROP)
        case Infix(op="=" | "≠" | "<" | "≤" | ">" | "≥"):
            return relation(context, node)
        case Infix(op="•"):
            return scalar_multiple(context, node, expected)
        case Infix(op="+" | "-" | "*" | "/" | "^") | Prefix(op="-"):
            return arithmetic(context, node, expected)
        case Prefix(op="¬", operand=operand):
            return Typed(Logic("¬", (proposition(context, operand),)), PROP)
        case Prefix(op="↑", operand=operand):
            return _coerced(context, node, operand)
        case Enclosed(bar="‖", inner=inner):
            return norm(context, node, (inner,))
        case Enclosed(inner=inner):
            return absolute(context, node, (inner,))
        case Ascription(value=value, type=kind):
            declared = type_from(context, kind)
            return Typed(context.check(value, declared), declared)
        case Binding(word="fun"):
            return _function(context, node, expected)
        case Binding(word="∑"):
            return _sum(context, node, expected)
        case Let(body=body):
            return context_of_let(context, node).infer(body, expected)
        case Binding():
            hint = "write ∀ first, before all hypotheses and connectives"
            raise failure(node, "a ∀ inside of a statement is outside of the language", hint)
        case NamedArgument() | Binder():
            raise failure(node, f"`{excerpt(node)}` is no term")
    raise failure(node, f"`{excerpt(node)}` is a type, and a term is expected")


def proposition(context: Context, node: Node) -> Term:
    """The term of a node that must be a proposition."""
    return context.check(node, PROP)


def context_of_let(context: Context, node: Let) -> Context:
    """The context of a let's body: the value stands where the name does."""
    if node.type is None:
        found = context.infer(node.value)
    else:
        declared = type_from(context, node.type)
        found = Typed(context.check(node.value, declared), declared)
    if found.type == PROP:
        raise failure(node.value, "let names a value, not a proposition", "write it out")
    context.inference.charge(node, (found.term,))
    return context.where(plain_name(node, node.name), found)


def plain_name(node: Node, name: str) -> str:
    """The name that a binder introduces. InputError for one with dots."""
    if "." in name:
        raise failure(node, f"`{name}` cannot be bound", "bound names have no dots")
    return name


def _coerced(context: Context, node: Node, operand: Node) -> Typed:
    found = context.infer(operand)
    if isinstance(found.term, NatCast) and found.type == NAT:
        return Typed(found.term, REAL)
    shown = context.inference.shown(found.type)
    raise failure(node, f"`↑` casts ℕ to ℝ, not {shown}", "write x.ofLp for a vector")


def _function(context: Context, node: Binding, expected: Type | None) -> Typed:
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
    return abstracted(var, _function(inner, replace(node, binders=rest), result))


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


def _sum(context: Context, node: Binding, expected: Type | None) -> Typed:
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
    found = _sum(inner, replace(node, binders=tuple(rest)), expected)

    def total(parts: Sequence[Term]) -> Term:
        return Sum(index, parts[0])

    return Typed(pointwise(context, node, found.type, (found.term,), total), found.type)
