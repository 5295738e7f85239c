"""The check by the million: kernel and walk together give what the walk alone gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from harness.evaluate.arithmetic import named
from harness.evaluate.fast import check as checks
from harness.evaluate.fast.check import DefinitionCheck, definition_check
from harness.evaluate.fast.summary import Summary
from tests.evaluate.terms import SOFTMAX, J, X, at, definition, log, total


def softmax_check() -> DefinitionCheck:
    return definition_check([SOFTMAX], SOFTMAX, "softmaxVec", named("ieee"), "float32")


def inputs(rows: int = 300, n: int = 5) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    x = (random.normal(size=(rows, n)) * random.choice([1, 30, 1e30], (rows, 1))).astype(np.float32)
    x[::50] = 3.0  # ties: exact
    x[7, 2] = np.inf
    with np.errstate(invalid="ignore"):
        y = np.exp(x.astype(np.float64) - x.max(axis=1, keepdims=True))
    return x, (y / y.sum(axis=1, keepdims=True)).astype(np.float32)


def test_the_kernel_changes_no_count() -> None:
    check, (x, got) = softmax_check(), inputs()
    got[[20, 40], [1, 3]] += np.float32(0.25)
    fast, slow = check((x,), got), replace(check, kernel=None)((x,), got)
    assert fast.looked < 60 and slow.looked == 300
    same = ("elements", "out_of_range", "unbounded", "undecided", "violations", "violation")
    assert [getattr(fast, name) for name in same] == [getattr(slow, name) for name in same]
    assert (fast.violations, fast.violation, fast.out_of_range) == (2, 20, 5)
    assert fast.ratio.row == slow.ratio.row
    assert fast.ratio.amount == pytest.approx(slow.ratio.amount, rel=1e-6)
    assert np.abs(np.subtract(fast.histogram, slow.histogram)).sum() <= 4


def test_chunks_give_what_the_whole_gives() -> None:
    check, (x, got) = softmax_check(), inputs()
    total = Summary()
    for start in range(0, 300, 77):
        part = slice(start, start + 77)
        total = total.merged(check((x[part],), got[part]).from_row(start))
    assert total == check((x,), got)


def test_without_a_compiler_the_walk_judges_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "available", lambda: False)
    check = softmax_check()
    assert check.kernel is None and "llvmlite is not installed" in check.why
    x, got = inputs(20)
    assert check((x,), got).looked == 20


def test_what_has_no_kernel_says_why() -> None:
    equations = {"f": definition("f", (X,), total(J, log(at(X, J))))}
    check = definition_check([equations], equations, "f", named("ieee"), "float64")
    assert check.kernel is None
    assert check.why == "a logarithm in float64 is not compiled: the walk judges"
