"""Derivatives that torch takes: right ones conform, a detached factor shows."""

from __future__ import annotations

import torch

from harness.conformance.run import Request, Session, jobs
from harness.conformance.verdict import Verdict
from harness.implementations.user_entry import user_entry
from harness.specs.load import load_specs
from harness.specs.locate import find_specs

LIBRARY = load_specs(find_specs(None).path)


def softmax(x):
    return torch.softmax(x, dim=-1)


def half_detached(x):
    y = torch.softmax(x, dim=-1)
    return 0.5 * y + 0.5 * y.detach()


def verdicts(function):
    entry = user_entry({"softmaxVec": function}, "torch", dtypes=("float32",), name="mine")
    request = Request(effort="quick", autograd=True, supplied=frozenset({"softmaxVec"}))
    session = Session(request, LIBRARY, (entry,))
    todo = [job for job in jobs(request, LIBRARY, (entry,)) if job.check == "derivative"]
    found = [session.run(job) for job in todo]
    return {result.notes[0].rpartition(" ")[2]: result.verdict for result in found}


def test_backward_of_softmax_conforms() -> None:
    found = verdicts(softmax)
    assert set(found) == {"jvp", "backward", "double_backward"}
    assert found["backward"] is Verdict.CONFORMS
    assert found["double_backward"] is Verdict.CONFORMS


def test_a_wrong_derivative_of_a_right_function_violates() -> None:
    assert set(verdicts(half_detached).values()) == {Verdict.VIOLATES}


def test_without_the_option_nothing_is_differentiated() -> None:
    entry = user_entry({"softmaxVec": softmax}, "torch", dtypes=("float32",), name="mine")
    assert all(job.check != "derivative" for job in jobs(Request(), LIBRARY, (entry,)))
