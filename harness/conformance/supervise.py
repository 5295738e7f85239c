"""Foreign code in a process of its own: a hang or a crash is a verdict, and the rest still runs.

`guard` ends Python code that takes too long; what it cannot end (a loop in compiled code, a
segmentation fault) is ended here, from outside. A new worker takes the jobs that are left.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from harness.conformance.run import Event, Job, Request, execute, jobs, without
from harness.conformance.verdict import CheckResult, Verdict, Violation
from harness.errors import InputError
from harness.implementations.entry import Entry
from harness.specs.library import SpecLibrary
from harness.specs.load import load_specs

JOB_LIMIT = 300.0
"""Seconds that one job may take; a default one takes about one."""


def execute_apart(
    request: Request,
    library: SpecLibrary,
    entries: Sequence[Entry],
    *,
    on_event: Callable[[Event], None] | None = None,
    limit: float = JOB_LIMIT,
) -> tuple[CheckResult, ...]:
    """As `run.execute`, in worker processes that this one watches. Entries must be importable."""
    todo = jobs(request, library, entries)
    results: list[CheckResult] = []
    stopped = ""
    while len(results) < len(todo) and not stopped:
        worker = _Worker(request, library.directory, tuple(entries), todo[len(results) :])
        try:
            stopped = _follow(worker, request, todo, results, on_event, limit)
        except KeyboardInterrupt:
            stopped = "interrupted"
        finally:
            worker.end()
    rest = todo[len(results) :]
    return (*results, *(without(job, Verdict.NOT_RUN, stopped) for job in rest))


def _follow(
    worker: _Worker,
    request: Request,
    todo: Sequence[Job],
    results: list[CheckResult],
    on_event: Callable[[Event], None] | None,
    limit: float,
) -> str:
    """Take results until the worker has none left or fails; why the run stops, or ""."""
    while len(results) < len(todo):
        job, total = todo[len(results)], len(todo)
        if on_event:
            on_event(Event("start", job, None, len(results), total))
        try:
            result = worker.next(limit)
        except TimeoutError:
            result = _lost(job, "hang", f"no result after {limit:g} s; its process was ended")
        except EOFError:
            result = _lost(job, "crash", f"its process died ({worker.how_it_ended()})")
        results.append(result)
        if on_event:
            on_event(Event("done", job, result, len(results), total))
        if request.fail_fast and result.verdict in (Verdict.VIOLATES, Verdict.REFUTED):
            return "stopped at the first finding"
        if result.violation is not None and result.violation.kind in ("hang", "crash"):
            return ""
    return ""


class _Worker:
    """One worker process and the pipe that its results come through."""

    def __init__(
        self, request: Request, specs: Path, entries: tuple[Entry, ...], todo: Sequence[Job]
    ) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe(duplex=False)
        arguments = (theirs, request, specs, entries, tuple(todo))
        self.process: BaseProcess = context.Process(target=_work, args=arguments, daemon=True)
        self.process.start()
        theirs.close()

    def next(self, limit: float) -> CheckResult:
        """The next result. TimeoutError after `limit` seconds, EOFError when the worker died."""
        if not self.pipe.poll(limit):
            raise TimeoutError
        message = self.pipe.recv()
        if isinstance(message, InputError):
            raise message
        assert isinstance(message, CheckResult)
        return message

    def how_it_ended(self) -> str:
        """The signal or the exit code of a worker that died."""
        self.process.join(5)
        code = self.process.exitcode
        if code is not None and code < 0:
            return signal.Signals(-code).name
        return f"exit code {code}"

    def end(self) -> None:
        """Kill the worker, if it still runs."""
        if self.process.is_alive():
            self.process.kill()
        self.process.join(5)
        self.pipe.close()


def _work(
    pipe: Connection, request: Request, specs: Path, entries: tuple[Entry, ...], todo: Sequence[Job]
) -> None:
    # Ctrl-C is for the supervisor, which ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        library = load_specs(specs)

        def report(event: Event) -> None:
            if event.result is not None:
                pipe.send(event.result)

        # The supervisor stops at the first finding, so that not-run jobs are counted once.
        execute(replace(request, fail_fast=False), library, entries, on_event=report, only=todo)
    except InputError as error:
        pipe.send(error)


def _lost(job: Job, kind: str, message: str) -> CheckResult:
    return CheckResult(
        job.declaration,
        job.check,
        job.entry,
        job.dtype,
        job.device,
        Verdict.VIOLATES,
        violation=Violation(kind, message),
        violations=1,
    )
