"""Fingerprints `scan1:`: what a person reviewed of a declaration, in one SHA-256.

It covers kind, full name, the canonical tokens of the signature with the `variable`s in force, for
all but a theorem the body, and every project definition that those reach, directly or by way of
others (each by the SHA-256 of its own kind, name and canonical tokens, sorted, so that definitions
may use each other). The proof of a theorem is not in it. Nor is what only Lean knows: instances
found by type classes, notations, definitions outside of the project.

Names are resolved by the namespaces and `open`s in force. A name behind a dot of unknown type
reaches every definition with that last name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator

from harness.lean.canonical import Canonical, canonical
from harness.lean.declaration import Declaration, find_declaration
from harness.lean.resolve import Definitions, definitions_of, meanings, named

SCHEME = "scan1"


def fingerprint(name: str, declarations: Iterable[Declaration], *, file: str = "") -> str:
    """`scan1:` and 64 hexadecimal digits for the declaration of that full name.

    declarations: those of the whole project; file: where to look first when a name occurs twice.
    Raises InputError with a suggestion when there is no such declaration.
    """
    known = tuple(declarations)
    return fingerprint_of(find_declaration(name, known, file=file), known)


def fingerprint_of(declaration: Declaration, declarations: Iterable[Declaration]) -> str:
    """The fingerprint of one declaration among those of its project. See `fingerprint`."""
    own = canonical(declaration)
    reached = _reached(declaration, own, definitions_of(declarations))
    digests = sorted(_digest(other, tokens, ()) for other, tokens in reached)
    return f"{SCHEME}:{_digest(declaration, own, digests)}"


def reached_names(name: str, declarations: Iterable[Declaration]) -> tuple[str, ...]:
    """The sorted full names of the project definitions in the fingerprint of a declaration."""
    known = tuple(declarations)
    declaration = find_declaration(name, known)
    reached = _reached(declaration, canonical(declaration), definitions_of(known))
    return tuple(sorted(other.name for other, _ in reached))


def _digest(declaration: Declaration, tokens: Canonical, below: Iterable[str]) -> str:
    parts = [declaration.kind, declaration.name, list(tokens.tokens), list(below)]
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _reached(
    start: Declaration, own: Canonical, definitions: Definitions
) -> list[tuple[Declaration, Canonical]]:
    """The definitions that a declaration reaches, itself excluded, with their canonical tokens."""
    seen = {id(start)}
    found = []
    waiting = [(start, own)]
    while waiting:
        declaration, tokens = waiting.pop()
        for other in _used(declaration, tokens, definitions):
            if id(other) not in seen:
                seen.add(id(other))
                entry = (other, canonical(other))
                found.append(entry)
                waiting.append(entry)
    return found


def _used(
    declaration: Declaration, tokens: Canonical, definitions: Definitions
) -> Iterator[Declaration]:
    for name in tokens.names:
        yield from meanings(name, declaration, definitions)
    for name in tokens.fields:
        yield from named(name, declaration, definitions)
