"""What becomes of one job of a run."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from harness.conformance import session
from harness.conformance.job import Job
from harness.conformance.session import Session
from harness.conformance.verdict import CheckResult, Verdict
from harness.implementations import numpy_softmax, torch_softmax
from harness.implementations.entry import Entry
from harness.implementations.user_entry import user_entry
from harness.specs.library import SpecLibrary
from tests.conformance.small_runs import NUMPY, QUICK, mine


def judged(library: SpecLibrary, entry: Entry, job: Job, **changes: Any) -> CheckResult:
    return Session(replace(QUICK, **changes), library, (entry,)).run(job)


def test_a_dtype_or_device_that_the_entry_lacks_is_unsupported(library: SpecLibrary) -> None:
    entry = mine("sumExp", numpy_softmax.sum_exp)
    for dtype, device, note in (
        ("float16", "cpu", "mine has no float16"),
        ("float32", "cuda", "mine does not run on cuda"),
    ):
        result = judged(library, entry, Job("sumExp", "definition", "mine", dtype, device))
        assert (result.verdict, result.notes) == (Verdict.UNSUPPORTED, (note,))


def test_what_is_not_on_this_machine_is_unsupported(
    library: SpecLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ml_dtypes", None)
    entry = mine("sumExp", numpy_softmax.sum_exp, devices=("cuda",), dtypes=("bfloat16",))
    result = judged(library, entry, Job("sumExp", "definition", "mine", "bfloat16", "cuda"))
    assert (result.verdict, result.notes) == (Verdict.UNSUPPORTED, ("numpy has no arrays on cuda",))
    entry = mine("sumExp", numpy_softmax.sum_exp, dtypes=("bfloat16",))
    result = judged(library, entry, Job("sumExp", "definition", "mine", "bfloat16", "cpu"))
    assert (result.verdict, result.notes) == (
        Verdict.UNSUPPORTED,
        ("numpy has no bfloat16 without ml_dtypes",),
    )


def test_constants_that_the_entry_lacks_are_ours(library: SpecLibrary) -> None:
    entry = mine("softmaxJvp", numpy_softmax.softmax_jvp)
    job = Job("softmaxJvp_eq_deriv", "theorem", "mine", "float32", "cpu")
    result = judged(library, entry, job)
    assert (result.verdict, result.ours) == (Verdict.CONFORMS, ("softmaxDerivCLM",))
    own = judged(library, NUMPY, replace(job, entry="numpy"))
    assert (own.verdict, own.ours) == (Verdict.CONFORMS, ())


def test_torch_entries_borrow_from_torch(library: SpecLibrary) -> None:
    entry = user_entry(
        {"softmaxVec": torch_softmax.softmax_vec}, "torch", dtypes=("float32",), name="mine"
    )
    job = Job("softmaxVec_apply", "theorem", "mine", "float32", "cpu")
    assert judged(library, entry, job).ours == ("sumExp",)


def test_a_fact_is_judged_by_its_own_statement(library: SpecLibrary) -> None:
    def zero_is_one(x: Any) -> Any:
        return np.ones((*x.shape[:-1], 1), x.dtype) if x.shape[-1] == 0 else x

    job = Job("softmaxVec", "fact", "mine", "float32", "cpu", 0)
    wrong = judged(library, mine("softmaxVec", zero_is_one), job)
    assert (wrong.check, wrong.verdict) == ("fact", Verdict.VIOLATES)
    right = judged(library, mine("softmaxVec", numpy_softmax.softmax_vec), job)
    assert right.verdict is Verdict.UNSUPPORTED and right.cases_n0 > 0


def test_a_promise_of_the_entry_counts(library: SpecLibrary) -> None:
    def naive(x: Any) -> Any:
        exps = np.exp(x)
        return exps / exps.sum(axis=-1, keepdims=True)

    job = Job("softmaxVec", "definition", "mine", "float32", "cpu")
    assert judged(library, mine("softmaxVec", naive), job).verdict is Verdict.VIOLATES
    declared = mine("softmaxVec", naive, arithmetic={"softmaxVec": "as_written"})
    result = judged(library, declared, job)
    assert result.violation is None and result.arithmetic == "as_written"


def test_an_error_of_our_own_is_a_finding_and_not_the_end(
    library: SpecLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> CheckResult:
        raise ValueError("ours")

    monkeypatch.setattr(session, "check_consistency", broken)
    result = Session(QUICK, library, ()).run(Job("sumExp", "consistency"))
    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.notes == ("the harness itself failed, please report it: ValueError: ours",)
