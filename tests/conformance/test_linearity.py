"""Linearity, which follows from a type: linear maps keep it, merely homogeneous ones do not."""

from __future__ import annotations

import numpy as np

from harness.conformance.job import Job
from harness.conformance.linearity import is_linear, linearity
from harness.conformance.request import Request
from harness.conformance.session import Session
from harness.conformance.verdict import Verdict
from harness.implementations.user_entry import user_entry
from harness.specs.load import load_specs
from harness.specs.locate import find_specs
from harness.statement.printer import show_term

LIBRARY = load_specs(find_specs(None).path)


def judged(function):
    entry = user_entry({"dotCLM": function}, "numpy", dtypes=("float32",), name="mine")
    session = Session(Request(effort="quick"), LIBRARY, (entry,))
    return session.run(Job("dotCLM", "linearity", "mine", "float32", "cpu"))


def dot(y, x):
    return np.sum(y * x, axis=-1)


def homogeneous(y, x):
    return np.sum(abs(y * x), axis=-1) * np.sign(np.sum(y * x, axis=-1))


def test_the_statement_is_made_from_the_type() -> None:
    signature = LIBRARY.scope.signatures["softmaxDerivCLM"]
    assert is_linear(signature)
    text = show_term(linearity(signature, LIBRARY.scope))
    assert text.count("softmaxDerivCLM") == 3 and "a * " in text


def test_a_vector_function_is_not_linear_by_type() -> None:
    assert not is_linear(LIBRARY.scope.signatures["softmaxVec"])


def test_a_linear_map_conforms_and_a_homogeneous_one_does_not() -> None:
    right, wrong = judged(dot), judged(homogeneous)
    assert right.verdict is Verdict.CONFORMS and right.cases > 100
    assert wrong.verdict is Verdict.VIOLATES
    assert wrong.violation is not None and wrong.violation.case is not None
    assert wrong.violation.case.n >= 2
