"""Fused kernels say what single operations say, on torch's CPU device; CUDA where it is."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from harness.evaluate.arithmetic import named
from harness.evaluate.fast import fused as module
from harness.evaluate.fast.fused import AS_ALONE, fused
from harness.evaluate.fast.on_torch import TorchKernel, definition_check_on, torch_kernel
from tests.evaluate.attacked import TARGETS
from tests.evaluate.fast.test_check import inputs
from tests.evaluate.fast.test_on_torch import softmax_kernel, told
from tests.evaluate.terms import SOFTMAX

torch = pytest.importorskip("torch")

DEVICES = [
    pytest.param(
        "cpu",
        marks=pytest.mark.skipif(
            not any(map(shutil.which, ("g++", "clang++"))), reason="no C++ compiler is here"
        ),
    ),
    pytest.param(
        "cuda",
        marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="torch sees no CUDA device"),
    ),
]
IN_FLOAT32 = [target for target in TARGETS if target.name == "float32"]
JUDGED = (13, 16)
"""Trees of which many rows are judged: each takes seconds to compile."""

pytestmark = [
    pytest.mark.slow,
    # The compiler's own use of what it deprecates.
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning"),
]


@pytest.fixture(autouse=True)
def subnormals() -> Iterator[None]:
    """Compiled code may leave them flushed for the whole thread, ours included."""
    yield
    assert np.float64(2.0**-1022) * 0.5 != 0.0


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("wrong", [0.0, 0.3])
def test_what_is_judged_is_what_the_walk_says(device: str, wrong: float) -> None:
    pytest.importorskip("llvmlite")

    def make(*definition: Any) -> TorchKernel:
        return fused(torch_kernel(device, *definition))

    judged, found, fewer, more = told(make, JUDGED, wrong, IN_FLOAT32)
    assert found == [] and judged > 100
    assert fewer + more <= judged // 100


@pytest.mark.parametrize("device", DEVICES)
def test_counts_and_rows_are_those_of_single_operations(device: str) -> None:
    x, got = inputs()
    got[[20, 40], [1, 3]] += np.float32(0.25)
    check = definition_check_on(device, [SOFTMAX], SOFTMAX, "softmaxVec", named("ieee"), "float32")
    assert check.kernel is not None
    alone, together = check((x,), got), replace(check, kernel=fused(check.kernel))((x,), got)
    same = ("elements", "out_of_range", "unbounded", "violations", "violation", "looked")
    assert [getattr(together, name) for name in same] == [getattr(alone, name) for name in same]
    assert (together.violations, together.ratio.row) == (2, alone.ratio.row)
    assert together.ratio.amount == pytest.approx(alone.ratio.amount, rel=1e-4)
    assert np.abs(np.subtract(together.histogram, alone.histogram)).sum() <= 4


@pytest.mark.parametrize("device", DEVICES)
def test_each_shape_of_a_chunk_is_compiled_once(
    device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, right = list[int](), module._compiled

    def watched(order: Any, outcome: Any, chunk: Any) -> Any:
        made.append(len(chunk.arrays[0]))
        return right(order, outcome, chunk)

    monkeypatch.setattr(module, "_compiled", watched)
    x, got = inputs(100)
    kernel = replace(softmax_kernel(device), most=5 * 30)
    judged = fused(kernel)((x,), got)
    assert made == [30, 10]
    assert judged.look.tolist() == kernel((x,), got).look.tolist()


def test_the_compiler_knows_what_it_is_told() -> None:
    from torch._inductor import list_options

    assert set(AS_ALONE) <= set(list_options())
