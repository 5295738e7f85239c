"""What the kernel counts is what the walk counts; what it does not pass is the walk's to say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from harness.campaign.by_kernel import kernel_check, why_walked
from harness.cells.cell import Cell
from harness.conformance.job import Job
from harness.conformance.question import Question
from harness.conformance.request import Request
from harness.conformance.session import Session
from harness.implementations.user_entry import user_entry
from harness.specs.load import load_specs
from harness.specs.locate import find_specs
from tests.campaign.both_ways import Nothing, both

pytest.importorskip("llvmlite")


@pytest.fixture(scope="module")
def library() -> Any:
    return load_specs(find_specs(None).path)


def asked(
    library: Any, constant: str, function: Callable[..., Any], dtype: str = "float32"
) -> Question:
    entry = user_entry({constant: function}, "numpy", dtypes=(dtype,), name="mine")
    session = Session(Request(), library, (entry,))
    question = session.question(Job(constant, "definition", "mine", dtype, "cpu"))
    assert isinstance(question, Question)
    return question


def softmax(x: Any) -> Any:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def sometimes_wrong(x: Any) -> Any:
    y = softmax(x)
    y[..., 0] = np.where(x[..., 0] > 2, y[..., 0] * np.float32(1.001), y[..., 0])
    return y


@pytest.mark.parametrize(
    "regime", ["normal", "exp_range", "near_overflow", "signed_zeros", "raw_bits"]
)
def test_the_counts_are_the_walks(library: Any, regime: str) -> None:
    cell = Cell(1, "float32", 8, regime, "normal", 16, (2001,))
    fast, slow = both(asked(library, "softmaxVec", softmax), cell)
    assert fast.first is None and slow.first is None
    for name in ("inputs", "cells", "cases", "out_of_range", "unbounded", "violations"):
        assert getattr(fast, name) == getattr(slow, name), name
    assert fast.judged_at == slow.judged_at
    assert fast.worst_ratio is not None and slow.worst_ratio is not None
    # The bound of a kernel is less than 2^-15 below that of the walk.
    assert fast.worst_ratio.amount == pytest.approx(slow.worst_ratio.amount, rel=2.0**-14)
    assert sum(fast.histogram) == sum(slow.histogram) == fast.cases


def test_a_violation_is_worded_by_the_walk(library: Any) -> None:
    cell = Cell(1, "float32", 8, "normal", "normal", 16, (2001,))
    fast, slow = both(asked(library, "softmaxVec", sometimes_wrong), cell)
    assert fast.first is not None and fast.first == slow.first
    assert fast.violations == slow.violations > 0


def test_indices_are_passed_one_by_one(library: Any) -> None:
    def coordinate(y: Any, i: int, dx: Any) -> Any:
        return y[..., i] * dx[..., i] - y[..., i] * (y * dx).sum(axis=-1)

    cell = Cell(1, "float32", 8, "normal", "normal", 16, (501,))
    fast, slow = both(asked(library, "softmaxDerivCoord", coordinate), cell)
    assert (fast.cases, fast.violations) == (slow.cases, slow.violations)
    assert fast.cases > 501


def test_code_that_raises_is_left_to_the_walk(library: Any) -> None:
    def raises(x: Any) -> Any:
        raise ValueError("no")

    cell = Cell(1, "float32", 8, "normal", "normal", 16, (11,))
    fast, slow = both(asked(library, "softmaxVec", raises), cell)
    assert fast == slow and fast.first is not None and fast.first.kind == "exception"


def test_code_that_is_wrong_once_is_not_let_go(library: Any) -> None:
    seen: list[int] = []

    def unsteady(x: Any) -> Any:
        seen.append(1)
        return softmax(x) * np.float32(1.01 if len(seen) == 1 else 1)

    cell = Cell(1, "float32", 8, "normal", "normal", 16, (11,))
    question = asked(library, "softmaxVec", unsteady)
    fast, _ = both(question, cell)
    assert fast.first is not None
    assert "inside when the same input was given again" in fast.first.message
    assert fast.violations > 0


def test_where_there_is_no_kernel_it_says_why(library: Any) -> None:
    question = asked(library, "softmaxVec", softmax, "float64")
    assert (kernel_check(question, Nothing()) is None) == bool(why_walked(question, Nothing()))
    narrow = asked(library, "softmaxVec", softmax)
    assert why_walked(narrow, Nothing()) == ""
