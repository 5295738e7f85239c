"""Advice on arithmetics: what naive code could declare, and that nothing helps wrong code."""

from __future__ import annotations

import numpy as np
import pytest

from harness.conformance.run import Job, Request, Session
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


def test_declared_it_conforms() -> None:
    assert judged(naive, softmaxVec="as_written").verdict is Verdict.CONFORMS


@pytest.mark.parametrize("promise", ["ieee", "as_written", "online", "exp2"])
def test_no_promise_excuses_wrong_code(promise: str) -> None:
    result = judged(off_by_a_thousandth, softmaxVec=promise)
    assert result.verdict is Verdict.VIOLATES
    assert "meets no named arithmetic" in result.notes
