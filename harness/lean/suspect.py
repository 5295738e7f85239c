"""Which change made a link suspect: the reviewed text of each declaration against the text now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff

from harness.errors import InputError
from harness.lean.declaration import Declaration
from harness.lean.reviewed import Part, Reviewed, parts_of
from harness.specs.model import Spec


@dataclass(frozen=True)
class Explanation:
    """message: one sentence; lines: a unified diff of the texts, or what the fingerprint covers."""

    message: str
    lines: tuple[str, ...] = ()


def explain(spec: Spec, declarations: Iterable[Declaration], reviewed: Reviewed) -> Explanation:
    """Why the fingerprint in a spec is not that of the source.

    Where nothing was kept of the review, the declarations are listed that the fingerprint covers:
    one of them has changed, or one was added or removed.
    """
    try:
        now = parts_of(spec.name, declarations, file=spec.file)
    except InputError as error:
        return Explanation(str(error))
    entry = reviewed.links.get(spec.name)
    if entry is None or entry.fingerprint != spec.fingerprint:
        places = [f"{part.name} ({part.place.file}:{part.place.line})" for part in now.values()]
        message = "the text that was reviewed was not kept; one of these, or their number, changed"
        return Explanation(message, tuple(places))
    changes = list(_changes(spec.name, entry.parts, reviewed.texts, now))
    if not changes:
        return Explanation("names in it mean other declarations than when it was reviewed")
    message = "; ".join(change.message for change in changes)
    return Explanation(message, tuple(line for change in changes for line in change.lines))


def type_explanation(message: str, old: str, new: str | None) -> Explanation:
    """The elaborated type that was reviewed, where it was kept, against the one now."""
    return Explanation(message, _diff([old] if old else [], [new] if new else []))


def _changes(
    own: str,
    parts: Mapping[str, str],
    texts: Mapping[str, Sequence[str]],
    now: Mapping[str, Part],
) -> Iterator[Explanation]:
    for name in sorted({*parts, *now}, key=lambda one: (one != own, one)):
        old = texts.get(parts.get(name, ""), ())
        part = now.get(name)
        if part is None:
            yield Explanation(f"it no longer rests on {name}", _diff(old, ()))
        elif name not in parts:
            yield Explanation(f"it now rests on {name}, too", _diff((), part.lines))
        elif parts[name] != part.digest:
            where = f"{part.place.file}:{part.place.line}"
            word = "its own statement" if name == own else f"the definition of {name}"
            yield Explanation(f"{word} changed ({where})", _diff(old, part.lines))


def _diff(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    """The lines of both, `-` for reviewed and `+` for now, without the head of a unified diff."""
    return tuple(unified_diff(old, new, lineterm="", n=2))[3:]
