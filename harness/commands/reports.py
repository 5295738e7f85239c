"""What `check` and `trace` write beside their text and JSON: pages, Markdown, CSV, SARIF."""

from __future__ import annotations

import shutil
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harness import state
from harness.commands.outputs import check_target, write_file
from harness.errors import InputError

if TYPE_CHECKING:
    from harness.commands.survey import Survey
    from harness.implementations.entry import Entry
    from harness.report.document import DeclarationRecord
    from harness.report.results_file import Results
    from harness.report.trace import TraceDocument

MARKER = "report.json"
"""A folder with this file is a report of ours, and is replaced."""

_FILES = ("markdown", "csv", "sarif")


@dataclass(frozen=True)
class Joined:
    """What was surveyed, who was judged, and what was found."""

    survey: Survey
    entries: Sequence[Entry]
    declarations: Sequence[DeclarationRecord]
    runs: Sequence[Results]

    def trace(self) -> TraceDocument:
        """All of it linked. Later runs count instead of earlier ones, those of other specs not."""
        from harness.commands.machine import own_version
        from harness.report.changes import usable_checks
        from harness.report.document import ResultsRecord
        from harness.report.trace import trace_document

        found = self.survey
        digest = found.library.digest
        return trace_document(
            crosscheck=own_version(),
            specs=found.specs_folder,
            lean=found.lean_folder,
            toolchain=found.toolchain,
            evidence=found.evidence,
            results=[
                ResultsRecord(
                    path=str(one.path),
                    started=one.run.started,
                    effort=one.run.effort,
                    seed=one.run.seed,
                    usable=one.specs.digest == digest,
                    truncated=one.truncated,
                )
                for one in self.runs
            ],
            library=found.library,
            entries=self.entries,
            declarations=self.declarations,
            checks=usable_checks(self.runs, digest),
            source=found.declarations,
        )


def check_reports(given: Namespace) -> None:
    """InputError when one of the options names what cannot be written; before the work."""
    check_folder("--report", given.report)
    for option in _FILES:
        check_target(f"--{option}", getattr(given, option))


def write_reports(
    given: Namespace, join: Callable[[], Joined], sentence: str | None = None
) -> list[InputError]:
    """Writes what was asked for; what failed does not cost the others. sentence: of a run."""
    if not given.report and not any(getattr(given, option) for option in _FILES):
        return []
    from harness.report.markdown import markdown_text
    from harness.report.matrix_csv import csv_text
    from harness.report.sarif import sarif_text
    from harness.report.trace import sentence_of

    joined = join()
    trace = joined.trace()
    said = sentence or sentence_of(trace)
    places = _places(joined) if given.sarif else {}
    texts: dict[str, Callable[[], str]] = {
        "markdown": lambda: markdown_text(trace, said),
        "csv": lambda: csv_text(trace),
        "sarif": lambda: sarif_text(trace, places),
    }
    failed: list[InputError] = []
    for option, text in texts.items():
        name = getattr(given, option)
        if name is not None:
            try:
                write_file(f"--{option}", name, text())
            except InputError as error:
                failed.append(error)
    if given.report:
        try:
            _write_pages("--report", given.report, joined, trace, said)
        except InputError as error:
            failed.append(error)
    return failed


def check_folder(option: str, name: str | None) -> None:
    """InputError when the folder of an option cannot be made, or holds something else."""
    if name is None:
        return
    path = Path(name)
    if path.exists() and not path.is_dir():
        raise InputError(f"{option} {name} is a file", hint="give the path of a folder")
    if path.is_dir() and any(path.iterdir()) and not (path / MARKER).is_file():
        raise InputError(
            f"{option} {name} is not empty and holds no report",
            hint="give a new folder, or an earlier report to replace",
        )
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{option} {name} cannot be made: {error.strerror or error}") from error


def _write_pages(
    option: str, name: str, joined: Joined, trace: TraceDocument, sentence: str
) -> None:
    from harness.commands.explain import source_lines
    from harness.report.matrix_csv import csv_text
    from harness.site.build import Material, report_of
    from harness.site.history import past
    from harness.site.pages import pages
    from harness.site.record import SourceRun
    from harness.site.report_json import json_text

    found = joined.survey
    runs = [
        SourceRun(
            path=str(one.path),
            usable=one.specs.digest == found.library.digest,
            run=one.run,
            machine=one.machine,
        )
        for one in joined.runs
    ]
    material = Material(
        trace=trace,
        library=found.library,
        declarations=found.declarations,
        sources={
            link.declaration.name: source_lines(found.lean_path, link.declaration.lean)
            for link in trace.links
        },
        runs=runs,
        past=past(state.kept(Path.cwd()), [one.run.started for one in runs]),
        sentence=sentence,
        devices={entry.name: entry.devices for entry in joined.entries},
    )
    report, terms = report_of(material)
    files = pages(report, terms)
    files["matrix.csv"] = csv_text(trace)
    files[MARKER] = json_text(report)
    folder = Path(name)
    try:
        shutil.rmtree(folder / "declarations", ignore_errors=True)
        for file, text in files.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        message = f"{option} {name} cannot be written: {error.strerror or error}"
        raise InputError(message) from error


def _places(joined: Joined) -> dict[str, tuple[str, int]]:
    """`module:function` -> file and line, of what stands below the current folder."""
    from harness.commands.code_places import place_of

    found = {}
    for entry in joined.entries:
        for one in entry.constants.values():
            place = place_of(one.reference, one.folder or Path.cwd())
            if place:
                found[one.reference] = place
    return found
