"""Surface trees and terms to Lean text, with as few parentheses as Lean's precedences allow."""

from __future__ import annotations

from dataclasses import replace

from harness.statement.surface import surface_of
from harness.statement.surface_types import surface_of_signature
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
from harness.statement.term import Signature, Term

# Lean's precedences: of an operator, of its left and of its right operand.
_INFIX = {
    "↔": (20, 21, 21),
    "→": (25, 26, 25),
    "→L[ℝ]": (25, 26, 26),
    "∨": (30, 31, 30),
    "∧": (35, 36, 35),
    **dict.fromkeys("=≠<≤>≥", (50, 51, 51)),
    "+": (65, 65, 66),
    "-": (65, 65, 66),
    "*": (70, 70, 71),
    "/": (70, 70, 71),
    "•": (73, 74, 73),
    "^": (75, 76, 75),
}
_NEGATION, _SUM, _SUM_BODY, _APPLICATION, _ATOM = 75, 66, 67, 1023, 1024
_CLOSING = {"(": ")", "{": "}", "⦃": "⦄"}


def show(node: Node) -> str:
    """The text of a surface tree; `parse(show(node)) == node`."""
    return _shown(node, 0)


def show_term(term: Term) -> str:
    """The text of an elaborated term, as Lean would write it.

    It parses and elaborates back where the term is in the language; outside of it are `Max` (shown
    as `max x`) and a linear map that is no constant (shown as `fun v => …`).
    """
    return show(surface_of(term))


def _shown(node: Node, least: int) -> str:
    """The text of a node where Lean expects a term of precedence `least` or more."""
    text, precedence = _text(node)
    return f"({text})" if precedence < least else text


def _text(node: Node) -> tuple[str, int]:
    """The text of a node without parentheses around it, and its precedence.

    What is open to the right has the lowest precedence of the operators it would swallow.
    """
    match node:
        case Identifier(name=name, explicit=explicit):
            return f"@{name}" if explicit else name, _ATOM
        case Numeral(text=text):
            return text, _ATOM
        case NamedArgument(name=name, value=value):
            return f"({name} := {show(value)})", _ATOM
        case Ascription(value=value, type=kind):
            return f"({show(value)} : {show(kind)})", _ATOM
        case Enclosed(bar=bar, inner=inner):
            return f"{bar}{_inside(show(inner), bar)}{bar}", _ATOM
        case Field(target=target, name=name):
            return f"{_field_target(target)}.{name}", _ATOM
        case Application(head=head, arguments=arguments):
            words = [_shown(part, _ATOM) for part in (head, *arguments)]
            return " ".join(words), _APPLICATION
        case Infix(op=op, left=left, right=right):
            own, on_left, on_right = _INFIX[op]
            return f"{_shown(left, on_left)} {op} {_shown(right, on_right)}", own
        case Prefix():
            return _prefix(node)
        case Binding():
            return _binding(node)
        case Let(name=name, type=declared, value=value, body=body):
            given = "" if declared is None else f" : {show(declared)}"
            return f"let {name}{given} := {show(value)}; {show(body)}", 0
        case Binder(names=names, type=declared, bracket=bracket):
            return _binder(names, declared, bracket), _ATOM
    raise TypeError(f"not a surface node: {type(node).__name__}")


def _prefix(node: Prefix) -> tuple[str, int]:
    if node.op == "↑":
        return f"↑{_shown(node.operand, _ATOM)}", _ATOM
    if node.op == "¬":
        return f"¬{_shown(node.operand, _NEGATION + 1)}", 40
    # `--` begins a comment, so an operand with a sign of its own gets parentheses.
    operand = _shown(node.operand, _NEGATION)
    return f"-({operand})" if operand.startswith("-") else f"-{operand}", _NEGATION


def _binding(node: Binding) -> tuple[str, int]:
    if node.word == "∑":
        nested = isinstance(node.body, Binding) and node.body.word == "∑"
        body = _shown(node.body, _SUM if nested else _SUM_BODY)
        return f"∑ {_binders(node.binders)}, {body}", _SUM
    arrow = " =>" if node.word == "fun" else ","
    return f"{node.word} {_binders(node.binders)}{arrow} {show(node.body)}", 0


def _binders(binders: tuple[Binder, ...]) -> str:
    first = binders[0]
    if len(binders) == 1 and first.type is not None and first.bracket == "(":
        return f"{' '.join(first.names)} : {show(first.type)}"
    return " ".join(_binder(each.names, each.type, each.bracket) for each in binders)


def _binder(names: tuple[str, ...], declared: Node | None, bracket: str) -> str:
    words = " ".join(names)
    if declared is None:
        return words if bracket == "(" else f"{bracket}{words}{_CLOSING[bracket]}"
    return f"{bracket}{words} : {show(declared)}{_CLOSING[bracket]}"


def _inside(text: str, bar: str) -> str:
    """Text between bars: bars that meet would not be Lean (`||` is a token of its own)."""
    return f"({text})" if text.startswith(bar) or text.endswith(bar) else text


def _field_target(target: Node) -> str:
    """`x.f` would be one name, `1.f` a numeral and `↑x.f` a cast of x.f: parentheses for these."""
    text = _shown(target, _ATOM)
    return f"({text})" if isinstance(target, Identifier | Numeral | Prefix) else text


def show_signature(signature: Signature) -> str:
    """The type of a constant, as `elaborate_signature` reads it: `{n : ℕ} → Vec n → ℝ`."""
    arrows = show(surface_of_signature(replace(signature, sizes=())))
    return f"{{{' '.join(signature.sizes)} : ℕ}} → {arrows}" if signature.sizes else arrows
