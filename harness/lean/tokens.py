"""The tokens of Lean source: our own tokenizer, which reads any text and never raises.

It follows the lexical rules of Lean 4 where they do not depend on the notations in force: which
characters an identifier has (`isLetterLike`, `isSubScriptAlnum` of Lean's `Init/Meta/Defs.lean`),
nested block comments, the escapes of strings, raw strings, and that `'` begins a character only
where no identifier can go on. Notations of a file are read as the symbols they are spelled with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

Kind = Literal[
    "identifier", "name", "number", "string", "character", "symbol", "comment", "doc", "module doc"
]


class Token(NamedTuple):
    """One token. A named tuple: a large project has tens of millions, and a dataclass is slower.

    text: as it stands in the source; line, column: from 1, in code points, of its first character;
    offset: of that character in the source; unterminated: the file ended before the token did.
    """

    kind: Kind
    text: str
    line: int
    column: int
    offset: int
    unterminated: bool = False

    @property
    def end(self) -> int:
        """The offset behind the last character."""
        return self.offset + len(self.text)

    @property
    def last_line(self) -> int:
        """The line on which the token ends; another than `line` for comments and strings only."""
        return self.line + self.text.count("\n")


_LETTER = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f"
    "\u0391-\u039f\u03a1\u03a2\u03a4-\u03a9\u03b1-\u03ba\u03bc-\u03fb"
    "\u1f00-\u1ffe\u2100-\u214f\U0001d49c-\U0001d59f"
)
_SUBSCRIPT = "\u2080-\u2089\u2090-\u209c\u1d62-\u1d6a\u2c7c"
_COMPONENT = rf"(?:[{_LETTER}][{_LETTER}0-9'!?{_SUBSCRIPT}]*|«[^»\r\n]*»)"
_IDENTIFIER = rf"{_COMPONENT}(?:\.{_COMPONENT})*"

# Longest first. What is not listed is one character a symbol.
_SYMBOLS = (
    *("<|>", "<;>", "|>.", "...", "⁻¹'", "!!["),
    *(":=", "=>", "->", "<-", "..", "::", "++", "==", "!=", "<=", ">=", "&&", "||", "<|", "|>"),
    *("@[", "#[", "![", ".{", "//", "''", "$>", ">>", "%["),
)

_NUMBER = (
    r"0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+"
    r"|[0-9][0-9_]*(?:\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9]+)?"
)
_CHARACTER = r"'(?:\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\'\r\n])'"
_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'

# Groups with the name of a kind are whole tokens; of the others `_finish` finds the end.
_TOKEN = re.compile(
    rf"""\s*+(?:
      (?P<raw>r\#*")
    | (?P<interpolated>[smf]!")
    | (?P<identifier>{_IDENTIFIER})
    | (?P<comment>--[^\r\n]*)
    | (?P<block>/-)
    | (?P<string>{_STRING})
    | (?P<number>{_NUMBER})
    | (?P<name>``?{_IDENTIFIER})
    | (?P<character>{_CHARACTER})
    | (?P<open_string>")
    | (?P<open_name>«[^\r\n]*)
    | (?P<symbol>{"|".join(re.escape(symbol) for symbol in _SYMBOLS)}|\S)
    | (?P<end>\Z)
    )""",
    re.VERBOSE | re.DOTALL,
)
_UNFINISHED = frozenset({"raw", "interpolated", "block", "open_string", "open_name"})

_BLOCK_EDGE = re.compile(r"/-|-/")
_INTERPOLATED_EDGE = re.compile(r'\\.|"|\{', re.DOTALL)
_CODE_EDGE = re.compile(rf'(?P<open>\b[smf]!")|{_STRING}|[{{}}]', re.DOTALL)


def tokenize(text: str) -> list[Token]:
    """All tokens of `text` in order, comments included, without whitespace and byte order mark.

    Lines end with `\\n` or `\\r\\n`. Never raises: what the file leaves open (a comment, a string,
    a `«`) is one token with `unterminated` set, up to the end of the file (`«`: of the line).
    """
    tokens: list[Token] = []
    position = line_start = 1 if text.startswith("\ufeff") else 0
    line, next_line = 1, _after_newline(text, position)
    at_end = False
    while not at_end:
        at_end = True
        for found in _TOKEN.finditer(text, position):
            group = found.lastgroup or "end"
            if group == "end":
                break
            piece = found[group]
            position = found.end()
            start = position - len(piece)
            while start >= next_line:
                line, line_start = line + 1, next_line
                next_line = _after_newline(text, next_line)
            column = start - line_start + 1
            if group not in _UNFINISHED:
                kind: Kind = group  # type: ignore[assignment]  # the other groups are kinds
                tokens.append(Token(kind, piece, line, column, start))
                continue
            if group == "interpolated":
                tokens.append(Token("identifier", piece[:2], line, column, start))
                start, column = start + 2, column + 2
            kind, position, closed = _finish(text, group, start, position)
            tokens.append(Token(kind, text[start:position], line, column, start, not closed))
            at_end = False  # the regular expression goes on behind what it did not know
            break
    return tokens


def _finish(text: str, group: str, start: int, end: int) -> tuple[Kind, int, bool]:
    """Kind and end of the token that the group between `start` and `end` begins; is it closed?"""
    if group == "block":
        end, closed = _block_end(text, start)
        mark = text[start + 2 : start + 3]
        return "doc" if mark == "-" else "module doc" if mark == "!" else "comment", end, closed
    if group == "raw":
        return "string", *_raw_end(text, start)
    if group == "interpolated":
        return "string", *_interpolated_end(text, start)
    if group == "open_name":
        return "identifier", end, False
    return "string", len(text), False


def significant(tokens: Iterable[Token]) -> list[Token]:
    """The tokens that Lean's parser sees: without comments, but with docstrings and module docs."""
    return [token for token in tokens if token.kind != "comment"]


def _after_newline(text: str, position: int) -> int:
    """The offset of the next line, or one that no token reaches."""
    found = text.find("\n", position)
    return found + 1 if found >= 0 else len(text) + 1


def _block_end(text: str, start: int) -> tuple[int, bool]:
    depth, position = 1, start + 2
    while found := _BLOCK_EDGE.search(text, position):
        position = found.end()
        depth += 1 if found[0] == "/-" else -1
        if depth == 0:
            return position, True
    return len(text), False


def _raw_end(text: str, start: int) -> tuple[int, bool]:
    quote = text.index('"', start)
    close = '"' + "#" * (quote - start - 1)
    found = text.find(close, quote + 1)
    return (found + len(close), True) if found >= 0 else (len(text), False)


def _interpolated_end(text: str, start: int) -> tuple[int, bool]:
    """The end of `"...{code}..."`, whose code may hold strings, interpolated ones too."""
    braces: list[int] = []  # one entry an open interpolation: the ordinary braces open in it
    in_string, position = True, start + 1
    while found := (_INTERPOLATED_EDGE if in_string else _CODE_EDGE).search(text, position):
        position = found.end()
        edge = found[0]
        if in_string:
            if edge == '"':
                if not braces:
                    return position, True
                in_string = False
            elif edge == "{":
                braces.append(0)
                in_string = False
        elif edge == "{":
            braces[-1] += 1
        elif edge == "}":
            if braces[-1]:
                braces[-1] -= 1
            else:
                braces.pop()
                in_string = True
        elif found.lastgroup == "open":
            in_string = True
    return len(text), False
