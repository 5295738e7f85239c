"""One rule for every kind of node: the dispatch of elaboration."""

from __future__ import annotations

from harness.statement.context import Context, Typed, excerpt
from harness.statement.elaborate_application import application
from harness.statement.elaborate_arithmetic import arithmetic, relation, scalar_multiple
from harness.statement.elaborate_binders import function, plain_name, summed
from harness.statement.elaborate_functions import absolute, norm
from harness.statement.elaborate_numerals import numeral
from harness.statement.elaborate_types import is_type, type_from
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
from harness.statement.term import Logic, NatCast, Term
from harness.statement.types import NAT, PROP, REAL, Type


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
            return function(context, node, expected)
        case Binding(word="∑"):
            return summed(context, node, expected)
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


def _coerced(context: Context, node: Node, operand: Node) -> Typed:
    found = context.infer(operand)
    if isinstance(found.term, NatCast) and found.type == NAT:
        return Typed(found.term, REAL)
    shown = context.inference.shown(found.type)
    raise failure(node, f"`↑` casts ℕ to ℝ, not {shown}", "write x.ofLp for a vector")
