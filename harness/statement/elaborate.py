"""Elaboration: a surface tree to the term that all judges read, or to the type of a constant."""

from __future__ import annotations

from harness.statement.context import Context, Typed
from harness.statement.elaborate_terms import context_of_let, elaborated, plain_name, proposition
from harness.statement.elaborate_types import is_type, type_from
from harness.statement.finish import finished
from harness.statement.inference import Inference
from harness.statement.names import FUNCTIONS, TYPES, Scope, declared_names
from harness.statement.syntax import Ascription, Binder, Binding, Infix, Let, Node, failure
from harness.statement.term import Forall, Logic, NatCast, Signature, Term, Var
from harness.statement.types import NAT, PROP, REAL, UNIVERSE, FinType, FunType, Length, Type

__all__ = ["Scope", "elaborate", "elaborate_signature"]


def elaborate(node: Node, scope: Scope) -> Forall:
    """The statement that a surface tree is: names resolved, types checked, constants expanded.

    A ∀ behind a hypothesis moves to the front; a binder `(h : p)` becomes `p → …`. Raises
    InputError, with the place of the node, for what is unknown, does not type, or is outside.
    """
    context = _context(scope)
    try:
        variables, body = _statement(context, node)
        return finished(context.inference, node, Forall(variables, body))
    except RecursionError:
        raise failure(node, "the statement is nested too deeply", "name parts of it") from None


def elaborate_signature(
    name: str, node: Node, scope_namespaces: tuple[str, ...] = ("Proofs.Autograd",)
) -> Signature:
    """The signature of a constant that is declared as `name` with the type `node`.

    name: short, full or with `_root_.`. Arrows are arguments; what is left is the result, and
    `Fin n → ℝ` at the end, when its argument has no name, is a result too. Raises InputError.
    """
    context = _context(Scope({}, scope_namespaces))
    short, full_name = declared_names(name, scope_namespaces)
    sizes: list[str] = []
    params: list[tuple[str, Type]] = []
    while isinstance(node, Binding) or (isinstance(node, Infix) and node.op == "→"):
        if isinstance(node, Infix):
            params.append(("", _argument_type(context, node.left)))
            node = node.right
            continue
        for binder, each in _each_name(node):
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
    kind = _argument_type(context, binder.type)
    if binder.bracket != "(" and kind != NAT:
        raise failure(binder, f"an implicit argument of type {kind}", "only sizes are implicit")
    return (Var(name, kind), context) if name == "_" else _variable(context, binder, name, kind)


def _context(scope: Scope) -> Context:
    """An empty context; no variable takes the name of a constant or of a word of the language."""
    words = {word.split(".")[0] for word in (*TYPES, *FUNCTIONS, *scope.signatures, "max")}
    return Context(scope, Inference(frozenset(words)), elaborated, {})


def _statement(context: Context, node: Node) -> tuple[tuple[Var, ...], Term]:
    """The variables that a statement quantifies, hoisted, and what it says of them."""
    match node:
        case Binding(word="∀"):
            return _quantified(context, node, _each_name(node))
        case Infix(op="→", left=left, right=right):
            hypothesis = proposition(context, left)
            variables, body = _statement(context, right)
            return variables, Logic("→", (hypothesis, body))
        case Let(body=body):
            return _statement(context_of_let(context, node), body)
        case Ascription(value=value, type=kind) if context.builtin(kind) == "Prop":
            return _statement(context, value)
    return (), proposition(context, node)


def _each_name(node: Binding) -> list[tuple[Binder, str]]:
    return [(binder, name) for binder in node.binders for name in binder.names]


def _quantified(
    context: Context, node: Binding, names: list[tuple[Binder, str]]
) -> tuple[tuple[Var, ...], Term]:
    if not names:
        return _statement(context, node.body)
    (binder, name), rest = names[0], names[1:]
    if binder.type is None:
        raise failure(binder, f"`{name}` has no type", f"write ({name} : Vec n)")
    if is_type(context, binder.type):
        kind = _argument_type(context, binder.type)
        var, inner = _variable(context, binder, name, kind)
        variables, body = _quantified(inner, node, rest)
        return (var, *variables), body
    hypothesis = proposition(context, binder.type)
    inner = context.where(plain_name(binder, name), Typed(hypothesis, PROP))
    variables, body = _quantified(inner, node, rest)
    return variables, Logic("→", (hypothesis, body))


def _variable(context: Context, binder: Binder, name: str, kind: Type) -> tuple[Var, Context]:
    """A new variable; one of type ℕ means a length."""
    var, inner = context.bind(plain_name(binder, name), kind)
    if kind == NAT:
        inner = context.where(name, Typed(NatCast(Length((var.name,))), NAT))
    return var, inner


def _argument_type(context: Context, node: Node) -> Type:
    kind = type_from(context, node)
    if kind in (PROP, UNIVERSE):
        raise failure(node, f"a variable of type {kind} is outside of the statement language")
    return kind
