"""`crosscheck conventions`: what implementations do with NaN, infinities, masked and empty rows."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from harness.commands.options import (
    add_backends,
    add_catalogue,
    add_devices,
    add_json,
    add_sources,
    add_words,
    completed,
)
from harness.commands.streams import Streams

if TYPE_CHECKING:
    from harness.conformance.conventions import Convention


def configure(parser: ArgumentParser) -> None:
    """The options of the command."""
    add_sources(parser)
    add_catalogue(parser)
    add_words(parser, "--impl", "CONST=MODULE:FUNCTION", "this function instead of a catalogue")
    add_backends(parser)
    add_devices(parser)
    add_json(parser, "the table")
    parser.set_defaults(arithmetic=None, dtype=None, min_n=None, require_cuda=None)


def run(arguments: Namespace, streams: Streams) -> int:
    """Prints the table. Returns 0: no statement speaks of these inputs. InputError as `check`."""
    import json

    from harness.commands.entries import judged
    from harness.commands.outputs import STDOUT, check_target, write_file
    from harness.conformance.conventions import conventions
    from harness.specs.load import load_specs
    from harness.specs.locate import find_specs

    given = completed(arguments)
    check_target("--json", given.json)
    library = load_specs(find_specs(given.specs).path)
    entries = [
        entry
        for entry in judged(given, library).entries
        if not given.backend or entry.backend in given.backend
    ]
    found = conventions(entries, library.definitions, (given.device or ("cpu",))[0])
    text = json.dumps({"schema": 1, "conventions": [asdict(one) for one in found]}, indent=2)
    if given.json == STDOUT:
        streams.out.write(text + "\n")
        return 0
    if given.json:
        write_file("--json", given.json, text + "\n")
    for line in _lines(found):
        streams.say(line)
    return 0


def _lines(found: Sequence[Convention]) -> Iterator[str]:
    """A block for each constant; who agrees stands in one line."""
    yield "Outside the reals: conventions, not verdicts. No Lean statement speaks of these inputs."
    if not found:
        yield ""
        yield "No entry implements a constant that takes vectors."
    for constant in dict.fromkeys(one.constant for one in found):
        own = [one for one in found if one.constant == constant]
        entries = dict.fromkeys((one.entry, one.dtype) for one in own)
        yield ""
        yield f"{constant}   {', '.join(f'{entry} {dtype}' for entry, dtype in entries)}"
        rows = [
            row
            for situation in dict.fromkeys(one.situation for one in own)
            for row in _rows([one for one in own if one.situation == situation])
        ]
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        for name, given, outcome in rows:
            yield f"    {name:<{widths[0]}}  {given:<{widths[1]}}  {outcome}".rstrip()


def _rows(here: Sequence[Convention]) -> Iterator[tuple[str, str, str]]:
    """One situation: what it is, what is passed, what comes back, and from whom where they
    differ."""
    by_outcome: dict[str, list[str]] = {}
    for one in here:
        by_outcome.setdefault(one.outcome, []).append(one.entry)
    first = here[0]
    name, given = first.situation, ", ".join(first.arguments)
    for outcome, who in by_outcome.items():
        yield name, given, outcome + (f"   ({', '.join(who)})" if len(by_outcome) > 1 else "")
        name = given = ""
