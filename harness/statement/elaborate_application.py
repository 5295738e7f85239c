"""Names and applications: constants with all their arguments, coordinates, fields, maps."""

from __future__ import annotations

from collections.abc import Sequence

from harness.errors import did_you_mean
from harness.statement.context import Context, Typed, excerpt
from harness.statement.elaborate_constants import by_name, constant_applied, refuse_named
from harness.statement.elaborate_functions import FUNCTION_RULES, coordinates_of
from harness.statement.elaborate_types import is_type
from harness.statement.inference import ANYTHING
from harness.statement.substitute import applied, coordinate
from harness.statement.syntax import (
    Application,
    Binding,
    Field,
    Identifier,
    NamedArgument,
    Node,
    failure,
)
from harness.statement.term import NatCast
from harness.statement.types import (
    NAT,
    PROP,
    REAL,
    FinType,
    FunType,
    Length,
    LinearType,
    coordinate_length,
    is_coordinates,
)


def application(context: Context, node: Application | Identifier | Field) -> Typed:
    """A head and its arguments (none for a name or a field alone)."""
    head: Node = node
    arguments: tuple[Node, ...] = ()
    if isinstance(node, Application):
        head, arguments = node.head, node.arguments
    if isinstance(head, Identifier):
        return _named(context, head, arguments)
    if isinstance(head, Field):
        found = _field(context, head, context.infer(head.target), head.name)
        return apply_all(context, found, head, arguments)
    if isinstance(head, Binding) and head.word == "fun" and arguments:
        return _redex(context, head, arguments)
    return apply_all(context, context.infer(head), head, arguments)


def apply_all(context: Context, found: Typed, head: Node, arguments: Sequence[Node]) -> Typed:
    """A vector at a coordinate, a function or a linear map at its argument, for each argument."""
    for argument in arguments:
        if isinstance(argument, NamedArgument):
            raise failure(argument, f"`{excerpt(head)}` has no argument named `{argument.name}`")
        kind = context.inference.type(found.type)
        if is_coordinates(kind):
            index = context.check(argument, FinType(coordinate_length(kind)))
            result = kind.result if isinstance(kind, FunType) else REAL
            found = Typed(coordinate(found.term, index), result)
        elif isinstance(kind, FunType):
            at = context.check(argument, kind.domain)
            apply = coordinate if isinstance(kind.domain, FinType) else applied
            found = Typed(apply(found.term, at), kind.result)
        elif isinstance(kind, LinearType):
            at = context.check(argument, kind.domain)
            found = Typed(applied(found.term, at), kind.codomain)
        else:
            raise failure(
                argument,
                f"`{excerpt(head)}` of type {context.inference.shown(kind)} cannot be applied "
                f"to `{excerpt(argument)}`",
                "is an operator missing?",
            )
        context.inference.charge(argument, (found.term,))
    return found


def _named(context: Context, head: Identifier, arguments: Sequence[Node]) -> Typed:
    first, *fields = head.name.split(".")
    if first in context.bound and not head.explicit:
        found = context.bound[first]
        if found.type == PROP:
            raise failure(head, f"`{first}` is a hypothesis, not a value", "use it in Lean proofs")
        for name in fields:
            found = _field(context, head, found, name)
        return apply_all(context, found, head, arguments)
    signature = context.scope.constant(head.name)
    if signature is not None:
        found, left = constant_applied(context, head, signature, arguments)
        return apply_all(context, found, head, left)
    word = context.builtin(head)
    if word in FUNCTION_RULES:
        return _function(context, head, word or "", arguments)
    if is_type(context, head):
        raise failure(head, "a type where a term is expected", "equations are between values")
    raise context.unknown_name(head)


def _field(context: Context, node: Node, found: Typed, name: str) -> Typed:
    if name == "ofLp":
        return coordinates_of(context, node, found)
    if name == "succ" and isinstance(found.term, NatCast) and found.type == NAT:
        length = found.term.length
        return Typed(NatCast(Length(length.variables, length.offset + 1)), NAT)
    hint = (
        did_you_mean(name, ["ofLp", "succ"]) or "fields are x.ofLp of a vector and n.succ of a size"
    )
    raise failure(node, f"the field `{name}` is outside of the statement language", hint)


def _function(context: Context, head: Identifier, word: str, arguments: Sequence[Node]) -> Typed:
    """A function of the language at its arguments; the result is applied to what is left over."""
    params, rule = FUNCTION_RULES[word]
    if head.explicit:
        raise failure(head, f"`@{word}` is outside of the statement language", f"write {word}")
    named, positional = by_name(arguments)
    field = None if "𝕜" in params else named.pop("𝕜", None)
    if field is not None and context.builtin(field.value) not in ("ℝ", "Real"):
        raise failure(field, f"`{word}` is over ℝ", "write (𝕜 := ℝ)")
    given: list[Node] = []
    for param in params:
        if param in named:
            given.append(named.pop(param).value)
        elif positional:
            given.append(positional.pop(0))
        else:
            count = f"{len(params)} argument{'s' if len(params) > 1 else ''}"
            raise failure(head, f"`{word}` needs {count}", f"write {word} {' '.join(params)}")
    refuse_named(head, named, params)
    return apply_all(context, rule(context, head, given), head, positional)


def _redex(context: Context, head: Binding, arguments: Sequence[Node]) -> Typed:
    """`(fun x => e) a`: the argument says the type of an x without one."""
    expected = None
    if head.binders[0].type is None:
        expected = FunType(context.infer(arguments[0]).type, ANYTHING)
    return apply_all(context, context.infer(head, expected), head, arguments)
