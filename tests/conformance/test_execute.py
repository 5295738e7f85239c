"""A run in this process: its events, and what ends it early."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from harness.conformance import guard
from harness.conformance.execute import Event, execute
from harness.conformance.job import Job
from harness.conformance.kinds import KINDS
from harness.conformance.unjudged import AFTER_END
from harness.conformance.verdict import CheckResult, Verdict
from harness.specs.library import SpecLibrary
from tests.conformance.small_runs import NUMPY, SUMS, doubled, mine


def verdicts(results: Sequence[CheckResult]) -> list[Verdict]:
    """Those on statements, without the checks that compare calls."""
    return [r.verdict for r in results if r.check not in KINDS]


def test_events_tell_the_start_and_the_end_of_each_job(library: SpecLibrary) -> None:
    events: list[Event] = []
    results = execute(SUMS, library, [NUMPY], on_event=events.append)
    assert [event.kind for event in events] == ["start", "done"] * len(results)
    assert [event.done for event in events[1::2]] == list(range(1, len(results) + 1))
    assert [event.result for event in events[1::2]] == list(results)
    assert {event.total for event in events} == {len(results)}
    assert {result.verdict for result in results} == {Verdict.CONFORMS}


def test_fail_fast_stops_after_the_first_finding(library: SpecLibrary) -> None:
    entries = [NUMPY, mine("sumExp", doubled), mine("sumExp", doubled, name="next")]
    results = execute(replace(SUMS, fail_fast=True), library, entries)
    assert verdicts(results) == [
        Verdict.CONFORMS,
        Verdict.CONFORMS,
        Verdict.VIOLATES,
        Verdict.NOT_RUN,
    ]
    assert results[-1].notes == ("stopped at the first finding",)
    patient = execute(SUMS, library, entries)
    assert verdicts(patient)[2:] == [Verdict.VIOLATES, Verdict.VIOLATES]


def test_ctrl_c_keeps_what_ran(library: SpecLibrary) -> None:
    def interrupts(x: Any) -> Any:
        raise KeyboardInterrupt

    entries = [NUMPY, mine("sumExp", interrupts), mine("sumExp", doubled, name="next")]
    results = execute(SUMS, library, entries)
    assert verdicts(results) == [
        Verdict.CONFORMS,
        Verdict.CONFORMS,
        Verdict.NOT_RUN,
        Verdict.NOT_RUN,
    ]
    assert {r.notes for r in results if r.entry != "numpy" and r.entry} == {("interrupted",)}


def test_calls_that_did_not_come_back_are_not_compared(library: SpecLibrary) -> None:
    def hangs(x: Any) -> Any:
        raise guard._TimeUp

    results = execute(SUMS, library, [mine("sumExp", hangs)])
    found = {r.check: r for r in results}
    assert found["definition"].violation is not None
    assert found["definition"].violation.kind == "hang"
    for kind in ("batch", "repeat", "inputs"):
        assert found[kind].verdict is Verdict.NOT_RUN and found[kind].notes == (AFTER_END,)


def test_only_the_jobs_that_are_given_run(library: SpecLibrary) -> None:
    job = Job("sumExp", "definition", "numpy", "float32", "cpu")
    (result,) = execute(SUMS, library, [NUMPY], only=[job])
    assert (result.declaration, result.check) == ("sumExp", "definition")
