"""The signature of a declaration as one proposition or type, laid out where its parts stand.

`theorem a (x : T) : p x` says `∀ (x : T), p x`. The text is padded so that each part keeps its line
and column: an error in it points into the Lean file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.errors import Place
from harness.lean.declaration import BRACKETS, Binder, Declaration, Excerpt
from harness.lean.tokens import significant, tokenize


def closed_type(declaration: Declaration) -> Excerpt | None:
    """`∀ binders, type` with the `variable`s that the declaration takes; None without a type.

    The place is where the first character of the text stands, or would.
    """
    if declaration.type is None:
        return None
    if not declaration.binders:
        return Excerpt(_unix(declaration.type.text), declaration.type.place)
    binders = [_excerpt(binder) for binder in declaration.binders]
    first = binders[0].place
    start = Place(first.file, first.line, max(1, first.column - 2))
    page = _Page("∀", start.line, start.column + 1)
    for binder in binders:
        page = page.at(binder)
    return Excerpt(page.then(",").at(declaration.type).text, start)


@dataclass(frozen=True)
class _Page:
    """A text, and the place behind it."""

    text: str
    line: int
    column: int

    def then(self, text: str) -> _Page:
        """The page with `text` put directly behind."""
        lines = text.split("\n")
        column = self.column + len(text) if len(lines) == 1 else len(lines[-1]) + 1
        return _Page(self.text + text, self.line + len(lines) - 1, column)

    def at(self, excerpt: Excerpt) -> _Page:
        """The page with the excerpt at its own place, or behind a space when that is passed."""
        line, column = excerpt.place.line, excerpt.place.column
        gap = " "
        if line > self.line:
            gap = "\n" * (line - self.line) + " " * (column - 1)
        elif line == self.line and column > self.column:
            gap = " " * (column - self.column)
        return self.then(gap).then(_unix(excerpt.text))


def _excerpt(binder: Binder) -> Excerpt:
    """A binder as written; of a `variable`, the names that are taken with the brackets in force."""
    if not binder.from_variable or binder.kind == "instance":
        return binder.source
    opening, closing = BRACKETS[binder.kind]
    typed = f" : {binder.type.text}" if binder.type else ""
    return Excerpt(f"{opening}{' '.join(binder.names)}{typed}{closing}", binder.source.place)


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n")


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The Lean text with identifiers renamed; of a dotted one the first component."""
    pieces = []
    position = 0
    for token in tokenize(text):
        first, dot, rest = token.text.partition(".")
        if token.kind == "identifier" and first in names:
            pieces += [text[position : token.offset], names[first], dot, rest]
            position = token.end
    return "".join(pieces) + text[position:]


def as_arrow(text: str, declaration: Declaration) -> str:
    """`∀ {n : ℕ} (x : Vec n), ℝ` as Lean shows a type: `{n : ℕ} → (x : Vec n) → ℝ`."""
    if not declaration.binders or not text.startswith("∀"):
        return text
    groups: list[str] = []
    depth = start = 0
    for index, character in enumerate(text):
        if character in "([{⦃":
            start = index if depth == 0 else start
            depth += 1
        elif character in ")]}⦄":
            depth -= 1
            if depth == 0:
                groups.append(text[start : index + 1])
        elif character == "," and depth == 0:
            return " → ".join([*groups, text[index + 1 :].strip()])
    return text


def one_line(text: str) -> str:
    """Lean text without comments in one line."""
    words: list[str] = []
    end = 0
    for token in significant(tokenize(text)):
        gap = text[end : token.offset]
        words += [" " if gap and words else "", token.text]
        end = token.end
    return "".join(words)
