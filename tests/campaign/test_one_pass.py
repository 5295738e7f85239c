"""Kernels in one pass judge cells on a GPU, where they say what single operations say."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import pytest

from harness.campaign import one_pass
from harness.campaign.by_device import device_check, why_not_in_one_pass
from harness.campaign.one_pass import difference
from harness.cells.cell import Cell
from harness.conformance.question import Question
from harness.evaluate.fast.device import on_triton
from harness.evaluate.fast.device.on_torch import DeviceCheck, Evaluated
from harness.evaluate.fast.reasons import NotCompiled
from harness.specs.load import load_specs
from harness.specs.locate import find_specs
from tests.campaign.both_ways import by_walk
from tests.campaign.test_by_device import NORMAL, about, asked, same_counts, softmax, there

torch = pytest.importorskip("torch")
pytest.importorskip("triton")

pytestmark = [
    pytest.mark.skipif(
        os.environ.get("TRITON_INTERPRET") != "1", reason="Triton runs on the GPU that is here"
    ),
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),  # numpy's, in the interpreter
]


@pytest.fixture(scope="module")
def library() -> Any:
    return load_specs(find_specs(None).path)


@pytest.fixture(autouse=True)
def worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The interpreter, which is slow, stands for a GPU."""
    monkeypatch.setattr(one_pass, "is_worth_it", lambda device: True)
    monkeypatch.setattr(one_pass, "SIZES", (3, 17))
    monkeypatch.setattr(one_pass, "ROWS", 9)


def evaluators(question: Question) -> set[str]:
    check = device_check(question)
    kernels = check if isinstance(check, tuple) else (check,)
    return {type(one.kernel.evaluate).__name__ for one in kernels}  # type: ignore


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
def test_definitions_have_the_counts_of_the_walk(library: Any, dtype: str) -> None:
    question = asked(library, "softmaxVec", softmax, dtype=dtype)
    assert why_not_in_one_pass(question) == "" and evaluators(question) == {"_OnePass"}
    cell = replace(NORMAL, dtype=dtype, batch=(61,))
    fast, slow = there(question, cell), by_walk(question, cell)
    same_counts(fast, slow)
    assert fast.cases > 0


@pytest.mark.parametrize(
    "statement", ["inner_softmaxJvp_comm", "softmaxVec_add_const", "softmaxDerivCoord_apply"]
)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_statements_have_the_counts_of_the_walk(library: Any, statement: str, dtype: str) -> None:
    question = about(library, statement, dtype)
    assert why_not_in_one_pass(question) == "" and evaluators(question) == {"_OnePass"}
    cell = Cell(1, dtype, 3, "normal", "normal", 16, (31,))
    same_counts(there(question, cell), by_walk(question, cell))


def test_a_kernel_that_says_something_else_is_not_used(
    library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = on_triton._OnePass._launched

    def mild(one: Any, *asked: Any) -> Evaluated:
        found = right(one, *asked)
        return replace(found, greatest_ratio=found.greatest_ratio * 0.99)

    monkeypatch.setattr(on_triton._OnePass, "_launched", mild)
    question = asked(library, "softmaxVec", softmax)
    said = why_not_in_one_pass(question)
    assert said.startswith("kernels in one pass differ here (softmaxVec, ieee, float32, greatest ")
    assert said.endswith("single operations judge; please report it")
    assert evaluators(question) == {"function"}
    assert there(question, replace(NORMAL, batch=(31,))).first is None


def test_a_device_on_which_triton_fails_is_judged_by_single_operations(
    library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(text: str) -> Any:
        raise RuntimeError("no driver\nis here")

    monkeypatch.setattr(on_triton, "function_of", fails)
    question = asked(library, "softmaxVec", softmax)
    said = why_not_in_one_pass(question)
    assert "fail here" in said and "no driver" in said and "\n" not in said
    assert evaluators(question) == {"function"}


def test_without_triton_single_operations_judge(
    library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(kernel: Any) -> Any:
        raise NotCompiled("Triton is not installed")

    monkeypatch.setattr(one_pass, "in_one_pass", absent)
    question = asked(library, "softmaxVec", softmax)
    assert why_not_in_one_pass(question) == "Triton is not installed: single operations judge"


def test_what_nothing_of_ours_stands_for_is_not_tried(library: Any) -> None:
    question = asked(library, "softmaxVec", softmax)
    bare = replace(question, subject=replace(question.subject, ours={}))
    assert "no code of ours" in why_not_in_one_pass(bare)
    assert isinstance(device_check(bare), DeviceCheck)


def judged(good: list[bool], ratio: list[float], counted: int) -> Evaluated:
    amounts = torch.tensor(ratio, dtype=torch.float64)
    return Evaluated(torch.tensor(good), amounts, amounts, torch.tensor([counted]))


def test_what_differs_is_said() -> None:
    rows = 100
    one = judged([True] * rows, [0.5] * rows, 800)
    assert difference(one, one) == ""
    assert difference(one, judged([True] * rows, [0.5 * (1 + 2.0**-12)] * rows, 800)) == ""
    assert difference(one, judged([False] + [True] * 99, [0.5] * rows, 792)) == ""
    assert "2 of 100 rows" in difference(one, judged([False] * 2 + [True] * 98, [0.5] * rows, 784))
    assert "greatest ratio" in difference(one, judged([True] * rows, [0.51] * rows, 800))
    assert "histogram" in difference(one, judged([True] * rows, [0.5] * rows, 801))
