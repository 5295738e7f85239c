"""What a person reviewed, kept word for word beside the specs, so that a change can be shown.

A spec stores only a fingerprint. `reviewed.json` in the folder of the specs has, for each of them,
the Lean text of every declaration that the fingerprint covers. It is a memory and no evidence: an
entry counts only while its fingerprint is the one in the spec.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from harness.errors import InputError, Place
from harness.lean.canonical import canonical
from harness.lean.declaration import Declaration, find_declaration
from harness.lean.fingerprint import fingerprint, reached_names

FILE_NAME = "reviewed.json"
SCHEMA = 1


class Entry(BaseModel):
    """One reviewed link. parts: full name of a declaration -> digest of what was reviewed of it;
    lean_type: the elaborated type where there was evidence at the review, else empty."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    fingerprint: str
    parts: dict[str, str]
    lean_type: str = ""


class Reviewed(BaseModel):
    """All reviewed links. texts: digest -> the lines of the Lean text."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    schema_version: int = Field(alias="schema", ge=SCHEMA, le=SCHEMA)
    links: dict[str, Entry]
    texts: dict[str, list[str]]


@dataclass(frozen=True)
class Part:
    """One declaration in a fingerprint: digest of its canonical tokens, its text, where it is."""

    name: str
    digest: str
    lines: tuple[str, ...]
    place: Place


def nothing_reviewed() -> Reviewed:
    """The memory of a folder that has none."""
    return Reviewed(schema=SCHEMA, links={}, texts={})


def read_reviewed(specs: Path) -> Reviewed:
    """The memory in a folder of specs, empty when there is none. InputError for a broken file."""
    path = specs / FILE_NAME
    try:
        return Reviewed.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return nothing_reviewed()
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        hint = "remove it, then `crosscheck review --all` writes it anew"
        message = f"not a record of reviews: {str(error).partition(chr(10))[0]}"
        raise InputError(message, place=Place(str(path)), hint=hint) from None


def reviewed_text(reviewed: Reviewed) -> str:
    """The memory as its file holds it: sorted, and without texts that no link has."""
    used = {digest for entry in reviewed.links.values() for digest in entry.parts.values()}
    data = {
        "schema": SCHEMA,
        "links": {
            name: reviewed.links[name].model_dump(exclude_defaults=True)
            for name in sorted(reviewed.links)
        },
        "texts": {digest: reviewed.texts[digest] for digest in sorted(used & set(reviewed.texts))},
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def with_link(
    reviewed: Reviewed,
    name: str,
    declarations: Iterable[Declaration],
    *,
    file: str = "",
    lean_type: str | None = None,
) -> Reviewed:
    """The memory after a person has reviewed a declaration as it is now.

    lean_type: the elaborated type; None keeps what is known of it.
    """
    known = tuple(declarations)
    found = parts_of(name, known, file=file)
    before = reviewed.links.get(name)
    known_type = before.lean_type if before else ""
    entry = Entry(
        fingerprint=fingerprint(name, known, file=file),
        parts={part.name: part.digest for part in found.values()},
        lean_type=lean_type if lean_type is not None else known_type,
    )
    texts = {part.digest: list(part.lines) for part in found.values()}
    return reviewed.model_copy(
        update={
            "links": {**reviewed.links, name: entry},
            "texts": {**reviewed.texts, **texts},
        }
    )


def parts_of(
    name: str, declarations: Iterable[Declaration], *, file: str = ""
) -> Mapping[str, Part]:
    """What a fingerprint covers: the declaration itself first, then what it reaches, by name."""
    known = tuple(declarations)
    names = [one for one in reached_names(name, known) if one != name]
    covered = [find_declaration(name, known, file=file)]
    covered += [find_declaration(one, known) for one in names]
    return {one.name: _part(one) for one in covered}


def _part(declaration: Declaration) -> Part:
    tokens = canonical(declaration).tokens
    text = json.dumps([declaration.kind, declaration.name, *tokens], ensure_ascii=False)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Part(declaration.name, digest, tuple(_lines(declaration)), declaration.place)


def _lines(declaration: Declaration) -> list[str]:
    """The reviewed text: variables that it takes, signature, and unless a theorem the body."""
    taken = [one.source.text for one in declaration.binders if one.from_variable]
    text = f"variable {' '.join(taken)}\n" if taken else ""
    text += f"{declaration.keyword} {declaration.name}"
    if declaration.signature:
        text += f" {declaration.signature.text}"
    if declaration.kind != "theorem" and declaration.body:
        glue = {":=": " := ", "where": " where\n", "|": "\n  "}.get(declaration.body_kind, " ")
        text += f"{glue}{declaration.body.text}"
    return [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
