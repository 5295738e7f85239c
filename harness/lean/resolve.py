"""What a name in a declaration may mean among the definitions of its project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from harness.lean.declaration import Declaration


@dataclass(frozen=True)
class Definitions:
    """The declarations of a project that a name can unfold to: all but theorems and examples."""

    by_name: Mapping[str, list[Declaration]]
    by_last: Mapping[str, list[Declaration]]


def definitions_of(declarations: Iterable[Declaration]) -> Definitions:
    """The definitions among the declarations, by full and by last name."""
    by_name: defaultdict[str, list[Declaration]] = defaultdict(list)
    by_last: defaultdict[str, list[Declaration]] = defaultdict(list)
    for declaration in declarations:
        if declaration.name and declaration.kind not in ("theorem", "example"):
            by_name[declaration.name].append(declaration)
            by_last[declaration.name.rpartition(".")[2]].append(declaration)
    return Definitions(by_name, by_last)


def meanings(name: str, user: Declaration, definitions: Definitions) -> list[Declaration]:
    """The definitions that a name may mean where `user` stands; `a.b.c` may be `a.b` with a field.

    As in Lean: the longest part of the name that means something, in the innermost namespace; then
    at the root and in all open namespaces.
    """
    components = name.removeprefix("_root_.").split(".")
    enclosing = [] if name.startswith("_root_.") else _enclosing(user.namespace)
    opens = [] if name.startswith("_root_.") else list(_open_prefixes(user, components[0]))
    for length in range(len(components), 0, -1):
        part = ".".join(components[:length])
        for prefixes in (*([prefix] for prefix in enclosing), ["", *opens]):
            names = [f"{prefix}.{part}" if prefix else part for prefix in prefixes]
            found = [one for full in names for one in definitions.by_name.get(full, ())]
            meant = [
                one
                for one in visible(found, user)
                if length > 1 or one.name == part or "protected" not in one.modifiers
            ]
            if meant:
                return meant
    return []


def _enclosing(namespace: str) -> list[str]:
    """`A.B`, `A` for `A.B`: innermost first, without the root."""
    components = namespace.split(".") if namespace else []
    return [".".join(components[:length]) for length in range(len(components), 0, -1)]


def _open_prefixes(user: Declaration, first: str) -> Iterator[str]:
    """The namespaces that the `open`s in force add for a name that begins with `first`."""
    for opened in user.opens:
        if not opened.only or first in opened.only:
            for prefix in (*_enclosing(user.namespace), ""):
                yield f"{prefix}.{opened.namespace}" if prefix else opened.namespace


def named(last: str, user: Declaration, definitions: Definitions) -> list[Declaration]:
    """All definitions with that last name, for a name behind a dot whose owner has unknown type."""
    return visible(definitions.by_last.get(last, ()), user)


def visible(found: Iterable[Declaration], user: Declaration) -> list[Declaration]:
    """Without the private declarations of other files."""
    return [one for one in found if "private" not in one.modifiers or one.file == user.file]
