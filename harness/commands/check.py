"""`crosscheck check`: judge implementations against the statements."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser, BooleanOptionalAction, Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from harness import state
from harness.commands.options import (
    add_backends,
    add_code,
    add_corpus,
    add_devices,
    add_dtypes,
    add_effort,
    add_evidence,
    add_json,
    add_junit,
    add_names,
    add_reports,
    add_require_cuda,
    add_require_lean,
    add_seed,
    add_sources,
    completed,
)
from harness.commands.outputs import STDOUT, check_target, write_file
from harness.commands.reports import check_reports, write_reports
from harness.commands.streams import Streams, foreign_output_to
from harness.errors import InputError

if TYPE_CHECKING:
    from harness.commands.plan import Plan
    from harness.commands.reports import Joined
    from harness.commands.stream_writer import StreamWriter
    from harness.conformance.execute import Event
    from harness.conformance.verdict import CheckResult
    from harness.report.document import Document
    from harness.report.header import Preamble


def configure(parser: ArgumentParser) -> None:
    """The options of the command; None where a setting may stand in."""
    add_names(parser)
    parser.add_argument("--list", action="store_true", help="show what would run, run nothing")
    add_sources(parser)
    add_evidence(parser)
    add_code(parser)
    parser.add_argument(
        "--autograd",
        action=BooleanOptionalAction,
        default=None,
        help="judge the derivatives that torch takes of softmaxVec, too, in six modes; without "
        "the option, a function of --impl gets jacfwd and jacrev",
    )
    add_backends(parser)
    add_dtypes(parser)
    add_devices(parser)
    add_effort(parser)
    add_seed(parser)
    parser.add_argument(
        "--fail-fast", action="store_true", default=None, help="stop at the first violation"
    )
    add_corpus(parser, "cases to try first, where violations that are found are kept, too")
    add_json(parser, "the results")
    parser.add_argument(
        "--stream",
        metavar="FILE",
        help="write a line of JSON for each result as soon as it is there",
    )
    add_junit(parser)
    add_reports(parser)
    add_require_lean(parser, "checked")
    add_require_cuda(parser)
    parser.add_argument(
        "--no-state",
        action="store_true",
        default=None,
        help=f"keep nothing in {state.FOLDER}/ of the current folder",
    )


def run(arguments: Namespace, streams: Streams) -> int:
    """Runs the command; the exit code. InputError for what cannot be used."""
    given = completed(arguments)
    # Before torch starts: workers share the processors, and sums do not depend on their number.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    check_target("--json", given.json)
    check_target("--junit", given.junit)
    check_reports(given)
    from harness.commands.kept_cases import keep_found

    check_target("--stream", given.stream)
    from harness.commands.plan import plan
    from harness.commands.stream_writer import streaming

    made = plan(given)
    for warning in made.corpus.warnings:
        streams.warn(warning)
    for remark in made.judged.remarks:
        streams.warn(remark)
    if given.list:
        return _list(made, streams)
    human = streams.err if given.json == STDOUT else streams.out
    known = made.preamble(datetime.now(UTC))
    show_header(known, human, colour=streams.colour)
    clock = time.perf_counter()
    known = made.with_footing(known)
    with streaming(given.stream, made, known) as writer:
        results = _execute(made, human, streams, writer)
        keeping = keep_found(made.corpus, results)
        document = made.document(known, results, time.perf_counter() - clock, keeping)
        writer.finish(results, document)
    if keeping.problem:
        streams.warn(keeping.problem)
    code = publish(made, document, given, streams)
    if writer.problem:
        raise writer.problem
    return code


def _joined(made: Plan, document: Document) -> Joined:
    """The run with all that it is linked to."""
    from harness.commands.reports import Joined
    from harness.report.results_file import results_of

    here = results_of(Path("this run"), document)
    return Joined(made.survey, made.judged.entries, document.declarations, [here])


def _list(made: Plan, streams: Streams) -> int:
    jobs = made.jobs()
    for job in jobs:
        words = (job.declaration, job.check, job.entry, job.dtype, job.device)
        streams.say("  ".join(word for word in words if word))
    streams.err.write(f"crosscheck: {len(jobs)} checks would run\n")
    return 0 if jobs else 3


def show_header(known: Preamble, human: TextIO, *, colour: bool) -> None:
    """Before the run, and at once: a minute of silence would tell nobody what is going on."""
    from harness.report.header import header
    from harness.report.lines import console, width_of, write

    target = console(human, colour=colour)
    write(target, header(known, width_of(target)))
    human.flush()


def _execute(
    made: Plan, human: TextIO, streams: Streams, writer: StreamWriter
) -> tuple[CheckResult, ...]:
    from harness.commands.progress import progress

    with progress(human, colour=streams.colour) as tell, foreign_output_to(streams.err):

        def both(event: Event) -> None:
            writer.event(event)
            if tell:
                tell(event)

        return made.execute(both)


def publish(made: Plan, document: Document, given: Namespace, streams: Streams) -> int:
    """Everything that is written after a run; a file that fails does not cost the other outputs."""
    from harness.report.json_report import json_text
    from harness.report.junit import junit_text
    from harness.report.lines import console, width_of, write
    from harness.report.text import body

    text = json_text(document)
    problem = None if given.no_state else state.keep(text, Path.cwd())
    if problem:
        streams.warn(problem)
    files = {"--json": (given.json, text), "--junit": (given.junit, junit_text(document))}
    failed: list[InputError] = []
    for option, (name, content) in files.items():
        if name is not None and name != STDOUT:
            try:
                write_file(option, name, content)
            except InputError as error:
                failed.append(error)
    failed += write_reports(given, lambda: _joined(made, document), document.summary.sentence)
    human = streams.out
    if given.json == STDOUT:
        human = streams.err
        streams.out.write(text)
    target = console(human, colour=streams.colour)
    write(target, body(document, width_of(target), wrap_sentence=target.is_terminal))
    if failed:
        raise failed[0]
    return document.summary.exit_code
