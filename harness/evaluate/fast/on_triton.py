"""The graph of a check as one kernel of Triton, which reads the arrays once and keeps no others.

    check = replace(check, kernel=in_one_pass(check.kernel))

Triton comes with torch for CUDA. It compiles a kernel for each power of two that an axis is padded
to, in a second or so, and keeps it on the disk. Nothing may be contracted (`enable_fp_fusion`);
float64 is never flushed on CUDA. Sums are trees whose shape follows from the padded length, so
results do not depend on the chunk; the counts are whole numbers, which may be added in any order.

Run by Triton's interpreter, and compiled for a GPU without one; never run on a GPU.
"""

from __future__ import annotations

import linecache
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from harness.evaluate.fast import exponential_wide
from harness.evaluate.fast.graph import Node
from harness.evaluate.fast.on_torch import Evaluated, TorchKernel
from harness.evaluate.fast.reasons import NotCompiled
from harness.evaluate.fast.row_end import Outcome
from harness.evaluate.fast.torch_nodes import Chunk, Tensor
from harness.evaluate.fast.triton_text import Written, written
from harness.evaluate.histogram import BINS
from harness.statement.types import Length

BLOCK = 512
"""Numbers of the longest axis that a program takes at once; a longer row is taken alone."""

LONGEST = 1 << 14
"""The longest padded axis: beyond, a row does not fit into the registers of a program by far."""

PROGRAMS = 4
"""Programs for each processor of the device; each goes on to further rows."""


def available() -> bool:
    """Whether Triton can be imported."""
    try:
        import triton  # noqa: F401
    except ImportError:
        return False
    return True


def in_one_pass(kernel: TorchKernel) -> TorchKernel:
    """The kernel, its rows judged in one pass. NotCompiled, with the reason, where Triton cannot."""
    if not available():
        raise NotCompiled("Triton is not installed")
    made = written(kernel.order, kernel.made.outcome, kernel.made.arrays)
    one = _OnePass(made, kernel.made.arrays, kernel.evaluate)
    return replace(kernel, evaluate=one)


@dataclass(frozen=True)
class Launch:
    """How a kernel is launched for a chunk. rows: that a program takes at once; padded: axes;
    warps: of 32 threads."""

    rows: int
    padded: tuple[int, ...]
    warps: int


def launch(axes: Sequence[int]) -> Launch:
    """For axes of these lengths: some four numbers of the longest for each thread."""
    padded = tuple(1 << max(0, n - 1).bit_length() for n in axes)
    longest = max(padded, default=1)
    rows = max(1, BLOCK // longest)
    return Launch(rows, padded, max(1, min(32, rows * longest // 128)))


@dataclass(frozen=True)
class _OnePass:
    """made: the kernel; arrays: the shapes of what it reads; longer: judges what is too long."""

    made: Written
    arrays: Sequence[tuple[Length, ...]]
    longer: Callable[[Sequence[Node], Outcome, Chunk], Evaluated]

    def __call__(self, order: Sequence[Node], outcome: Outcome, chunk: Chunk) -> Evaluated:
        """As `on_torch.evaluated`."""
        import torch

        lengths = _lengths(self.made, chunk, self.arrays)
        how = launch([lengths[length] for length in self.made.axes])
        if max(how.padded, default=1) > LONGEST:
            return self.longer(order, outcome, chunk)
        arrays = [a.contiguous() for a in chunk.arrays]
        rows, device = int(arrays[0].shape[0]), arrays[0].device

        def real(numbers: Sequence[float]) -> Tensor:
            return torch.tensor([*numbers, 0.0], dtype=torch.float64, device=device)

        good = torch.empty(rows, dtype=torch.int8, device=device)
        ratio, ulps = (torch.empty(rows, dtype=torch.float64, device=device) for _ in range(2))
        counted = torch.zeros(2 * BINS, dtype=torch.int64, device=device)
        table = exponential_wide.table()
        blocks = -(-rows // how.rows)
        kernel(self.made.text)[(min(blocks, PROGRAMS * processors(device)),)](
            *arrays,
            real([chunk.params[key] for key in self.made.params]),
            real([pair[0] for pair in table]),
            real([pair[1] for pair in table]),
            good,
            ratio,
            ulps,
            counted,
            rows,
            *(lengths[length] for length in self.made.lengths),
            *(chunk.places[name] for name in self.made.places),
            how.rows,
            *how.padded,
            num_warps=how.warps,
            enable_fp_fusion=False,
        )
        return Evaluated(good != 0, ratio, ulps, counted[:BINS])


def _lengths(
    made: Written, chunk: Chunk, arrays: Sequence[tuple[Length, ...]]
) -> Mapping[Length, int]:
    """How long each is, from the chunk's axes and the shapes of its arrays."""
    found = {axis.length: n for axis, n in chunk.lengths.items()}
    for shape, array in zip(arrays, chunk.arrays, strict=True):
        found.update(zip(shape, (int(n) for n in array.shape[1:]), strict=True))
    return found


def processors(device: Any) -> int:
    """Of a device of CUDA; 1 elsewhere, as the interpreter does programs one by one."""
    import torch

    if device.type != "cuda":
        return 1
    return int(torch.cuda.get_device_properties(device).multi_processor_count)


@cache
def kernel(text: str) -> Any:
    """The kernel with this source."""
    name = f"<kernel {len(linecache.cache)}>"
    # Triton reads the source again, from where Python keeps that of files.
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    scope: dict[str, Any] = {"__name__": __name__}
    exec(compile(text, name, "exec"), scope)
    return scope["kernel"]


def interpreted() -> bool:
    """Whether kernels are run by the interpreter, in this process."""
    return os.environ.get("TRITON_INTERPRET") == "1"
