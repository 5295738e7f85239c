"""What the commands read before anything runs: the specs, the Lean source, the toolchain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.commands.lean_side import evidence_record, find_evidence, lean_records
from harness.errors import AbsentError, InputError
from harness.lean.declaration import Declaration, Scan
from harness.lean.project import Toolchain, find_lean, toolchain
from harness.lean.scan import scan_directory
from harness.report.document import (
    EvidenceRecord,
    FolderRecord,
    LeanRecord,
    ToolRecord,
)
from harness.specs.library import SpecLibrary
from harness.specs.load import load_specs
from harness.specs.locate import find_specs
from harness.specs.model import Spec


@dataclass(frozen=True)
class Survey:
    """library: the specs; declarations: of the Lean source; lean: full name -> its Lean side;
    evidence: of proofs, None when there is none."""

    library: SpecLibrary
    declarations: tuple[Declaration, ...]
    lean: Mapping[str, LeanRecord]
    evidence: EvidenceRecord | None
    lean_path: Path
    specs_folder: FolderRecord
    lean_folder: FolderRecord
    toolchain: ToolRecord


def survey(
    specs: Path | None,
    lean: Path | None,
    evidence: Path | None = None,
    *,
    require_lean: bool = False,
) -> Survey:
    """Reads everything. InputError for what is not there or cannot be read.

    require_lean: evidence that has lapsed is an AbsentError, too.
    """
    folder = find_specs(specs)
    library = load_specs(folder.path)
    path = find_lean(lean)
    scans = scan_directory(path)
    if lean is not None and not scans:
        hint = "give the folder that holds lakefile.toml"
        raise InputError(f"--lean {lean} holds no Lean source", hint=hint)
    declarations = tuple(one for scan in scans for one in scan.declarations)
    found = toolchain(path)
    read = find_evidence(evidence, library, path, required=require_lean)
    return Survey(
        library=library,
        declarations=declarations,
        lean=lean_records(library, declarations, read[0].holding if read else None),
        evidence=evidence_record(read),
        lean_path=path,
        specs_folder=FolderRecord(
            path=shown(folder.path), origin=folder.origin, digest=library.digest
        ),
        lean_folder=FolderRecord(
            path=shown(path), origin=_origin(lean, path), digest="", flags=_unproved(scans)
        ),
        toolchain=_tools(found),
    )


def shown(path: Path) -> str:
    """A path as people read it: relative where it lies below the current folder."""
    try:
        return str(path.resolve().relative_to(Path.cwd())) or "."
    except ValueError:
        return str(path)


def require_lean(found: Survey, specs: Iterable[Spec] = ()) -> None:
    """AbsentError unless there is evidence that holds and that proves each of the specs."""
    if found.evidence is None and not found.toolchain.present:
        raise AbsentError(
            "--require-lean: no Lean toolchain on this machine, and no evidence of a proof",
            hint="`crosscheck lean doctor` says what to install",
        )
    if found.evidence is None:
        raise AbsentError(
            "--require-lean: there is no evidence of a proof", hint="run `crosscheck lean export`"
        )
    records = [(spec.short_name, found.lean[spec.name]) for spec in specs]
    unproved = [(name, record) for name, record in records if record.proved != "proved"]
    if unproved:
        name, record = unproved[0]
        more = f" (and {len(unproved) - 1} more)" if len(unproved) > 1 else ""
        raise AbsentError(f"--require-lean: {name} is not proved{more}: {record.proof}")


def _unproved(scans: Iterable[Scan]) -> list[str]:
    """Where the source, whoever needs it, has what no proof may rest on."""
    return [
        f"{flag.word} ({flag.place})"
        for scan in scans
        for flag in scan.flags
        if flag.word in ("sorry", "admit", "axiom", "native_decide")
    ]


def _origin(option: Path | None, path: Path) -> str:
    if option is not None:
        return "--lean"
    return "package" if path.parent.name == "_data" else "repository"


def _tools(found: Toolchain) -> ToolRecord:
    return ToolRecord(
        present=found.usable,
        tools={
            tool.name: tool.version or tool.problem
            for tool in (found.elan, found.lake, found.lean)
            if tool.path
        },
        pinned=found.pinned,
        mathlib=found.mathlib_tag or found.mathlib,
    )
