"""Refutations at the simplest numbers that refute."""

from __future__ import annotations

from harness.conformance.request import Request
from harness.conformance.select_jobs import jobs
from harness.conformance.session import Session
from harness.conformance.verdict import Shrunk, Verdict
from harness.specs.library import SpecLibrary


def refuted(library: SpecLibrary) -> dict[str, Shrunk | None]:
    """Of statements about numbers: the others are as simple as can be."""
    session = Session(Request(effort="quick"), library, ())
    false = [
        one for one in jobs(session.request, library, ()) if one.declaration.endswith("_wrong")
    ]
    results = [session.run(job) for job in false[::3]]
    return {
        one.declaration: one.violation.shrunk
        for one in results
        if one.verdict is Verdict.REFUTED and one.violation and one.violation.case
        if one.violation.case.inputs
    }


def test_every_false_statement_is_refuted_simply(unseen: SpecLibrary) -> None:
    found = refuted(unseen)
    assert len(found) >= 8
    simple = {(k / 2).hex() for k in range(-6, 7)} | {(-0.0).hex()}
    plain = 0
    for name, smaller in found.items():
        assert smaller is not None and smaller.violation.message, name
        (call,) = smaller.calls
        numbers = [leaf for value in call.numbers.values() for leaf in _leaves(value)]
        assert max(call.sizes.values(), default=0) <= 3, name
        plain += set(numbers) <= simple
    assert plain >= len(found) - 2


def _leaves(nested: object) -> list[object]:
    if isinstance(nested, list):
        return [leaf for part in nested for leaf in _leaves(part)]
    return [nested]
