"""Checks of one constant share its calls; those of another one begin anew."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness.conformance.job import Job
from harness.conformance.request import Request
from harness.conformance.session import Session
from harness.conformance.verdict import Verdict
from harness.implementations.user_entry import user_entry
from harness.specs.library import SpecLibrary


def session(library: SpecLibrary, **functions: Any) -> Session:
    entry = user_entry(functions, "numpy", dtypes=("float32",), name="mine")
    return Session(Request(effort="quick", shrink=False), library, (entry,))


def job(constant: str, check: str) -> Job:
    return Job(constant, check, "mine", "float32", "cpu")


def test_a_check_without_the_definition_check_before_it_makes_the_calls(
    library: SpecLibrary,
) -> None:
    def softmax(x: np.ndarray) -> np.ndarray:
        e = np.exp(x - np.max(x, axis=-1, keepdims=True, initial=-np.inf))
        return np.asarray(e / np.sum(e, axis=-1, keepdims=True))

    alone = session(library, softmaxVec=softmax)
    after = session(library, softmaxVec=softmax)
    after.run(job("softmaxVec", "definition"))
    for check in ("batch", "repeat", "inputs"):
        one, other = (each.run(job("softmaxVec", check)) for each in (alone, after))
        assert one.verdict is other.verdict is Verdict.CONFORMS
        assert (one.cases, one.worst_ratio) == (other.cases, other.worst_ratio)


def test_the_calls_of_one_constant_are_kept_at_a_time(library: SpecLibrary) -> None:
    both = session(library, sumExp=lambda x: np.exp(x).sum(axis=-1), dotCLM=lambda y, x: y[..., 0])
    for constant in ("sumExp", "dotCLM"):
        both.run(job(constant, "definition"))
        assert [calls[0] for calls in both._calls.observed] == [constant]
