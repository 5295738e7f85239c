"""Building the proofs: Mathlib's cache, then Lake; and what declaration an error is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from harness.errors import AbsentError, InputError
from harness.lean.declaration import Declaration
from harness.lean.digests import MIRROR
from harness.lean.lake import LakeRun, Tell, find_lake, run_lake
from harness.lean.messages import LakeMessage, messages
from harness.lean.mirror_text import restatements
from harness.lean.project import toolchain
from harness.lean.trouble import trouble
from harness.specs.library import SpecLibrary
from harness.specs.model import DefSpec

CACHE_GET = ("exe", "cache", "get")


@dataclass(frozen=True)
class Built:
    """What a build gave. note: what a person should know of a build that went on all the same."""

    ok: bool
    messages: tuple[LakeMessage, ...]
    note: str = ""

    @property
    def errors(self) -> tuple[LakeMessage, ...]:
        """The errors of Lean; Lake's own remark that it failed only when there is nothing else."""
        found = [one for one in self.messages if one.severity == "error"]
        return tuple([one for one in found if one.is_about_proofs] or found)


@dataclass(frozen=True)
class Concerned:
    """A message with the declaration in whose lines it is (full name, or empty) and the files of
    the specs that speak of this declaration."""

    message: LakeMessage
    declaration: str
    specs: tuple[str, ...]


def check_project(lean_dir: Path) -> None:
    """InputError unless the folder is a Lake project that may be written to."""
    if lean_dir.parent.name == "_data":
        raise InputError(
            f"{lean_dir} came with the package and is not built in place",
            hint="clone the repository, or copy that folder and name the copy with --lean",
        )
    check_lakefile(lean_dir)


def check_lakefile(lean_dir: Path) -> None:
    """InputError unless the folder is a Lake project."""
    if not any((lean_dir / name).is_file() for name in ("lakefile.toml", "lakefile.lean")):
        hint = "give the folder that holds lakefile.toml with --lean"
        raise InputError(f"{lean_dir} is not a Lake project", hint=hint)


def build(lean_dir: Path, log: IO[str], tell: Tell, targets: Sequence[str] = ()) -> Built:
    """Fetch Mathlib's compiled files, then `lake build` the targets (default: those of the project,
    and the mirror where there is one).

    AbsentError, in one sentence, for what is missing here: Lake, the toolchain, the network, disk
    or memory; InputError for a folder that is no project.
    """
    check_project(lean_dir)
    find_lake()
    found = toolchain(lean_dir)
    if found.installed is False and found.elan.path is None:
        message = f"the Lean here is {found.lean.version}, the project pins {found.pinned}"
        raise AbsentError(message, hint="install elan, which keeps several")
    note = ""
    if found.mathlib:
        note = _fetch(lean_dir, log, tell)
    done = _first_failure(lean_dir, log, tell, targets)
    if done.code == 0:
        return Built(True, messages(done.lines), note)
    told = messages(done.lines)
    if not any(one.severity == "error" and one.place for one in told):
        raise_trouble(done)
    return Built(False, told, note)


def raise_trouble(run: LakeRun) -> None:
    """AbsentError when the output of a failed run shows a cause that is no fault of the proofs."""
    if cause := trouble(run.lines):
        raise AbsentError(f"`{run.command}` failed: {cause[0]}", hint=cause[1])


def concerned(
    found: Sequence[LakeMessage], declarations: Sequence[Declaration], library: SpecLibrary
) -> tuple[Concerned, ...]:
    """Each message with what it concerns, by the lines of the scanned declarations."""
    speaking = _speaking(library)
    made = []
    for message in found:
        name = _declaration_at(message, declarations)
        made.append(Concerned(message, name, speaking.get(name, ())))
    return tuple(made)


def _fetch(lean_dir: Path, log: IO[str], tell: Tell) -> str:
    """Get the cache; a failure is a note when Mathlib is compiled already."""
    run = run_lake(CACHE_GET, lean_dir, log, tell)
    if run.code == 0:
        return ""
    cause = trouble(run.lines)
    reason = cause[0] if cause else f"exit code {run.code}"
    root = lean_dir / ".lake" / "packages" / "mathlib" / ".lake" / "build" / "lib" / "lean"
    if (root / "Mathlib.olean").is_file():
        return f"`{run.command}` failed ({reason}); Mathlib is compiled here already"
    hint = cause[1] if cause else "the log has its output"
    raise AbsentError(f"`{run.command}` failed: {reason}", hint=hint)


def _first_failure(lean_dir: Path, log: IO[str], tell: Tell, targets: Sequence[str]) -> LakeRun:
    """Build; the mirror apart, so that its errors do not hide those of the proofs."""
    wanted = [tuple(targets)] if targets else [(), *([("Mirror",)] * (lean_dir / MIRROR).is_file())]
    for names in wanted:
        run = run_lake(("build", *names), lean_dir, log, tell)
        if run.code != 0:
            break
    return run


def _declaration_at(message: LakeMessage, declarations: Sequence[Declaration]) -> str:
    place = message.place
    if place is None:
        return ""
    for one in declarations:
        if one.file == place.file and one.first_line <= place.line <= one.last_line:
            return one.name
    return ""


def _speaking(library: SpecLibrary) -> dict[str, tuple[str, ...]]:
    """Full name of a declaration -> files of the specs that mirror or cite or restate it."""
    found: dict[str, list[str]] = {}
    for spec in library.specs:
        file = library.files[spec.name].document.file
        names = [spec.name]
        if isinstance(spec, DefSpec):
            names += [spec.equation.lemma, *(fact.lemma for fact in spec.facts)]
        for name in names:
            found.setdefault(name, []).append(file)
    for one in restatements(library):
        found[one.full_name] = [library.files[name].document.file for name in one.specs]
    return {name: tuple(dict.fromkeys(files)) for name, files in found.items()}
