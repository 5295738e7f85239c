"""Kernels on a device of torch: the graph that LLVM gets, evaluated in torch operations.

    check = definition_check_on("cuda", sets, stable, "softmaxVec", arithmetic, "float32")
    total = total.merged(check((x,), got).from_row(first))  # tensors on the device, or arrays

The contract is that of `judged.py`: what it judges is inside by the walk's own rules, all other
rows are the walk's, on the CPU. So verdicts and counts do not depend on the device; amounts (worst
ratio, worst ulp, binades of the histogram) may differ by the doubt, since `torch.exp` and
`torch.log` differ in their last bits between devices, and perhaps with the shape of a chunk. All
else has a fixed order (`torch_nodes.py`). Memory decides about chunks: one that does not fit is
halved.

Written for CUDA and run on torch's CPU device.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from harness.evaluate.arithmetic import Arithmetic
from harness.evaluate.fast.check import DefinitionCheck
from harness.evaluate.fast.definition import Equations, lowered_definition
from harness.evaluate.fast.device import torch_nodes
from harness.evaluate.fast.device.torch_nodes import Chunk, Tensor
from harness.evaluate.fast.graph import MOST_COORDINATES, Axis, Node, below
from harness.evaluate.fast.judged import Judged, param, sizes_of
from harness.evaluate.fast.lowered import Lowered, Outcome
from harness.evaluate.fast.reasons import NotCompiled
from harness.evaluate.fast.summary import Summary, Worst
from harness.evaluate.histogram import BINS
from harness.statement.types import Length

MOST_NUMBERS = 1 << 24
"""Numbers of the largest intermediate tensor that a chunk is begun with: 128 MiB in float64."""


@dataclass(frozen=True)
class Evaluated:
    """A chunk's rows, (rows,): whether each is judged, its greatest ratio and ulps; the histogram
    of the ratios in those that are, (BINS,) int64."""

    good: Tensor
    greatest_ratio: Tensor
    greatest_ulps: Tensor
    histogram: Tensor


def evaluated(order: Sequence[Node], outcome: Outcome, chunk: Chunk) -> Evaluated:
    """The outcome of a chunk's rows. order: the nodes, operands first; what no later one needs is
    let go at once."""
    import torch

    chunk = replace(chunk, arrays=[a.to(torch.float64) for a in chunk.arrays])
    results = (outcome.good, outcome.greatest_ratio, outcome.greatest_ulps, outcome.ratio)
    last = {id(a): number for number, node in enumerate(order) for a in node.args}
    keep = {id(node) for node in results}
    values: dict[int, Tensor] = {}
    for number, node in enumerate(order):
        values[id(node)] = torch_nodes.value(node, [values[id(a)] for a in node.args], chunk)
        for a in node.args:
            if last[id(a)] == number and id(a) not in keep:
                values.pop(id(a), None)
    rows = int(chunk.arrays[0].shape[0])
    every = [values[id(node)] for node in results]
    good, ratio, ulps = (v.expand(rows, *v.shape[1:]).reshape(rows) for v in every[:3])
    bins = torch_nodes.binade(every[3], BINS).reshape(rows, -1)
    counted = torch.bincount(bins[good].reshape(-1), minlength=BINS)
    return Evaluated(good, ratio, ulps, counted)


@dataclass(frozen=True)
class TorchKernel:
    """A check on a device. order: its nodes, operands first; evaluate: `evaluated`, or what tests
    put in its place."""

    made: Lowered
    device: str
    order: tuple[Node, ...]
    evaluate: Callable[[Sequence[Node], Outcome, Chunk], Evaluated] = evaluated
    most: int = MOST_NUMBERS

    @property
    def own(self) -> tuple[Length, ...]:
        """The shape of a row of results."""
        return self.made.own

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """All that the nodes depend on, or are reduced over."""
        reduced = {node.attr[1] for node in self.order if node.op == "reduce"}
        return tuple(sorted(reduced.union(*self.blocks)))

    @cached_property
    def params(self) -> tuple[object, ...]:
        """The keys of the numbers that depend on the sizes."""
        return tuple(node.attr for node in self.order if node.op == "param")

    @cached_property
    def blocks(self) -> frozenset[frozenset[Axis]]:
        """What the nodes depend on: the shapes that tensors have."""
        return frozenset(node.axes for node in self.order)

    def __call__(
        self, arrays: Sequence[Any], got: Any, places: Mapping[str, int] | None = None
    ) -> Judged:
        """Judge a chunk of rows.

        arrays: the sampled arguments in order, (rows, ...), got: (rows, ...); tensors on any device
        or numpy arrays, numbers of the format in any float type that holds them. places: the
        indices among the arguments by name. ValueError for shapes that do not fit.
        """
        return self.judge((*arrays, got), places)

    def judge(self, arrays: Sequence[Any], places: Mapping[str, int] | None = None) -> Judged:
        """The same with what came back among the arrays, in the order of `made.arrays`."""
        import torch

        passed = [torch.as_tensor(a) for a in arrays]
        rows = int(passed[0].shape[0])
        sizes = sizes_of(self.made.arrays, passed, rows)
        empty = not all(a.numel() for a in passed)
        if empty or max(sizes.values(), default=0) > MOST_COORDINATES:
            return Judged(Summary(), np.arange(rows))
        chunk = Chunk(
            (),
            self.axes,
            {axis: axis.length.at(sizes) for axis in self.axes},
            {key: param(key, sizes) for key in self.params},
            places or {},
        )
        each = math.prod(length.at(sizes) for length in self.own)
        with torch.no_grad():
            return self._in_chunks(passed, chunk, rows, each)

    def _in_chunks(self, passed: Sequence[Tensor], chunk: Chunk, rows: int, each: int) -> Judged:
        """The rows in as many pieces as memory asks for; a row that does not fit is the walk's."""
        import torch

        largest = max(math.prod(chunk.lengths[a] for a in axes) for axes in self.blocks)
        step, first = max(1, min(rows, self.most // max(1, largest))), 0
        total, look = Summary(), list[np.ndarray]()
        while first < rows:
            piece = slice(first, min(first + step, rows))
            try:
                judged = self._judged(passed, piece, chunk, each)
            except torch.cuda.OutOfMemoryError:
                judged = None  # the tensors go with the exception, before more are made
            if judged is None and step > 1:
                step //= 2
                continue
            if judged is None:
                judged = Judged(Summary(), np.arange(1))
            total = total.merged(judged.summary.from_row(first))
            look.append(judged.look + first)
            first = piece.stop
        return Judged(total, np.concatenate(look))

    def _judged(self, passed: Sequence[Tensor], piece: slice, chunk: Chunk, each: int) -> Judged:
        import torch

        there = [a[piece].to(self.device) for a in passed]
        found = self.evaluate(self.order, self.made.outcome, replace(chunk, arrays=there))
        good = found.good
        amounts = torch.stack((found.greatest_ratio, found.greatest_ulps))
        amounts = torch.where(good, amounts, -math.inf)
        first = amounts.argmax(1, keepdim=True)  # of equal ones the first
        most = amounts.gather(1, first)
        # All of it in one tensor: whatever is read makes the processor wait.
        parts = (good.sum()[None], found.histogram, first[:, 0], most[:, 0])
        count, *numbers = torch.cat([part.to(torch.float64) for part in parts]).tolist()
        summary = Summary(
            elements=int(count) * each,
            ratio=_worst(numbers[BINS], numbers[BINS + 2]),
            ulps=_worst(numbers[BINS + 1], numbers[BINS + 3]),
            histogram=tuple(map(int, numbers[:BINS])),
        )
        if count == len(good):
            return Judged(summary, np.arange(0))
        return Judged(summary, torch.nonzero(~good).reshape(-1).cpu().numpy())


@dataclass(frozen=True)
class DeviceCheck:
    """A definition check whose kernel runs on a device; the walk gets only the rows that it leaves.

    kernel: None where there is none, then `why` is a sentence and the walk judges every row."""

    kernel: TorchKernel | None
    walk: DefinitionCheck
    why: str = ""

    def __call__(
        self, arrays: Sequence[Any], got: Any, places: Mapping[str, int] | None = None
    ) -> Summary:
        """Judge a chunk, as `DefinitionCheck` does; the arrays may be tensors on the device."""
        if self.kernel is None:
            return self.walk([here(a) for a in arrays], here(got), places)
        judged = self.kernel(arrays, got, places)
        look = judged.look
        if not look.size:
            return judged.summary
        some = self.walk([here(a, look) for a in arrays], here(got, look), places)
        return judged.summary.merged(_renumbered(some, look))


def definition_check_on(
    device: str,
    sets: Sequence[Equations],
    stable: Equations,
    constant: str,
    arithmetic: Arithmetic,
    dtype: str,
) -> DeviceCheck:
    """The check on a device of torch (`cpu`, `cuda`, `cuda:1`), where that is possible."""
    kernel, why = None, ""
    try:
        kernel = torch_kernel(device, sets, stable, constant, arithmetic, dtype)
    except NotCompiled as reason:
        why = f"{reason}: the walk judges"
    walk = DefinitionCheck(sets, stable, constant, arithmetic, dtype, None, why)
    return DeviceCheck(kernel, walk, why)


def torch_kernel(
    device: str,
    sets: Sequence[Equations],
    stable: Equations,
    constant: str,
    arithmetic: Arithmetic,
    dtype: str,
) -> TorchKernel:
    """The kernel of a definition on a device. NotCompiled, with the reason, where there is none."""
    return kernel_on(device, lowered_definition(sets, stable, constant, arithmetic, dtype))


def kernel_on(device: str, made: Lowered) -> TorchKernel:
    """The kernel of a graph on a device."""
    outcome = made.outcome
    roots = (outcome.good, outcome.greatest_ratio, outcome.greatest_ulps, outcome.ratio)
    return TorchKernel(made, device, tuple(below(roots)))


def _worst(row: float, amount: float) -> Worst:
    """The greatest amount and its row; minus infinity where no row is good."""
    return Worst(amount, int(row)) if amount > -math.inf else Worst()


def here(array: Any, rows: np.ndarray | None = None) -> np.ndarray:
    """An array or a tensor on any device, or some rows of it, in numpy and float64."""
    import torch

    if not isinstance(array, torch.Tensor):
        return np.asarray(array if rows is None else array[rows], np.float64)
    some = array if rows is None else array[torch.as_tensor(rows, device=array.device)]
    numbers: np.ndarray = some.to(device="cpu", dtype=torch.float64).numpy()
    return numbers


def _renumbered(summary: Summary, rows: np.ndarray) -> Summary:
    """A summary of these rows that counted them from 0."""

    def moved(worst: Worst) -> Worst:
        return Worst(worst.amount, int(rows[worst.row])) if worst.row >= 0 else worst

    broken = summary.violation
    return replace(
        summary,
        violation=int(rows[broken]) if broken >= 0 else -1,
        ratio=moved(summary.ratio),
        ulps=moved(summary.ulps),
    )
