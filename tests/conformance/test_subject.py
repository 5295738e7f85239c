"""Whom a theorem calls: the entry's own functions, else ours, and whose promise counts."""

from __future__ import annotations

from dataclasses import replace

from harness.evaluate.arithmetic import named
from harness.implementations import numpy_softmax
from tests.conformance.judging import subject_of

OWN = subject_of({"softmaxVec": numpy_softmax.softmax_vec}, arithmetic="exp2", min_n=1)


def test_the_own_function_comes_before_ours() -> None:
    mine, theirs = OWN.callee("softmaxVec"), OWN.callee("sumExp")
    assert mine is OWN.callees["softmaxVec"]
    assert theirs is OWN.ours["sumExp"]
    assert OWN.callee("softmax") is None


def test_a_promise_belongs_to_whoever_is_called() -> None:
    assert OWN.arithmetic("softmaxVec").name == "exp2"
    assert OWN.arithmetic("sumExp").name == "ieee"
    lent = replace(OWN, our_arithmetics={**OWN.our_arithmetics, "sumExp": named("online")})
    assert lent.arithmetic("sumExp").name == "online"


def test_the_smallest_n_is_that_of_the_pickiest() -> None:
    assert OWN.min_n(("softmaxVec", "sumExp")) == 1
    assert OWN.min_n(("sumExp",)) == 0
    assert OWN.min_n(()) == 0
