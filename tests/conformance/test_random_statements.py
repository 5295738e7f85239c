"""Statements that nobody has seen: what a kernel, compiled or in torch, says the walk says."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest

from harness.conformance.backends import backend
from harness.conformance.fast_theorem import TheoremCheck, theorem_check, theorem_check_on
from harness.conformance.form_table import form_table
from harness.conformance.workbench import Workbench
from harness.evaluate.arithmetic import named
from harness.evaluate.fast.device.on_torch import TorchKernel
from harness.evaluate.fast.device.on_triton import in_one_pass
from harness.evaluate.fast.lowered import compared
from harness.evaluate.fast.rules import Number, Rules
from harness.evaluate.fast.summary import Summary
from harness.specs.library import SpecLibrary
from tests.conformance.random_statements import on_the_edge, random_claim
from tests.conformance.test_fast_theorem import COUNTS, caller
from tests.evaluate.trees import applies

ROWS = 40
PROMISES = ("ieee", "flush_to_zero")
Make = Callable[..., tuple[TheoremCheck, ...]]


def in_torch(device: str) -> Make:
    torch = pytest.importorskip("torch")
    if device == "cuda" and not torch.cuda.is_available():
        pytest.skip("torch sees no CUDA device")
    return partial(theorem_check_on, backend("torch", device))


def in_passes(*claim: Any) -> tuple[TheoremCheck, ...]:
    """By kernels in one pass, in Triton's interpreter."""
    return once(*in_torch("cpu")(*claim))


def once(*made: TheoremCheck) -> tuple[TheoremCheck, ...]:
    """Checks by single operations as checks in one pass."""
    pytest.importorskip("triton")
    if os.environ.get("TRITON_INTERPRET") != "1":
        pytest.skip("Triton runs on the GPU that is here")
    return tuple(
        replace(one, kernel=in_one_pass(one.kernel)) if isinstance(one.kernel, TorchKernel) else one
        for one in made
    )


def checks(
    library: SpecLibrary, make: Make, dtype: str, seeds: range, op: str = ""
) -> Iterator[Any]:
    """Seed, check; where there is a kernel. op: a function that the statement applies, if any."""
    bench = Workbench(form_table(library), "quick", 1)
    for seed in seeds:
        claim = random_claim(seed, bench.own)
        if claim is not None and (not op or applies(claim.relations[0], op)):
            promised = dict.fromkeys(claim.constants, named(PROMISES[seed % 2]))
            (check,) = make(bench, claim, promised, dtype)
            if check.kernel is not None:
                yield seed, check


def both(seed: int, check: TheoremCheck) -> tuple[Summary, Summary]:
    """What is counted by the kernel and by the walk, at a right side on the edge of its bound."""
    plain, place = caller(dtype=check.subject.dtype), check.place

    def call(constant: str, arguments: tuple[Any, ...]) -> Any:
        here = tuple(a if isinstance(a, int) else place.read(a) for a in arguments)
        kind = np.float64 if check.subject.dtype == "float64" else np.float32
        return place.put(
            plain(constant, tuple(a if isinstance(a, int) else a.astype(kind) for a in here))
        )

    arrays = on_the_edge(check, (1, 2, 3, 9)[seed % 4], ROWS, seed, call)
    return check(arrays, call), replace(check, kernel=None)(arrays, call)


def told(counted: Summary) -> list[object]:
    return [getattr(counted, name) for name in COUNTS]


@pytest.mark.filterwarnings("ignore:overflow")
@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
@pytest.mark.parametrize("where", ["compiled", "cpu", "cuda"])
def test_a_kernel_says_what_the_walk_says(library: SpecLibrary, where: str, dtype: str) -> None:
    if where == "compiled":
        pytest.importorskip("llvmlite")
    make = theorem_check if where == "compiled" else in_torch(where)
    statements, judged = 0, 0
    for seed, check in checks(library, make, dtype, range(150)):
        fast, slow = both(seed, check)
        assert told(fast) == told(slow), (seed, check.relation)
        assert sum(fast.histogram) == fast.elements
        statements += 1
        judged += ROWS - fast.looked
    assert statements > 30 and judged > 5 * statements


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_a_kernel_in_one_pass_says_what_the_walk_says(library: SpecLibrary, dtype: str) -> None:
    statements = 0
    for seed, check in checks(library, in_passes, dtype, range(60)):
        fast, slow = both(seed, check)
        assert told(fast) == told(slow), (seed, check.relation)
        statements += fast.looked < ROWS
    assert statements > 10


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid", "ignore:divide")
@pytest.mark.parametrize("where", ["compiled", "cpu", "cuda"])
def test_logarithms_are_judged_as_the_walk_does(library: SpecLibrary, where: str) -> None:
    if where == "compiled":
        pytest.importorskip("llvmlite")
    make = theorem_check if where == "compiled" else in_torch(where)
    statements, judged = 0, 0
    for seed, check in checks(library, make, "float32", range(1300), "log"):
        fast, slow = both(seed, check)
        assert told(fast) == told(slow), (seed, check.relation)
        statements += 1
        judged += ROWS - fast.looked
    assert statements > 20 and judged > 5 * statements


def test_a_logarithm_that_charges_too_much_is_found(
    library: SpecLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("llvmlite")
    right = Rules.log

    def larger(self: Rules, a: Number) -> Number:
        number = right(self, a)
        return replace(number, error=self.graph.mul(self.graph.const(1.03), number.error))

    monkeypatch.setattr(Rules, "log", larger)
    differing = 0
    for seed, check in checks(library, theorem_check, "float32", range(1300), "log"):
        fast, slow = both(seed, check)
        differing += told(fast) != told(slow)
    assert differing > 3


def test_a_kernel_that_charges_too_much_is_found(
    library: SpecLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("llvmlite")

    def generous(graph: Any, title: str, gap: Any, judged: Any, *rest: Any) -> Any:
        wide = replace(judged, error=graph.mul(judged.error, graph.const(1.03)))
        return compared(graph, title, gap, wide, *rest)

    monkeypatch.setattr("harness.evaluate.fast.relation.compared", generous)
    differing = 0
    for seed, check in checks(library, theorem_check, "float32", range(60)):
        fast, slow = both(seed, check)
        differing += told(fast) != told(slow)
    assert differing > 5


def test_what_nobody_compiles_falls_back_with_a_sentence(library: SpecLibrary) -> None:
    pytest.importorskip("llvmlite")
    bench = Workbench(form_table(library), "quick", 1)
    reasons = set()
    for seed in range(150):
        claim = random_claim(seed, bench.own)
        if claim is not None:
            promised = dict.fromkeys(claim.constants, named("ieee"))
            (check,) = theorem_check(bench, claim, promised, "float64")
            reasons.add(check.why)
    assert len(reasons) > 2
    assert all(why.endswith(": the walk judges") for why in reasons - {""})
