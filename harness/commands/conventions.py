"""`crosscheck conventions`: what implementations do with NaN, infinities, masked and empty rows."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import asdict

from harness.commands.options import (
    add_backends,
    add_catalogue,
    add_devices,
    add_json,
    add_sources,
    add_words,
    completed,
)
from harness.commands.streams import Streams, terminal_width


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
    from harness.report.conventions_table import lines
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
    for line in lines(found, terminal_width(streams.out)):
        streams.say(line)
    return 0
