"""The parser of grammar.lark and how its rules build the surface tree; imports lark."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any

from lark import Lark, Transformer, v_args

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
)
from harness.statement.tokens import Lexeme


@cache
def parser() -> Lark:
    """The LALR(1) parser; made once, takes about 50 ms."""
    grammar = files("harness.statement").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", transformer=_Builder())


def _named_binders(given: Sequence[Any], declared: Node | None) -> tuple[Binder, ...]:
    """Neighbouring bare names are one binder; a type after them is theirs."""
    found: list[Binder] = []
    for bare, run in groupby(given, key=lambda each: isinstance(each, Lexeme)):
        each = list(run)
        if bare:
            names = tuple(name.text for name in each)
            found.append(Binder(names, declared, place=each[0].place))
        else:
            found += each
    return tuple(found)


def _as_names(node: Node) -> tuple[str, ...] | None:
    """The names of `x y z` when the node is nothing else."""
    parts = (node.head, *node.arguments) if isinstance(node, Application) else (node,)
    names = tuple(part.name for part in parts if isinstance(part, Identifier) and not part.explicit)
    return names if len(names) == len(parts) else None


@v_args(inline=True)
class _Builder(Transformer[Lexeme, Node]):
    """One method per rule (or alias) of the grammar."""

    def name(self, name: Lexeme) -> Lexeme:
        return name

    def identifier(self, name: Lexeme) -> Node:
        return Identifier(name.text, place=name.place)

    def explicit(self, at: Lexeme, name: Lexeme) -> Node:
        return Identifier(name.text, explicit=True, place=at.place)

    def numeral(self, number: Lexeme) -> Node:
        return Numeral(number.text, place=number.place)

    def parentheses(self, _: Lexeme, inner: Node) -> Node:
        return inner

    def ascription(self, left: Lexeme, value: Node, kind: Node) -> Node:
        return Ascription(value, kind, place=left.place)

    def field(self, target: Node, name: Lexeme) -> Node:
        return Field(target, name.text, place=target.place)

    def prefix(self, op: Lexeme, operand: Node) -> Node:
        return Prefix(op.text, operand, place=op.place)

    def infix(self, left: Node, op: Lexeme, right: Node) -> Node:
        return Infix(op.text, left, right, place=op.place)

    def arrow(self, left: Node, op: Lexeme, right: Node) -> Node:
        # `(x y : T) → U` is Lean's dependent arrow, not a cast before an arrow.
        if isinstance(left, Ascription) and op.text == "→" and (names := _as_names(left.value)):
            binder = Binder(names, left.type, place=left.place)
            return Binding("∀", (binder,), right, place=left.place)
        return self.infix(left, op, right)

    def pi(self, group: Binder, op: Lexeme, body: Node) -> Node:
        if op.text != "→":
            return self.infix(group, op, body)
        return Binding("∀", (group,), body, place=group.place)

    def enclosed(self, bar: Lexeme, inner: Node, _: Lexeme) -> Node:
        return Enclosed(bar.text, inner, place=bar.place)

    def inner(self, bracket: Lexeme, left: Node, right: Node) -> Node:
        place = bracket.place
        head = Identifier("inner", place=place)
        return Application(head, (Identifier("ℝ", place=place), left, right), place=place)

    def application(self, head: Node, argument: Node) -> Node:
        if isinstance(head, Application):
            return Application(head.head, (*head.arguments, argument), place=head.place)
        return Application(head, (argument,), place=head.place)

    def named_argument(self, left: Lexeme, name: Lexeme, value: Node) -> Node:
        return NamedArgument(name.text, value, place=left.place)

    def group(self, bracket: Lexeme, *rest: Any) -> Binder:
        *names, declared = rest
        return Binder(
            tuple(name.text for name in names), declared, bracket.text, place=bracket.place
        )

    def binders(self, *rest: Any) -> tuple[Binder, ...]:
        *given, declared = rest
        return _named_binders(given, declared)

    def groups(self, *given: Binder) -> tuple[Binder, ...]:
        return given

    def binding(self, word: Lexeme, binders: tuple[Binder, ...], body: Node) -> Node:
        return Binding(word.text, binders, body, place=word.place)

    def let(self, word: Lexeme, name: Lexeme, kind: Node | None, value: Node, body: Node) -> Node:
        return Let(name.text, kind, value, body, place=word.place)
