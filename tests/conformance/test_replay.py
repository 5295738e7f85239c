"""Replay: the case of a report gives the same bits, the same value and the same verdict."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness.conformance.case_id import id_of, parse_case_id
from harness.conformance.job import Job
from harness.conformance.kept import kept_case
from harness.conformance.replay import Replayable
from harness.conformance.request import Request
from harness.conformance.select_jobs import jobs
from harness.conformance.session import Session
from harness.conformance.verdict import CheckResult, Replayed, Verdict
from harness.corpus import Kept
from harness.errors import InputError
from harness.implementations.catalogue import load_catalogue
from harness.specs.library import SpecLibrary

MUTANTS = Path(__file__).parents[1] / "mutants"
ENTRIES = tuple(
    entry
    for file in ("sometimes", "softmax", "derivatives", "maps_and_sums")
    for entry in load_catalogue(MUTANTS / f"{file}.yaml")
)
RUN = Request(effort="default", fail_fast=True)


@pytest.fixture(scope="module")
def session(library: SpecLibrary) -> Session:
    return Session(RUN, library, ENTRIES)


def again(library: SpecLibrary, case: Replayable) -> CheckResult:
    """What a replay of the case finds, in a run of its own."""
    session = Session(replace(RUN, replay=case), library, (*load_catalogue(), *ENTRIES))
    (job,) = jobs(session.request, library, session.entries)
    return session.run(job)


def judged(result: CheckResult) -> Replayed:
    assert result.replayed is not None, result.notes
    return result.replayed


FOUND = [
    ("softmaxVec", "definition", "sum.guarded_1e-7", "float32"),
    ("softmaxVec", "definition", "only.beyond_64", "float64"),
    ("softmaxVec", "definition", "only.for_two_axes_of_batch", "float32"),
    ("softmaxVec", "definition", "only.for_reversed", "float32"),
    ("softmaxVec", "definition", "memory.without_strides", "float32"),
    ("softmaxVec", "definition", "result.widened", "float32"),
    ("softmaxVec", "definition", "memory.into_argument", "float32"),
    ("softmaxVec", "definition", "result.refused", "float32"),
    ("softmaxDerivCoord", "definition", "coord.one_based", "float32"),
    ("dotCLM", "definition", "dot.mean", "float64"),
    ("pi_apply_vec", "definition", "pi.transposed", "float32"),
    ("softmaxDerivCLM", "linearity", "clm.homogeneous_1e-6", "float64"),
    ("softmaxJvp_eq_deriv", "theorem", "jvp.doubled", "float32"),
    ("hasFDerivAt_softmaxVec", "theorem", "clm.without_mean", "float64"),
]


@pytest.mark.parametrize(("declaration", "check", "entry", "dtype"), FOUND)
def test_what_was_found_is_found_again(
    session: Session, library: SpecLibrary, declaration: str, check: str, entry: str, dtype: str
) -> None:
    result = session.run(Job(declaration, check, entry, dtype, "cpu"))
    first = result.violation
    assert first is not None and first.case is not None
    found = again(library, parse_case_id(id_of(result, first.case)))
    assert found.verdict is Verdict.VIOLATES and found.violation is not None
    replayed = judged(found)
    assert found.violation == replayed.judged
    assert (found.violation.kind, found.violation.got) == (first.kind, first.got)
    assert (found.violation.want, found.violation.bound) == (first.want, first.bound)
    assert replayed.row == first.case.row and replayed.snippet
    # The same bits as the report showed.
    for name, numbers in first.case.inputs.items():
        passed = replayed.calls[-1].numbers[name]
        for _ in replayed.calls[-1].batch[1:]:
            assert isinstance(passed, list)
            passed = [row for part in passed for row in part]
        assert isinstance(passed, list)
        assert (passed[replayed.row] if replayed.calls[-1].batch else passed) == numbers


@pytest.mark.parametrize(("declaration", "check", "entry", "dtype"), FOUND[:3] + FOUND[-3:])
def test_a_kept_case_is_found_again(
    session: Session, library: SpecLibrary, declaration: str, check: str, entry: str, dtype: str
) -> None:
    result = session.run(Job(declaration, check, entry, dtype, "cpu"))
    case = kept_case(result)
    assert case is not None and result.violation is not None
    found = again(library, Kept(case, Path(f"{case.name}.json")))
    smaller = result.violation.shrunk
    assert smaller is not None and found.violation is not None
    assert judged(found).calls == smaller.calls
    assert (found.violation.got, found.violation.bound) == (
        smaller.violation.got,
        smaller.violation.bound,
    )


@pytest.mark.parametrize("entry", ["memory.by_shape", "memory.by_sum", "memory.by_sizes"])
def test_what_fails_after_other_calls_only(
    session: Session, library: SpecLibrary, entry: str
) -> None:
    result = session.run(Job("softmaxVec", "definition", entry, "float32", "cpu"))
    assert result.violation is not None and result.violation.case is not None
    found = again(library, parse_case_id(id_of(result, result.violation.case)))
    assert found.verdict is Verdict.VIOLATES
    assert len(judged(found).calls) > 1
    assert "conforms by itself" in found.notes[0]
    # The kept case has few of those calls.
    case = kept_case(result)
    assert case is not None and len(case.calls) == 2
    assert again(library, Kept(case, Path("x.json"))).verdict is Verdict.VIOLATES


CELL = "float32/n=3/normal/one_hot/s0/2x3/contiguous/seed=1#4"


@pytest.mark.parametrize(
    "case",
    [
        f"softmaxVec:definition:numpy:cpu@{CELL}",
        f"softmaxDerivCoord:definition:numpy:cpu@{CELL}",
        f"softmaxDerivCLM:linearity:numpy:cpu@{CELL}",
        f"inner_softmaxJvp_comm:theorem:torch:cpu@{CELL}",
        f"hasFDerivAt_softmaxVec:derivative.1:torch.softmax:cpu@{CELL}",
        "softmaxVec:definition:torch:cpu@bfloat16/n=65/normal/one_hot/s1/13/transposed/seed=7#12",
        "softmaxVec:definition:numpy:cpu@float64/n=257/ties/one_hot/s3/-/reversed/seed=2#0",
        "sumExp:definition:numpy:cpu@float64/n=0/normal/one_hot/s0/13/contiguous/seed=1#12",
    ],
)
def test_what_conforms_says_how_near_it_came(library: SpecLibrary, case: str) -> None:
    found = again(library, parse_case_id(case))
    nearest = judged(found).judged
    assert found.verdict is Verdict.CONFORMS and nearest is not None, found.violation
    assert nearest.ratio is not None and 0 <= nearest.ratio <= 1
    assert nearest.got and nearest.want and nearest.bound is not None
    assert 'print("within the bound" if error <= bound else "violates")' in judged(found).snippet


def test_an_empty_vector_has_no_number_to_judge(library: SpecLibrary) -> None:
    cell = "float64/n=0/normal/one_hot/s0/13/contiguous/seed=1#12"
    found = again(library, parse_case_id(f"softmaxVec:definition:numpy:cpu@{cell}"))
    assert (found.verdict, judged(found).judged) == (Verdict.CONFORMS, None)
    assert (found.cases, found.cases_n0) == (0, 1)


def test_exact_reals(library: SpecLibrary) -> None:
    cell = "float32/n=3/normal/one_hot/s0/13/contiguous/seed=1#0"
    found = again(library, parse_case_id(f"softmaxJvp_eq_deriv:consistency::@{cell}"))
    assert (found.verdict, found.cases) == (Verdict.CONFORMS, 1)
    (call,) = judged(found).calls
    assert set(call.numbers) == {"x", "dx"} and call.batch == ()


def test_a_false_statement_is_refuted_again(unseen: SpecLibrary) -> None:
    session = Session(Request(effort="quick"), unseen, ())
    false = next(
        result
        for result in map(session.run, jobs(session.request, unseen, ()))
        if result.verdict is Verdict.REFUTED
    )
    assert false.violation is not None and false.violation.case is not None
    found = again(unseen, parse_case_id(id_of(false, false.violation.case)))
    assert found.verdict is Verdict.REFUTED and found.violation is not None
    assert found.violation.message == false.violation.message


def test_what_is_out_of_range_judges_nothing(library: SpecLibrary) -> None:
    cell = "float32/n=3/near_overflow/normal/s0/13/contiguous/seed=1"
    verdicts = set()
    for row in range(13):
        found = again(library, parse_case_id(f"sumExp:definition:numpy:cpu@{cell}#{row}"))
        verdicts.add(found.verdict)
        if found.verdict is Verdict.INCONCLUSIVE:
            assert "nothing is judged" in found.notes[0] and not found.cases
    assert verdicts == {Verdict.CONFORMS, Verdict.INCONCLUSIVE}


@pytest.mark.parametrize(
    ("case", "n", "message"),
    [
        ("softmaxVec:definition", 99999999, "numbers in x alone"),
        ("hasFDerivAt_softmaxVec:theorem", 64, "derivatives are judged up to n = 17"),
    ],
)
def test_what_no_run_would_judge_is_refused(
    library: SpecLibrary, case: str, n: int, message: str
) -> None:
    cell = f"float32/n={n}/normal/one_hot/s0/-/contiguous/seed=1"
    with pytest.raises(InputError, match=message):
        again(library, parse_case_id(f"{case}:numpy:cpu@{cell}#0"))
