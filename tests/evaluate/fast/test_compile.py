"""Kernels against the walk: random definitions, hostile inputs, results about the edge."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from harness.evaluate.arithmetic import named
from harness.evaluate.fast import rules
from harness.evaluate.fast.definition import lowered_definition
from harness.evaluate.fast.llvm.emit import Emitter
from harness.evaluate.fast.llvm.kernel import compile_definition
from harness.evaluate.fast.reasons import NotCompiled
from harness.evaluate.formats import FORMATS, round_to
from harness.statement.term import Max, Num
from tests.evaluate.attacked import TARGETS
from tests.evaluate.fast.grown import Both, both
from tests.evaluate.terms import (
    DX,
    SHIFTED,
    SOFTMAX,
    A,
    B,
    I,
    J,
    X,
    add,
    at,
    definition,
    div,
    exp,
    log,
    mul,
    sub,
    total,
)
from tests.evaluate.trees import grow, uses

ROWS = 200
# A kernel's float64 is a double-double: it has no carrier as narrow as the code.
USED = tuple(target for target in TARGETS if target.carrier is None)


def complaints(seen: Both, dtype: str) -> list[str]:
    """Where a kernel says of a row what the walk does not say."""
    found = []
    rows = len(seen.got)
    # The doubt of a kernel may be less than the walk's own, which has balls for such cases.
    inside = (seen.walked.judged & ~seen.walked.outside).reshape(rows, -1).all(axis=1)
    judged = np.ones(rows, bool)
    judged[seen.judged.look] = False
    for row in np.flatnonzero(judged & ~inside):
        found.append(f"row {row}: the kernel judges it inside, the walk does not")
    nearest = np.minimum(seen.walked.ratio.reshape(rows, -1), 1)
    ratios = np.where(judged, nearest.max(axis=1, initial=0), 0)
    worst, told = float(ratios.max(initial=0)), seen.judged.summary.ratio.amount
    # Each says error / bound by its own value, that of float64 by 64 bits or by 106.
    slack = 1e-2 if dtype == "float64" else 1e-6
    if judged.any() and not worst * (1 - slack) <= told <= worst * (1 + slack + 3e-3) + 1e-9:
        found.append(f"worst ratio {told}, by the walk {worst}")
    return found


def judged_trees(seeds: Iterable[int]) -> tuple[int, int, list[str]]:
    """How many trees have a kernel, how many rows those judged, and what was wrong."""
    compiled, rows, found = 0, 0, []
    for seed in seeds:
        tree, target = grow(seed), USED[seed % len(USED)]
        if tree.n == 0:
            continue
        try:
            seen = both(tree, target.arithmetic, target.dtype, ROWS, seed)
        except NotCompiled:
            continue
        compiled += 1
        rows += ROWS - len(seen.judged.look)
        found += [f"tree {seed}, {target.name}: {text}" for text in complaints(seen, target.dtype)]
    return compiled, rows, found


def test_what_a_kernel_judges_is_what_the_walk_says() -> None:
    compiled, rows, found = judged_trees(range(60))
    assert found == []
    assert compiled > 30 and rows > 1000  # of trees with hostile inputs


def test_a_kernel_with_a_larger_bound_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = rules.Rules.multiply

    def twice(self, a, b):
        product = exact(self, a, b)
        return replace(product, error=self.graph.mul(self.graph.const(2.0), product.error))

    monkeypatch.setattr(rules.Rules, "multiply", twice)
    assert judged_trees(range(20))[2]


def test_a_kernel_that_thinks_itself_exact_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(self, v, e0, error, certain=None, fmt=None):
        return error

    monkeypatch.setattr(rules.Rules, "_exact", never)
    assert judged_trees(range(20))[2]


# A tree in nine.
LOGARITHMS = tuple(seed for seed in range(500) if uses(grow(seed), "log"))


def test_what_a_kernel_judges_of_logarithms_is_what_the_walk_says() -> None:
    compiled, rows, found = judged_trees(LOGARITHMS)
    assert found == []
    assert compiled > 20 and rows > 1000


@pytest.mark.parametrize("factor", [2.0, 1.02])
def test_a_logarithm_with_a_larger_bound_is_found(
    factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = rules.Rules.log

    def larger(self, a):
        number = right(self, a)
        return replace(number, error=self.graph.mul(self.graph.const(factor), number.error))

    monkeypatch.setattr(rules.Rules, "log", larger)
    assert judged_trees(LOGARITHMS[:25])[2]


def test_a_logarithm_in_float64_is_left_to_the_walk() -> None:
    equations = {"f": definition("f", (X,), total(J, log(at(X, J))))}
    with pytest.raises(NotCompiled, match="a logarithm in float64 is not compiled"):
        compile_definition([equations], equations, "f", named("ieee"), "float64")


@pytest.mark.parametrize("n", [1, 2, 7, 8, 9, 64, 65, 1000])
def test_softmax_of_every_size(n: int) -> None:
    random = np.random.default_rng(n)
    x = random.normal(size=(50, n)).astype(np.float32)
    y = np.exp(x.astype(np.float64) - x.max(axis=1, keepdims=True))
    got = (y / y.sum(axis=1, keepdims=True)).astype(np.float32)
    kernel = compile_definition([SOFTMAX], SOFTMAX, "softmaxVec", named("ieee"), "float32")
    judged = kernel((x,), got)
    assert judged.summary.elements + len(judged.look) * n == 50 * n
    assert sum(judged.summary.histogram) == judged.summary.elements
    if n > 1:  # at n = 1 the result is exact, which is the walk's to say
        assert not judged.look.size
        assert 0 < judged.summary.ratio.amount < 0.2
    got[17, n // 2] *= np.float32(1.01)
    assert 17 in kernel((x,), got).look


@pytest.mark.parametrize("n", [2, 7, 8, 9, 65, 1000])
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_log_softmax_of_every_size(n: int, dtype: str) -> None:
    shifted = sub(at(X, I), Max(X))
    body = sub(shifted, log(total(J, exp(sub(at(X, J), Max(X))))))
    equations = {"f": definition("f", (X,), body, I)}
    x = round_to(np.random.default_rng(n).normal(size=(50, n)), FORMATS[dtype])
    away = x - x.max(axis=1, keepdims=True)
    got = round_to(away - np.log(np.exp(away).sum(axis=1, keepdims=True)), FORMATS[dtype])
    kernel = compile_definition([equations], equations, "f", named("ieee"), dtype)
    judged = kernel((x,), got)
    assert not judged.look.size and judged.summary.elements == 50 * n
    assert judged.summary.ratio.amount < 1
    got[17, n // 2] += 0.05 * (1 + abs(got[17, n // 2]))
    assert kernel((x,), got).look.tolist() == [17]


def test_a_definition_with_hundreds_of_checks_is_written() -> None:
    terms = [div(A, add(B, Num(Fraction(k)))) for k in range(128)]
    while len(terms) > 1:
        terms = [add(*pair) for pair in zip(terms[::2], terms[1::2], strict=True)]
    equations = {"f": definition("f", (A, B), terms[0])}
    made = lowered_definition([equations], equations, "f", named("ieee"), "float32")
    text = Emitter(made.graph, made.outcome, made.storage, made.arrays).text()
    assert text.count("fdiv") > 128 and text.count(" = and i1 ") > sys.getrecursionlimit() // 3


def test_a_subterm_of_two_forms_is_computed_once() -> None:
    body = mul(exp(sub(at(X, J), at(DX, J))), exp(sub(at(X, J), at(DX, J))))
    equations = {"f": definition("f", (X, DX), total(J, body))}
    kernel = compile_definition([equations], equations, "f", named("ieee"), "float32")
    shifts = kernel.code.text.count("shl <8 x i64>")
    assert shifts == 2 + 0  # one exponential, in full blocks and in the rest of a row


def test_arrays_that_do_not_fit_are_refused() -> None:
    kernel = compile_definition([SOFTMAX], SOFTMAX, "softmaxVec", named("ieee"), "float32")
    with pytest.raises(ValueError, match=r"shape \(3, 4\), not \(3, 5\)"):
        kernel((np.zeros((3, 5)),), np.zeros((3, 4)))
    assert SHIFTED.constant == "softmaxVec"
