"""The graph of a check on a device as few kernels instead of one for each operation.

    check = replace(check, kernel=fused(check.kernel))

torch.compile makes them, told to round every operation as it is rounded alone: nothing is
contracted, no subnormal number is flushed, quotients are correctly rounded. Sums keep their order,
which is spelled out. Each shape of a chunk is compiled anew, in seconds, so this is for many chunks
of one shape. Run on torch's CPU device, where it needs a C++ compiler; never on a GPU.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from harness.evaluate.fast.graph import Node
from harness.evaluate.fast.on_torch import Evaluated, TorchKernel, evaluated
from harness.evaluate.fast.row_end import Outcome
from harness.evaluate.fast.torch_nodes import Chunk, Tensor

AS_ALONE: dict[str, Any] = {
    "emulate_precision_casts": True,  # which also keeps a product and a sum apart
    "eager_numerics.division_rounding": True,
    "eager_numerics.disable_ftz": True,
}
"""Options of torch's compiler, by which an operation in a fused kernel rounds as it does alone."""


def fused(kernel: TorchKernel) -> TorchKernel:
    """The kernel, fused."""
    made: dict[object, Callable[..., Any]] = {}

    def evaluate(order: Sequence[Node], outcome: Outcome, chunk: Chunk) -> Evaluated:
        shapes = tuple(tuple(array.shape) for array in chunk.arrays)
        key = (shapes, tuple(chunk.places.items()))
        if key not in made:
            made[key] = _compiled(order, outcome, chunk)
        return Evaluated(*made[key](*chunk.arrays))

    return replace(kernel, evaluate=evaluate)


def _compiled(order: Sequence[Node], outcome: Outcome, chunk: Chunk) -> Callable[..., Any]:
    """What `evaluated` does with a chunk of this shape."""
    import torch
    from torch.fx.experimental.proxy_tensor import make_fx

    def run(*arrays: Tensor) -> tuple[Tensor, ...]:
        found = evaluated(order, outcome, replace(chunk, arrays=arrays))
        return found.good, found.greatest_ratio, found.greatest_ulps, found.bins

    # The compiler does not follow our classes, so it gets the operations that they come to.
    traced = make_fx(run, tracing_mode="fake", _allow_non_fake_inputs=True)(*chunk.arrays)
    compiled: Callable[..., Any] = torch.compile(traced, dynamic=False, options=AS_ALONE)
    return compiled
