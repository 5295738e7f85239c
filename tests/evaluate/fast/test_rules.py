"""The bound of a kernel row by row: never above the walk's, and finite only where that is."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest

from harness.evaluate.arithmetic import named
from harness.evaluate.fast import exponential, rules
from harness.evaluate.fast.llvm.kernel import compile_definition
from harness.evaluate.fast.reasons import NotCompiled
from harness.evaluate.fast.rules import Rules
from harness.evaluate.oracle import bound
from harness.statement.term import Num
from tests.evaluate.attack import Target
from tests.evaluate.attacked import TARGETS, promised
from tests.evaluate.fast.grown import Both, both
from tests.evaluate.terms import SOFTMAX, A, B, add, definition, div, mul, sub
from tests.evaluate.trees import grow

ROWS = 60
USED = {target.name: target for target in TARGETS if target.carrier is None}
FLUSHED = [target for target in USED.values() if target.arithmetic.flush_to_zero]


def complaints(seen: Both, dtype: str) -> list[str]:
    """Rows that a kernel judges by a bound above the walk's, or where the walk has none."""
    found = []
    walked = seen.walked
    # As in `check.py`: what the walk leaves undecided balls decide.
    fine = np.all((walked.judged & ~walked.outside).reshape(ROWS, -1), axis=1)
    ratio = np.minimum(walked.ratio, 1).reshape(ROWS, -1).max(axis=1, initial=0)
    # The two values differ by what each may be off by; a kernel's exponential is the rougher one.
    share = 2.0 if dtype == "float64" else exponential.RELATIVE / rules.OWN_UNIT
    for row in np.setdiff1d(np.arange(ROWS), seen.judged.look):
        one = seen.kernel(tuple(a[row : row + 1] for a in seen.arguments), seen.got[row : row + 1])
        if not fine[row]:
            found.append(f"row {row}: inside by the kernel, not by the walk")
        elif not one.summary.ratio.amount + share * seen.doubt[row] >= ratio[row]:
            found.append(f"row {row}: {one.summary.ratio.amount} by the kernel, {ratio[row]}")
    return found


def judged_rows(seeds: Sequence[int], targets: Sequence[Target]) -> tuple[int, list[str]]:
    """How many rows of random definitions kernels judge, and what is wrong with them."""
    rows, found = 0, []
    for seed in seeds:
        tree = grow(seed)
        for target in targets if tree.n else ():
            try:
                seen = both(tree, target.arithmetic, target.dtype, ROWS, seed)
            except NotCompiled:
                continue
            rows += ROWS - len(seen.judged.look)
            told = complaints(seen, target.dtype)
            found += [f"tree {seed}, {target.name}, {text}" for text in told]
    return rows, found


@pytest.mark.parametrize("target", FLUSHED, ids=lambda target: target.name)
def test_bounds_of_code_that_flushes(target: Target) -> None:
    rows, found = judged_rows(range(45), [target])
    assert found == []
    assert rows > 100


@pytest.mark.parametrize("part", range(4))
def test_bounds_of_all_arithmetics(part: int) -> None:
    seeds = range(part, 4 * len(USED), 4)
    judged = [judged_rows([seed], [list(USED.values())[seed // 4]]) for seed in seeds]
    assert [text for _, found in judged for text in found] == []
    assert sum(rows for rows, _ in judged) > 80


def test_an_exponential_far_below_the_range_has_no_error_left() -> None:
    # exp(-x / (z exp x)) at -8e37, whose error is 1e36: its eighth power met the clamp.
    rows, found = judged_rows([3], [t for t in USED.values() if t.dtype == "bfloat16"])
    assert found == []
    assert rows > 30


def test_a_bound_that_flushes_twice_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    once = Rules._flush
    monkeypatch.setattr(Rules, "_flush", lambda self, fmt: 4 * once(self, fmt))
    assert judged_rows(range(20), FLUSHED)[1]


@pytest.mark.parametrize("name", ["ieee", "flush_to_zero"])
def test_reciprocals_that_may_be_subnormal_are_left_to_the_walk(name: str) -> None:
    equations = {"f": definition("f", (A, B), div(A, B))}
    kernel = compile_definition([equations], equations, "f", named(name), "float32")
    a, b = np.full(3, 2.0**124), np.array([3 * 2.0**122, 127 * 2.0**119, 3 * 2.0**125])
    # The last two: 1 / b is below 2^-126, or so near to it that an error of b may take it there.
    assert kernel((a, b), (a / b).astype(np.float32)).look.tolist() == [1, 2]


def test_divisors_that_may_be_zero_are_left_to_the_walk() -> None:
    equations = {"f": definition("f", (A, B), div(A, add(A, B)))}
    kernel = compile_definition([equations], equations, "f", named("elementwise"), "bfloat16")
    assert not kernel((np.array([1.0]), np.array([1.0])), np.array([0.5])).look.size
    equations = {"f": definition("f", (A, B), div(A, add(add(A, B), A)))}
    kernel = compile_definition([equations], equations, "f", named("elementwise"), "bfloat16")
    # Divisors -0.008 and -0.003992, off by 0.0040 and 0.003953, which is 0.99 of the latter.
    a, b = np.array([1.0, 1.0]), np.array([-2.008, -2.003992])
    assert kernel((a, b), 1 / (b + 2)).look.tolist() == [1]


def test_numbers_below_the_working_format_lose_half_a_subnormal() -> None:
    equations = {"f": definition("f", (A, B), add(A, B))}
    promise = promised(working="float32")
    a, b = np.array([1e-47]), np.array([1e-47])
    allowed = bound(equations["f"], equations, (a, b), promise, "float64").error.astype(float)
    kernel = compile_definition([equations], equations, "f", promise, "float64")
    judged = kernel((a, b), a + b + allowed / 2)
    # Its whole bound is what entering lost: two halves of 2^-149.
    assert judged.summary.ratio.amount == pytest.approx(0.5, rel=rules.MARGIN)
    assert allowed[0] == pytest.approx(2.0**-149, rel=rules.MARGIN)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_an_error_out_of_range_counts_where_the_value_is_known_to_be_small(dtype: str) -> None:
    third = Num(Fraction(1, 3))
    body = mul(mul(mul(sub(third, third), A), A), B)
    equations = {"f": definition("f", (A, B), body)}
    # 0 a a b: the error of 0 a a is 2^200 u, which b makes a number of the format again.
    numbers = np.array([2.0**100, 1.0]), np.array([2.0**-100, 1.0])
    allowed = bound(equations["f"], equations, numbers, named("ieee"), dtype)
    assert allowed.out_of_range.tolist() == [True, False]
    kernel = compile_definition([equations], equations, "f", named("ieee"), dtype)
    assert kernel(numbers, np.zeros(2)).look.tolist() == [0]


def test_flushed_results_conform_to_code_that_flushes_alone() -> None:
    x = np.array([[0.0, -88.5], [0.0, -90.0]], np.float32)
    got = np.array([[1.0, 0.0], [1.0, 0.0]])
    for name, left in (("flush_to_zero", []), ("ieee", [0, 1])):
        kernel = compile_definition([SOFTMAX], SOFTMAX, "softmaxVec", named(name), "float32")
        assert kernel((x,), got).look.tolist() == left
