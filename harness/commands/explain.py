"""`crosscheck explain`: one declaration, whole story."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from harness.commands.options import add_sources, completed
from harness.commands.streams import Streams

if TYPE_CHECKING:
    from harness.commands.survey import Survey
    from harness.report.document import LeanRecord
    from harness.report.explain import Story
    from harness.specs.model import Spec


def configure(parser: ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("name", metavar="NAME", help="a declaration, or its spec file")
    parser.add_argument(
        "--at",
        type=Path,
        metavar="FILE",
        help='bounds for this input, JSON such as {"x": [1, 2.5], "dtype": "float32"}',
    )
    add_sources(parser)


def run(arguments: Namespace, streams: Streams) -> int:
    """Prints the story. InputError for an unknown name or an input that does not fit."""
    given = completed(arguments)
    from harness.commands.survey import survey
    from harness.report.explain import story_lines
    from harness.report.lines import console, width_of, write

    found = survey(given.specs, given.lean)
    (spec,) = found.library.select([given.name])
    target = console(streams.out, colour=streams.colour)
    write(target, story_lines(_story(found, spec), width_of(target)))
    return 0


def _story(found: Survey, spec: Spec) -> Story:
    from harness.implementations.catalogue import load_catalogue
    from harness.report.build import declaration_records
    from harness.report.explain import Story

    entries = load_catalogue()
    return Story(
        library=found.library,
        spec=spec,
        declaration=declaration_records(found.library, [spec], found.lean, [])[0],
        source=_source(found.lean_path, found.lean[spec.name]),
        code={
            constant: {
                entry.name: entry.constants[constant].reference
                for entry in entries
                if constant in entry.constants
            }
            for constant in found.library.definitions
        },
    )


def _source(folder: Path, lean: LeanRecord) -> list[str]:
    """The lines of the declaration in the Lean source, docstring included."""
    if not lean.first_line:
        return []
    lines = (folder / lean.file).read_text(encoding="utf-8").split("\n")
    return [line.rstrip("\r") for line in lines[lean.first_line - 1 : lean.last_line]]
