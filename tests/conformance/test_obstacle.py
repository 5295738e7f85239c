"""Obstacles of autograd: none for what it sees through, torch's reason for what it does not."""

from __future__ import annotations

import torch

from harness.conformance.autograd_jobs import MODE_NAMES, differentiated
from harness.conformance.obstacle import obstacle
from tests.conformance.judging import Function, Judge, subject_of

STATEMENT = "∀ {n : ℕ} (x : Vec n), HasFDerivAt softmaxVec (softmaxDerivCLM x) x"


def told(judge: Judge, function: Function) -> str:
    claim = judge.claim(STATEMENT)
    plain = subject_of({"softmaxVec": function}, "torch")
    return obstacle(differentiated(plain, claim, MODE_NAMES.index("backward")), claim)


def test_there_is_none_for_a_differentiable_function(judge: Judge) -> None:
    assert told(judge, lambda x: torch.softmax(x, dim=-1)) == ""


def test_a_wrong_derivative_is_no_obstacle(judge: Judge) -> None:
    assert told(judge, lambda x: 0 * x + torch.softmax(x, dim=-1).detach()) == ""


def test_numpy_inside_is_one(judge: Judge) -> None:
    found = told(judge, lambda x: torch.from_numpy(torch.softmax(x, dim=-1).numpy()))
    assert "RuntimeError: Can't call numpy() on Tensor that requires grad" in found


def test_a_function_that_raises_anyway_is_judged_for_that(judge: Judge) -> None:
    def broken(x: torch.Tensor) -> torch.Tensor:
        raise ValueError("no")

    assert told(judge, broken) == ""
