"""`crosscheck review`: a person has read the Lean text; the fingerprints of it are renewed."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from harness.commands.options import add_evidence, add_sources, completed
from harness.commands.streams import Streams
from harness.errors import InputError

if TYPE_CHECKING:
    from harness.commands.review_plan import Link

FINDING = 1


def configure(parser: ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="declarations, or spec files")
    parser.add_argument("--all", action="store_true", help="every spec")
    parser.add_argument(
        "--dry-run", action="store_true", help="show what would be renewed, write nothing"
    )
    add_sources(parser)
    add_evidence(parser)


def run(arguments: Namespace, streams: Streams) -> int:
    """Shows what changed and renews it; 1 when a spec differs from Lean, or would be renewed."""
    given = completed(arguments)
    if bool(given.names) == given.all:
        raise InputError("review needs names or --all", hint="crosscheck review softmaxVec")
    from harness.commands.review_plan import links

    found, reviewed = links(given)
    differing = [one for one in found if one.problem]
    changed = [one for one in found if one.changed and not one.problem]
    for one in [*differing, *changed]:
        _tell(one, streams)
    if not given.dry_run:
        _write(changed, reviewed, found[0].folder)
    streams.say(_sentence(len(found), len(changed), len(differing), dry=given.dry_run))
    return FINDING if differing or (given.dry_run and changed) else 0


def _tell(one: Link, streams: Streams) -> None:
    if one.problem:
        streams.say(f"✗ {one.spec.short_name} is not renewed: {one.problem}")
        return
    word = "has never been reviewed" if one.spec.fingerprint is None else one.message
    streams.say(f"{one.spec.short_name}: {word}")
    for line in one.lines:
        streams.say(f"    {line}")


def _write(changed: list[Link], reviewed: str, folder: Path) -> None:
    """The spec files, then what was reviewed; a file that fails leaves the others as they were."""
    from harness.commands.outputs import write_file
    from harness.lean.reviewed import FILE_NAME

    for one in changed:
        write_file("review", str(one.path), one.text)
    path = folder / FILE_NAME
    if not path.is_file() or path.read_text(encoding="utf-8") != reviewed:
        write_file("review", str(path), reviewed)


def _sentence(total: int, changed: int, differing: int, *, dry: bool) -> str:
    from harness.report.numbers import count

    word = "would be renewed" if dry else "renewed"
    parts = [f"{changed} of {count(total, 'link')} {word}"]
    if differing:
        parts.append(f"{differing} cannot be, as the spec and Lean differ")
    return f"{', '.join(parts)}."
