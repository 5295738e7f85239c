"""Whether checks on a device may judge in one pass: tried before it is relied on.

A kernel in one pass (`on_triton.py`) may only replace single operations where it says what they
say. Each process sees to that on results of our own code, which are near to their bounds as those
of right code are, at a size of each kind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from harness.campaign.statement_by_kernel import Checks
from harness.cells.cell import Cell
from harness.conformance.guard import describe
from harness.conformance.question import Question
from harness.conformance.sheet import Sheet, one_cell
from harness.evaluate.fast.device.on_torch import DeviceCheck, Evaluated, TorchKernel
from harness.evaluate.fast.device.on_triton import in_one_pass, sparing
from harness.evaluate.fast.device.torch_nodes import Chunk
from harness.evaluate.fast.graph import Node
from harness.evaluate.fast.lowered import Outcome
from harness.evaluate.fast.reasons import NotCompiled

SIZES = (8, 300)
"""Several rows for a program of the device, and one."""

ROWS = 257
MOST_OTHER = 1 / 64
"""Share of rows about which both may differ: those at the edge of their bounds, by last bits."""

NEAR = 2.0**-10
"""How far amounts of one row may be apart, relative; those below it in absolute terms are equal."""

Judge = Callable[[Question, Any, Sheet], object]
"""Judges the one cell of a sheet by a check on the device."""


def tried(
    question: Question, check: DeviceCheck | Checks, judge: Judge
) -> tuple[DeviceCheck | Checks, str]:
    """The check in one pass; itself, with a sentence that says why, where it may not."""
    kernels, subject = _kernels(check), question.subject
    if not all(is_worth_it(kernel.device) for kernel in kernels):
        return check, ""
    if not all(constant in subject.ours for constant in question.constants):
        return check, "no code of ours to try kernels in one pass on: single operations judge"
    ours = replace(subject, callees=subject.ours, arithmetics=subject.our_arithmetics)
    on_ours = replace(question, subject=ours)
    try:
        beside = [_Beside(kernel, in_one_pass(kernel)) for kernel in kernels]
        watched = _with(
            check, [replace(k, evaluate=b) for k, b in zip(kernels, beside, strict=True)]
        )
        for n in SIZES:
            cell = Cell(1, subject.dtype, n, "normal", "normal", 0, (ROWS,))
            judge(on_ours, watched, one_cell(question.variables, cell))
    except NotCompiled as reason:
        return check, f"{reason}: single operations judge"
    except Exception as error:  # whatever a compiler, a driver or a device has to say
        return check, f"kernels in one pass fail here ({describe(error)}): single operations judge"
    if differing := [text for one in beside for text in one.differing]:
        said = f"kernels in one pass differ here ({differing[0]}): single operations judge"
        return check, f"{said}; please report it"
    return _with(check, [sparing(one.together) for one in beside]), ""


def is_worth_it(device: str) -> bool:
    """Whether kernels in one pass are for a device: Triton makes them for GPUs."""
    return device.startswith("cuda")


@dataclass(frozen=True)
class _Beside:
    """Evaluates chunks both ways, and answers what single operations say."""

    alone: TorchKernel
    together: TorchKernel
    differing: list[str] = field(default_factory=list)

    def __call__(self, order: Sequence[Node], outcome: Outcome, chunk: Chunk) -> Evaluated:
        one = self.alone.evaluate(order, outcome, chunk)
        if text := difference(one, self.together.evaluate(order, outcome, chunk)):
            self.differing.append(f"{self.alone.made.title}, {text}")
        return one


def difference(one: Evaluated, other: Evaluated) -> str:
    """What two ways to judge the same rows differ in; "" where that is nothing to speak of."""
    rows = len(one.good)
    unlike = int((one.good != other.good).sum())
    if unlike > rows * MOST_OTHER:
        return f"{unlike} of {rows} rows are judged by one alone"
    both = one.good & other.good
    for name in ("greatest_ratio", "greatest_ulps"):
        a, b = getattr(one, name)[both], getattr(other, name)[both]
        far = (a - b).abs() > NEAR * a.abs().clamp(min=NEAR)
        if bool(far.any()):
            return f"{name.replace('_', ' ')} in {int(far.sum())} of {len(a)} rows"
    counted = int(other.histogram.sum()) * int(one.good.sum())
    if counted != int(one.histogram.sum()) * int(other.good.sum()):
        return "the histogram counts other numbers"
    return ""


def _kernels(check: DeviceCheck | Checks) -> list[TorchKernel]:
    kernels = [one.kernel for one in check] if isinstance(check, tuple) else [check.kernel]
    return [kernel for kernel in kernels if isinstance(kernel, TorchKernel)]


def _with(check: DeviceCheck | Checks, kernels: Sequence[TorchKernel]) -> DeviceCheck | Checks:
    """The check with these kernels instead of its own."""
    if isinstance(check, tuple):
        return tuple(replace(one, kernel=k) for one, k in zip(check, kernels, strict=True))
    (kernel,) = kernels
    return replace(check, kernel=kernel)
