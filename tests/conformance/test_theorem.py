"""The theorem check: right code satisfies what is true, also statements that nobody has seen."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from harness.cells.cell import Cell
from harness.conformance.call_hook import TooLarge
from harness.conformance.job import Job
from harness.conformance.request import Request
from harness.conformance.session import Session
from harness.conformance.sheet import one_cell
from harness.conformance.tally import Tally
from harness.conformance.theorem import judge_claim
from harness.conformance.verdict import Verdict
from harness.implementations import numpy_softmax
from harness.implementations.catalogue import load_catalogue
from harness.specs.library import SpecLibrary
from tests.conformance.judging import Judge, subject_of
from tests.conformance.unseen import TWINS

# Judged by torch, too: calls under sums, at indices, of maps, of real arguments, in derivatives.
BY_TORCH = (
    "call_under_a_sum",
    "argument_that_depends_on_the_index",
    "multiple_of_a_vector",
    "rows_of_maps",
    "derivative_of_a_real_function",
)


@pytest.fixture(scope="module")
def session(unseen: SpecLibrary) -> Session:
    entries = tuple(e for e in load_catalogue() if e.name in ("numpy", "torch"))
    return Session(Request(effort="quick", shrink=False), unseen, entries)


def judged_twins(session: Session, name: str, entry: str, dtype: str) -> None:
    right = session.run(Job(name, "theorem", entry, dtype, "cpu"))
    assert (right.verdict, right.violation) == (Verdict.CONFORMS, None)
    assert right.cases > 0
    assert right.worst_ratio is not None and right.worst_ratio.amount <= 1

    wrong = session.run(Job(f"{name}_wrong", "theorem", entry, dtype, "cpu"))
    assert wrong.verdict is Verdict.VIOLATES
    found = wrong.violation
    assert found is not None and found.case is not None and found.ratio is not None
    assert found.kind in ("value", "nan") and found.ratio > 1 and found.case.n <= 3


@pytest.mark.parametrize("name", TWINS)
def test_right_code_satisfies_what_is_true_and_not_its_false_twin(
    session: Session, name: str
) -> None:
    judged_twins(session, name, "numpy", "float32")


@pytest.mark.parametrize("name", BY_TORCH)
def test_so_does_torch_in_float64(session: Session, name: str) -> None:
    judged_twins(session, name, "torch", "float64")


def test_wrong_code_violates_a_theorem_of_its_own(judge: Judge) -> None:
    def tilted(x: Any) -> Any:
        return numpy_softmax.softmax_vec(x) * x.dtype.type(1 + 2**-18)

    statement = "∀ {n : ℕ} (x : Vec (n + 1)), ∑ i, softmaxVec x i = 1"
    wrong = judge.theorem(statement, {"softmaxVec": tilted})
    assert wrong.verdict is Verdict.VIOLATES
    assert wrong.violation is not None and wrong.violation.case is not None
    assert wrong.violation.case.n == 1  # Vec 2: at Vec 1 the walk knows that softmax is exact
    assert judge.theorem(statement).verdict is Verdict.CONFORMS


def test_a_constant_is_called_on_what_it_really_gets(judge: Judge) -> None:
    """The float result of the inner call goes on to the outer one."""
    inner: list[Any] = []
    outer: list[Any] = []

    def softmax(x: Any) -> Any:
        inner.append(numpy_softmax.softmax_vec(x))
        return inner[-1].copy()  # a result is its caller's, who writes into it

    def total(x: Any) -> Any:
        outer.append(x.copy())
        return numpy_softmax.sum_exp(x)

    statement = "∀ {n : ℕ} (x : Vec n), sumExp (softmaxVec x) ≤ sumExp (softmaxVec x)"
    result = judge.theorem(statement, {"softmaxVec": softmax, "sumExp": total})
    assert result.verdict is Verdict.CONFORMS and result.ours == ()
    assert len(inner) == len(outer) == result.cells
    assert all(np.array_equal(a, b) for a, b in zip(inner, outer, strict=True))


def test_what_the_entry_lacks_is_ours(judge: Judge) -> None:
    statement = "∀ {n : ℕ} (x dx : Vec n), softmaxJvp x dx = softmaxDerivCLM x dx"
    result = judge.theorem(statement, {"softmaxJvp": numpy_softmax.softmax_jvp})
    assert (result.verdict, result.ours) == (Verdict.CONFORMS, ("softmaxDerivCLM",))
    assert result.constants == ("softmaxJvp", "softmaxDerivCLM")


def test_an_exception_is_told_with_its_constant_and_the_rest_is_judged(judge: Judge) -> None:
    def halting(x: Any) -> Any:
        if x.shape[-1] == 4:
            raise ValueError("four")
        return numpy_softmax.sum_exp(x)

    statement = "∀ {n : ℕ} (x : Vec n), sumExp x = ∑ i, Real.exp (x i)"
    result = judge.theorem(statement, {"sumExp": halting})
    assert result.verdict is Verdict.VIOLATES
    assert result.violation is not None and result.violation.case is not None
    assert (result.violation.kind, result.violation.constant) == ("exception", "sumExp")
    assert (result.violation.message, result.violation.case.n) == ("ValueError: four", 4)
    assert 0 < result.cases < judge.theorem(statement).cases


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no SIGALRM here")
def test_a_check_ends_with_the_first_hang(judge: Judge) -> None:
    calls: list[int] = []

    def hangs_from_4(x: Any) -> Any:
        calls.append(x.shape[-1])
        while x.shape[-1] >= 4:
            pass
        return numpy_softmax.sum_exp(x)

    statement = "∀ {n : ℕ} (x y : Vec n), sumExp x * sumExp y = sumExp y * sumExp x"
    result = judge.theorem(statement, {"sumExp": hangs_from_4}, limit=0.05)
    assert result.violation is not None and result.violation.kind == "hang"
    assert max(calls) == 4 and calls.count(4) <= 2


def test_hypotheses_that_are_never_met_leave_it_open(judge: Judge) -> None:
    result = judge.theorem("∀ {n : ℕ} (x : Vec n) (c : ℝ), c < c → sumExp x = c")
    assert (result.verdict, result.cases) == (Verdict.INCONCLUSIVE, 0)
    assert result.notes == ("hypotheses never met",) and result.discarded > 0


def test_what_takes_too_many_numbers_is_not_begun(judge: Judge) -> None:
    """4096² of them at each input: gigabytes."""
    claim = judge.claim("∀ {n : ℕ} (x : Vec n) (i j : Fin n), x i * x j = x j * x i")
    bench, subject, tally = judge.bench("float32"), subject_of({}), Tally()
    for n, judged in ((64, 64 * 64 * 5), (4096, None)):
        sheet = one_cell(claim.variables, Cell(1, "float32", n, "normal", "normal", batch=(5,)))
        if judged is None:
            with pytest.raises(TooLarge, match="below n = 4096: 16,777,216 numbers at an input"):
                judge_claim(bench, subject, claim, sheet, tally)
        else:
            judge_claim(bench, subject, claim, sheet, tally)
            assert tally.cases == judged


def test_what_a_hypothesis_discards_is_not_judged(judge: Judge) -> None:
    """The false part of this statement is where c ≤ 0."""
    kept = "∀ {n : ℕ} (x : Vec (n + 1)) (c : ℝ), 0 < c → sumExp x < sumExp x + c"
    result = judge.theorem(kept)
    assert result.verdict is Verdict.CONFORMS and result.discarded > result.cases / 2 > 0
    bare = "∀ {n : ℕ} (x : Vec (n + 1)) (c : ℝ), sumExp x < sumExp x + c"
    assert judge.theorem(bare).verdict is Verdict.VIOLATES


def test_n_0_is_judged_where_the_entry_has_it(judge: Judge) -> None:
    def one_too_many(x: Any) -> Any:
        total = numpy_softmax.sum_exp(x)
        return total if x.shape[-1] else total + 1

    statement = "∀ {n : ℕ} (x : Vec n), sumExp x = ∑ i, Real.exp (x i)"
    result = judge.theorem(statement, {"sumExp": one_too_many})
    assert (result.verdict, result.violation) == (Verdict.VIOLATES, None)
    assert result.violation_n0 is not None
    without = judge.theorem(statement, {"sumExp": one_too_many}, min_n=1)
    assert (without.verdict, without.cases_n0) == (Verdict.CONFORMS, 0)


def test_a_wrong_derivative_shows_without_its_formula(judge: Judge) -> None:
    def halved(x: Any, v: Any) -> Any:
        return numpy_softmax.softmax_deriv_clm(x, v) / 2

    statement = "∀ {n : ℕ} (x : Vec n), HasFDerivAt softmaxVec (softmaxDerivCLM x) x"
    assert judge.theorem(statement).verdict is Verdict.CONFORMS
    assert judge.theorem(statement, {"softmaxDerivCLM": halved}).verdict is Verdict.VIOLATES


DERIVATIVE = "∀ {n : ℕ} (x : Vec n), HasFDerivAt softmaxVec (softmaxDerivCLM x) x"


def _along(x: Any, v: Any) -> Any:
    return numpy_softmax.softmax_deriv_clm(x, v)


def _homogeneous(x: Any, v: Any) -> Any:
    size, total = abs(v).sum(axis=-1, keepdims=True), abs(v.sum(axis=-1, keepdims=True))
    return (_along(x, v) + x.dtype.type(1e-3) * (size - total)).astype(x.dtype)


def _on_axes(x: Any, v: Any) -> Any:
    near = np.roll(v, 1, axis=-1) if v.shape[-1] > 1 else np.zeros_like(v)
    return (_along(x, v) + x.dtype.type(1e-3) * np.minimum(abs(v), abs(near))).astype(x.dtype)


def _difference(x: Any, v: Any) -> Any:
    h = x.dtype.type(2.0**-10)
    f = numpy_softmax.softmax_vec
    return ((f(x + h * v) - f(x - h * v)) / (2 * h)).astype(x.dtype)


@pytest.mark.parametrize(
    ("derivative", "verdict"),
    [
        (_along, Verdict.CONFORMS),
        (_homogeneous, Verdict.VIOLATES),
        (_on_axes, Verdict.VIOLATES),
        (_difference, Verdict.VIOLATES),
    ],
)
def test_a_derivative_is_judged_by_the_series_along_any_direction(
    judge: Judge, derivative: Callable[..., object], verdict: Verdict
) -> None:
    result = judge.theorem(DERIVATIVE, {"softmaxDerivCLM": derivative})
    assert result.verdict is verdict
    assert result.constants == ("softmaxVec", "softmaxDerivCLM")
