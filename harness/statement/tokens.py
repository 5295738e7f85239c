"""Text of a statement to tokens: Lean's identifiers, symbols and comments, and whose bar is whose.

`|` and `‖` open and close with the same sign. A bar closes what the last open bar of its kind began
when it touches an operand on its left; otherwise it opens, and must touch what follows.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from harness.errors import InputError
from harness.statement.symbols import (
    BARS,
    ENDS_OPERAND,
    OUTSIDE_HINTS,
    OUTSIDE_WORDS,
    SYMBOLS,
    WORDS,
)
from harness.statement.syntax import Position

# Lean's `isIdFirst` and `isIdRest`; λ, Π and Σ are no letters.
_LETTER = "A-Za-z_À-ÖØ-öø-ſΑ-ΟΡΤ-Ωα-κμ-ωϊ-ϻ\u1f00-\u1ffe\u2100-\u214f\U0001d49c-\U0001d59f"
_REST = _LETTER + r"0-9'!?\u2080-\u2089\u2090-\u209c\u1d62-\u1d6a\u2c7c"
_PART = f"(?:[{_LETTER}][{_REST}]*|«[^»\n]+»)"

_TOKEN = re.compile(
    rf"""(?P<space>[\ \t\r\n]+|--[^\n]*)
    |(?P<comment>/-)
    |(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
    |(?P<name>{_PART}(?:\.{_PART})*)
    |(?P<field>\.{_PART})
    |(?P<symbol>→L\[\s*(?:ℝ|Real)\s*\]|⟫_ℝ|<->|<=|>=|<\||->|=>|:=|/\\|\\/|!=|==|⁻¹|→L|.)
    """,
    re.VERBOSE | re.DOTALL,
)

_COMMENT_MARK = re.compile("/-|-/")


LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A token. type: its terminal in grammar.lark; text: its canonical spelling."""

    type: str
    text: str
    place: Position


@dataclass(frozen=True)
class Origin:
    """Where a text came from: its file, and where its first character stands there."""

    file: str
    line: int
    column: int
    lines: tuple[str, ...]
    starts: tuple[int, ...]

    def place(self, at: int) -> Position:
        """The position of the character at offset `at`; its source is padded on the first line."""
        row = bisect_right(self.starts, at) - 1
        shift = self.column - 1 if row == 0 else 0
        return Position(
            self.file,
            self.line + row,
            at - self.starts[row] + 1 + shift,
            " " * shift + self.lines[row].rstrip("\r").replace("\t", " "),
        )


def origin_of(text: str, file: str, line: int, column: int) -> Origin:
    """The origin of `text`, with its lines."""
    lines = tuple(text.split("\n"))
    starts = tuple(accumulate((len(each) + 1 for each in lines[:-1]), initial=0))
    return Origin(file, line, column, lines, starts)


def tokens(text: str, origin: Origin) -> Iterator[Lexeme]:
    """The tokens of `text`, then one of type `$END`.

    Raises InputError at the first character or word that is not part of the statement language, an
    unclosed comment, a bar that stands alone, and for a text longer than LONGEST characters.
    """
    if len(text) > LONGEST:
        message = f"the statement has {len(text)} characters, at most {LONGEST} are read"
        raise InputError(message, place=origin.place(0))
    open_bars: list[str] = []
    previous, previous_end = "", 0
    at = 0
    while (found := _TOKEN.match(text, at)) is not None:
        start, at = at, found.end()
        kind, word = found.lastgroup or "", found.group()
        if kind == "space":
            continue
        place = origin.place(start)
        if kind == "comment":
            at = _end_of_comment(text, start, place)
            continue
        touches = start == previous_end and previous in ENDS_OPERAND
        if word in BARS:
            lexeme = Lexeme(_bar(word, touches, text[at : at + 1], open_bars, place), word, place)
        elif kind == "field" and not touches:
            raise _outside(".", place)
        else:
            lexeme = _plain(kind, word, place)
        yield lexeme
        previous, previous_end = lexeme.type, at
    yield Lexeme("$END", "", origin.place(len(text.rstrip())))


def _plain(kind: str, word: str, place: Position) -> Lexeme:
    if kind == "number":
        return Lexeme("NUMBER", word, place)
    if kind == "field":
        return Lexeme("FIELD", word[1:], place)
    if kind == "name" and word not in OUTSIDE_WORDS:
        return Lexeme(*WORDS.get(word, ("NAME", word)), place)
    if word.startswith("→L["):
        return Lexeme("ARROW", "→L[ℝ]", place)
    if word not in SYMBOLS:
        raise _outside(word, place)
    terminal, canonical = SYMBOLS[word]
    return Lexeme(terminal, canonical, place)


def _bar(word: str, touches: bool, following: str, open_bars: list[str], place: Position) -> str:
    """The terminal of a bar; `open_bars` is brought up to date."""
    opening, closing = BARS[word]
    if touches and word in open_bars:
        del open_bars[len(open_bars) - 1 - open_bars[::-1].index(word) :]
        return closing
    if not following.strip():
        raise InputError(
            f"`{word}` stands alone",
            place=place,
            source=place.source,
            hint=f"write {word}x{word} without spaces inside",
        )
    open_bars.append(word)
    return opening


def _end_of_comment(text: str, start: int, place: Position) -> int:
    """The offset after the comment that begins at `start`; comments nest."""
    depth = 0
    for mark in _COMMENT_MARK.finditer(text, start):
        depth += 1 if mark.group() == "/-" else -1
        if depth == 0:
            return mark.end()
    raise InputError(
        "this comment is not closed", place=place, source=place.source, hint="close it with -/"
    )


def _outside(word: str, place: Position) -> InputError:
    return InputError(
        f"`{word}` is outside of the statement language",
        place=place,
        source=place.source,
        hint=OUTSIDE_HINTS.get(word, ""),
    )
