"""Kernels on torch's CPU device, against the walk and the compiled kernels; CUDA where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest

from harness.evaluate.arithmetic import named
from harness.evaluate.fast.check import DefinitionCheck
from harness.evaluate.fast.device import torch_nodes
from harness.evaluate.fast.device.on_torch import (
    TorchKernel,
    definition_check_on,
    evaluated,
    torch_kernel,
)
from harness.evaluate.fast.llvm.kernel import compile_definition
from harness.evaluate.fast.reasons import NotCompiled
from tests.evaluate.attack import Target
from tests.evaluate.attacked import TARGETS
from tests.evaluate.fast.grown import both
from tests.evaluate.fast.test_check import inputs
from tests.evaluate.fast.test_compile import LOGARITHMS, complaints
from tests.evaluate.terms import SOFTMAX, J, X, at, definition, log, total
from tests.evaluate.trees import grow

torch = pytest.importorskip("torch")

ROWS = 120
WIDE = (2, 3, 8, 38, 39, 43, 58, 59)
"""Trees in float64 that have a kernel, and rows that it judges."""
DEVICES = [
    "cpu",
    pytest.param(
        "cuda",
        marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="torch sees no CUDA device"),
    ),
]


def softmax_kernel(device: str = "cpu") -> TorchKernel:
    return torch_kernel(device, [SOFTMAX], SOFTMAX, "softmaxVec", named("ieee"), "float32")


def told(
    make: Callable[..., TorchKernel],
    seeds: Iterable[int],
    wrong: float = 0.0,
    targets: Sequence[Target] = TARGETS,
) -> tuple[int, list[str], int, int]:
    """Rows that are judged, what is wrong with that, and on how many rows the compiled kernel
    judges and this one does not, or the other way round. make: gives the kernel of a definition;
    targets: of which each seed takes the next one."""
    judged, found, fewer, more = 0, list[str](), 0, 0
    for seed in seeds:
        tree, target = grow(seed), targets[seed % len(targets)]
        if tree.n == 0:
            continue
        ask = partial(both, tree, target.arithmetic, target.dtype, ROWS, seed, wrong=wrong)
        try:
            here = ask(make=make)
        except NotCompiled:
            continue
        there = ask()
        judged += ROWS - len(here.judged.look)
        found += [f"tree {seed}, {target.name}: {text}" for text in complaints(here, target.dtype)]
        fewer += len(np.setdiff1d(here.judged.look, there.judged.look))
        more += len(np.setdiff1d(there.judged.look, here.judged.look))
        counted = here.judged.summary
        assert sum(counted.histogram) == counted.elements
    return judged, found, fewer, more


@pytest.mark.parametrize("device", DEVICES)
def test_what_is_judged_is_what_the_walk_says_and_as_much_as_compiled(device: str) -> None:
    pytest.importorskip("llvmlite")
    judged, found, fewer, more = told(partial(torch_kernel, device), range(40))
    assert found == []
    assert judged > 500
    assert fewer + more <= judged // 100  # results lie on the edge of the bound on purpose


@pytest.mark.parametrize("device", DEVICES)
def test_what_is_judged_of_logarithms_is_what_the_walk_says(device: str) -> None:
    pytest.importorskip("llvmlite")
    judged, found, fewer, more = told(partial(torch_kernel, device), LOGARITHMS[:30])
    assert found == []
    assert judged > 300
    assert fewer + more <= judged // 100


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("wrong", [0.0, 0.3])
def test_what_is_judged_in_float64_is_what_the_walk_says(device: str, wrong: float) -> None:
    pytest.importorskip("llvmlite")
    targets = [target for target in TARGETS if target.name == "float64"]
    judged, found, fewer, more = told(partial(torch_kernel, device), WIDE, wrong, targets)
    assert found == [] and judged > 200
    assert fewer + more <= judged // 10


@pytest.mark.parametrize("device", DEVICES)
def test_what_is_outside_is_never_called_inside(device: str) -> None:
    pytest.importorskip("llvmlite")
    judged, found, _, _ = told(partial(torch_kernel, device), range(40, 60), wrong=0.3)
    assert found == [] and judged > 0


def test_a_device_that_takes_nothing_for_exact_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("llvmlite")
    right = torch_nodes.value

    def never(node: Any, args: Any, chunk: Any) -> Any:
        return args[2] if node.op == "select" else right(node, args, chunk)

    monkeypatch.setattr(torch_nodes, "value", never)
    assert told(partial(torch_kernel, "cpu"), range(20))[1]


@pytest.mark.parametrize("device", DEVICES)
def test_the_check_gives_the_counts_of_the_walk(device: str) -> None:
    x, got = inputs()
    got[[20, 40], [1, 3]] += np.float32(0.25)
    check = definition_check_on(device, [SOFTMAX], SOFTMAX, "softmaxVec", named("ieee"), "float32")
    assert check.walk == DefinitionCheck(
        [SOFTMAX], SOFTMAX, "softmaxVec", named("ieee"), "float32", None
    )
    there = [torch.from_numpy(a).to(device) for a in (x, got)]
    fast, slow = check(there[:1], there[1]), check.walk((x,), got)
    assert fast.looked < 60 and slow.looked == 300
    same = ("elements", "out_of_range", "unbounded", "undecided", "violations", "violation")
    assert [getattr(fast, name) for name in same] == [getattr(slow, name) for name in same]
    assert (fast.violations, fast.violation, fast.out_of_range) == (2, 20, 5)
    assert fast.ratio.row == slow.ratio.row
    assert fast.ratio.amount == pytest.approx(slow.ratio.amount, rel=1e-4)
    assert np.abs(np.subtract(fast.histogram, slow.histogram)).sum() <= 4


@pytest.mark.parametrize("n", [1, 2, 7, 8, 9, 65])
def test_amounts_are_those_of_the_compiled_kernel(n: int) -> None:
    pytest.importorskip("llvmlite")
    x, got = inputs(60, n) if n > 4 else (a[:, :n].copy() for a in inputs(60))
    here = softmax_kernel()((x,), got)
    there = compile_definition([SOFTMAX], SOFTMAX, "softmaxVec", named("ieee"), "float32")(
        (x,), got
    )
    assert here.look.tolist() == there.look.tolist()
    assert here.summary.elements == there.summary.elements
    assert here.summary.ratio.amount == pytest.approx(there.summary.ratio.amount, rel=1e-6)
    assert here.summary.ulps.amount == pytest.approx(there.summary.ulps.amount, rel=1e-6)


def test_a_chunk_that_does_not_fit_into_memory_is_halved() -> None:
    x, got = inputs(100)
    whole, sizes = softmax_kernel()((x,), got), list[int]()

    def small(order: Any, outcome: Any, chunk: Any) -> Any:
        sizes.append(len(chunk.arrays[0]))
        if sizes[-1] > 7:
            raise torch.cuda.OutOfMemoryError("out of memory")
        return evaluated(order, outcome, chunk)

    halved = replace(softmax_kernel(), evaluate=small)((x,), got)
    assert sizes[:6] == [100, 50, 25, 12, 6, 6]
    assert halved.look.tolist() == whole.look.tolist()
    assert halved.summary.elements == whole.summary.elements
    assert halved.summary.ratio.row == whole.summary.ratio.row
    assert halved.summary.ratio.amount == pytest.approx(whole.summary.ratio.amount, rel=1e-6)


def test_rows_that_never_fit_are_the_walks() -> None:
    def never(order: Any, outcome: Any, chunk: Any) -> Any:
        raise torch.cuda.OutOfMemoryError("out of memory")

    x, got = inputs(9)
    judged = replace(softmax_kernel(), evaluate=never)((x,), got)
    assert judged.look.tolist() == list(range(9)) and judged.summary.elements == 0


def test_a_chunk_begins_with_what_the_largest_tensor_may_hold() -> None:
    x, got = inputs(100)
    whole = softmax_kernel()((x,), got)
    pieces = replace(softmax_kernel(), most=5 * 11)((x,), got)
    assert pieces.look.tolist() == whole.look.tolist()
    assert pieces.summary.elements == whole.summary.elements


@pytest.mark.parametrize("n", [2, 8, 65])
def test_float64_is_judged_by_double_doubles_as_the_compiled_kernel_does(n: int) -> None:
    pytest.importorskip("llvmlite")
    x = 3 * np.random.default_rng(1).normal(size=(200, n))
    got = torch.softmax(torch.from_numpy(x), -1)
    check = definition_check_on("cpu", [SOFTMAX], SOFTMAX, "softmaxVec", named("ieee"), "float64")
    assert check.kernel is not None and check.why == ""
    here = check.kernel((torch.from_numpy(x),), got)
    there = compile_definition([SOFTMAX], SOFTMAX, "softmaxVec", named("ieee"), "float64")(
        (x,), got.numpy()
    )
    assert here.look.tolist() == there.look.tolist() == []
    assert here.summary.elements == 200 * n
    assert here.summary.histogram == there.summary.histogram
    assert here.summary.ratio.amount == pytest.approx(there.summary.ratio.amount, rel=1e-9)


def test_where_there_is_no_kernel_the_walk_judges_and_it_says_so() -> None:
    logarithm = {"f": definition("f", (X,), total(J, log(at(X, J))))}
    check = definition_check_on("cpu", [logarithm], logarithm, "f", named("ieee"), "float64")
    assert check.why == "a logarithm in float64 is not compiled: the walk judges"
    x = np.abs(inputs(20)[0][8:]).astype(np.float64) + 1
    got = np.log(x).sum(axis=1)
    assert check((torch.from_numpy(x),), torch.from_numpy(got)).looked == 12
