"""Which jobs a request selects, and in which order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.conformance.job import Job
from harness.conformance.select_jobs import by_urgency, jobs
from harness.corpus import Kept, KeptCall, KeptCase
from harness.errors import InputError
from harness.implementations import numpy_softmax
from harness.specs.library import SpecLibrary
from tests.conformance.small_runs import NUMPY, OURS, QUICK, doubled, mine


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
