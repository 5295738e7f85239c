"""The graph of a check as one kernel of Triton, which reads the arrays once and keeps no others.

    check = replace(check, kernel=in_one_pass(check.kernel))

Triton comes with torch for CUDA. It compiles a kernel for each power of two that an axis is padded
to, in a second or so, and keeps it on the disk. Nothing may be contracted (`enable_fp_fusion`);
float64 is never flushed on CUDA. Sums are trees whose shape follows from the padded length, so
results do not depend on the chunk; counts are whole numbers, which are added in any order.

Run by Triton's interpreter, and compiled for a GPU without one; never run on a GPU. So a campaign
uses it where it says what single operations say: `harness/campaign/one_pass.py`.
"""

from __future__ import annotations

import hashlib
import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.abc import ExecutionLoader
from importlib.util import module_from_spec, spec_from_loader
from typing import Any

from harness.evaluate.fast import exponential_wide
from harness.evaluate.fast.device import on_torch
from harness.evaluate.fast.device.on_torch import Evaluated, TorchKernel
from harness.evaluate.fast.device.torch_nodes import Chunk, Tensor
from harness.evaluate.fast.device.triton_text import Written, written
from harness.evaluate.fast.graph import Axis, Node
from harness.evaluate.fast.lowered import Outcome
from harness.evaluate.fast.reasons import NotCompiled
from harness.evaluate.histogram import BINS
from harness.statement.types import Length

BLOCK = 512
"""Numbers of the largest block that a program takes at once; a longer row is taken alone."""

LONGEST = 1 << 14
"""Numbers of a row in its largest block, axes padded: beyond, it does not fit into the registers of
a program by far."""

PROGRAMS = 4
"""Programs for each processor of the device; each goes on to further rows."""

MOST_NUMBERS = 1 << 28
"""Numbers of a chunk: nothing but some bytes for each row is kept beside its arrays."""


def available() -> bool:
    """Whether Triton can be imported."""
    try:
        import triton  # noqa: F401
    except ImportError:
        return False
    return True


def in_one_pass(kernel: TorchKernel) -> TorchKernel:
    """The kernel, its rows judged in one pass. NotCompiled, with the reason, without Triton."""
    if not available():
        raise NotCompiled("Triton is not installed")
    made = written(kernel.order, kernel.made.outcome, kernel.made.arrays)
    one = _OnePass(made, kernel.made.arrays, kernel.blocks, kernel.evaluate)
    return replace(kernel, evaluate=one, most=MOST_NUMBERS)


def sparing(kernel: TorchKernel) -> TorchKernel:
    """A kernel in one pass that leaves to single operations what it fails at: an axis may be padded
    to a length for which its device has no room, or a compiler no code."""
    assert isinstance(kernel.evaluate, _OnePass)
    return replace(kernel, evaluate=replace(kernel.evaluate, failed=set()))


@dataclass(frozen=True)
class Launch:
    """How a kernel is launched. rows: that a program takes at once; padded: the lengths of the
    axes; numbers: of a row in the largest block; warps: of 32 threads."""

    rows: int
    padded: tuple[int, ...]
    numbers: int
    warps: int


