"""Advice on arithmetics: what naive code could declare, and that nothing helps wrong code."""

from __future__ import annotations

import numpy as np
import pytest

from harness.conformance.job import Job
from harness.conformance.request import Request
from harness.conformance.session import Session
from harness.conformance.verdict import Verdict
from harness.implementations.user_entry import user_entry
from harness.specs.load import load_specs
from harness.specs.locate import find_specs

LIBRARY = load_specs(find_specs(None).path)


def judged(function, **arithmetic):
    entry = user_entry(
        {"softmaxVec": function}, "numpy", dtypes=("float32",), name="mine", arithmetic=arithmetic
    )
    session = Session(Request(effort="quick"), LIBRARY, (entry,))
    return session.run(Job("softmaxVec", "definition", "mine", "float32", "cpu"))


def naive(x):
    e = np.exp(x)
    return e / np.sum(e, axis=-1, keepdims=True)


def off_by_a_thousandth(x):
    return naive(x - np.max(x, axis=-1, keepdims=True, initial=-np.inf)) * np.float32(1.001)


def test_naive_code_is_told_what_to_declare() -> None:
    result = judged(naive)
    assert result.verdict is Verdict.VIOLATES
    assert any("--arithmetic softmaxVec=as_written" in note for note in result.notes)


def by_powers_of_two(x):
    if x.shape[-1] == 0:
        return x.copy()
    e = np.exp2((x - np.max(x, axis=-1, keepdims=True)) * np.float32(1.4426950408889634))
    return e / np.sum(e, axis=-1, keepdims=True)


def flushing(x):
    if x.shape[-1] == 0:
        return x.copy()

    def kept(a):
        return np.where(abs(a) < np.float32(2.0**-126), np.float32(0), a)

    e = kept(np.exp(x - np.max(x, axis=-1, keepdims=True)))
    return kept(e / np.sum(e, axis=-1, keepdims=True))


@pytest.mark.parametrize(
    ("function", "name"),
    [(naive, "as_written"), (by_powers_of_two, "exp2"), (flushing, "flush_to_zero")],
)
def test_the_advice_is_the_strictest_and_whoever_follows_it_conforms(function, name: str) -> None:
    result = judged(function)
    assert result.verdict is Verdict.VIOLATES
    advice = f"meets the arithmetic '{name}': declare it with --arithmetic softmaxVec={name}"
    assert advice in result.notes
    assert judged(function, softmaxVec=name).verdict is Verdict.CONFORMS


def test_declared_it_conforms() -> None:
    assert judged(naive, softmaxVec="as_written").verdict is Verdict.CONFORMS


@pytest.mark.parametrize("promise", ["ieee", "as_written", "online", "exp2"])
def test_no_promise_excuses_wrong_code(promise: str) -> None:
    result = judged(off_by_a_thousandth, softmaxVec=promise)
    assert result.verdict is Verdict.VIOLATES
    assert "meets no named arithmetic" in result.notes
