"""From the tokens of one command to the declarations in it, with attributes and flags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from harness.lean.canonical import BINDING, canonical
from harness.lean.commands import CLOSERS, KINDS, MODIFIERS, OPENERS, Command, matching
from harness.lean.declaration import Binder, Declaration, Flag
from harness.lean.scopes import Scope, identifiers
from harness.lean.signature import Header, Source, read_header
from harness.lean.tokens import Token

_FLAGGED = frozenset({"sorry", "admit", "native_decide", "unsafe"})
_FLAGGED_ATTRIBUTES = frozenset({"implemented_by", "extern"})
_FLAGGED_KINDS = frozenset({"axiom", "opaque"})
_ANY_FLAG = re.compile("|".join(_FLAGGED | _FLAGGED_ATTRIBUTES | _FLAGGED_KINDS))
_HEAD = 40
"""How many tokens behind `∀` are looked through for a bound name."""
_ENDS_NAMES = frozenset({":", "∈", ",", "=>", "↦", "|", ":="})


def declarations_in(
    source: Source, command: Command, scope: Scope, flags: tuple[Flag, ...]
) -> tuple[tuple[Declaration, ...], str]:
    """The declarations of a command (two for `alias ⟨forward, backward⟩ := old`), and a problem.

    scope: in force where it stands; flags: of its tokens; the problem is empty when there is none.
    """
    if command.word == "alias":
        headers = tuple(_aliases(source, command))
        return tuple(_build(source, command, scope, flags, header) for header in headers), ""
    header = read_header(source, command.head, command.stop, KINDS[command.word])
    if header.problem and not header.name:
        return (), header.problem
    return (_build(source, command, scope, flags, header),), header.problem


def flags_in(source: Source, command: Command) -> tuple[Flag, ...]:
    """The flags in the tokens of any command, in order of their places."""
    tokens = source.tokens
    start, end = tokens[command.start].offset, tokens[command.stop - 1].end
    if not _ANY_FLAG.search(source.text, start, end):
        return ()
    found = []
    attributes_end = command.start
    for index in range(command.start, command.stop):
        token = tokens[index]
        text = token.text
        if index == command.head and command.word in _FLAGGED_KINDS:
            found.append(Flag(command.word, source.place(index)))
        elif text == "@[" or (command.word == "attribute" and index == command.head + 1):
            attributes_end = matching(tokens, index, command.stop)
        else:
            words = _FLAGGED_ATTRIBUTES if index < attributes_end else _FLAGGED
            behind_dot = source.text[token.offset - 1 : token.offset] == "."  # `.sorry`: a name
            if text in words and not behind_dot:
                found.append(Flag(text, source.place(index)))
    return tuple(found)


def _build(
    source: Source, command: Command, scope: Scope, flags: tuple[Flag, ...], header: Header
) -> Declaration:
    tokens = source.tokens
    kind = KINDS.get(command.word, command.word)
    keyword = command.word
    if keyword == "class" and tokens[command.head + 1].text in ("inductive", "abbrev"):
        keyword = f"class {tokens[command.head + 1].text}"
    before = tokens[command.start : command.head]
    docs = [token.text for token in before if token.kind == "doc"]
    made = Declaration(
        name=scope.full_name(header.name) if header.name else "",
        kind=kind,
        keyword=keyword,
        place=source.place(header.name_index),
        attributes=_attributes(source, command),
        modifiers=tuple(token.text for token in before if token.text in MODIFIERS),
        docstring=_docstring(docs[-1]) if docs else None,
        binders=header.binders,
        signature=source.excerpt(*header.signature),
        type=source.excerpt(*header.type),
        body=source.excerpt(*header.body),
        body_kind=header.body_kind,
        first_line=tokens[command.start].line,
        last_line=tokens[command.stop - 1].last_line,
        namespace=_namespace(scope, header.name),
        opens=scope.opens,
        flags=flags,
    )
    taken = _variables(source, command, scope, header, made)
    return replace(made, binders=(*taken, *header.binders)) if taken else made


def _namespace(scope: Scope, name: str) -> str:
    """The namespace inside of a declaration: Lean reads `def A.b` as `b` within `namespace A`."""
    owner = "" if name.startswith("_root_.") else name.rpartition(".")[0]
    return scope.full_name(owner) if owner else scope.namespace


def _variables(
    source: Source, command: Command, scope: Scope, header: Header, made: Declaration
) -> tuple[Binder, ...]:
    """The `variable`s that the declaration, made without them, takes."""
    if not scope.variables:
        return ()
    stop = header.signature[1] if made.kind == "theorem" else command.stop
    tokens = source.tokens[header.signature[0] : stop]
    used = identifiers(tokens) - {name for binder in header.binders for name in binder.names}
    candidates = used & scope.variable_names
    if candidates and any(_binds(tokens, index, candidates) for index in range(len(tokens))):
        # `∀ a, p a` is no use of a variable `a`.
        used -= candidates - {name.partition(".")[0] for name in canonical(made).names}
    return scope.taken(used)


def _binds(tokens: Sequence[Token], index: int, names: Set[str]) -> bool:
    """Whether one of the names may be bound at a token: `∀ x y (z : T)`, `fun x`, `{x | p x}`."""
    if tokens[index].text not in BINDING:
        return False
    depth, typed = 0, False
    for token in tokens[index + 1 : index + 1 + _HEAD]:
        text = token.text
        if text in OPENERS or text in CLOSERS:
            depth += 1 if text in OPENERS else -1
            typed = False
        elif text in _ENDS_NAMES:
            if depth <= 0:
                return False
            typed = True
        elif not typed and text in names:
            return True
    return False


def _aliases(source: Source, command: Command) -> Iterator[Header]:
    """One header a name of `alias new := old` or `alias ⟨forward, _⟩ := old`."""
    tokens = source.tokens
    define = command.head + 1
    while define < command.stop and tokens[define].text != ":=":
        define += 1
    for index in range(command.head + 1, define):
        if tokens[index].kind == "identifier" and tokens[index].text != "_":
            yield Header(
                name=tokens[index].text,
                name_index=index,
                binders=(),
                signature=(define, define),
                type=(define, define),
                body=(min(define + 1, command.stop), command.stop),
                body_kind=":=",
            )


def _attributes(source: Source, command: Command) -> tuple[str, ...]:
    """The attributes before the head, one entry between two commas: `("simp", "stacks 01AB")`."""
    tokens = source.tokens
    found = []
    opener = command.start
    while opener < command.head:
        if tokens[opener].text != "@[":
            opener += 1
            continue
        close = min(matching(tokens, opener, command.head), command.head)
        begin, depth = opener + 1, 0
        for index in range(opener + 1, close + 1):
            if index == close or (tokens[index].text == "," and depth == 0):
                part = source.excerpt(begin, index)
                found.extend([" ".join(part.text.split())] if part else [])
                begin = index + 1
            else:
                depth += (tokens[index].text in OPENERS) - (tokens[index].text in CLOSERS)
        opener = close + 1
    return tuple(found)


def _docstring(text: str) -> str:
    return text.removeprefix("/--").removesuffix("-/").replace("\r\n", "\n").strip()
