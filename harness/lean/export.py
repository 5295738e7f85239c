"""Making evidence: the exporter, built and run by Lake, and what it was run on."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from harness.errors import AbsentError, InputError
from harness.lean.build import Built, build, raise_trouble
from harness.lean.digests import (
    EXPORTER,
    MIRROR,
    differences,
    exporter,
    pinned_toolchain,
    source_digests,
    spec_digests,
    text_digest,
    toolchain_is,
)
from harness.lean.doctor import checkout_revision
from harness.lean.evidence import mirror_is_stale
from harness.lean.evidence_model import (
    SCHEMA,
    DeclarationFacts,
    Digests,
    Evidence,
    Export,
    Missing,
    content_digest,
)
from harness.lean.lake import LakeRun, Tell, output_of
from harness.lean.mirror_text import NAMESPACE, exported_names
from harness.lean.project import toolchain
from harness.specs.library import SpecLibrary

_TARGETS = (NAMESPACE, "export_decls")


@dataclass(frozen=True)
class Exported:
    """Evidence, or the build that failed; missing: declarations that Lean does not have."""

    built: Built
    evidence: Evidence | None
    missing: tuple[str, ...] = ()


def export(
    lean_dir: Path, library: SpecLibrary, log: IO[str], tell: Tell, *, crosscheck: str
) -> Exported:
    """Build the mirror and the exporter, run it, and make evidence of what it prints.

    crosscheck: the version of this tool. InputError for a mirror that is out of date and for output
    that is not the exporter's; AbsentError for what is missing here, sources that change meanwhile
    and a Mathlib that is not the pinned one.
    """
    if mirror_is_stale(library, lean_dir):
        hint = "run `crosscheck lean mirror`"
        raise InputError(f"{MIRROR} is out of date with the specs", hint=hint)
    before = source_digests(lean_dir)
    own = (lean_dir / EXPORTER).is_file()
    built = build(lean_dir, log, tell, _TARGETS if own else _TARGETS[:1])
    if not built.ok:
        return Exported(built, None)
    mathlib = _mathlib(lean_dir)
    printed = _run_exporter(lean_dir, library, own)
    if changed := differences(before, source_digests(lean_dir)):
        hint = "run it again"
        raise AbsentError(f"the source changed while it was built: {changed[0]}", hint=hint)
    missing = tuple(one.name for one in printed.declarations if isinstance(one, Missing))
    if missing:
        return Exported(built, None, missing)
    evidence = assemble(
        printed,
        library,
        lean_dir,
        mathlib=mathlib,
        crosscheck=crosscheck,
        made=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
    )
    return Exported(built, evidence)


def parse_export(text: str) -> Export:
    """What the exporter printed. InputError for anything else than its one JSON object."""
    hint = "the exporter is Export.lean of the Lean project"
    try:
        return Export.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        detail = f"{where}: {first['msg'].lower()}" if where else first["msg"].lower()
        raise InputError(f"the exporter printed something else: {detail}", hint=hint) from None


def assemble(
    printed: Export,
    library: SpecLibrary,
    lean_dir: Path,
    *,
    mathlib: str,
    crosscheck: str,
    made: str,
) -> Evidence:
    """The evidence for what the exporter printed and what is on disk.

    What was constructed stays constructed. InputError when nothing was exported, something else
    than the specs ask for was, or another Lean than the pinned one did it.
    """
    facts = [one for one in printed.declarations if isinstance(one, DeclarationFacts)]
    if not facts:
        raise InputError("the exporter found no declaration", hint="do the specs name any?")
    names = {one.name for one in facts}
    if other := sorted(names.symmetric_difference(exported_names(library))):
        raise InputError(f"the exporter and the specs do not agree on {other[0]}")
    pinned = pinned_toolchain(lean_dir)
    if not toolchain_is(pinned, printed.lean):
        message = f"the exporter ran under Lean {printed.lean}, the project pins {pinned}"
        raise InputError(message, hint="let elan choose: call `lake` of elan")
    data = {
        "schema": SCHEMA,
        **({"constructed": True} if printed.constructed else {}),
        "crosscheck": crosscheck,
        "made": made,
        "lean": printed.lean,
        "toolchain": pinned,
        "mathlib": mathlib,
        "module": printed.module,
        "digests": Digests(
            sources=source_digests(lean_dir),
            specs=spec_digests(library),
            exporter=text_digest(exporter(lean_dir).read_bytes()),
        ).model_dump(),
        "declarations": [one.model_dump() for one in facts],
    }
    return Evidence.model_validate({**data, "content": content_digest(data)})


def evidence_text(evidence: Evidence) -> str:
    """The evidence as its file holds it."""
    data = evidence.model_dump(by_alias=True, exclude_defaults=True)
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _run_exporter(lean_dir: Path, library: SpecLibrary, own: bool) -> Export:
    command = ["exe", "export_decls"] if own else ["env", "lean", "--run", _exporter_path(lean_dir)]
    with tempfile.TemporaryDirectory() as folder:
        names = Path(folder) / "names.txt"
        names.write_text("\n".join(exported_names(library)) + "\n", encoding="utf-8")
        done = output_of([*command, NAMESPACE, str(names)], lean_dir)
    # The document is the last line: before it Lake may say what it did.
    document = done.stdout.rstrip().rpartition("\n")[2]
    # With exit code 1 the exporter says in its document which names are missing; or Lake failed.
    if done.returncode not in (0, 1) or (done.returncode and not document.startswith("{")):
        lines = tuple((done.stdout + done.stderr).splitlines())
        raise_trouble(LakeRun(tuple(command), done.returncode, lines))
        last = lines[-1] if lines else "nothing was printed"
        raise InputError(f"the exporter failed with exit code {done.returncode}: {last}")
    return parse_export(document)


def _exporter_path(lean_dir: Path) -> str:
    return str(exporter(lean_dir).resolve())


def _mathlib(lean_dir: Path) -> str:
    """The pinned revision of Mathlib. AbsentError when the checkout is another one."""
    pinned = toolchain(lean_dir).mathlib
    actual = checkout_revision(lean_dir / ".lake" / "packages" / "mathlib")
    if actual and pinned and actual != pinned:
        message = f"Mathlib was built at {actual[:12]}, lake-manifest.json pins {pinned[:12]}"
        raise AbsentError(message, hint="`crosscheck lean doctor` says how to repair it")
    return pinned
