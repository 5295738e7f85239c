"""Surface trees to types and to lengths (ℕ-terms)."""

from __future__ import annotations

from harness.errors import InputError, did_you_mean
from harness.statement.context import Context, excerpt
from harness.statement.names import TYPES
from harness.statement.syntax import (
    Application,
    Ascription,
    Binding,
    Identifier,
    Infix,
    Node,
    failure,
)
from harness.statement.term import NatCast
from harness.statement.types import (
    NAT,
    PROP,
    REAL,
    UNIVERSE,
    FinType,
    FunType,
    Length,
    LinearType,
    Type,
    VecType,
    is_coordinates,
)

_ATOMS: dict[str, Type] = {
    "ℕ": NAT,
    "Nat": NAT,
    "ℝ": REAL,
    "Real": REAL,
    "Prop": PROP,
    "Type": UNIVERSE,
}
LARGEST_LENGTH, MOST_VARIABLES = 1_000_000, 64


def type_from(context: Context, node: Node) -> Type:
    """The type that a node denotes. InputError when it denotes none of the language."""
    match node:
        case Identifier() if (word := context.builtin(node)) in _ATOMS:
            return _ATOMS[word or ""]
        case Application(head=head, arguments=arguments):
            return _applied(context, node, context.builtin(head), arguments)
        case Infix(op="→", left=left, right=right):
            return FunType(_part_from(context, left), _part_from(context, right, result=True))
        case Infix(op="→L[ℝ]", left=left, right=right):
            return _linear(context, node, left, right)
        case Ascription(value=value, type=kind) if context.builtin(kind) == "Type":
            return type_from(context, value)
        case Binding(word="∀", binders=binders, body=body):
            result = _part_from(context, body, result=True)  # fails where it names the binder
            for binder in reversed(binders):
                if binder.type is None or binder.bracket != "(":
                    raise failure(binder, "an argument needs a type", "write (x : Vec n) → …")
                for _ in binder.names:
                    result = FunType(_part_from(context, binder.type), result)
            return result
    raise _no_type(context, node)


def is_type(context: Context, node: Node) -> bool:
    """Whether a node looks like a type rather than a term; what it names may still be wrong."""
    match node:
        case Identifier():
            return context.builtin(node) in TYPES
        case Application(head=head):
            return context.builtin(head) in TYPES
        case Infix(op="→" | "→L[ℝ]", right=right):
            return is_type(context, right)
        case Binding(word="∀", body=body):
            return is_type(context, body)
        case Ascription(value=value, type=kind):
            return context.builtin(kind) == "Type" and is_type(context, value)
    return False


def length_from(context: Context, node: Node) -> Length:
    """The ℕ-term that a node denotes. InputError when it is not of type ℕ."""
    term = context.check(node, NAT)
    if not isinstance(term, NatCast):
        raise TypeError(f"a term of type ℕ is a NatCast, not {type(term).__name__}")
    return term.length


def natural(node: Node, text: str) -> int:
    """The natural number that digits of a numeral say. InputError for a fraction, or a huge one."""
    if not text.isdecimal():
        raise failure(node, f"{text} is no natural number")
    if len(text) > len(str(LARGEST_LENGTH)) or int(text) > LARGEST_LENGTH:
        raise failure(node, f"{text} is larger than {LARGEST_LENGTH}")
    return int(text)


def limited(node: Node, length: Length) -> Length:
    """The length, unless it is larger than any machine could hold. InputError then."""
    if length.offset > LARGEST_LENGTH or len(length.variables) > MOST_VARIABLES:
        raise failure(node, f"the length `{excerpt(node)}` is too large")
    return length


def _part_from(context: Context, node: Node, *, result: bool = False) -> Type:
    """The argument type or the result type of a function."""
    kind = type_from(context, node)
    if kind in (NAT, PROP, UNIVERSE) or (result and isinstance(kind, FinType)):
        where = "to" if result else "of"
        raise failure(node, f"a function {where} {kind} is outside of the statement language")
    return kind


def _applied(context: Context, node: Node, word: str | None, arguments: tuple[Node, ...]) -> Type:
    match word, arguments:
        case "Vec", (length,):
            return VecType(length_from(context, length))
        case "Fin", (length,):
            return FinType(length_from(context, length))
        case "EuclideanSpace", (field, index):
            coordinates = type_from(context, index)
            if context.builtin(field) in ("ℝ", "Real") and isinstance(coordinates, FinType):
                return VecType(coordinates.length)
            raise failure(node, f"`{excerpt(node)}` is outside", "write EuclideanSpace ℝ (Fin n)")
    raise _no_type(context, node)


def _linear(context: Context, node: Node, left: Node, right: Node) -> LinearType:
    domain, codomain = type_from(context, left), type_from(context, right)
    if not isinstance(domain, VecType):
        raise failure(left, f"a linear map starts from a Vec, not from {domain}")
    if codomain != REAL and not is_coordinates(codomain):
        raise failure(right, f"a linear map goes to ℝ, a Vec or Fin n → ℝ, not to {codomain}")
    return LinearType(domain, codomain)


def _no_type(context: Context, node: Node) -> InputError:
    head = node.head if isinstance(node, Application) else node
    if isinstance(head, Identifier) and context.builtin(head) in TYPES - _ATOMS.keys():
        return failure(node, f"`{excerpt(node)}` is an incomplete type", "write Vec n, Fin n")
    hint = "types are ℕ, ℝ, Fin n, Vec n, functions and linear maps of those"
    if isinstance(head, Identifier) and head.name not in context.bound:
        hint = did_you_mean(head.name, sorted(TYPES)) or hint
    return failure(node, f"expected a type, found `{excerpt(node)}`", hint)
