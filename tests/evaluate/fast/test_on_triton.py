"""Kernels in one pass, by Triton's interpreter: the walk and single operations say the same."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from harness.evaluate.arithmetic import named
from harness.evaluate.fast.device import on_triton, triton_text
from harness.evaluate.fast.device.on_torch import TorchKernel, definition_check_on, torch_kernel
from harness.evaluate.fast.device.on_triton import Launch, in_one_pass, launch, sparing
from harness.evaluate.fast.graph import Graph, axis_of
from tests.evaluate.attacked import TARGETS
from tests.evaluate.fast.test_check import inputs
from tests.evaluate.fast.test_on_torch import WIDE, softmax_kernel, told
from tests.evaluate.terms import SOFTMAX
from tests.evaluate.trees import N1, N

torch = pytest.importorskip("torch")
pytest.importorskip("triton")

DEVICES = [
    pytest.param(
        "cpu",
        marks=pytest.mark.skipif(
            os.environ.get("TRITON_INTERPRET") != "1", reason="Triton runs on the GPU that is here"
        ),
    ),
    pytest.param(
        "cuda",
        marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="torch sees no CUDA device"),
    ),
]

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # numpy's, in the interpreter


def making(device: str) -> Callable[..., TorchKernel]:
    """Kernels of definitions in one pass; NotCompiled where there are none."""

    def make(*definition: Any) -> TorchKernel:
        return in_one_pass(torch_kernel(device, *definition))

    return make


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("wrong", [0.0, 0.3])
def test_what_is_judged_is_what_the_walk_says_and_as_much_as_compiled(
    device: str, wrong: float
) -> None:
    pytest.importorskip("llvmlite")
    judged, found, fewer, more = told(making(device), range(60), wrong)
    assert found == []
    assert judged > 300
    assert fewer + more <= judged // 50  # results lie on the edge of the bound on purpose


@pytest.mark.parametrize("device", DEVICES)
def test_what_is_judged_in_float64_is_what_the_walk_says(device: str) -> None:
    pytest.importorskip("llvmlite")
    targets = [target for target in TARGETS if target.name == "float64"]
    judged, found, fewer, more = told(making(device), WIDE, 0.0, targets)
    assert found == [] and judged > 200
    assert fewer + more <= judged // 10


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
@pytest.mark.parametrize("n", [1, 2, 5, 8, 65, 513])
def test_counts_and_amounts_are_those_of_single_operations(device: str, dtype: str, n: int) -> None:
    random, kind = np.random.default_rng(n), getattr(torch, dtype)
    x = random.normal(size=(600 // n + 5, n)) * random.choice([1, 30], (600 // n + 5, 1))
    x[2], x[3, 0] = 3.0, np.inf
    given = torch.from_numpy(x).to(device=device, dtype=kind)
    got = torch.softmax(given, -1)
    got[1] *= 3
    check = definition_check_on(device, [SOFTMAX], SOFTMAX, "softmaxVec", named("ieee"), dtype)
    assert check.kernel is not None
    alone = check.kernel((given,), got)
    together = in_one_pass(check.kernel)((given,), got)
    assert together.look.tolist() == alone.look.tolist() and 1 in alone.look
    assert together.summary.elements == alone.summary.elements
    assert (alone.summary.elements > 0) == (n > 1)  # one number alone is exact: for the walk
    assert sum(together.summary.histogram) == together.summary.elements
    assert np.abs(np.subtract(together.summary.histogram, alone.summary.histogram)).sum() <= 4
    for name in ("ratio", "ulps"):
        one, other = getattr(together.summary, name), getattr(alone.summary, name)
        assert one.row == other.row
        assert one.amount == pytest.approx(other.amount, rel=1e-4)


@pytest.mark.parametrize("device", DEVICES)
def test_a_row_that_is_too_long_is_judged_by_single_operations(
    device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, got = inputs(40)
    alone = softmax_kernel(device)((x,), got)
    monkeypatch.setattr(on_triton, "LONGEST", 4)
    monkeypatch.setattr("harness.evaluate.fast.device.on_torch.MOST_NUMBERS", 8 * 7)
    together = in_one_pass(softmax_kernel(device))((x,), got)
    assert together.look.tolist() == alone.look.tolist()
    assert together.summary == alone.summary


@pytest.mark.parametrize("device", DEVICES)
def test_what_fails_at_a_length_is_judged_by_single_operations_from_then_on(
    device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, got = inputs(40)
    alone, asked = softmax_kernel(device)((x,), got), list[object]()

    def fails(*launched: object) -> None:
        asked.append(launched)
        raise RuntimeError("out of resource: shared memory")

    monkeypatch.setattr(on_triton._OnePass, "_launched", fails)
    kernel = in_one_pass(softmax_kernel(device))
    with pytest.raises(RuntimeError):
        kernel((x,), got)
    spared = sparing(kernel)
    for _ in range(3):
        judged = spared((x,), got)
        assert judged.look.tolist() == alone.look.tolist() and judged.summary == alone.summary
    assert len(asked) == 2


@pytest.mark.parametrize("device", DEVICES)
def test_what_does_not_fit_into_memory_is_halved_in_one_pass_too(
    device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, got = inputs(40)
    whole, rows = softmax_kernel(device)((x,), got), list[int]()
    right = on_triton._OnePass._launched

    def small(one: Any, chunk: Any, *rest: Any) -> Any:
        rows.append(len(chunk.arrays[0]))
        if rows[-1] > 20:
            raise torch.cuda.OutOfMemoryError("out of memory")
        return right(one, chunk, *rest)

    monkeypatch.setattr(on_triton._OnePass, "_launched", small)
    judged = sparing(in_one_pass(softmax_kernel(device)))((x,), got)
    assert rows == [40, 20, 20]
    assert judged.look.tolist() == whole.look.tolist()


@pytest.mark.parametrize("device", DEVICES)
def test_a_kernel_that_forgets_where_a_row_ends_is_found(
    device: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("llvmlite")
    right = triton_text._Writer._indices

    def endless(writer: Any) -> list[str]:
        return [re.sub(r"< length\d+", f"< {1 << 20}", line) for line in right(writer)]

    monkeypatch.setattr(triton_text._Writer, "_indices", endless)
    with pytest.raises(AssertionError):  # more is counted than there is
        told(making(device), range(30))


AXES = axis_of(N, 0), axis_of(N, 1), axis_of(N1, 0)


@pytest.mark.parametrize(
    ("lengths", "both", "expected"),
    [
        ((1,), False, Launch(512, (1,), 1, 4)),
        ((8,), False, Launch(64, (8,), 8, 4)),
        ((9, 9, 10), False, Launch(32, (16, 16, 16), 16, 4)),
        ((9, 9, 10), True, Launch(2, (16, 16, 16), 256, 4)),
        ((), False, Launch(512, (), 1, 4)),
        ((1024,), False, Launch(1, (1024,), 1024, 8)),
        ((4097,), False, Launch(1, (8192,), 8192, 32)),
    ],
)
def test_each_thread_has_some_four_numbers(
    lengths: tuple[int, ...], both: bool, expected: Launch
) -> None:
    graph = Graph()
    axes = AXES[: len(lengths)]
    order = [graph.input(0, (axis,), 1.0) for axis in axes]
    if both:
        order.append(graph.add(order[0], order[1]))
    blocks = [node.axes for node in order]
    assert launch(dict(zip(axes, lengths, strict=True)), blocks) == expected


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_it_compiles_for_a_gpu_and_each_operation_rounds_as_it_is_told(
    dtype: str, tmp_path: Any
) -> None:
    names = ("softmaxVec", "inner_softmaxJvp_comm")
    found = subprocess.run(
        [sys.executable, "-m", "benchmarks.for_gpu", *names, "--n", "8", "--dtype", dtype, "--ptx"],
        env={**os.environ, "TRITON_CACHE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    operations = re.findall(r"\b((?:add|sub|mul|fma|div|sqrt|cvt)\.[\w.]*f64[\w.]*)", found.stdout)
    assert found.stdout.count(".entry kernel") == 3  # softmaxVec is stated, too
    assert any(one.startswith("div") for one in operations) and len(operations) > 300
    # With `.rn` the assembler contracts nothing; widening is exact and needs none.
    loose = {one for one in operations if ".rn." not in one and not one.startswith("cvt")}
    assert loose == set()
    assert not any("approx" in one or "full" in one or "ftz" in one for one in operations)
