"""One check to run, and what it has in common with others."""

from __future__ import annotations

from dataclasses import dataclass

from harness.conformance.kept import Asked


@dataclass(frozen=True)
class Job:
    """One check to run; entry is "" where none is judged.

    check: consistency, definition; batch, layout, repeat, inputs, linearity (which follow from the
    type); theorem, fact (of a def), or derivative (that autograd takes of an implementation).
    """

    declaration: str
    check: str
    entry: str = ""
    dtype: str = "reals"
    device: str = ""
    part: int = 0  # which fact of the declaration, which mode of autograd


def asked_in(job: Job) -> Asked:
    """What a job asks, as cases of the corpus say it."""
    return job.declaration, job.check, job.part, job.entry, job.dtype


Calls = tuple[str, str, str, str]
"""Declaration, entry, dtype and device of checks that judge the same calls."""


def calls_of(job: Job) -> Calls:
    """What checks that judge the same calls have in common."""
    return (job.declaration, job.entry, job.dtype, job.device)
