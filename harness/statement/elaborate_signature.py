"""The type of a constant: its sizes, its arguments and its result."""

from __future__ import annotations

from harness.statement.context import Context
from harness.statement.elaborate_types import type_from
from harness.statement.elaborate_variables import (
    argument_type,
    bound_variable,
    each_name,
    empty_context,
)
from harness.statement.names import Scope, declared_names
from harness.statement.syntax import Binder, Binding, Infix, Node, failure
from harness.statement.term import Signature, Var
from harness.statement.types import NAT, PROP, REAL, UNIVERSE, FinType, FunType, Type


def elaborate_signature(
    name: str, node: Node, scope_namespaces: tuple[str, ...] = ("Proofs.Autograd",)
) -> Signature:
    """The signature of a constant that is declared as `name` with the type `node`.

    name: short, full or with `_root_.`. Arrows are arguments; what is left is the result, and
    `Fin n → ℝ` at the end, when its argument has no name, is a result too. Raises InputError.
    """
    context = empty_context(Scope({}, scope_namespaces))
    short, full_name = declared_names(name, scope_namespaces)
    sizes: list[str] = []
    params: list[tuple[str, Type]] = []
    while isinstance(node, Binding) or (isinstance(node, Infix) and node.op == "→"):
        if isinstance(node, Infix):
            params.append(("", argument_type(context, node.left)))
            node = node.right
            continue
        for binder, each in each_name(node):
            var, context = _argument(context, binder, each)
            if binder.bracket != "(":
                sizes.append(var.name)
            else:
                params.append(("" if each == "_" else var.name, var.type))
        node = node.body
    result = type_from(context, node)
    if result == PROP or (result == UNIVERSE and any(kind != NAT for _, kind in params)):
        raise failure(node, f"a constant with values in {result} is outside of the language")
    if result == REAL and params and isinstance(params[-1][1], FinType) and not params[-1][0]:
        result = FunType(params.pop()[1], REAL)
    return Signature(short, full_name, tuple(sizes), tuple(params), result)


def _argument(context: Context, binder: Binder, name: str) -> tuple[Var, Context]:
    """An argument of a constant, and the context in which what follows may name it."""
    if binder.type is None:
        raise failure(binder, f"the argument `{name}` has no type", f"write {{{name} : ℕ}}")
    kind = argument_type(context, binder.type)
    if binder.bracket != "(" and kind != NAT:
        raise failure(binder, f"an implicit argument of type {kind}", "only sizes are implicit")
    return (
        (Var(name, kind), context) if name == "_" else bound_variable(context, binder, name, kind)
    )
