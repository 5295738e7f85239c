"""The parts of one declaration: its name, binders, type and body, found by brackets and words.

The type begins behind the first `:` outside brackets, the body at the first `:=`, `where` or `|` of
an equation outside brackets that does not belong to a `let`, `have` or `match` of the type.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.errors import Place
from harness.lean.commands import CLOSERS, OPENERS, matching, words
from harness.lean.declaration import Binder, BinderKind, BodyKind, Excerpt
from harness.lean.tokens import Token

_BINDERS: dict[str, BinderKind] = {
    "(": "explicit",
    "{": "implicit",
    "⦃": "strict",
    "[": "instance",
}
_MAY_BE_NAMELESS = frozenset({"instance", "example"})
_NOT_A_NAME = frozenset({"where", "extends", "deriving", "in", "by"})
_LET = frozenset({"let", "have", "letI", "haveI", "let_fun"})
# What cannot stand between the `|` of an equation and its `=>`: patterns have no relations.
_NOT_IN_PATTERN = words(": := = ≠ < ≤ > ≥ <= >= != == → -> ↔ ∧ ∨ ∣ ∈ ∉ ⊆ fun λ ∀ ∃ ∑ ∏ by where")
_LONGEST_PATTERN = 500  # tokens, so that no file takes quadratic time


@dataclass(frozen=True)
class Source:
    """One file: its text, and its tokens without comments."""

    file: str
    text: str
    tokens: Sequence[Token]

    def place(self, index: int) -> Place:
        """Where the token of that index stands."""
        token = self.tokens[index]
        return Place(self.file, token.line, token.column)

    def excerpt(self, start: int, stop: int) -> Excerpt | None:
        """The source from token `start` to before token `stop`; None when there is none between."""
        if start >= stop:
            return None
        text = self.text[self.tokens[start].offset : self.tokens[stop - 1].end]
        return Excerpt(text, self.place(start))


@dataclass(frozen=True)
class Header:
    """What `read_header` finds; problem: why it cannot be right, or empty."""

    name: str
    name_index: int
    binders: tuple[Binder, ...]
    signature: tuple[int, int]
    type: tuple[int, int]
    body: tuple[int, int]
    body_kind: BodyKind
    problem: str = ""


def read_header(source: Source, head: int, stop: int, kind: str) -> Header:
    """The parts of the declaration whose keyword is token `head` and that ends before `stop`."""
    tokens = source.tokens
    index = head + 1
    if tokens[head].text == "class" and index < stop:
        index += tokens[index].text in ("inductive", "abbrev")
    if kind == "instance":
        index = _behind_priority(tokens, index, stop)
    name, name_index = "", head
    if index < stop and kind != "example" and _is_name(tokens[index]):
        name, name_index = tokens[index].text, index
        index += 1
    problem = "" if name or kind in _MAY_BE_NAMELESS else f"`{tokens[head].text}` without a name"
    begin = index
    if index < stop and tokens[index].text == ".{":
        index = min(stop, matching(tokens, index, stop) + 1)
    binders, index = read_binders(source, index, stop)
    colon = body = stop
    lets, in_match = 0, False
    body_kind: BodyKind = ""
    while index < stop:
        text = tokens[index].text
        if text in OPENERS:
            index = min(stop, matching(tokens, index, stop) + 1)
            continue
        if text == ":=":
            if lets == 0:
                body, body_kind = index, ":="
                break
            lets -= 1
        elif text == ":" and colon == stop:
            colon = index
        elif text in _LET:
            lets += 1
        elif text == "match":
            in_match = True
        elif text == "where":
            body, body_kind = index, "where"
            break
        elif text == "|" and not in_match:
            if kind in ("inductive", "class") or _is_equation(source, index, stop):
                body, body_kind = index, "|"
                break
        elif text == "deriving" and kind in ("inductive", "structure", "class"):
            body = index
            break
        index += 1
    if not problem and kind in ("theorem", "axiom") and colon == stop:
        problem = f"`{tokens[head].text}` without a `:` before its body"
    behind = body if body_kind in ("|", "") else body + 1
    return Header(
        name=name,
        name_index=name_index,
        binders=binders,
        signature=(begin, body),
        type=(min(colon + 1, body), body),
        body=(min(behind, stop), stop),
        body_kind=body_kind,
        problem=problem,
    )


def read_binders(source: Source, start: int, stop: int) -> tuple[tuple[Binder, ...], int]:
    """The binder groups from token `start` on, and the index of the first token behind them."""
    tokens = source.tokens
    binders = []
    index = start
    while index < stop:
        token = tokens[index]
        if token.text in _BINDERS:
            close = matching(tokens, index, stop)
            binders.append(_group(source, index, min(close, stop)))
            index = min(stop, close + 1)
        elif _is_name(token):
            place = source.place(index)
            binders.append(Binder("bare", (token.text,), None, Excerpt(token.text, place)))
            index += 1
        else:
            break
    return tuple(binders), index


def _is_name(token: Token) -> bool:
    return token.kind == "identifier" and token.text not in _NOT_A_NAME


def _group(source: Source, opener: int, close: int) -> Binder:
    """The binder between the brackets at `opener` and `close`."""
    tokens = source.tokens
    kind = _BINDERS[tokens[opener].text]
    inner, end = opener + 1, close
    if kind == "implicit" and inner < close and tokens[inner].text == "{":  # `{{x : T}}`
        kind, inner, end = "strict", inner + 1, max(inner + 1, close - 1)
    names = inner
    while names < end and tokens[names].kind == "identifier":
        names += 1
    named = names < end and tokens[names].text in (":", ":=")
    if kind == "instance" and not (named and names == inner + 1):
        names, named = inner, False
    begin = names + 1 if named and tokens[names].text == ":" else names
    return Binder(
        kind=kind,
        names=tuple(token.text for token in tokens[inner:names]),
        type=source.excerpt(begin, end),
        source=_whole(source, opener, close),
    )


def _whole(source: Source, opener: int, close: int) -> Excerpt:
    stop = min(len(source.tokens), close + 1)
    found = source.excerpt(opener, stop)
    assert found is not None  # the opener itself is in it
    return found


def _behind_priority(tokens: Sequence[Token], index: int, stop: int) -> int:
    """Skip `(priority := ...)`, which stands between `instance` and its name."""
    if index + 2 < stop and tokens[index].text == "(" and tokens[index + 2].text == ":=":
        return min(stop, matching(tokens, index, stop) + 1)
    return index


def _is_equation(source: Source, bar: int, stop: int) -> bool:
    """Whether the `|` at `bar` begins the equations of a declaration and is no absolute value."""
    tokens = source.tokens
    token, before = tokens[bar], tokens[bar - 1]
    first_on_line = token.line > before.last_line
    spaced = before.end < token.offset and bar + 1 < stop and token.end < tokens[bar + 1].offset
    if not (first_on_line or spaced):
        return False
    index = bar + 1
    stop = min(stop, bar + _LONGEST_PATTERN)
    while index < stop:
        text = tokens[index].text
        if text == "=>":
            return True
        if text in _NOT_IN_PATTERN:
            return False
        if text in OPENERS:
            index = matching(tokens, index, stop)
        elif text in CLOSERS:
            return False
        index += 1
    return False
