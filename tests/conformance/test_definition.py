"""The definition check: right code conforms everywhere, bounds are not slack, wrong code shows."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from harness.cells.cell import Cell, parse_cell
from harness.cells.regimes import REGIMES
from harness.conformance.definition import judge_sheet
from harness.conformance.sheet import one_cell
from harness.conformance.subject import Subject
from harness.conformance.tally import Tally
from harness.conformance.verdict import CheckResult, Verdict
from harness.implementations import numpy_softmax, torch_softmax
from harness.implementations.catalogue import load_catalogue
from harness.implementations.resolve import callable_of
from tests.conformance.judging import Judge, subject_of

CONSTANTS = tuple(next(e for e in load_catalogue() if e.name == "numpy").constants)
EXACT = {"softmaxVecOfFun"}  # copies; nothing is rounded
BACKENDS = ("numpy", "torch")


def ours(backend: str, constant: str) -> Callable[..., object]:
    entry = next(e for e in load_catalogue() if e.name == backend)
    return callable_of(entry, constant)


def torch_softmax_of_torch(x: torch.Tensor) -> torch.Tensor:
    return torch.softmax(x, dim=-1)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("constant", CONSTANTS)
def test_bounds_are_not_slack(judge: Judge, backend: str, constant: str) -> None:
    """A case with normal outputs uses at least 40 % of the bound."""
    if constant == "sumExp":  # its worst rounding, of 1 + exp x, is rare: a run of `check` meets it
        judge = Judge(judge.library, "default")
    result = judge.definition({constant: ours(backend, constant)}, backend=backend)
    assert result.verdict is Verdict.CONFORMS
    assert result.worst_ratio is not None and result.worst_ratio.amount <= 1
    if constant in EXACT:
        assert result.tightness is None
        assert result.worst_ratio.amount == 0
    else:
        assert result.tightness is not None
        assert 0.4 <= result.tightness <= 1


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("backend", "softmax"),
    [
        ("numpy", numpy_softmax.softmax_vec),
        ("torch", torch_softmax.softmax_vec),
        ("torch", torch_softmax_of_torch),
    ],
    ids=["numpy", "torch", "torch.softmax"],
)
def test_right_softmax_conforms_in_every_regime(
    judge: Judge, backend: str, softmax: Callable[..., object], dtype: str
) -> None:
    subject = subject_of({"softmaxVec": softmax}, backend, dtype)
    for regime in REGIMES:
        for n in (1, 2, 9):
            cell = Cell(7, dtype, n, regime, "normal", batch=(5,))
            result = judged(judge, subject, "softmaxVec", cell)
            assert (result.verdict, result.out_of_range) == (Verdict.CONFORMS, 0), cell.id()
            assert result.cases == 5 * n, cell.id()


@pytest.mark.parametrize("view", ["strided", "transposed", "reversed", "offset"])
@pytest.mark.parametrize("batch", [(), (5,), (2, 3)])
def test_views_and_shapes_are_called_and_judged(
    judge: Judge, view: str, batch: tuple[int, ...]
) -> None:
    cell = Cell(7, "float32", 3, "normal", "normal", batch=batch, view=view)
    seen: list[Any] = []

    def softmax(x: Any) -> Any:
        seen.append((x.shape, x.flags.c_contiguous))
        return numpy_softmax.softmax_vec(x)

    result = judged(judge, subject_of({"softmaxVec": softmax}), "softmaxVec", cell)
    assert (result.verdict, result.cases) == (Verdict.CONFORMS, cell.rows * 3)
    assert [shape for shape, _ in seen] == [(*batch, 3)]
    assert seen[0][1] == (view == "offset")

    def assumes_contiguous(x: Any) -> Any:
        packed = np.lib.stride_tricks.as_strided(x, strides=np.empty(x.shape, x.dtype).strides)
        return numpy_softmax.softmax_vec(packed)

    wrong = judged(judge, subject_of({"softmaxVec": assumes_contiguous}), "softmaxVec", cell)
    assert (wrong.verdict is Verdict.CONFORMS) == (view == "offset")


def test_a_violation_can_be_found_again_by_its_cell(judge: Judge) -> None:
    wrong = {"softmaxVec": lambda x: numpy_softmax.softmax_vec(x) * np.float32(1 + 2**-20)}
    found = judge.definition(wrong).violation
    assert found is not None and found.case is not None and found.bound is not None
    assert (found.kind, found.constant, found.case.n) == ("value", "softmaxVec", 1)
    again = judged(judge, subject_of(wrong), "softmaxVec", parse_cell(found.case.cell)).violation
    assert again is not None and again.case is not None
    assert (again.got, again.want, again.ratio) == (found.got, found.want, found.ratio)
    assert again.case.inputs == found.case.inputs
    observed, exact = float.fromhex(found.got), float.fromhex(found.want)
    assert observed == pytest.approx(exact * (1 + 2**-20))
    assert "is " + repr(observed) in found.message


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_a_number_violates(judge: Judge, bad: float) -> None:
    def softmax(x: Any) -> Any:
        y = numpy_softmax.softmax_vec(x)
        return np.where(y == 1, y.dtype.type(bad), y)

    found = judge.definition({"softmaxVec": softmax}, fail_fast=True).violation
    assert found is not None
    assert (found.kind, found.ratio, found.got) == ("nan", np.inf, bad.hex())


def test_an_index_is_judged_at_the_ends_and_inside(judge: Judge) -> None:
    for wrong_at in (0, 1, -1):

        def coordinate(x: Any, i: int, v: Any, at: int = wrong_at) -> Any:
            right = numpy_softmax.softmax_deriv_coord(x, i, v)
            return right * 2 if i == at % max(x.shape[-1], 1) and x.shape[-1] > 2 else right

        result = judge.definition({"softmaxDerivCoord": coordinate}, fail_fast=True)
        assert result.violation is not None and result.violation.case is not None
        assert result.violation.case.n == 3
        assert f"at coordinate {wrong_at % 3} " in result.violation.message


def test_a_failure_at_n_0_stands_in_a_line_of_its_own(judge: Judge) -> None:
    def softmax(x: Any) -> Any:
        if x.shape[-1] == 0:
            raise ValueError("empty")
        return numpy_softmax.softmax_vec(x)

    result = judge.definition({"softmaxVec": softmax})
    assert (result.verdict, result.violation) == (Verdict.VIOLATES, None)
    assert result.violation_n0 is not None and result.violation_n0.case is not None
    assert (result.violation_n0.kind, result.violation_n0.case.n) == ("exception", 0)
    assert result.cases > 1000

    declared = judge.definition({"softmaxVec": softmax}, min_n=1)
    assert (declared.verdict, declared.cases_n0) == (Verdict.CONFORMS, 0)
    assert declared.cases == result.cases


def test_n_0_alone_credits_nothing(judge: Judge) -> None:
    cell = Cell(7, "float32", 0, "normal", "normal", batch=(5,))
    result = judged(judge, subject_of({"sumExp": numpy_softmax.sum_exp}), "sumExp", cell)
    assert (result.verdict, result.cases, result.cases_n0) == (Verdict.UNSUPPORTED, 0, 5)
    wrong = judged(
        judge, subject_of({"sumExp": lambda x: np.ones(x.shape[:-1], x.dtype)}), "sumExp", cell
    )
    assert wrong.verdict is Verdict.VIOLATES and wrong.violation_n0 is not None


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no SIGALRM here")
def test_a_check_ends_with_the_first_hang(judge: Judge) -> None:
    calls: list[int] = []

    def hangs_from_4(x: Any) -> Any:
        calls.append(x.shape[-1])
        while x.shape[-1] >= 4:
            pass
        return numpy_softmax.sum_exp(x)

    result = judge.definition({"sumExp": hangs_from_4}, limit=0.05)
    assert result.violation is not None and result.violation.case is not None
    assert (result.verdict, result.violation.kind) == (Verdict.VIOLATES, "hang")
    assert result.violation.case.n == 4 and result.cases > 0
    assert calls.count(4) == 1 and max(calls) == 4


def test_fail_fast_stops_at_the_first_size_that_violates(judge: Judge) -> None:
    wrong = {"sumExp": lambda x: numpy_softmax.sum_exp(x) * np.float32(2)}
    hurried, patient = (judge.definition(wrong, fail_fast=fast) for fast in (True, False))
    assert hurried.cells < patient.cells and hurried.violations < patient.violations
    assert hurried.violation == patient.violation


def test_what_overflows_is_counted_and_not_judged(judge: Judge) -> None:
    result = judge.definition({"sumExp": numpy_softmax.sum_exp})
    assert result.verdict is Verdict.CONFORMS and 0 < result.out_of_range < result.cases


def test_code_without_the_shift_must_declare_it(judge: Judge) -> None:
    def naive(x: Any) -> Any:
        exps = np.exp(x)
        return exps / exps.sum(axis=-1, keepdims=True)

    assert judge.definition({"softmaxVec": naive}).verdict is Verdict.VIOLATES
    declared = judge.definition({"softmaxVec": naive}, arithmetic="as_written")
    assert declared.violation is None and declared.cases > 1000
    assert declared.arithmetic == "as_written"


def judged(judge: Judge, subject: Subject, constant: str, cell: Cell) -> CheckResult:
    """The definition check on one cell."""
    bench, tally = judge.bench(cell.dtype), Tally()
    sheet = one_cell(bench.own[constant].params, cell)
    with np.errstate(all="ignore"):
        judge_sheet(bench, subject, constant, sheet, tally)
    return tally.result(
        CheckResult(constant, "definition", "mine", cell.dtype, "cpu", Verdict.NOT_RUN)
    )
