"""Cells judged where the code under test runs: results stay on the device, and so does the check.

What the check on the device does not call inside comes back, row by row, for the walk. A cell with
a violation is judged once more as `check` does it, which words the violation. So verdicts and
counts are those of the processor; `docs/fast_path.md`, "On CUDA", says what may differ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from harness.campaign.by_kernel import concluded, counts, kernel_check, why_walked
from harness.campaign.one_pass import tried
from harness.campaign.statement_by_kernel import Checks, statement_checks_on
from harness.campaign.summary import Summary
from harness.cells.likeness import unlike
from harness.conformance.backends import Backend
from harness.conformance.calling import Callee, kept_result
from harness.conformance.guard import Misbehaviour
from harness.conformance.question import Question
from harness.conformance.sheet import Sheet
from harness.conformance.sheet_there import sheet_there
from harness.evaluate.fast.device.on_torch import DeviceCheck, definition_check_on
from harness.evaluate.fast.llvm.machine import Store
from harness.evaluate.fast.summary import Summary as Counts


def is_elsewhere(question: Question) -> bool:
    """Whether the code under test gets and gives arrays that are not in the processor's memory."""
    backends = [callee.backend for callee in question.callees().values()]
    return any(one.name == "torch" and one.device != "cpu" for one in backends)


def device_check(question: Question) -> DeviceCheck | Checks | None:
    """The check on the device where the code runs; None where there is none, see `why_read_back`.

    The processor is a device, too: `cpu` of torch. On a GPU kernels judge in one pass where they
    may, see `why_not_in_one_pass`.
    """
    return _fastest(question)[0]


def why_read_back(question: Question, store: Store) -> str:
    """Why results of code on another device are judged on the processor; "" when they are not."""
    check, why = single_operations(question)
    if check is not None:
        return ""
    by = why_walked(question, store) if kernel_check(question, store) is None else ""
    why = why.removesuffix(": the walk judges")
    # Most reasons hold for every kernel.
    by = "the walk judges" if by.startswith(why) else by
    return f"{why}: results are read back; {by or 'a kernel judges'}"


def why_not_in_one_pass(question: Question) -> str:
    """Why single operations judge on a GPU; "" when they do not, and where there is none."""
    return _fastest(question)[1]


def why_made_here(question: Question) -> str:
    """Which inputs are made on the processor and copied, for code that is judged on its device."""
    if device_check(question) is None:
        return ""
    subject, device = question.subject, _backend(question).device
    names = ", ".join(sorted(unlike(device, subject.dtype)))
    made = "inputs with them are made on the processor"
    return f"{names}: other bits on {device}, so {made}" if names else ""


def judged_on_device(
    question: Question,
    check: DeviceCheck | Checks,
    sheet: Sheet,
    unit: int,
    judged_by_walk: Callable[[], Summary],
) -> Summary:
    """The summary of the one cell of a sheet, as `by_kernel.judged_by_kernel` has it."""
    return concluded(question, _counts(question, check, sheet), sheet, unit, judged_by_walk)


def _counts(question: Question, check: DeviceCheck | Checks, sheet: Sheet) -> Counts | None:
    (placed,) = sheet.placed

    def called(callee: Callee, arguments: Sequence[Any], own: tuple[int, ...]) -> Any:
        try:
            return kept_result(callee, arguments, own, placed)
        except Misbehaviour:
            return None

    return counts(question, check, sheet_there(sheet, _backend(question)), called)


def _backend(question: Question) -> Backend:
    """Of the code under test, all of which is on one device."""
    return next(iter(question.callees().values())).backend


def _fastest(question: Question) -> tuple[DeviceCheck | Checks | None, str]:
    """The check in one pass where that may be, else by single operations, and why."""
    check, _ = single_operations(question)
    if check is None:
        return None, ""
    subject = question.subject
    promises = tuple((name, subject.arithmetic(name)) for name in question.constants)
    key = ("one pass", question.claim, promises, subject.dtype, _backend(question).device)
    return question.bench.once(key, lambda: tried(question, check, _counts))


def single_operations(question: Question) -> tuple[DeviceCheck | Checks | None, str]:
    """The check by operations of torch; None, with a sentence that says why, without one."""
    if question.claim is not None:
        return statement_checks_on(question, _backend(question))
    check = _definition_check(question)
    return (check if check.kernel is not None else None), check.why


def _definition_check(question: Question) -> DeviceCheck:
    bench, subject = question.bench, question.subject
    (constant,) = question.constants
    device = _backend(question).device
    arithmetic = subject.arithmetic(constant)

    def make() -> DeviceCheck:
        sets = bench.equation_sets(constant, arithmetic.forms)
        stable = bench.stable_equations(constant)
        return definition_check_on(device, sets, stable, constant, arithmetic, subject.dtype)

    return bench.once(("on device", device, constant, arithmetic, subject.dtype), make)
