"""Constants: arguments by position and by name, sizes, and eta-expansion of what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from harness.errors import did_you_mean
from harness.statement.context import Context, Typed, excerpt
from harness.statement.elaborate_types import length_from
from harness.statement.substitute import type_at
from harness.statement.syntax import Identifier, NamedArgument, Node, failure
from harness.statement.term import Call, Lambda, NatCast, Signature, Tabulate, Term, Var
from harness.statement.types import NAT, FinType, FunType, LinearType


def constant_applied(
    context: Context, head: Identifier, signature: Signature, arguments: Sequence[Node]
) -> tuple[Typed, list[Node]]:
    """A constant, eta-expanded to all that it takes, the argument of its linear map included.

    Also returns the arguments that are left over, for what the constant returns.
    """
    named, positional = by_name(arguments)
    sizes = _sizes(context, head, signature, named, positional)
    given: list[Term] = []
    missing: list[Var] = []
    for name, declared in signature.params:
        kind = type_at(declared, sizes)
        argument = named.pop(name).value if name and name in named else None
        if argument is None and positional:
            argument = positional.pop(0)
        if kind == NAT:
            if argument is None:
                raise failure(head, f"`{head.name}` needs the size `{name or '_'}`")
            sizes = {**sizes, name: NatCast(length_from(context, argument))}
        elif argument is not None:
            given.append(context.check(argument, kind))
        else:
            missing.append(context.inference.variable(name or "_", kind))
            given.append(missing[-1])
    refuse_named(head, named, [*signature.sizes, *(name for name, _ in signature.params)])
    whole = result = type_at(signature.result, sizes)
    linear: Var | None = None
    if isinstance(whole, LinearType):
        if positional and not missing:
            given.append(context.check(positional.pop(0), whole.domain))
        else:
            linear = context.inference.variable("v", whole.domain)
            given.append(linear)
        result = whole.codomain
    found = Typed(Call(signature.name, tuple(given), result), result)
    if linear is not None:
        found = Typed(Lambda(linear, found.term, whole), whole)
    for var in reversed(missing):
        found = abstracted(var, found)
    return found, positional


def abstracted(var: Var, found: Typed) -> Typed:
    """`fun var => found`."""
    kind = FunType(var.type, found.type)
    if isinstance(var.type, FinType):
        return Typed(Tabulate(var, found.term, kind), kind)
    return Typed(Lambda(var, found.term, kind), kind)


def _sizes(
    context: Context,
    head: Identifier,
    signature: Signature,
    named: dict[str, NamedArgument],
    positional: list[Node],
) -> dict[str, Term]:
    """The implicit sizes: given by `@`, by name, or unknown as yet."""
    sizes: dict[str, Term] = {}
    for size in signature.sizes:
        argument: Node | None = None
        if size in named:
            argument = named.pop(size).value
        elif head.explicit:
            if not positional:
                raise failure(head, f"`@{head.name}` needs the size `{size}`")
            argument = positional.pop(0)
        if argument is None:
            what, hint = f"the length `{size}` of `{head.name}`", f"write ({size} := …)"
            length = context.inference.unknown(head, what, hint)
        else:
            length = length_from(context, argument)
        sizes[size] = NatCast(length)
    return sizes


def by_name(arguments: Sequence[Node]) -> tuple[dict[str, NamedArgument], list[Node]]:
    """The arguments written `(name := value)`, and the others in their order."""
    named: dict[str, NamedArgument] = {}
    positional: list[Node] = []
    for argument in arguments:
        if not isinstance(argument, NamedArgument):
            positional.append(argument)
        elif argument.name in named:
            raise failure(argument, f"the argument `{argument.name}` is given twice")
        else:
            named[argument.name] = argument
    return named, positional


def refuse_named(head: Node, named: dict[str, NamedArgument], params: Sequence[str]) -> None:
    """InputError for a named argument that `head` does not have; `params` are those that it has."""
    for name, argument in named.items():
        known = [param for param in params if param]
        hint = did_you_mean(name, known) or f"its arguments: {', '.join(known) or 'without names'}"
        raise failure(argument, f"`{excerpt(head)}` has no argument named `{name}`", hint)
