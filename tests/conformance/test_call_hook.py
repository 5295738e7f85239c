"""Calls inside a theorem: a NaN where a bound holds is a violation of the theorem itself."""

from __future__ import annotations

import numpy as np

from harness.conformance.job import Job
from harness.conformance.request import Request
from harness.conformance.session import Session
from harness.conformance.verdict import Verdict
from harness.implementations.numpy_softmax import softmax_jvp
from harness.implementations.user_entry import user_entry
from harness.specs.load import load_specs
from harness.specs.locate import find_specs

LIBRARY = load_specs(find_specs(None).path)


def judged(function):
    entry = user_entry({"softmaxJvp": function}, "numpy", dtypes=("float32",), name="mine")
    session = Session(Request(effort="quick"), LIBRARY, (entry,))
    return session.run(Job("inner_softmaxJvp_comm", "theorem", "mine", "float32", "cpu"))


def sometimes_nan(x, dx):
    result = softmax_jvp(x, dx)
    if x.shape[-1] == 7:
        result[..., 0] = np.nan
    return result


def test_a_nan_is_not_hidden_by_what_is_computed_from_it() -> None:
    result = judged(sometimes_nan)
    assert result.verdict is Verdict.VIOLATES
    assert result.violation is not None and result.violation.kind == "nan"
    assert result.violation.case is not None and result.violation.case.n == 7


def test_the_right_one_conforms() -> None:
    assert judged(softmax_jvp).verdict is Verdict.CONFORMS
