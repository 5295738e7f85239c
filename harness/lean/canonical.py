"""A declaration's tokens in the form that fingerprints are made of, and the names they use.

Two declarations that differ only in layout, comments, attributes, binder groups or the names of
bound variables have the same canonical tokens. A bound name becomes its position (`#0`, `#1`, ...)
up to the end of the bracket or, where a comma separates, of the argument. Names
bound by patterns (`| n + 1, x =>`, `⟨a, b⟩`) and by tactics stay as they are spelled: to tell a
variable from a constructor needs Lean. So a renaming may look like a change, never the reverse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from harness.lean.commands import CLOSERS, OPENERS, matching, words
from harness.lean.declaration import BRACKETS, Binder, Declaration
from harness.lean.signature import Source, read_binders
from harness.lean.tokens import Token, significant, tokenize

_FUN = frozenset({"fun", "λ"})
_LET = frozenset({"let", "have", "letI", "haveI"})
_QUANTIFIERS = words("∀ ∃ Σ Π ∑ ∏ ⨆ ⨅ ⋃ ⋂ ∫ ∐ ⨁ ⨂ ⋀")
BINDING = _FUN | _LET | _QUANTIFIERS | {"{"}
"""Tokens behind which names may be bound."""
_DECORATIONS = words("ᶠ ᵐ ᵉ ⁻ ' ! ⁺")  # of quantifiers: ∀ᶠ, ∫⁻, ∑', ∃!
_KEYWORDS = (
    _FUN
    | _LET
    | words("by match with in if then else at show from do where return for exact calc sorry")
    | words("Type Prop Sort")
)
_AFTER_SET_NAME = words("| // : ∈ < ≤ > ≥")
_ENDS_SET_HEAD = frozenset({"|", "//"})


@dataclass(frozen=True)
class Canonical:
    """What a declaration says and what it uses.

    tokens: as above; names: identifiers that nothing here binds; fields: names behind a dot whose
    owner's type only Lean knows, such as `coords` in `x.coords` for a bound `x`.
    """

    tokens: tuple[str, ...]
    names: frozenset[str]
    fields: frozenset[str]


class _Head:
    """A binder head that is being read: `∑ i ∈ s` up to one of `ends`, a group to its bracket.

    reading: still at the names; fresh: the names so far; start, colon: where the opening bracket
    and the colon of a group stand among the tokens written.
    """

    def __init__(self, ends: frozenset[str] = frozenset(), *, reading: bool = True) -> None:
        self.ends = ends
        self.reading = reading
        self.fresh: dict[str, int] = {}
        self.start = 0
        self.colon = 0


class _Frame:
    """An open bracket: what names mean in it. A group `(x : T)` binds for the bracket around it."""

    def __init__(self, scope: dict[str, int], outer: dict[str, int]) -> None:
        self.scope = scope
        self.outer = outer
        self.heads: list[_Head] = []
        self.group: _Head | None = None

    def bind(self, names: dict[str, int]) -> None:
        self.scope = {**self.scope, **names}


class _Writer:
    def __init__(self) -> None:
        self.tokens: list[str] = []
        self.names: set[str] = set()
        self.fields: set[str] = set()
        self.bound = 0

    def position(self) -> int:
        self.bound += 1
        return self.bound - 1


def canonical(declaration: Declaration, *, body: bool = True) -> Canonical:
    """The canonical tokens of the signature and, for all but a theorem, of the body if wanted.

    Kind and name are not among them, nor what stands before the keyword.
    """
    writer = _Writer()
    scope: dict[str, int] = {}
    for binder in declaration.binders:
        if binder.from_variable:
            scope = _write_binder(writer, binder, scope)
    signature = declaration.signature.text if declaration.signature else ""
    tokens = _stripped(signature)
    source = Source(declaration.file, signature, tokens)
    start = matching(tokens, 0, len(tokens)) + 1 if tokens and tokens[0].text == ".{" else 0
    writer.tokens.extend(token.text for token in tokens[:start])
    binders, rest = read_binders(source, start, len(tokens))
    for binder in binders:
        scope = _write_binder(writer, binder, scope)
    _write(writer, tokens[rest:], scope)
    if body and declaration.kind != "theorem":
        writer.tokens.append(declaration.body_kind)
        _write(writer, _stripped(declaration.body_text), scope)
    return Canonical(tuple(writer.tokens), frozenset(writer.names), frozenset(writer.fields))


def _stripped(text: str) -> list[Token]:
    """The tokens without comments, docstrings and attributes."""
    tokens = [token for token in significant(tokenize(text)) if "doc" not in token.kind]
    kept = []
    index = 0
    while index < len(tokens):
        if tokens[index].text == "@[":
            index = matching(tokens, index, len(tokens))
        else:
            kept.append(tokens[index])
        index += 1
    return kept


def _write_binder(writer: _Writer, binder: Binder, scope: dict[str, int]) -> dict[str, int]:
    """Write a binder group split into single binders; the scope behind it."""
    opening, closing = BRACKETS[binder.kind]
    typed = _stripped(binder.type.text) if binder.type else []
    inner = scope
    for name in binder.names or ("",):
        writer.tokens.append(opening)
        if name:
            position = writer.position()
            inner = {**inner, name: position}
            writer.tokens.append(f"#{position}")
        writer.tokens.append(":")
        _write(writer, typed, scope)
        writer.tokens.append(closing)
    return inner


def _write(writer: _Writer, tokens: Sequence[Token], scope: dict[str, int]) -> None:
    """Write tokens that stand in `scope`. Not recursive: brackets nest deeper than our stack."""
    frames = [_Frame(scope, scope)]
    closers = _closers(tokens)
    for index, token in enumerate(tokens):
        frame = frames[-1]
        text = token.text
        if token.kind == "identifier" and text not in _FUN and text not in _LET:
            _write_name(writer, tokens, index, frame)
            continue
        writer.tokens.append(text.replace("\r\n", "\n"))
        head = frame.heads[-1] if frame.heads else frame.group
        if text in _QUANTIFIERS:
            frame.heads.append(_Head(frozenset({","})))
        elif text in _FUN:
            frame.heads.append(_Head(frozenset({"=>", "↦", "|"})))
        elif text in _LET:
            frame.heads.append(_Head(frozenset({":="})))
        elif text in OPENERS:
            frames.append(_opened(tokens, index, closers[index], frame, head))
            if group := frames[-1].group:
                group.start = len(writer.tokens) - 1
        elif text in CLOSERS:
            if len(frames) > 1:
                frames.pop()
                if frame.group is not None:
                    frames[-1].bind(frame.group.fresh)
                    _split_group(writer, frame.group)
        elif frame.heads and text in frame.heads[-1].ends:
            frame.bind(frame.heads.pop().fresh)
        elif text == "," and frame.group is None:
            frame.heads.clear()
            frame.scope = frame.outer
        elif head is not None and head.reading and text not in _DECORATIONS and text != ",":
            head.reading = False
            head.colon = len(writer.tokens) - 1 if text == ":" else 0
            if text != ":":  # ∀ x ∈ s: x is known at once; ∀ x : T: only behind T
                frame.bind(head.fresh)


def _write_name(writer: _Writer, tokens: Sequence[Token], index: int, frame: _Frame) -> None:
    token = tokens[index]
    before = tokens[index - 1] if index else None
    text = token.text
    first, _, rest = text.partition(".")
    head = frame.heads[-1] if frame.heads else frame.group
    if text in _KEYWORDS:
        if head is not None and head.reading:
            head.reading = False
        if head is not None:  # ∑ i : Fin n with p i
            frame.bind(head.fresh)
    elif before is not None and before.text == "." and before.end == token.offset:
        writer.fields.update(text.split("."))
    elif head is not None and head.reading and not rest:
        if text != "_":
            head.fresh[text] = position = writer.position()
            text = f"#{position}"
    elif first in frame.scope:
        writer.fields.update(rest.split(".") if rest else ())
        text = f"#{frame.scope[first]}" + (f".{rest}" if rest else "")
    else:
        writer.names.add(text)
    writer.tokens.append(text)


def _split_group(writer: _Writer, group: _Head) -> None:
    """Rewrite the last group written, `(x y : T)`, as `(x : T) (y : T)`."""
    names = writer.tokens[group.start + 1 : group.colon]
    if len(names) > 1:
        opener, closer = writer.tokens[group.start], writer.tokens[-1]
        typed = writer.tokens[group.colon + 1 : -1]
        parts = [[opener, name, ":", *typed, closer] for name in names]
        writer.tokens[group.start :] = [text for part in parts for text in part]


def _opened(
    tokens: Sequence[Token], index: int, close: int, frame: _Frame, head: _Head | None
) -> _Frame:
    """The frame of the bracket at `index`: a binder group, a set `{x | p x}`, or neither."""
    inner = _Frame(frame.scope, frame.scope)
    bracket = tokens[index].text
    names = index + 1
    while names < len(tokens) and _is_plain(tokens[names]):
        names += 1
    behind = tokens[names].text if names < len(tokens) else ""
    if head is not None and head.reading and bracket in ("(", "{", "⦃", "["):
        inner.group = _Head(reading=bracket != "[" or behind == ":")
    elif behind == ":" and bracket in ("(", "{", "⦃") and _is_arrow(tokens, close + 1):
        inner.group = _Head()
    elif bracket == "{" and names == index + 2 and behind in _AFTER_SET_NAME:
        inner.heads.append(_Head(_ENDS_SET_HEAD))
    return inner


def _is_plain(token: Token) -> bool:
    return token.kind == "identifier" and "." not in token.text and token.text not in _KEYWORDS


def _is_arrow(tokens: Sequence[Token], index: int) -> bool:
    return index < len(tokens) and tokens[index].text in ("→", "->")


def _closers(tokens: Sequence[Token]) -> dict[int, int]:
    """For each opening bracket the index of the closing one, or the number of tokens."""
    closers: dict[int, int] = {}
    open_brackets: list[int] = []
    for index, token in enumerate(tokens):
        if token.text in OPENERS:
            open_brackets.append(index)
            closers[index] = len(tokens)
        elif token.text in CLOSERS and open_brackets:
            closers[open_brackets.pop()] = index
    return closers
