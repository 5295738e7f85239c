"""What is judged on a device of torch is what the processor says; CUDA where torch sees one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness.campaign.by_device import (
    device_check,
    is_elsewhere,
    judged_on_device,
    why_made_here,
    why_read_back,
)
from harness.campaign.drive import Budget, drive
from harness.campaign.judge import run_units
from harness.campaign.ledger import Head, Ledger
from harness.campaign.make import campaign_of
from harness.campaign.plan import Campaign, Shards
from harness.campaign.results import judged_by_walk
from harness.campaign.summary import Summary
from harness.cells.cell import Cell
from harness.conformance.job import Job
from harness.conformance.question import Question
from harness.conformance.request import Request
from harness.conformance.session import Session
from harness.conformance.sheet import one_cell
from harness.evaluate.fast.device.on_torch import DeviceCheck, evaluated
from harness.evaluate.fast.reasons import NotCompiled
from harness.implementations.catalogue import load_catalogue
from harness.implementations.user_entry import user_entry
from harness.specs.load import load_specs
from harness.specs.locate import find_specs
from tests.campaign.both_ways import UNIT, Nothing, by_kernel, by_walk
from tests.campaign.campaigns import inline

torch = pytest.importorskip("torch")
pytest.importorskip("llvmlite")

DEVICES = [
    "cpu",
    pytest.param(
        "cuda",
        marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="torch sees no CUDA device"),
    ),
]
COUNTED = ("inputs", "cells", "cases", "out_of_range", "unbounded", "undecided", "violations")
NORMAL = Cell(1, "float32", 8, "normal", "normal", 16, (2001,))


@pytest.fixture(scope="module")
def library() -> Any:
    return load_specs(find_specs(None).path)


def softmax(x: Any) -> Any:
    return torch.softmax(x, -1)


def sometimes_wrong(x: Any) -> Any:
    y = torch.softmax(x, -1)
    return torch.where(x[..., :1] > 2, y * 1.001, y)


def asked(
    library: Any, constant: str, function: Any, device: str = "cpu", dtype: str = "float32"
) -> Question:
    dtypes = (dtype,)
    entry = user_entry({constant: function}, "torch", dtypes=dtypes, devices=(device,), name="mine")
    session = Session(Request(), library, (entry,))
    question = session.question(Job(constant, "definition", "mine", dtype, device))
    assert isinstance(question, Question)
    return question


def checked(question: Question) -> DeviceCheck:
    check = device_check(question)
    assert isinstance(check, DeviceCheck)
    return check


def there(question: Question, cell: Cell, check: DeviceCheck | None = None) -> Summary:
    with np.errstate(all="ignore"):  # as a campaign does
        sheet = one_cell(question.variables, cell)
        walk = partial(by_walk, question, cell)
        made = check or device_check(question)
        assert made is not None
        return judged_on_device(question, made, sheet, UNIT, walk)


def same_counts(one: Summary, other: Summary) -> None:
    assert [getattr(one, name) for name in COUNTED] == [getattr(other, name) for name in COUNTED]
    assert one.judged_at == other.judged_at
    assert sum(one.histogram) == sum(other.histogram)
    assert one.first == other.first


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
@pytest.mark.parametrize("regime", ["normal", "exp_range", "near_overflow", "signed_zeros"])
def test_counts_and_peaks_are_those_of_the_processor(
    library: Any, device: str, dtype: str, regime: str
) -> None:
    cell = replace(NORMAL, dtype=dtype, regime=regime)
    question = asked(library, "softmaxVec", softmax, device, dtype)
    fast, slow = there(question, cell), by_kernel(question, cell)
    same_counts(fast, slow)
    assert fast.first is None and fast.cases > 0
    assert fast.worst_ratio is not None and slow.worst_ratio is not None
    assert fast.worst_ratio.at == slow.worst_ratio.at
    assert fast.worst_ratio.amount == pytest.approx(slow.worst_ratio.amount, rel=1e-4)


@pytest.mark.parametrize("device", DEVICES)
def test_a_violation_is_the_same_one_in_the_same_words(library: Any, device: str) -> None:
    question = asked(library, "softmaxVec", sometimes_wrong, device)
    fast, slow = there(question, NORMAL), by_kernel(question, NORMAL)
    same_counts(fast, slow)
    assert fast.first is not None and fast.violations > 0
    assert fast.first == by_walk(question, NORMAL).first


class Watched:
    """A kernel or a walk that notes where its arrays are and how many rows they have."""

    def __init__(self, original: Any, seen: list[tuple[str, int]]) -> None:
        self.original, self.seen, self.own = original, seen, getattr(original, "own", ())

    def __call__(self, arrays: Any, got: Any, places: Any) -> Any:
        for array in (*arrays, got):
            device = array.device.type if isinstance(array, torch.Tensor) else "numpy"
            self.seen.append((device, len(array)))
        return self.original(arrays, got, places)


@pytest.mark.parametrize("device", DEVICES)
def test_results_stay_and_rows_that_are_not_inside_come_back(library: Any, device: str) -> None:
    question, seen = asked(library, "softmaxVec", sometimes_wrong, device), list[Any]()
    check: Any = checked(question)
    watched = replace(check, kernel=Watched(check.kernel, seen), walk=Watched(check.walk, seen))
    there(question, NORMAL, watched)
    left = seen[-1][1]
    assert seen == [(device, 2001), (device, 2001), ("numpy", left), ("numpy", left)]
    assert 0 < left < 200


@pytest.mark.parametrize("device", DEVICES)
def test_a_check_that_does_not_fit_into_memory_is_halved(library: Any, device: str) -> None:
    question = asked(library, "softmaxVec", sometimes_wrong, device)
    check, sizes = checked(question), list[int]()
    assert check.kernel is not None

    def small(order: Any, outcome: Any, chunk: Any) -> Any:
        sizes.append(len(chunk.arrays[0]))
        if sizes[-1] > 600:
            raise torch.cuda.OutOfMemoryError("out of memory")
        return evaluated(order, outcome, chunk)

    halved = replace(check, kernel=replace(check.kernel, evaluate=small))
    same_counts(there(question, NORMAL, halved), there(question, NORMAL))
    assert sizes[:3] == [2001, 1000, 500] and max(sizes[2:]) == 500


@pytest.mark.parametrize("device", DEVICES)
def test_indices_are_passed_one_by_one(library: Any, device: str) -> None:
    def coordinate(y: Any, i: int, dx: Any) -> Any:
        return y[..., i] * dx[..., i] - y[..., i] * (y * dx).sum(-1)

    question = asked(library, "softmaxDerivCoord", coordinate, device)
    cell = replace(NORMAL, batch=(501,))
    fast = there(question, cell)
    same_counts(fast, by_kernel(question, cell))
    assert fast.cases > 501


STATEMENTS = (
    "inner_softmaxJvp_comm",
    "softmaxVec_add_const",
    "softmaxDerivCoord_apply",
    "softmaxJvp_eq_deriv",
    "dotCLM_apply",
)
"""Whose arguments are given, computed, and indices; with two constants; exact but for sums."""


def about(
    library: Any,
    statement: str,
    dtype: str,
    device: str = "cpu",
    functions: Mapping[str, Any] | None = None,
) -> Question:
    """A statement about functions, or about ours."""
    ours = next(e for e in load_catalogue() if e.name == "torch")
    entry = replace(ours, devices=(device,))
    if functions is not None:
        entry = user_entry(functions, "torch", dtypes=(dtype,), devices=(device,), name="mine")
    session = Session(Request(), library, (entry,))
    question = session.question(Job(statement, "theorem", entry.name, dtype, device))
    assert isinstance(question, Question)
    return question


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
@pytest.mark.parametrize("statement", STATEMENTS)
def test_statements_have_the_counts_of_the_processor(
    library: Any, device: str, dtype: str, statement: str
) -> None:
    question = about(library, statement, dtype, device)
    for n, regime in ((3, "normal"), (8, "near_overflow"), (2, "subnormal_outputs")):
        cell = Cell(1, dtype, n, regime, "normal", 16, (201,))
        fast, slow = there(question, cell), by_walk(question, cell)
        same_counts(fast, slow)
        if slow.worst_ratio is not None and slow.worst_ratio.amount > 0.01:
            assert fast.worst_ratio is not None
            assert fast.worst_ratio.amount == pytest.approx(slow.worst_ratio.amount, rel=0.02)


@pytest.mark.parametrize("device", DEVICES)
def test_a_statement_that_is_violated_is_worded_by_the_walk(library: Any, device: str) -> None:
    functions = {"softmaxVec": sometimes_wrong}
    question = about(library, "softmaxVec_add_const", "float32", device, functions)
    fast, slow = there(question, NORMAL), by_walk(question, NORMAL)
    same_counts(fast, slow)
    assert fast.first is not None and fast.violations > 0


@pytest.mark.parametrize("device", DEVICES)
def test_results_of_a_statement_stay_and_each_call_is_made_once(library: Any, device: str) -> None:
    seen = list[tuple[str, int]]()

    def watched(x: Any) -> Any:
        seen.append((x.device.type, len(x)))
        return torch.softmax(x, -1)

    question = about(library, "softmaxDerivCoord_apply", "float32", device, {"softmaxVec": watched})
    fast = there(question, replace(NORMAL, batch=(11,)))
    assert fast.cases > 11 and seen == [(device, 11)]


def _raises(x: Any) -> Any:
    raise ValueError("no")


def _changes_its_argument(x: Any) -> Any:
    return torch.softmax(x, -1, out=x)


def _of_another_shape(x: Any) -> Any:
    return torch.softmax(x, -1)[:-1]


def _sparse(x: Any) -> Any:
    return torch.softmax(x, -1).to_sparse()


@pytest.mark.parametrize("function", [_raises, _changes_its_argument, _of_another_shape, _sparse])
@pytest.mark.parametrize("device", DEVICES)
def test_what_gives_no_value_is_worded_by_the_walk(
    library: Any, device: str, function: Callable[..., Any]
) -> None:
    question = asked(library, "softmaxVec", function, device)
    fast = there(question, replace(NORMAL, batch=(11,)))
    assert fast == by_walk(question, replace(NORMAL, batch=(11,))) and fast.first is not None


@pytest.mark.parametrize("device", DEVICES)
def test_code_that_gives_the_array_of_an_earlier_call_is_found(library: Any, device: str) -> None:
    kept: dict[str, Any] = {}

    def remembers(x: Any) -> Any:
        return kept.setdefault("result", torch.softmax(x, -1))

    question = asked(library, "softmaxVec", remembers, device)
    assert there(question, NORMAL).first is None
    assert there(question, NORMAL).violations > 0  # its owner wrote NaN into it meanwhile


@pytest.mark.parametrize("device", DEVICES)
def test_code_that_is_wrong_once_is_not_let_go(library: Any, device: str) -> None:
    seen: list[int] = []

    def unsteady(x: Any) -> Any:
        seen.append(1)
        return torch.softmax(x, -1) * (1.01 if len(seen) == 1 else 1)

    fast = there(asked(library, "softmaxVec", unsteady, device), replace(NORMAL, batch=(11,)))
    assert fast.first is not None and fast.violations > 0
    assert "inside when the same input was given again" in fast.first.message


def refuses(*definition: Any) -> Any:
    raise NotCompiled("it is not compiled there")


def test_what_has_no_kernel_there_is_read_back_and_says_so(
    library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert why_read_back(asked(library, "softmaxVec", softmax), Nothing()) == ""
    statement = about(library, "hasFDerivAt_softmaxVec", "float32")
    assert device_check(statement) is None
    said = "a statement with derivatives is judged with balls: results are read back"
    assert why_read_back(statement, Nothing()) == f"{said}; the walk judges"
    monkeypatch.setattr("harness.evaluate.fast.device.on_torch.torch_kernel", refuses)
    question = asked(library, "softmaxVec", softmax)
    assert device_check(question) is None
    said = "it is not compiled there: results are read back; a kernel judges"
    assert why_read_back(question, Nothing()) == said


def test_the_processor_is_not_elsewhere_unless_it_is_asked_for(library: Any) -> None:
    question = asked(library, "softmaxVec", softmax)
    assert not is_elsewhere(question)
    (callee,) = question.subject.callees.values()
    moved = replace(callee, backend=replace(callee.backend, device="cuda"))
    subject = replace(question.subject, callees={"softmaxVec": moved})
    assert is_elsewhere(replace(question, subject=subject))


def made(library: Any, functions: Mapping[str, Any], device: str, *dtypes: str) -> Campaign:
    entry = user_entry(functions, "torch", dtypes=dtypes, devices=(device,), name="mine")
    request = Request(names=("softmaxVec",), devices=(device,), effort="campaign")
    regimes = ("normal", "exp_range", "tiny")
    how: dict[str, Any] = {"asked": 400_000, "sizes": (3, 8), "regimes": regimes, "version": "1"}
    return campaign_of(request, library, (entry,), **how)[0]


def driven(campaign: Campaign, folder: Path, task: Any) -> Mapping[int, Summary]:
    with Ledger(folder) as ledger:
        ledger.begin(Head({}, 2))
        shards = Shards(campaign.units, 2)
        how: dict[str, Any] = {"budget": Budget(), "tell": lambda status: None, "task": task}
        return drive(campaign, shards, ledger, inline(), **how).summaries


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("function", [softmax, sometimes_wrong])
def test_a_whole_campaign_ends_as_on_the_processor(
    library: Any, tmp_path: Path, device: str, function: Callable[..., Any]
) -> None:
    campaign = made(library, {"softmaxVec": function}, device, "float32", "float64", "bfloat16")
    fast = driven(campaign, tmp_path / "there", partial(run_units, there=lambda question: True))
    slow = driven(campaign, tmp_path / "here", partial(run_units, there=lambda question: False))
    assert fast.keys() == slow.keys() == {0, 1, 2}
    for job in fast:
        same_counts(fast[job], slow[job])
    assert any(one.violations for one in fast.values()) == (function is sometimes_wrong)


def test_what_is_not_judged_on_the_device_is_said_once_for_each_reason(
    library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = made(library, {"softmaxVec": softmax}, "cpu", "float32", "float64")
    session = Session(campaign.request, library, campaign.entries)
    monkeypatch.setattr("harness.campaign.results.is_elsewhere", lambda question: True)
    assert judged_by_walk(campaign, session) == ()
    monkeypatch.setattr("harness.campaign.results.why_made_here", lambda question: "other bits")
    assert judged_by_walk(campaign, session) == ("2 of 2 checks: other bits",)


def test_inputs_that_are_copied_to_the_device_are_named(
    library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = asked(library, "softmaxVec", softmax)
    assert why_made_here(question) == ""
    monkeypatch.setattr("harness.campaign.by_device.unlike", lambda *_: {"tiny", "raw_bits"})
    said = "raw_bits, tiny: other bits on cpu, so inputs with them are made on the processor"
    assert why_made_here(question) == said
    monkeypatch.setattr("harness.evaluate.fast.device.on_torch.torch_kernel", refuses)
    assert why_made_here(asked(library, "softmaxVec", softmax)) == ""
