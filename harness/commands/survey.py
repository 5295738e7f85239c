"""What the commands read before anything runs: the specs, the Lean source, the toolchain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from harness.errors import AbsentError
from harness.lean.declaration import Declaration
from harness.lean.mirror import MirrorResult, mirror
from harness.lean.project import Toolchain, find_lean, toolchain
from harness.lean.scan import scan_directory
from harness.report.document import FolderRecord, LeanRecord, ToolRecord
from harness.specs.library import SpecLibrary
from harness.specs.load import load_specs
from harness.specs.locate import find_specs
from harness.specs.model import Spec


@dataclass(frozen=True)
class Survey:
    """library: the specs; declarations: of the Lean source; lean: full name -> its Lean side."""

    library: SpecLibrary
    declarations: tuple[Declaration, ...]
    lean: Mapping[str, LeanRecord]
    lean_path: Path
    specs_folder: FolderRecord
    lean_folder: FolderRecord
    toolchain: ToolRecord


def survey(specs: Path | None, lean: Path | None) -> Survey:
    """Reads everything. InputError for what is not there or cannot be read."""
    folder = find_specs(specs)
    library = load_specs(folder.path)
    path = find_lean(lean)
    declarations = tuple(
        declaration for scan in scan_directory(path) for declaration in scan.declarations
    )
    found = toolchain(path)
    return Survey(
        library=library,
        declarations=declarations,
        lean={
            spec.name: _lean_record(spec, mirror(spec, library, declarations))
            for spec in library.specs
        },
        lean_path=path,
        specs_folder=FolderRecord(
            path=shown(folder.path), origin=folder.origin, digest=library.digest
        ),
        lean_folder=FolderRecord(path=shown(path), origin=_origin(lean, path), digest=""),
        toolchain=_tools(found),
    )


def shown(path: Path) -> str:
    """A path as people read it: relative where it lies below the current folder."""
    try:
        return str(path.resolve().relative_to(Path.cwd())) or "."
    except ValueError:
        return str(path)


def require_lean(found: Survey) -> None:
    """AbsentError: no version of this tool reads evidence of proofs yet."""
    if not found.toolchain.present:
        raise AbsentError(
            "--require-lean: no Lean toolchain on this machine",
            hint="install elan, then run `lake build` in the Lean folder",
        )
    raise AbsentError(
        "--require-lean: there is no evidence of a proof", hint="`lake build` alone leaves none"
    )


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


def _lean_record(spec: Spec, result: MirrorResult) -> LeanRecord:
    declaration = result.declaration
    failed = [finding for finding in result.findings if finding.state != "same"]
    return LeanRecord(
        mirror=result.state,
        message="; ".join(f"{finding.what}: {finding.message}" for finding in failed),
        detail=[line for finding in failed for line in finding.detail.splitlines()],
        file=declaration.file if declaration else spec.file,
        first_line=declaration.first_line if declaration else 0,
        last_line=declaration.last_line if declaration else 0,
        flags=[f"{flag.word} ({flag.place})" for flag in result.flags],
        link=_link(result),
        fingerprint=result.fingerprint or "",
        proved="no evidence",
    )


def _link(result: MirrorResult) -> Literal["reviewed", "suspect", "never reviewed"]:
    if result.stored is None:
        return "never reviewed"
    return "suspect" if result.suspect else "reviewed"
