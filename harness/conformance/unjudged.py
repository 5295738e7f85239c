"""Results of jobs that could not be judged, or whose code did not live to be judged."""

from __future__ import annotations

from dataclasses import replace

from harness.conformance.job import Job
from harness.conformance.verdict import CheckResult, Verdict, Violation

AFTER_END = "its calls are not compared: one of them did not come back"
"""The note on checks of calls that the definition check saw hang or end the process."""


def without(job: Job, verdict: Verdict, note: str) -> CheckResult:
    """The result of a job that could not be judged, and why."""
    return CheckResult(
        job.declaration,
        job.check,
        job.entry,
        job.dtype,
        job.device,
        verdict,
        notes=(note,),
        part=job.part,
    )


def lost(job: Job, kind: str, message: str) -> CheckResult:
    """The verdict on a job whose code did not live to be judged."""
    return replace(
        without(job, Verdict.VIOLATES, ""),
        notes=(),
        violation=Violation(kind, message),
        violations=1,
    )
