"""Running jobs in this process, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

from harness.conformance.job import Job
from harness.conformance.remote import Starter, start
from harness.conformance.request import Request
from harness.conformance.select_jobs import by_urgency, jobs
from harness.conformance.session import Session
from harness.conformance.unjudged import without
from harness.conformance.verdict import CheckResult, Verdict
from harness.implementations.entry import Entry
from harness.specs.library import SpecLibrary


@dataclass(frozen=True)
class Event:
    """Progress: a job starts, or is done with its result. done of total, this one included."""

    kind: str
    job: Job
    result: CheckResult | None
    done: int
    total: int


def execute(
    request: Request,
    library: SpecLibrary,
    entries: Sequence[Entry],
    *,
    on_event: Callable[[Event], None] | None = None,
    only: Sequence[Job] | None = None,
    starter: Starter = start,
) -> tuple[CheckResult, ...]:
    """Run all jobs (or only those given), in this process; programs by `starter`.

    Ctrl-C ends it early: what did not run is `not run`, what ran is kept.
    """
    todo = jobs(request, library, entries) if only is None else only
    ordered = by_urgency(todo, request.corpus)
    last = {job.entry: place for place, job in enumerate(ordered, start=1)}
    results: dict[Job, CheckResult] = {}
    interrupted = failed = False
    with closing(Session(request, library, tuple(entries), starter)) as session:
        for done, job in enumerate(ordered, start=1):
            if interrupted or (failed and request.fail_fast):
                note = "interrupted" if interrupted else "stopped at the first finding"
                results[job] = without(job, Verdict.NOT_RUN, note)
                continue
            try:
                if on_event:
                    on_event(Event("start", job, None, done - 1, len(todo)))
                result = session.run(job)
                if last[job.entry] == done:
                    result = session.parted(job, result)
            except KeyboardInterrupt:
                interrupted = True
                result = without(job, Verdict.NOT_RUN, "interrupted")
            results[job] = result
            failed = failed or result.verdict in (Verdict.VIOLATES, Verdict.REFUTED)
            if on_event:
                on_event(Event("done", job, result, done, len(todo)))
    return tuple(results[job] for job in todo)
