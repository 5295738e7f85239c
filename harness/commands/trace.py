"""`crosscheck trace`: requirement, Lean declaration, spec, code and verdicts, side by side."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from harness import state
from harness.commands.options import (
    add_annotate,
    add_evidence,
    add_json,
    add_reports,
    add_require_lean,
    add_sources,
    completed,
)
from harness.commands.outputs import STDOUT, check_target, write_file
from harness.commands.reports import Joined, check_reports, write_reports
from harness.commands.streams import Streams
from harness.errors import InputError

if TYPE_CHECKING:
    from harness.commands.survey import Survey
    from harness.report.document import DeclarationRecord
    from harness.report.trace import TraceDocument
    from harness.specs.model import Spec


def configure(parser: ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="declarations to tell all about; default a matrix"
    )
    parser.add_argument(
        "--results",
        nargs="+",
        action="extend",
        type=Path,
        metavar="FILE",
        help="results of `check --json` or `--stream`; default the last of this folder "
        f"({state.FOLDER}/)",
    )
    add_evidence(parser)
    add_sources(parser)
    parser.add_argument(
        "--diff",
        nargs=2,
        type=Path,
        metavar=("OLD", "NEW"),
        help="compare two results instead; exit code 1 when something became worse",
    )
    add_require_lean(parser, "shown")
    add_annotate(parser)
    add_json(parser, "the matrix")
    add_reports(parser)


def run(arguments: Namespace, streams: Streams) -> int:
    """Runs the command; the exit code: 1 when the Lean side or a result is a finding."""
    given = completed(arguments)
    check_target("--json", given.json)
    check_reports(given)
    if given.diff:
        return _diff(given, streams)
    from harness.commands.survey import require_lean, survey
    from harness.report.findings import is_finding, lean_findings

    required = bool(given.require_lean)
    found = survey(given.specs, given.lean, given.evidence, require_lean=required)
    specs = found.library.select(given.names)
    if required:
        require_lean(found, specs)
    joined = _joined(given, found, specs)
    document = joined.trace()
    _publish(document, given, streams)
    if failed := write_reports(given, lambda: joined):
        raise failed[0]
    declarations = [link.declaration for link in document.links]
    if given.annotate:
        _annotate(declarations, found.lean_path, streams)
    checks = [check for link in document.links for check in link.checks]
    cut = any(source.truncated for source in document.results)
    return 1 if cut or lean_findings(declarations) or any(map(is_finding, checks)) else 0


def _annotate(declarations: list[DeclarationRecord], lean: Path, streams: Streams) -> None:
    """What is wrong with the Lean side, at the lines of the declarations and at their specs."""
    from harness.commands.annotations import annotation
    from harness.commands.survey import shown
    from harness.report.findings import lean_findings

    for one in lean_findings(declarations):
        side = one.lean
        text = "\n".join([side.message or side.proof or side.link, *side.detail])
        title = f"{one.short_name}: {text}"
        streams.say(annotation("error", one.spec, 1, 1, title))
        if side.first_line:
            place = shown(lean / side.file)
            streams.say(annotation("error", place, side.first_line, 1, title))


def _joined(given: Namespace, found: Survey, specs: tuple[Spec, ...]) -> Joined:
    from harness.implementations.catalogue import load_catalogue
    from harness.report.build import declaration_records
    from harness.report.changes import usable_checks
    from harness.report.results_file import read_results

    last = state.last(Path.cwd())
    paths = given.results if given.results is not None else [last] if last else []
    runs = sorted(map(read_results, paths), key=lambda one: one.run.started)
    checks = usable_checks(runs, found.library.digest)
    declarations = declaration_records(found.library, specs, found.lean, checks)
    return Joined(found, load_catalogue(), declarations, runs)


def _publish(document: TraceDocument, given: Namespace, streams: Streams) -> None:
    from harness.report.lines import console, width_of, write
    from harness.report.trace import matrix, story
    from harness.report.trace_json import trace_json

    text = trace_json(document)
    human = streams.err if given.json == STDOUT else streams.out
    if given.json == STDOUT:
        streams.out.write(text)
    elif given.json is not None:
        write_file("--json", given.json, text)
    target = console(human, colour=streams.colour)
    told = story if given.names else matrix
    write(target, told(document, width_of(target), wrap_sentence=target.is_terminal))


def _diff(given: Namespace, streams: Streams) -> int:
    from harness.report.changes import changes, changes_lines, json_text
    from harness.report.json_report import read_document
    from harness.report.lines import console, write

    if given.report or given.markdown or given.csv or given.sarif:
        raise InputError(
            "--diff writes text and --json only", hint="the pages of a run come from --results"
        )
    old, new = (read_document(path) for path in given.diff)
    found = changes(old, new, (str(given.diff[0]), str(given.diff[1])))
    human = streams.out
    if given.json == STDOUT:
        human = streams.err
        streams.out.write(json_text(found))
    elif given.json is not None:
        write_file("--json", given.json, json_text(found))
    write(console(human, colour=streams.colour), changes_lines(found))
    return 1 if found.worse else 0
