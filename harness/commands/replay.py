"""`crosscheck replay`: one case of a report again, the same input bits, judged by itself."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from harness.commands.options import (
    add_code,
    add_corpus,
    add_json,
    add_specs,
    completed,
)
from harness.commands.outputs import STDOUT, check_target, write_file
from harness.commands.streams import Streams, foreign_output_to

if TYPE_CHECKING:
    from harness.conformance.replay import Replayable
    from harness.conformance.verdict import CheckResult
    from harness.implementations.entry import Entry
    from harness.specs.library import SpecLibrary


def configure(parser: ArgumentParser) -> None:
    """The options of the command; None where a setting may stand in."""
    parser.add_argument(
        "case",
        metavar="CASE",
        help="an id or a name that a report prints, or the file of a kept case",
    )
    add_code(parser)
    add_specs(parser)
    add_corpus(parser, "where kept cases are")
    add_json(parser, "the case and its verdict")


def run(arguments: Namespace, streams: Streams) -> int:
    """Prints the input, what came back and the verdict; the exit code. InputError for what is no
    case, or is one of code that is not given."""
    given = completed(arguments)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    check_target("--json", given.json)
    from harness.commands.kept_cases import replaying
    from harness.commands.machine import own_version
    from harness.commands.replay_entry import case_of, judged_by
    from harness.report.lines import console, width_of, write
    from harness.report.replay import json_text, replay_document
    from harness.report.replay_text import replay_lines
    from harness.specs.load import load_specs
    from harness.specs.locate import find_specs

    library = load_specs(find_specs(given.specs).path)
    case, entry, foreign = judged_by(given, library, case_of(given.case, given.corpus))
    with foreign_output_to(streams.err):
        result = _result(library, case, entry, apart=foreign)
    document = replay_document(given.case, replaying(given), library, result, own_version())
    text = json_text(document)
    if given.json not in (None, STDOUT):
        write_file("--json", given.json, text)
    human = streams.out
    if given.json == STDOUT:
        human = streams.err
        streams.out.write(text)
    target = console(human, colour=streams.colour)
    write(target, replay_lines(document, width_of(target)))
    return document.exit_code


def _result(
    library: SpecLibrary, case: Replayable, entry: Entry | None, *, apart: bool
) -> CheckResult:
    """Code that is not ours runs in another process: there, a crash is a verdict."""
    from harness.conformance.execute import execute
    from harness.conformance.request import Request
    from harness.conformance.supervise import execute_apart

    request = Request(replay=case)
    entries = () if entry is None else (entry,)
    run_it = execute_apart if apart else execute
    (result,) = run_it(request, library, entries)
    return result
