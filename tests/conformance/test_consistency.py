"""The consistency check: exact reals refute what is false and nothing that is true."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harness.conformance.job import Job
from harness.conformance.request import Request
from harness.conformance.session import Session
from harness.conformance.verdict import CheckResult, Verdict
from harness.specs.library import SpecLibrary
from harness.specs.load import load_specs
from harness.specs.locate import find_specs
from tests.conformance.judging import Judge
from tests.conformance.unseen import TWINS

# Two free indices over 64 pairs, in balls: dear, and tested in theorem checks.
CHEAP = [name for name in TWINS if name not in ("two_indices", "call_at_an_index_under_a_sum")]


def refute(library: SpecLibrary, name: str) -> CheckResult:
    return Session(Request(effort="quick"), library, ()).run(Job(name, "consistency"))


@pytest.mark.parametrize("name", CHEAP)
def test_what_is_true_is_consistent_and_its_false_twin_is_refuted(
    unseen: SpecLibrary, name: str
) -> None:
    result = refute(unseen, name)
    assert (result.verdict, result.violation) == (Verdict.CONFORMS, None)
    assert result.cases > 0 and result.undecided < result.cases

    wrong = refute(unseen, f"{name}_wrong")
    assert wrong.verdict is Verdict.REFUTED
    found = wrong.violation
    assert found is not None and found.case is not None and found.confirmed
    assert found.case.n <= 3
    assert {v.name for v in Judge(unseen).claim(TWINS[name][1]).sampled} == set(found.case.inputs)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (
            "softmaxJvp",
            "softmaxVec x i * (dx i - dotCLM (softmaxVec x) dx)",
            "softmaxVec x i * (dx i + dotCLM (softmaxVec x) dx)",
        ),
        (
            "inner_softmaxJvp_comm",
            "inner ℝ dx (softmaxJvp x δ)",
            "inner ℝ dx (softmaxJvp δ x)",
        ),
        ("hasFDerivAt_softmaxVec", "(softmaxDerivCLM x) x", "(softmaxDerivCLM ((2 : ℝ) • x)) x"),
        ("softmaxDerivCoord", "- softmaxVec x i * dotCLM", "+ softmaxVec x i * dotCLM"),
    ],
)
def test_one_changed_statement_of_the_project_is_refuted(
    tmp_path: Path, name: str, old: str, new: str
) -> None:
    """A false theorem is refuted itself; a false equation by the theorems that speak of it."""
    folder = tmp_path / "specs"
    shutil.copytree(find_specs(None).path, folder)
    # The lemma that an equation cites says the same in a file of its own.
    for file in (folder / "softmax").glob(f"{name}*.yaml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(old, new), encoding="utf-8")
    library = load_specs(folder)
    assert library.digest != load_specs(find_specs(None).path).digest
    speak = {"softmaxJvp": "softmaxJvp_eq_deriv", "softmaxDerivCoord": "hasFDerivAt_softmaxVec"}
    assert refute(library, speak.get(name, name)).verdict is Verdict.REFUTED


def test_the_unchanged_ones_are_consistent(library: SpecLibrary) -> None:
    for name in ("softmaxJvp_eq_deriv", "inner_softmaxJvp_comm", "hasFDerivAt_softmaxVec"):
        assert refute(library, name).verdict is Verdict.CONFORMS


def test_hypotheses_that_are_never_met_leave_it_open(judge: Judge) -> None:
    result = judge.reals("∀ {n : ℕ} (x : Vec n) (c : ℝ), c < c → sumExp x = c")
    assert (result.verdict, result.cases) == (Verdict.INCONCLUSIVE, 0)
    assert result.discarded > 0


def test_n_0_alone_credits_nothing_and_can_refute(judge: Judge) -> None:
    right = judge.reals("∀ x : Vec 0, sumExp x = 0")
    assert (right.verdict, right.cases) == (Verdict.UNSUPPORTED, 0) and right.cases_n0 > 0
    assert right.notes == ("n = 0 only: compared, and credits nothing",)
    assert judge.reals("∀ x : Vec 0, sumExp x = 1").verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        ("∀ {n : ℕ} (x : Vec (n + 1)), sumExp x ≤ sumExp x", Verdict.INCONCLUSIVE),
        ("∀ {n : ℕ} (x : Vec (n + 1)), sumExp x < sumExp x", Verdict.REFUTED),  # exact at x = 0
        ("∀ {n : ℕ} (x : Vec (n + 1)), 0 < sumExp x", Verdict.CONFORMS),
        ("∀ {n : ℕ} (x : Vec (n + 1)), sumExp x > 0", Verdict.CONFORMS),
        ("∀ {n : ℕ} (x : Vec (n + 1)), sumExp x < 0", Verdict.REFUTED),
        ("∀ {n : ℕ} (x : Vec (n + 1)), 0 ≥ sumExp x", Verdict.REFUTED),
        ("∀ c : ℝ, c ≤ c", Verdict.CONFORMS),
        ("∀ c : ℝ, c < c", Verdict.REFUTED),
    ],
)
def test_inequalities_are_decided_where_balls_can(
    judge: Judge, statement: str, verdict: Verdict
) -> None:
    assert judge.reals(statement).verdict is verdict


def test_a_difference_below_float64_is_seen(judge: Judge) -> None:
    """2^-80 rounds away in every format that is judged, and not in balls."""
    assert judge.reals(f"∀ c : ℝ, 1 + 1 / {2**80} = (1 : ℝ)").verdict is Verdict.REFUTED
    right = f"∀ c : ℝ, 1 + 1 / {2**80} - 1 = (1 / {2**80} : ℝ)"
    assert judge.reals(right).verdict is Verdict.CONFORMS
