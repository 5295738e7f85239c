"""Elaboration: a surface tree to the term that all judges read, or to the type of a constant."""

from __future__ import annotations

from harness.statement.context import Context, Typed
from harness.statement.elaborate_binders import plain_name
from harness.statement.elaborate_signature import elaborate_signature
from harness.statement.elaborate_terms import context_of_let, proposition
from harness.statement.elaborate_types import is_type
from harness.statement.elaborate_variables import (
    argument_type,
    bound_variable,
    each_name,
    empty_context,
)
from harness.statement.finish import finished
from harness.statement.names import Scope
from harness.statement.syntax import Ascription, Binder, Binding, Infix, Let, Node, failure
from harness.statement.term import Forall, Logic, Term, Var
from harness.statement.types import PROP

__all__ = ["Scope", "elaborate", "elaborate_signature"]


def elaborate(node: Node, scope: Scope) -> Forall:
    """The statement that a surface tree is: names resolved, types checked, constants expanded.

    A ∀ behind a hypothesis moves to the front; a binder `(h : p)` becomes `p → …`. Raises
    InputError, with the place of the node, for what is unknown, does not type, or is outside.
    """
    context = empty_context(scope)
    try:
        variables, body = _statement(context, node)
        return finished(context.inference, node, Forall(variables, body))
    except RecursionError:
        raise failure(node, "the statement is nested too deeply", "name parts of it") from None


def _statement(context: Context, node: Node) -> tuple[tuple[Var, ...], Term]:
    """The variables that a statement quantifies, hoisted, and what it says of them."""
    match node:
        case Binding(word="∀"):
            return _quantified(context, node, each_name(node))
        case Infix(op="→", left=left, right=right):
            hypothesis = proposition(context, left)
            variables, body = _statement(context, right)
            return variables, Logic("→", (hypothesis, body))
        case Let(body=body):
            return _statement(context_of_let(context, node), body)
        case Ascription(value=value, type=kind) if context.builtin(kind) == "Prop":
            return _statement(context, value)
    return (), proposition(context, node)


def _quantified(
    context: Context, node: Binding, names: list[tuple[Binder, str]]
) -> tuple[tuple[Var, ...], Term]:
    if not names:
        return _statement(context, node.body)
    (binder, name), rest = names[0], names[1:]
    if binder.type is None:
        raise failure(binder, f"`{name}` has no type", f"write ({name} : Vec n)")
    if is_type(context, binder.type):
        kind = argument_type(context, binder.type)
        var, inner = bound_variable(context, binder, name, kind)
        variables, body = _quantified(inner, node, rest)
        return (var, *variables), body
    hypothesis = proposition(context, binder.type)
    inner = context.where(plain_name(binder, name), Typed(hypothesis, PROP))
    variables, body = _quantified(inner, node, rest)
    return variables, Logic("→", (hypothesis, body))
