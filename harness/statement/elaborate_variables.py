"""Variables that a statement or a type quantifies, and the context to begin with."""

from __future__ import annotations

from harness.statement.context import Context, Typed
from harness.statement.elaborate_binders import plain_name
from harness.statement.elaborate_terms import elaborated
from harness.statement.elaborate_types import type_from
from harness.statement.inference import Inference
from harness.statement.names import FUNCTIONS, TYPES, Scope
from harness.statement.syntax import Binder, Binding, Node, failure
from harness.statement.term import NatCast, Var
from harness.statement.types import NAT, PROP, UNIVERSE, Length, Type


def empty_context(scope: Scope) -> Context:
    """An empty context; no variable takes the name of a constant or of a word of the language."""
    words = {word.split(".")[0] for word in (*TYPES, *FUNCTIONS, *scope.signatures, "max")}
    return Context(scope, Inference(frozenset(words)), elaborated, {})


def each_name(node: Binding) -> list[tuple[Binder, str]]:
    """The names that a quantifier binds, each with its binder."""
    return [(binder, name) for binder in node.binders for name in binder.names]


def bound_variable(context: Context, binder: Binder, name: str, kind: Type) -> tuple[Var, Context]:
    """A new variable; one of type ℕ means a length."""
    var, inner = context.bind(plain_name(binder, name), kind)
    if kind == NAT:
        inner = context.where(name, Typed(NatCast(Length((var.name,))), NAT))
    return var, inner


def argument_type(context: Context, node: Node) -> Type:
    """The type of a variable. InputError for a type whose values are types or propositions."""
    kind = type_from(context, node)
    if kind in (PROP, UNIVERSE):
        raise failure(node, f"a variable of type {kind} is outside of the statement language")
    return kind
