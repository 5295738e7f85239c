"""Reading evidence: whole, unedited, of these specs and this source; everything else is refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from harness.errors import InputError, Place
from harness.lean.digests import (
    MIRROR,
    differences,
    exporter,
    pinned_toolchain,
    source_digests,
    spec_digests,
    text_digest,
    toolchain_is,
)
from harness.lean.evidence_model import SCHEMA, Evidence, content_digest
from harness.lean.mirror_text import exported_names, mirror_text
from harness.specs.library import SpecLibrary

FILE_NAME = "evidence.json"
_AGAIN = "run `crosscheck lean export`"


@dataclass(frozen=True)
class Reading:
    """Evidence that was read, and why it no longer holds; empty `lapsed`: it holds."""

    evidence: Evidence
    lapsed: tuple[str, ...]

    @property
    def holding(self) -> Evidence | None:
        """The evidence if it holds."""
        return None if self.lapsed else self.evidence


def read_evidence(path: Path, *, constructed: bool = False) -> Evidence:
    """The evidence in a file.

    constructed: accept a document that was written by hand; tests only. InputError for a file that
    cannot be read, is cut off, is of another schema, was constructed, was edited after it was
    written, or speaks of no declaration.
    """
    place = Place(str(path))
    data = _json(path)
    if not isinstance(data, dict):
        raise InputError("not evidence: the file is no JSON object", place=place, hint=_AGAIN)
    version = data.get("schema")
    if version is not None and version != SCHEMA:
        message = f"evidence of schema {version!r}; this version reads schema {SCHEMA}"
        raise InputError(message, place=place, hint=_AGAIN)
    if data.get("constructed") and not constructed:
        message = "this evidence was constructed by hand for a test; it proves nothing"
        raise InputError(message, place=place, hint=_AGAIN)
    try:
        evidence = Evidence.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        message = f"not evidence: {where}: {first['msg'].lower()}"
        raise InputError(message, place=place, hint=_AGAIN) from None
    if content_digest(data) != evidence.content:
        message = "this evidence was changed after it was written: its content has another digest"
        raise InputError(message, place=place, hint=_AGAIN)
    if not evidence.declarations:
        raise InputError("this evidence speaks of no declaration", place=place, hint=_AGAIN)
    return evidence


def examine(evidence: Evidence, path: Path, library: SpecLibrary, lean_dir: Path) -> Reading:
    """The evidence against what is on disk now.

    InputError for evidence that was made of these very files and yet has declarations that the
    specs do not ask for, or lacks one: no export writes such a document.
    """
    lapsed = lapses(evidence, library, lean_dir)
    if not lapsed:
        _check_names(evidence, path, library)
    return Reading(evidence, lapsed)


def lapses(evidence: Evidence, library: SpecLibrary, lean_dir: Path) -> tuple[str, ...]:
    """Why evidence does not speak of these specs and this source; empty when it does."""
    digests = evidence.digests
    found = [*differences(digests.sources, source_digests(lean_dir))]
    found += [f"spec {one}" for one in differences(digests.specs, spec_digests(library))]
    if digests.exporter != text_digest(exporter(lean_dir).read_bytes()):
        found.append("the exporter has changed")
    pinned = pinned_toolchain(lean_dir)
    if evidence.toolchain != pinned:
        found.append(f"it was made by {evidence.toolchain}, the project pins {pinned}")
    if not toolchain_is(evidence.toolchain, evidence.lean):
        found.append(f"it names {evidence.toolchain} and was written by Lean {evidence.lean}")
    if mirror_is_stale(library, lean_dir):
        found.append(f"{MIRROR} is out of date with the specs: run `crosscheck lean mirror`")
    return tuple(dict.fromkeys(found))


def mirror_is_stale(library: SpecLibrary, lean_dir: Path) -> bool:
    """Whether Mirror.lean on disk is another text than the specs give. InputError as for it."""
    try:
        now = text_digest((lean_dir / MIRROR).read_bytes())
    except OSError:
        return True
    return now != text_digest(mirror_text(library).encode("utf-8"))


def _check_names(evidence: Evidence, path: Path, library: SpecLibrary) -> None:
    asked = exported_names(library)
    given = [one.name for one in evidence.declarations]
    place = Place(str(path))
    if unknown := _shown([name for name in given if name not in asked]):
        message = f"this evidence has a declaration that no spec asks for: {unknown}"
        raise InputError(message, place=place, hint=_AGAIN)
    if missing := _shown([name for name in asked if name not in given]):
        raise InputError(f"this evidence lacks {missing}", place=place, hint=_AGAIN)
    if len(set(given)) != len(given):
        raise InputError("this evidence has a declaration twice", place=place, hint=_AGAIN)


def _shown(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _json(path: Path) -> Any:
    place = Place(str(path))
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError:
        raise InputError("not UTF-8 text", place=place, hint=_AGAIN) from None
    try:
        return json.loads(text)
    except json.JSONDecodeError as problem:
        where = Place(str(path), problem.lineno, problem.colno)
        cut = "" if text.rstrip().endswith("}") else "; the file seems to be cut off"
        raise InputError(f"not JSON: {problem.msg}{cut}", place=where, hint=_AGAIN) from None
    except RecursionError:
        raise InputError("not evidence: nested too deeply", place=place, hint=_AGAIN) from None
