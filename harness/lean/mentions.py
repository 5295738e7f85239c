"""Which declarations of a project a Lean declaration mentions, its proof included."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from harness.lean.declaration import Declaration
from harness.lean.resolve import Definitions, meanings
from harness.lean.tokens import tokenize


def mentions(declarations: Iterable[Declaration]) -> dict[str, tuple[str, ...]]:
    """Full name -> full names of what its text names, sorted. Binders may hide a name: then there
    is one too many here, never one too few (but for what tactics find by themselves)."""
    known = [one for one in declarations if one.name]
    by_name: defaultdict[str, list[Declaration]] = defaultdict(list)
    for one in known:
        by_name[one.name].append(one)
    everything = Definitions(by_name, {})
    found: dict[str, set[str]] = {one.name: set() for one in known}
    for one in known:
        for name in _names(one):
            found[one.name].update(each.name for each in meanings(name, one, everything))
    return {name: tuple(sorted(below - {name})) for name, below in found.items()}


def touched_by(
    name: str, mentioned: Mapping[str, Sequence[str]], theorems: Iterable[str]
) -> tuple[str, ...]:
    """What must be proved again when a declaration changes: all that mentions it, directly or by
    way of definitions. A theorem stands for its statement, whatever its proof is."""
    users: defaultdict[str, list[str]] = defaultdict(list)
    for user, below in mentioned.items():
        for one in below:
            users[one].append(user)
    closed = set(theorems)
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for user in users[waiting.pop()]:
            if user not in found and user != name:
                found.add(user)
                if user not in closed:
                    waiting.append(user)
    return tuple(sorted(found))


def _names(declaration: Declaration) -> set[str]:
    texts = [part.text for part in (declaration.signature, declaration.body) if part]
    texts += [binder.source.text for binder in declaration.binders if binder.from_variable]
    return {token.text for text in texts for token in tokenize(text) if token.kind == "identifier"}
