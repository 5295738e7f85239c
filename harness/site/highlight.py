"""Lean source as lines of pieces, each with the class that says what it is."""

from __future__ import annotations

from collections.abc import Sequence

from harness.lean.tokens import Token, tokenize

Piece = tuple[str, str]
"""Class and text; the class is empty for what is not marked."""

_WORDS = """
theorem lemma def abbrev noncomputable private protected instance structure class where by fun let
have show from at with simp rw exact intro intros refine apply unfold ext funext calc if then else
match do open namespace section end variable import example obtain rcases constructor cases
induction rfl simpa using only deriving extends
"""
_KEYWORDS = frozenset(_WORDS.split())
_ALARMS = frozenset({"sorry", "admit", "axiom", "native_decide", "unsafe", "implemented_by"})
_CLASSES = {
    "comment": "comment",
    "doc": "doc",
    "module doc": "doc",
    "string": "string",
    "character": "string",
    "number": "number",
    "name": "name",
}


def highlighted(lines: Sequence[str]) -> list[list[Piece]]:
    """The pieces of each line; all texts together are the lines again."""
    text = "\n".join(lines)
    pieces: list[Piece] = []
    position = 0
    for token in tokenize(text):
        if token.offset > position:
            pieces.append(("", text[position : token.offset]))
        pieces.append((_class(token), token.text))
        position = token.end
    pieces.append(("", text[position:]))
    return _by_line(pieces)


def _class(token: Token) -> str:
    if token.kind == "identifier":
        if token.text in _ALARMS:
            return "alarm"
        return "keyword" if token.text in _KEYWORDS else ""
    if token.kind == "symbol":
        return "symbol" if token.text in (":=", "=>", "∀", "∃", "∑", "→", "λ") else ""
    return _CLASSES.get(token.kind, "")


def _by_line(pieces: Sequence[Piece]) -> list[list[Piece]]:
    lines: list[list[Piece]] = [[]]
    for kind, text in pieces:
        for number, part in enumerate(text.split("\n")):
            if number:
                lines.append([])
            if part:
                lines[-1].append((kind, part))
    return lines