def launch(lengths: Mapping[Axis, int], blocks: Iterable[frozenset[Axis]]) -> Launch:
    """For axes of these lengths: some four numbers of the largest block for each thread."""
    padded = {axis: 1 << max(0, n - 1).bit_length() for axis, n in lengths.items()}
    numbers = max((math.prod(padded[axis] for axis in axes) for axes in blocks), default=1)
    rows = max(1, BLOCK // numbers)
    return Launch(rows, tuple(padded.values()), numbers, max(1, min(32, rows * numbers // 128)))


@dataclass(frozen=True)
class _OnePass:
    """made: the kernel; arrays: the shapes of what it reads; blocks: the axes of what it computes;
    longer: judges what is too long; failed: launches that did, which are not tried again; None
    where a failure ends all."""

    made: Written
    arrays: Sequence[tuple[Length, ...]]
    blocks: frozenset[frozenset[Axis]]
    longer: Callable[[Sequence[Node], Outcome, Chunk], Evaluated]
    failed: set[Launch] | None = None

    def __call__(self, order: Sequence[Node], outcome: Outcome, chunk: Chunk) -> Evaluated:
        """As `on_torch.evaluated`."""
        lengths = self._lengths(chunk)
        how = launch({axis: lengths[axis.length] for axis in self.made.axes}, self.blocks)
        if how.numbers <= LONGEST and how not in (self.failed or ()):
            found = self._tried(chunk, lengths, how)
            if found is not None:
                return found
        return self._in_pieces(order, outcome, chunk, on_torch.MOST_NUMBERS // how.numbers)

    def _tried(self, chunk: Chunk, lengths: Mapping[Length, int], how: Launch) -> Evaluated | None:
        """None where that fails; a device that is unusable then fails at what comes next, too."""
        import torch

        try:
            return self._launched(chunk, lengths, how)
        except torch.cuda.OutOfMemoryError:
            raise  # a chunk of fewer rows may fit
        except Exception:  # whatever a compiler or a driver has to say
            if self.failed is None:
                raise
            self.failed.add(how)
            return None

    def _launched(self, chunk: Chunk, lengths: Mapping[Length, int], how: Launch) -> Evaluated:
        import torch

        arrays = [_as_bits(a.contiguous()) for a in chunk.arrays]
        rows, device = int(arrays[0].shape[0]), arrays[0].device
        good = torch.empty(rows, dtype=torch.int8, device=device)
        ratio, ulps = (torch.empty(rows, dtype=torch.float64, device=device) for _ in range(2))
        counted = torch.zeros(2 * BINS, dtype=torch.int64, device=device)
        programs = min(-(-rows // how.rows), PROGRAMS * _processors(device))
        # Triton launches on the device that is current.
        with torch.cuda.device(device) if device.type == "cuda" else nullcontext():
            function_of(self.made.text)[(programs,)](
                *arrays,
                _numbers((*(chunk.params[key] for key in self.made.params), 0.0), device),
                *_tables(device),
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

    def _in_pieces(
        self, order: Sequence[Node], outcome: Outcome, chunk: Chunk, rows: int
    ) -> Evaluated:
        """By single operations, which keep many arrays."""
        import torch

        count, step = int(chunk.arrays[0].shape[0]), max(1, rows)
        found = [
            self.longer(
                order,
                outcome,
                replace(chunk, arrays=[a[first : first + step] for a in chunk.arrays]),
            )
            for first in range(0, count, step)
        ]
        return Evaluated(
            torch.cat([one.good for one in found]),
            torch.cat([one.greatest_ratio for one in found]),
            torch.cat([one.greatest_ulps for one in found]),
            torch.stack([one.histogram for one in found]).sum(0),
        )

    def _lengths(self, chunk: Chunk) -> Mapping[Length, int]:
        """How long each is, from the chunk's axes and the shapes of its arrays."""
        found = {axis.length: n for axis, n in chunk.lengths.items()}
        for shape, array in zip(self.arrays, chunk.arrays, strict=True):
            found.update(zip(shape, (int(n) for n in array.shape[1:]), strict=True))
        return found


def _as_bits(array: Tensor) -> Tensor:
    """bfloat16 as int16, which the kernel widens itself; what else there is as it is."""
    import torch

    return array.view(torch.int16) if array.dtype == torch.bfloat16 else array


def _processors(device: Any) -> int:
    """Of a device of CUDA; 1 for the interpreter, which runs programs one by one."""
    import torch

    if device.type != "cuda":
        return 1
    return int(torch.cuda.get_device_properties(device).multi_processor_count)


@lru_cache(maxsize=256)
def _numbers(numbers: tuple[float, ...], device: Any) -> Tensor:
    """On the device once: whatever is sent there makes the processor wait."""
    import torch

    return torch.tensor(numbers, dtype=torch.float64, device=device)


@lru_cache(maxsize=16)
def _tables(device: Any) -> tuple[Tensor, ...]:
    """The high and the low parts of those of the wide exponential."""
    return tuple(_numbers(part, device) for part in zip(*exponential_wide.table(), strict=True))


@cache
def function_of(text: str) -> Any:
    """The function of Triton with this source, `kernel`."""
    name = f"harness_kernel_{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    spec = spec_from_loader(name, _Source(text))
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module  # where Triton looks when it reads the source again
    spec.loader.exec_module(module)
    return module.kernel


class _Source(ExecutionLoader):
    """Loads a module from a text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def get_source(self, fullname: str) -> str:
        return self.text

    def get_filename(self, fullname: str) -> str:
        return f"{fullname}.py"
