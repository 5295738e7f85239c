"""`crosscheck lean build`: Mathlib's cache, then the proofs; errors with the specs they concern."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from harness.commands.options import add_annotate, add_sources, completed
from harness.commands.streams import Streams

if TYPE_CHECKING:
    from rich.text import Text

    from harness.lean.build import Built, Concerned
    from harness.specs.library import SpecLibrary

FINDING = 1


def configure(parser: ArgumentParser) -> None:
    """The options of the command."""
    add_sources(parser)
    add_annotate(parser)


def run(arguments: Namespace, streams: Streams) -> int:
    """Builds; 1 when Lean rejects something. AbsentError for what is missing here."""
    given = completed(arguments)
    from harness.commands.lean_log import lake_log, lake_progress
    from harness.lean.build import build, check_project
    from harness.lean.lake import LOG, find_lake
    from harness.lean.project import find_lean
    from harness.specs.load import load_specs
    from harness.specs.locate import find_specs

    library = load_specs(find_specs(given.specs).path)
    path = find_lean(given.lean)
    check_project(path)
    find_lake()
    with lake_log(LOG, streams) as log, lake_progress(streams) as tell:
        built = build(path, log, tell)
    show_built(built, library, path, streams, annotate=given.annotate)
    if built.ok:
        streams.say("The proofs are built; `crosscheck lean export` makes evidence of them.")
    return 0 if built.ok else FINDING


def show_built(
    built: Built, library: SpecLibrary, path: Path, streams: Streams, *, annotate: bool
) -> None:
    """Errors, and warnings of `sorry`, each with its declaration and specs."""
    from harness.lean.build import concerned
    from harness.lean.scan import scan_directory
    from harness.report.lines import console, width_of, write

    if built.note:
        streams.warn(built.note)
    declarations = [one for scan in scan_directory(path) for one in scan.declarations]
    warned = [
        one for one in built.messages if one.severity == "warning" and "uses `sorry`" in one.text
    ]
    found = concerned([*built.errors, *warned], declarations, library)
    target = console(streams.out, colour=streams.colour)
    write(target, [line for one in found for line in _lines(one, width_of(target))])
    if annotate:
        from harness.commands.annotations import annotation
        from harness.commands.survey import shown

        for one in found:
            if place := one.message.place:
                severity = "error" if one.message.severity == "error" else "warning"
                file = shown(path / place.file)
                said = _about(one)
                text = f"{one.message.text}\n{said}" if said else one.message.text
                streams.say(annotation(severity, file, place.line, place.column, text))
    if not built.ok:
        streams.say(_sentence(found))


def _lines(one: Concerned, width: int) -> list[Text]:
    from rich.text import Text

    from harness.report.lines import BAD, DOUBT, FAINT, STRONG, wrapped

    message = one.message
    mark, colour = ("✗ ", BAD) if message.severity == "error" else ("! ", DOUBT)
    where = str(message.place) if message.place else message.target or "lake"
    title = Text.assemble((mark, colour), (where, STRONG))
    title.append(f"  {_about(one)}" if one.declaration else "", FAINT)
    body = [Text(f"    {line}") for line in message.text.split("\n")]
    specs = wrapped(f"specs: {', '.join(one.specs)}", width, "    ", FAINT) if one.specs else []
    return [title, *specs, *body, Text()]


def _about(one: Concerned) -> str:
    if not one.declaration:
        return ""
    return f"in {one.declaration}" + ("" if one.specs else ", which has no spec")


def _sentence(found: Sequence[Concerned]) -> str:
    from harness.report.numbers import count, listed

    errors = [one for one in found if one.message.severity == "error"]
    names = list(dict.fromkeys(one.declaration for one in errors if one.declaration))
    shown = names if len(names) <= 3 else [*names[:3], f"{len(names) - 3} more"]
    where = f", in {listed(shown)}" if shown else ""
    return f"Lean rejects it: {count(len(errors), 'error')}{where}."
