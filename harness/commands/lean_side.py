"""The Lean side of every declaration: mirror, review and, where there is evidence, proof."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from harness.errors import AbsentError, InputError, Place
from harness.lean.declaration import Declaration
from harness.lean.evidence import FILE_NAME, Reading, examine, read_evidence
from harness.lean.evidence_model import Evidence
from harness.lean.mirror import MirrorResult, mirror
from harness.lean.reviewed import Reviewed, read_reviewed
from harness.lean.rung import lean1_of, proof_of, type_of
from harness.lean.suspect import Explanation, explain, type_explanation
from harness.report.document import EvidenceRecord, LeanRecord
from harness.specs.library import SpecLibrary
from harness.specs.model import Spec

Link = Literal["reviewed", "suspect", "never reviewed"]


def find_evidence(
    option: Path | None, library: SpecLibrary, lean_dir: Path, *, required: bool = False
) -> tuple[Reading, Path] | None:
    """The evidence that an option names, else `evidence.json` of the Lean folder if it is there.

    InputError for a file that is no evidence, and for one that was named and has lapsed
    (AbsentError where it is required); of one that was merely found the reports say so.
    """
    path = option or lean_dir / FILE_NAME
    if option is None and not path.is_file():
        return None
    reading = examine(read_evidence(path), path, library, lean_dir)
    if reading.lapsed and (option is not None or required):
        kind = AbsentError if required else InputError
        message = f"this evidence has lapsed: {lapsed_text(reading.lapsed)}"
        raise kind(message, place=Place(str(path)), hint="run `crosscheck lean export`")
    return reading, path


def evidence_record(found: tuple[Reading, Path] | None) -> EvidenceRecord | None:
    """What reports say of the evidence itself."""
    if found is None:
        return None
    reading, path = found
    return EvidenceRecord(
        path=str(path),
        made=reading.evidence.made,
        lean=reading.evidence.lean,
        mathlib=reading.evidence.mathlib,
        lapsed=list(reading.lapsed),
    )


def lapsed_text(reasons: tuple[str, ...]) -> str:
    """The first reasons, in one line."""
    more = f" and {len(reasons) - 3} more" if len(reasons) > 3 else ""
    return "; ".join(reasons[:3]) + more


def lean_records(
    library: SpecLibrary, declarations: Iterable[Declaration], evidence: Evidence | None
) -> dict[str, LeanRecord]:
    """Full name -> its Lean side, for every spec. InputError for a broken record of reviews."""
    known = tuple(declarations)
    reviewed = read_reviewed(library.directory)
    return {
        spec.name: _record(spec, mirror(spec, library, known), known, reviewed, evidence)
        for spec in library.specs
    }


def link_of(spec: Spec, result: MirrorResult, evidence: Evidence | None) -> Link:
    """Whether the text, and with evidence the elaborated type, is what a person reviewed."""
    if result.stored is None:
        return "never reviewed"
    return "suspect" if result.suspect or type_changed(spec, evidence) else "reviewed"


def type_changed(spec: Spec, evidence: Evidence | None) -> bool:
    """Whether Lean gives the declaration another type than when it was reviewed."""
    if spec.lean1 is None or evidence is None:
        return False
    return lean1_of(spec.name, evidence) != spec.lean1


def why_suspect(
    spec: Spec,
    result: MirrorResult,
    declarations: Iterable[Declaration],
    reviewed: Reviewed,
    evidence: Evidence | None,
) -> Explanation:
    """What changed since the review of a suspect link."""
    if result.suspect:
        return explain(spec, declarations, reviewed)
    entry = reviewed.links.get(spec.name)
    message = "Lean gives it another type than when it was reviewed"
    return type_explanation(message, entry.lean_type if entry else "", type_of(spec.name, evidence))


def _record(
    spec: Spec,
    result: MirrorResult,
    declarations: tuple[Declaration, ...],
    reviewed: Reviewed,
    evidence: Evidence | None,
) -> LeanRecord:
    declaration = result.declaration
    failed = [finding for finding in result.findings if finding.state != "same"]
    messages = [f"{finding.what}: {finding.message}" for finding in failed]
    detail = [line for finding in failed for line in finding.detail.splitlines()]
    link = link_of(spec, result, evidence)
    if link == "suspect" and declaration:
        why = why_suspect(spec, result, declarations, reviewed, evidence)
        messages.append(f"since its review: {why.message}")
        detail += why.lines
    proof = proof_of(spec, evidence)
    return LeanRecord(
        mirror=result.state,
        message="; ".join(messages),
        detail=detail,
        file=declaration.file if declaration else spec.file,
        first_line=declaration.first_line if declaration else 0,
        last_line=declaration.last_line if declaration else 0,
        flags=[f"{flag.word} ({flag.place})" for flag in result.flags],
        link=link,
        fingerprint=result.fingerprint or "",
        lean1=(evidence and lean1_of(spec.name, evidence)) or "",
        proved=proof.state,
        proof=proof.reason,
    )
