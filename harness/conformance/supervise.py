"""Runs in worker processes: several at once, and a hang or a crash of foreign code is a verdict.

`guard` ends Python code that takes too long; what it cannot end (a loop in compiled code, a
segmentation fault) is ended here, from outside. A new worker takes the jobs that are left. Jobs are
dealt out by dtype, because those of one dtype share their references and bounds.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from harness.conformance.execute import Event, execute
from harness.conformance.job import Job, calls_of
from harness.conformance.kinds import KINDS
from harness.conformance.request import Request
from harness.conformance.select_jobs import by_urgency, jobs
from harness.conformance.unjudged import AFTER_END, lost, without
from harness.conformance.verdict import CheckResult, Verdict
from harness.errors import InputError
from harness.evaluate.formats import FORMATS
from harness.implementations.entry import Entry
from harness.specs.library import SpecLibrary
from harness.specs.load import load_specs

JOB_LIMIT = 300.0
"""Seconds that one job may take; a default one takes about one."""

MOST_WORKERS = 4
# What a job of float64 costs beside one of a narrower format (its carrier is longdouble).
_WIDE_COST = 1.6


class _Lane:
    """The jobs of one worker: their places in the whole run, and the worker that has them now."""

    def __init__(self, places: list[int]) -> None:
        self.places = places
        self.worker: _Worker | None = None
        self.since = time.monotonic()


def execute_apart(
    request: Request,
    library: SpecLibrary,
    entries: Sequence[Entry],
    *,
    on_event: Callable[[Event], None] | None = None,
    limit: float = JOB_LIMIT,
    workers: int | None = None,
    only: Sequence[Job] | None = None,
) -> tuple[CheckResult, ...]:
    """As `execute`, in worker processes that this one watches. Entries must be importable.

    workers: how many at once (default: one per processor, at most 4); limit: seconds per job; only:
    these jobs instead of all.
    """
    todo = jobs(request, library, entries) if only is None else tuple(only)
    results: list[CheckResult | None] = [None] * len(todo)
    count = workers or min(os.cpu_count() or 1, MOST_WORKERS)
    at = {job: place for place, job in enumerate(todo)}
    lanes = [
        _Lane([at[job] for job in by_urgency([todo[place] for place in places], request.corpus)])
        for places in _dealt(todo, count)
    ]
    stopped = ""
    # What a program of its own did leaves the worker as it was.
    programs = {entry.name for entry in entries if entry.process}

    def hung(result: CheckResult) -> bool:
        return result.violation is not None and result.violation.kind == "hang"

    def start(lane: _Lane) -> None:
        mine = [todo[place] for place in lane.places]
        lane.worker = _Worker(request, library.directory, tuple(entries), mine)
        lane.since = time.monotonic()

    try:
        for lane in lanes:
            start(lane)
        while not stopped and any(lane.places for lane in lanes):
            for lane, result, gone in _next(lanes, todo, limit):
                place = lane.places.pop(0)
                results[place] = result
                lane.since = time.monotonic()
                if on_event:
                    done = sum(r is not None for r in results)
                    on_event(Event("done", todo[place], result, done, len(todo)))
                if request.fail_fast and result.verdict in (Verdict.VIOLATES, Verdict.REFUTED):
                    stopped = "stopped at the first finding"
                if gone or (hung(result) and todo[place].entry not in programs):
                    assert lane.worker is not None
                    lane.worker.end()
                    for after in _left_out(lane, todo, todo[place]):
                        results[after] = without(todo[after], Verdict.NOT_RUN, AFTER_END)
                    if lane.places:
                        start(lane)
    except KeyboardInterrupt:
        stopped = "interrupted"
    finally:
        for lane in lanes:
            if lane.worker:
                lane.worker.end()
    return tuple(
        result or without(job, Verdict.NOT_RUN, stopped)
        for job, result in zip(todo, results, strict=True)
    )


def _left_out(lane: _Lane, todo: Sequence[Job], ended: Job) -> list[int]:
    """Takes from a lane the checks of the same calls, which would end in the same way."""
    same = [
        place
        for place in lane.places
        if todo[place].check in KINDS and calls_of(todo[place]) == calls_of(ended)
    ]
    lane.places = [place for place in lane.places if place not in same]
    return same


def _dealt(todo: Sequence[Job], count: int) -> list[list[int]]:
    """The places of the jobs by worker, dtypes kept together, the costliest dealt first."""
    groups: dict[str, list[int]] = {}
    for place, job in enumerate(todo):
        groups.setdefault(job.dtype, []).append(place)
    wide = [d for d, f in FORMATS.items() if f.p >= FORMATS["float64"].p]

    def cost(dtype: str) -> float:
        return len(groups[dtype]) * (_WIDE_COST if dtype in wide else 1)

    hands: list[list[int]] = [[] for _ in range(max(1, min(count, len(groups))))]
    loads = [0.0] * len(hands)
    for dtype in sorted(groups, key=cost, reverse=True):
        lightest = loads.index(min(loads))
        hands[lightest].extend(groups[dtype])
        loads[lightest] += cost(dtype)
    return [hand for hand in hands if hand]


def _next(
    lanes: Sequence[_Lane], todo: Sequence[Job], limit: float
) -> list[tuple[_Lane, CheckResult, bool]]:
    """The results that have come, and verdicts on workers that died or are over their time, which
    is told in the third place."""
    busy = {lane.worker.pipe: lane for lane in lanes if lane.places and lane.worker}
    soonest = min(lane.since for lane in busy.values()) + limit - time.monotonic()
    ready = wait(list(busy), timeout=max(0.0, soonest))
    found: list[tuple[_Lane, CheckResult, bool]] = []
    for pipe in ready:
        lane = busy[pipe]  # type: ignore[index]
        assert lane.worker is not None
        try:
            found.append((lane, lane.worker.receive(), False))
        except EOFError:
            message = f"its process died ({lane.worker.how_it_ended()})"
            found.append((lane, lost(todo[lane.places[0]], "crash", message), True))
    late = [lane for lane in busy.values() if time.monotonic() - lane.since > limit]
    for lane in late:
        if all(lane is not one for one, *_ in found):
            message = f"no result after {limit:g} s; its process was ended"
            found.append((lane, lost(todo[lane.places[0]], "hang", message), True))
    return found


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

    def receive(self) -> CheckResult:
        """The next result. EOFError when the worker died, InputError when it met bad input."""
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
        """Kill the worker, if it still runs. Its programs end with it."""
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

        # The supervisor stops at the first finding, so that jobs not run are told once.
        execute(replace(request, fail_fast=False), library, entries, on_event=report, only=todo)
    except InputError as error:
        pipe.send(error)
