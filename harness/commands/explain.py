"""`crosscheck explain`: one declaration, whole story."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from harness.commands.options import DTYPES, add_evidence, add_sources, completed
from harness.commands.streams import Streams
from harness.errors import InputError, Place

if TYPE_CHECKING:
    from rich.text import Text

    from harness.commands.survey import Survey
    from harness.report.document import DeclarationRecord, LeanRecord
    from harness.report.explain import Bounds, Story
    from harness.specs.library import SpecLibrary
    from harness.specs.model import Spec

_EXAMPLE = 'write it as in: {"x": [1, 2.5, "0x1p-3"], "dtype": "float32"}'


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
    add_evidence(parser)


def run(arguments: Namespace, streams: Streams) -> int:
    """Prints the story. InputError for an unknown name or an input that does not fit."""
    given = completed(arguments)
    from harness.commands.survey import survey
    from harness.report.explain import story_lines
    from harness.report.lines import console, width_of, write

    found = survey(given.specs, given.lean, given.evidence)
    (spec,) = found.library.select([given.name])
    story = _story(found, spec)
    bounds = _bounds(found.library, story.declaration, given.at)
    target = console(streams.out, colour=streams.colour)
    width = width_of(target)
    write(target, story_lines(story, bounds, width))
    write(target, _footing(found.library, spec, width))
    return 0


def _footing(library: SpecLibrary, spec: Spec, width: int) -> list[Text]:
    """What the statement speaks of; nothing for a type."""
    from harness.commands.footings import footings
    from harness.report.footing import footing_lines

    found = footings(library, [spec])
    return footing_lines(found[spec.name], width) if found else []


def _bounds(
    library: SpecLibrary, declaration: DeclarationRecord, file: Path | None
) -> Bounds | None:
    """The bounds at the input in the file, or at a small one of our own; None for a theorem."""
    from harness.conformance.bound import bound_at, sample_of
    from harness.evaluate.arithmetic import named
    from harness.report.explain import Bounds

    constant = declaration.defines
    if not constant:
        if file is not None:
            hint = "a theorem's bounds are those of the constants that it calls"
            raise InputError(f"--at: {declaration.short_name} defines no constant", hint=hint)
        return None
    dtype, arithmetic, numbers = _input(file) if file else ("float32", "ieee", None)
    if numbers is None:
        numbers = sample_of(library, constant, dtype)
    try:
        rows = bound_at(library, constant, numbers, dtype, named(arithmetic))
    except InputError as error:
        if file is not None and error.place is None:
            error.place = Place(str(file))
        raise
    return Bounds(dtype, arithmetic, numbers, rows)


def _input(file: Path) -> tuple[str, str, dict[str, object]]:
    """dtype, arithmetic and numbers of an input file. InputError for another shape."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"--at {file} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError:
        raise InputError("the file is not UTF-8 text", place=Place(str(file))) from None
    except json.JSONDecodeError as error:
        place = Place(str(file), error.lineno, error.colno)
        raise InputError(f"not JSON: {error.msg}", place=place, hint=_EXAMPLE) from None
    if not isinstance(data, dict):
        raise InputError("not an input", place=Place(str(file)), hint=_EXAMPLE)
    dtype, arithmetic = data.pop("dtype", "float32"), data.pop("arithmetic", "ieee")
    if dtype not in DTYPES:
        hint = f"known: {', '.join(DTYPES)}"
        raise InputError(f"no dtype '{dtype}'", place=Place(str(file)), hint=hint)
    return dtype, str(arithmetic), data


def _story(found: Survey, spec: Spec) -> Story:
    from harness.implementations.catalogue import load_catalogue
    from harness.report.build import declaration_records
    from harness.report.explain import Story

    entries = load_catalogue()
    return Story(
        library=found.library,
        spec=spec,
        declaration=declaration_records(found.library, [spec], found.lean, [])[0],
        source=source_lines(found.lean_path, found.lean[spec.name]),
        code={
            constant: {
                entry.name: entry.constants[constant].reference
                for entry in entries
                if constant in entry.constants
            }
            for constant in found.library.definitions
        },
    )


def source_lines(folder: Path, lean: LeanRecord) -> list[str]:
    """The lines of the declaration in the Lean source, docstring included."""
    if not lean.first_line:
        return []
    lines = (folder / lean.file).read_text(encoding="utf-8").split("\n")
    return [line.rstrip("\r") for line in lines[lean.first_line - 1 : lean.last_line]]
