"""Writes the stream of results (`--stream`) while the checks run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from harness.commands.plan import Plan
from harness.conformance.execute import Event
from harness.conformance.job import Job
from harness.conformance.verdict import CheckResult
from harness.errors import InputError
from harness.report.build import full_names
from harness.report.document import Document
from harness.report.header import Preamble
from harness.report.records import check_records
from harness.report.result_stream import (
    AskedRecord,
    StreamCheck,
    StreamFooter,
    StreamHeader,
    line_text,
)


class StreamWriter:
    """The stream of one run; without a file it does nothing. Every line is written at once, so that
    a run that is killed leaves what it had found. problem: why writing ended early."""

    def __init__(self, file: BinaryIO | None, made: Plan, known: Preamble) -> None:
        self.problem: InputError | None = None
        self._file = file
        self._jobs: Sequence[Job] = made.jobs() if file else ()
        self._places = {job: place for place, job in enumerate(self._jobs)}
        self._names = full_names(made.survey.library)
        self._replaying = made.replaying
        self._written: set[int] = set()
        self._digest = hashlib.sha256()
        if file:
            header = StreamHeader(
                kind="header",
                stream=1,
                crosscheck=known.crosscheck,
                run=known.run,
                machine=known.machine,
                specs=known.specs,
                lean=known.lean,
                checks=[self._asked(job) for job in self._jobs],
            )
            self._write(line_text(header))

    def event(self, event: Event) -> None:
        """A check that is done becomes a line."""
        if event.result is not None:
            self._check(self._places.get(event.job, -1), event.result)

    def finish(self, results: Sequence[CheckResult], document: Document) -> None:
        """The checks that did not run, and the footer. results: of all jobs, in order."""
        if self._file is None:
            return
        for place, result in enumerate(results):
            self._check(place, result)
        summary = document.summary
        footer = StreamFooter(
            kind="footer",
            checks=len(self._written),
            interrupted=document.run.interrupted,
            exit_code=summary.exit_code,
            sentence=summary.sentence,
            digest=f"sha256:{self._digest.hexdigest()}",
        )
        self._write(line_text(footer))

    def _check(self, place: int, result: CheckResult) -> None:
        if place in self._written or not 0 <= place < len(self._jobs):
            return
        (record,) = check_records([result], self._names, self._replaying)
        self._written.add(place)
        self._write(line_text(StreamCheck(kind="check", place=place, result=record)))

    def _write(self, line: bytes) -> None:
        if self._file is None or self.problem is not None:
            return
        try:
            self._file.write(line)
        except OSError as error:
            message = f"--stream cannot be written: {error.strerror or error}"
            self.problem = InputError(message, hint="the other outputs are whole")
            return
        self._digest.update(line)

    def _asked(self, job: Job) -> AskedRecord:
        return AskedRecord(
            declaration=self._names.get(job.declaration, job.declaration),
            check=job.check,
            entry=job.entry,
            dtype=job.dtype,
            device=job.device,
        )


@contextmanager
def streaming(name: str | None, made: Plan, known: Preamble) -> Iterator[StreamWriter]:
    """A writer into the file of that name, if there is one. InputError when it cannot be."""
    if name is None:
        yield StreamWriter(None, made, known)
        return
    with ExitStack() as stack:
        try:
            # Unbuffered: one line is one write.
            file = stack.enter_context(Path(name).open("wb", buffering=0))
        except OSError as error:
            message = f"--stream {name} cannot be written: {error.strerror or error}"
            raise InputError(message) from error
        yield StreamWriter(file, made, known)
