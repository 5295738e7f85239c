"""`crosscheck trace`: requirement, Lean declaration, spec, code and verdicts, side by side."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from harness import state
from harness.commands.options import add_annotate, add_evidence, add_json, add_sources, completed
from harness.commands.outputs import STDOUT, check_target, write_file
from harness.commands.streams import Streams
from harness.errors import InputError

if TYPE_CHECKING:
    from harness.commands.survey import Survey
    from harness.report.document import CheckRecord, DeclarationRecord
    from harness.report.trace import ResultsRecord, TraceDocument
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
    parser.add_argument(
        "--require-lean",
        action="store_true",
        default=None,
        help="exit with 3 unless Lean has proved what is shown",
    )
    add_annotate(parser)
    add_json(parser, "the matrix")


def run(arguments: Namespace, streams: Streams) -> int:
    """Runs the command; the exit code: 1 when the Lean side or a result is a finding."""
    given = completed(arguments)
    check_target("--json", given.json)
    if given.diff:
        return _diff(given, streams)
    from harness.commands.survey import require_lean, survey
    from harness.report.findings import is_finding, lean_findings

    required = bool(given.require_lean)
    found = survey(given.specs, given.lean, given.evidence, require_lean=required)
    specs = found.library.select(given.names)
    if required:
        require_lean(found, specs)
    document = _document(given, found, specs)
    _publish(document, given, streams)
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


def _document(given: Namespace, found: Survey, specs: tuple[Spec, ...]) -> TraceDocument:
    from harness.commands.machine import own_version
    from harness.implementations.catalogue import load_catalogue
    from harness.report.build import declaration_records
    from harness.report.trace import TraceDocument, links

    sources, checks = _results(given.results, found.library.digest)
    declarations = declaration_records(found.library, specs, found.lean, checks)
    return TraceDocument(
        schema=1,
        crosscheck=own_version(),
        specs=found.specs_folder,
        lean=found.lean_folder,
        toolchain=found.toolchain,
        evidence=found.evidence,
        results=sources,
        links=links(found.library, load_catalogue(), declarations, checks),
    )


def _results(
    files: list[Path] | None, digest: str
) -> tuple[list[ResultsRecord], list[CheckRecord]]:
    """The checks of all files, later runs instead of earlier ones; none of runs of other specs."""
    from harness.report.changes import CheckKey, keyed
    from harness.report.results_file import read_results
    from harness.report.trace import ResultsRecord

    kept = state.last(Path.cwd())
    paths = files if files is not None else [kept] if kept else []
    found = sorted((read_results(path) for path in paths), key=lambda one: one.run.started)
    sources = []
    checks: dict[CheckKey, CheckRecord] = {}
    for one in found:
        usable = one.specs.digest == digest
        sources.append(
            ResultsRecord(
                path=str(one.path),
                started=one.run.started,
                effort=one.run.effort,
                seed=one.run.seed,
                usable=usable,
                truncated=one.truncated,
            )
        )
        checks |= keyed(one.checks if usable else ())
    return sources, list(checks.values())


def _publish(document: TraceDocument, given: Namespace, streams: Streams) -> None:
    from harness.report.lines import console, width_of, write
    from harness.report.trace import matrix, story

    text = document.model_dump_json(by_alias=True, indent=2) + "\n"
    human = streams.err if given.json == STDOUT else streams.out
    if given.json == STDOUT:
        streams.out.write(text)
    elif given.json is not None:
        write_file("--json", given.json, text)
    target = console(human, colour=streams.colour)
    write(target, (story if given.names else matrix)(document, width_of(target)))


def _diff(given: Namespace, streams: Streams) -> int:
    from harness.report.changes import changes
    from harness.report.json_report import read_document
    from harness.report.lines import console, write

    if given.json is not None:
        raise InputError("--diff has no --json", hint="the two results are JSON themselves")
    old, new = (read_document(path) for path in given.diff)
    lines, worse = changes(old, new)
    write(console(streams.out, colour=streams.colour), lines)
    return 1 if worse else 0
