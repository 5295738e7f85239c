"""Which links a review renews: the new fingerprint, what changed, and the new text of the file."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import dataclass, replace
from pathlib import Path

from harness.commands.lean_side import find_evidence, link_of, why_suspect
from harness.errors import InputError
from harness.lean.evidence_model import Evidence
from harness.lean.mirror import MirrorResult, mirror
from harness.lean.project import find_lean
from harness.lean.renewal import with_value
from harness.lean.reviewed import Reviewed, read_reviewed, reviewed_text, with_link
from harness.lean.rung import lean1_of, type_of
from harness.lean.scan import scan_directory
from harness.specs.library import SpecLibrary
from harness.specs.load import load_specs
from harness.specs.locate import find_specs
from harness.specs.model import Spec


@dataclass(frozen=True)
class Link:
    """One spec in a review. problem: why it cannot be renewed, or empty; message, lines: what has
    changed; text: the new contents of its file; folder: of all specs."""

    spec: Spec
    path: Path
    folder: Path
    problem: str
    message: str
    lines: tuple[str, ...]
    text: str
    changed: bool


def links(given: Namespace) -> tuple[tuple[Link, ...], str]:
    """The links that the options name, and the new text of the record of reviews.

    InputError for what cannot be read, and for a spec file that cannot be changed in place.
    """
    library = load_specs(find_specs(given.specs).path)
    if library.directory.parent.name == "_data":
        hint = "clone the repository, or copy that folder and name the copy with --specs"
        raise InputError(f"{library.directory} came with the package and is not changed", hint=hint)
    lean_dir = find_lean(given.lean)
    declarations = tuple(one for scan in scan_directory(lean_dir) for one in scan.declarations)
    read = find_evidence(given.evidence, library, lean_dir)
    evidence = read[0].holding if read else None
    before = read_reviewed(library.directory)
    chosen = library.specs if given.all else library.select(given.names)
    made = []
    after = _without_gone(before, library)
    for spec in chosen:
        result = mirror(spec, library, declarations)
        link = _link(spec, library, result, evidence)
        if not link.problem:
            if link.changed and spec.fingerprint is not None:
                why = why_suspect(spec, result, declarations, before, evidence)
                link = replace(link, message=why.message, lines=why.lines)
            after = with_link(
                after,
                spec.name,
                declarations,
                file=spec.file,
                lean_type=type_of(spec.name, evidence),
            )
        made.append(link)
    return tuple(made), reviewed_text(after)


def _link(
    spec: Spec, library: SpecLibrary, result: MirrorResult, evidence: Evidence | None
) -> Link:
    file = library.files[spec.name]
    raw = file.path.read_bytes()
    text, problem = raw, ""
    if result.state != "same" or result.fingerprint is None:
        failed = [finding for finding in result.findings if finding.state != "same"]
        problem = "; ".join(f"{one.what}: {one.message}" for one in failed)
    elif link_of(spec, result, evidence) != "reviewed":
        shown = file.document.file
        text = with_value(raw, shown, "fingerprint", result.fingerprint)
    lean1 = lean1_of(spec.name, evidence) if evidence and not problem else None
    if lean1 and lean1 != spec.lean1:
        text = with_value(text, file.document.file, "lean1", lean1)
    decoded = text.decode("utf-8")
    return Link(spec, file.path, library.directory, problem, "", (), decoded, text != raw)


def _without_gone(reviewed: Reviewed, library: SpecLibrary) -> Reviewed:
    """The record without the links of specs that no longer exist."""
    kept = {name: entry for name, entry in reviewed.links.items() if name in library.files}
    return reviewed.model_copy(update={"links": kept})
