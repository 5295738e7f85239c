"""What a run consists of: which jobs a request selects, and what becomes of each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness.conformance import guard, run
from harness.conformance.kinds import KINDS
from harness.conformance.run import (
    Event,
    Job,
    Request,
    Session,
    by_urgency,
    execute,
    form_table,
    jobs,
)
from harness.conformance.verdict import CheckResult, Verdict
from harness.corpus import Kept, KeptCall, KeptCase
from harness.errors import InputError
from harness.implementations import numpy_softmax, torch_softmax
from harness.implementations.catalogue import load_catalogue
from harness.implementations.entry import Entry
from harness.implementations.user_entry import user_entry
from harness.specs.library import SpecLibrary

QUICK = Request(effort="quick", shrink=False)
OURS = load_catalogue()
NUMPY = next(entry for entry in OURS if entry.name == "numpy")


def mine(constant: str, function: Callable[..., object], **how: Any) -> Entry:
    how = {"dtypes": ("float32",), "name": "mine", **how}
    return user_entry({constant: function}, "numpy", **how)


def doubled(x: Any) -> Any:
    return numpy_softmax.sum_exp(x) * x.dtype.type(2)


def verdicts(results: Sequence[CheckResult]) -> list[Verdict]:
    """Those on statements, without the checks that compare calls."""
    return [r.verdict for r in results if r.check not in KINDS]


def kinds(found: tuple[Job, ...], check: str) -> set[str]:
    return {job.declaration for job in found if job.check == check}


def test_without_names_everything_with_a_statement_is_run(library: SpecLibrary) -> None:
    found = jobs(QUICK, library, [NUMPY])
    stated = {spec.short_name for spec in library.specs if spec.name in library.statements}
    assert kinds(found, "consistency") == stated and "Vec" not in stated
    defined = {library.by_name(full).short_name for full in library.unfolded.values()}
    assert kinds(found, "definition") == defined
    assert kinds(found, "theorem") | defined == stated | {"pi_apply_vec"}
    assert len(found) == len(set(found))
    dtypes = {job.dtype for job in found if job.check == "definition"}
    assert dtypes == set(NUMPY.dtypes)


def test_exact_reals_come_first_and_definitions_before_theorems(library: SpecLibrary) -> None:
    found = jobs(replace(QUICK, dtypes=("float32",)), library, [NUMPY])
    order = [job.check for job in found]
    assert order.index("definition") == order.count("consistency")
    assert max(i for i, c in enumerate(order) if c == "definition") < order.index("theorem")


def test_a_name_brings_the_definitions_that_it_rests_on(library: SpecLibrary) -> None:
    found = jobs(replace(QUICK, names=("inner_softmaxJvp_comm",)), library, [NUMPY])
    assert kinds(found, "consistency") == kinds(found, "theorem") == {"inner_softmaxJvp_comm"}
    assert kinds(found, "definition") == {"softmaxJvp"}
    full = replace(QUICK, names=("Proofs.Autograd.inner_softmaxJvp_comm",))
    assert jobs(full, library, [NUMPY]) == found


def test_an_unknown_name_is_bad_input(library: SpecLibrary) -> None:
    with pytest.raises(InputError, match="did you mean 'softmaxVec'"):
        jobs(replace(QUICK, names=("sofmaxVec",)), library, [NUMPY])


def test_supplied_constants_limit_a_run_to_what_speaks_of_them(library: SpecLibrary) -> None:
    entry = mine("softmaxJvp", numpy_softmax.softmax_jvp)
    found = jobs(replace(QUICK, supplied=frozenset({"softmaxJvp"})), library, [entry])
    assert kinds(found, "definition") == {"softmaxJvp"}
    assert kinds(found, "theorem") == {
        "inner_softmaxJvp_comm",
        "softmaxDerivCoord_eq_softmaxJvp",
        "softmaxJvp_apply",
        "softmaxJvp_eq_deriv",
        "softmaxJvp_zero",
    }
    assert kinds(found, "fact") == {"softmaxJvp"}
    named = replace(QUICK, supplied=frozenset({"softmaxJvp"}), names=("softmaxVec",))
    assert jobs(named, library, [entry]) == ()


def test_backends_dtypes_and_devices_are_those_asked_for(library: SpecLibrary) -> None:
    asked = replace(QUICK, backends=("torch",), dtypes=("float16",), devices=("cpu", "cuda"))
    found = [job for job in jobs(asked, library, OURS) if job.entry]
    assert {job.entry for job in found} == {e.name for e in OURS if e.backend == "torch"}
    assert {(job.dtype, job.device) for job in found} == {("float16", "cpu"), ("float16", "cuda")}


def test_an_entry_runs_only_what_it_has_a_part_in(library: SpecLibrary) -> None:
    found = [job for job in jobs(QUICK, library, [mine("sumExp", doubled)]) if job.entry]
    assert {job.declaration for job in found} == {
        "sumExp",
        "sumExp_apply",
        "softmaxVec_apply",
    }


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

    monkeypatch.setattr(run, "check_consistency", broken)
    result = Session(QUICK, library, ()).run(Job("sumExp", "consistency"))
    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.notes == ("the harness itself failed, please report it: ValueError: ours",)


SUMS = replace(QUICK, names=("sumExp",), dtypes=("float32",))


def test_events_tell_the_start_and_the_end_of_each_job(library: SpecLibrary) -> None:
    events: list[Event] = []
    results = execute(SUMS, library, [NUMPY], on_event=events.append)
    assert [event.kind for event in events] == ["start", "done"] * len(results)
    assert [event.done for event in events[1::2]] == list(range(1, len(results) + 1))
    assert [event.result for event in events[1::2]] == list(results)
    assert {event.total for event in events} == {len(results)}
    assert {result.verdict for result in results} == {Verdict.CONFORMS}


def test_fail_fast_stops_after_the_first_finding(library: SpecLibrary) -> None:
    entries = [NUMPY, mine("sumExp", doubled), mine("sumExp", doubled, name="next")]
    results = execute(replace(SUMS, fail_fast=True), library, entries)
    assert verdicts(results) == [
        Verdict.CONFORMS,
        Verdict.CONFORMS,
        Verdict.VIOLATES,
        Verdict.NOT_RUN,
    ]
    assert results[-1].notes == ("stopped at the first finding",)
    patient = execute(SUMS, library, entries)
    assert verdicts(patient)[2:] == [Verdict.VIOLATES, Verdict.VIOLATES]


def test_ctrl_c_keeps_what_ran(library: SpecLibrary) -> None:
    def interrupts(x: Any) -> Any:
        raise KeyboardInterrupt

    entries = [NUMPY, mine("sumExp", interrupts), mine("sumExp", doubled, name="next")]
    results = execute(SUMS, library, entries)
    assert verdicts(results) == [
        Verdict.CONFORMS,
        Verdict.CONFORMS,
        Verdict.NOT_RUN,
        Verdict.NOT_RUN,
    ]
    assert {r.notes for r in results if r.entry != "numpy" and r.entry} == {("interrupted",)}


def test_calls_that_did_not_come_back_are_not_compared(library: SpecLibrary) -> None:
    def hangs(x: Any) -> Any:
        raise guard._TimeUp

    results = execute(SUMS, library, [mine("sumExp", hangs)])
    found = {r.check: r for r in results}
    assert found["definition"].violation is not None
    assert found["definition"].violation.kind == "hang"
    for kind in ("batch", "repeat", "inputs"):
        assert found[kind].verdict is Verdict.NOT_RUN and found[kind].notes == (run.AFTER_END,)


def test_only_the_jobs_that_are_given_run(library: SpecLibrary) -> None:
    job = Job("sumExp", "definition", "numpy", "float32", "cpu")
    (result,) = execute(SUMS, library, [NUMPY], only=[job])
    assert (result.declaration, result.check) == ("sumExp", "definition")


def test_the_form_table_has_the_own_equation_first(library: SpecLibrary) -> None:
    table = form_table(library)
    names = {constant: [form.name for form in forms] for constant, forms in table.items()}
    assert names["softmaxVec"] == ["as_written", "shifted"]
    assert names["softmaxJvp"] == ["factored", "expanded"]
    assert names["softmaxDerivCLM"] == ["expanded", "factored"]
    assert names["sumExp"] == [""]


def test_checks_with_kept_cases_come_first(library: SpecLibrary) -> None:
    found = jobs(replace(QUICK, names=("softmaxVec", "sumExp")), library, [NUMPY])
    case = KeptCase(
        schema=1,
        declaration="sumExp",
        check="definition",
        part=0,
        entry="numpy",
        dtype="float32",
        device="cpu",
        calls=(KeptCall(sizes={"n": 1}, batch=(), view="contiguous", numbers={"x": ["0x0p+0"]}),),
        kind="value",
        message="",
        origin="",
    )
    ordered = by_urgency(found, [Kept(case, Path("sumExp-1.json"))])
    assert ordered[0] == Job("sumExp", "definition", "numpy", "float32", "cpu")
    assert ordered[1:] == [job for job in found if job != ordered[0]]
    assert by_urgency(found, []) == list(found)
