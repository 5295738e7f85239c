"""The surface tree: a statement as it is written, before names and types are known.

One node class per way of writing; parentheses, `<|`, comments and ASCII spellings (`->`, `<=`) are
gone. Two trees are equal when they are written alike, wherever they stand: places do not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from harness.errors import InputError, Place


@dataclass(frozen=True)
class Position(Place):
    """A place that remembers the line of text it points into.

    source: that line, padded so that `column` counts in it too.
    """

    source: str = ""


NOWHERE = Position("<statement>")


@dataclass(frozen=True)
class Node:
    """Base of the nodes below. place: where the node stands, for errors only."""

    place: Position = field(default=NOWHERE, compare=False, repr=False, kw_only=True)


@dataclass(frozen=True)
class Identifier(Node):
    """A name with its dots, such as `Real.exp` or `x.ofLp`; explicit: written `@name`."""

    name: str
    explicit: bool = False


@dataclass(frozen=True)
class Numeral(Node):
    """A numeral as written: `3`, `0.5`, `1e-6`."""

    text: str


@dataclass(frozen=True)
class NamedArgument(Node):
    """`(name := value)` among the arguments of an application."""

    name: str
    value: Node


@dataclass(frozen=True)
class Application(Node):
    """`head arguments`; head is no Application, arguments are not empty."""

    head: Node
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Field(Node):
    """`(target).name`."""

    target: Node
    name: str


@dataclass(frozen=True)
class Prefix(Node):
    """op is one of - ¬ ↑."""

    op: str
    operand: Node


@dataclass(frozen=True)
class Infix(Node):
    """op is one of ↔ → →L[ℝ] ∨ ∧ = ≠ < ≤ > ≥ + - * / • ^."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Enclosed(Node):
    """`‖inner‖` or `|inner|`; bar is ‖ or |."""

    bar: str
    inner: Node


@dataclass(frozen=True)
class Ascription(Node):
    """`(value : type)`."""

    value: Node
    type: Node


@dataclass(frozen=True)
class Binder(Node):
    """`(names : type)`, `{names : type}` or `⦃names : type⦄`; bracket is the opening one."""

    names: tuple[str, ...]
    type: Node | None
    bracket: str = "("


@dataclass(frozen=True)
class Binding(Node):
    """`∀ binders, body` (also written `{n : ℕ} → body`), `fun binders => body`, `∑ binders, body`.

    word is ∀, fun or ∑; each binder of a sum has one name.
    """

    word: str
    binders: tuple[Binder, ...]
    body: Node


@dataclass(frozen=True)
class Let(Node):
    """`let name : type := value; body`; type may be None."""

    name: str
    type: Node | None
    value: Node
    body: Node


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below, in the order in which they are written."""
    match node:
        case NamedArgument(value=value):
            yield value
        case Application(head=head, arguments=arguments):
            yield head
            yield from arguments
        case Field(target=target):
            yield target
        case Prefix(operand=operand):
            yield operand
        case Infix(left=left, right=right):
            yield left
            yield right
        case Enclosed(inner=inner):
            yield inner
        case Ascription(value=value, type=kind):
            yield value
            yield kind
        case Binder(type=declared):
            yield from () if declared is None else (declared,)
        case Binding(binders=binders, body=body):
            yield from binders
            yield body
        case Let(type=declared, value=value, body=body):
            yield from () if declared is None else (declared,)
            yield value
            yield body


def failure(node: Node, message: str, hint: str = "") -> InputError:
    """The error that says `message` about `node`, with its place and line; to be raised."""
    return InputError(message, place=node.place, source=node.place.source or None, hint=hint)
