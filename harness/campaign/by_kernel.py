"""Cells judged by a compiled kernel, where there is one: what runs by the million.

The kernel says "inside" or nothing; the rows that it leaves are judged by the walk, on the same
results. A cell with a violation, or with something that not even balls decide, or in which a call
gave no value, is judged once more as `check` does it, which words the violation. So a campaign's
verdicts are the walk's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from harness.campaign.statement_by_kernel import (
    Called,
    Checks,
    statement_checks,
    statement_counts,
)
from harness.campaign.summary import Extreme, Finding, Summary
from harness.conformance.calling import Callee, call_cells
from harness.conformance.definition import calls
from harness.conformance.question import Question
from harness.conformance.sheet import Sheet
from harness.conformance.verdict import AtSize
from harness.evaluate.fast.check import DefinitionCheck, definition_check
from harness.evaluate.fast.device.on_torch import DeviceCheck
from harness.evaluate.fast.llvm.machine import Store
from harness.evaluate.fast.summary import Summary as Counts
from harness.evaluate.fast.summary import Worst
from harness.statement.types import FinType

Check = DefinitionCheck | Checks
"""The kernel of a definition, or those of a statement's relations."""


def kernel_check(question: Question, store: Store) -> Check | None:
    """The compiled check; None where the walk judges, see `why_walked`."""
    return _made(question, store)[0]


def why_walked(question: Question, store: Store) -> str:
    """Why a question is judged by the walk; the empty text when it is not."""
    return _made(question, store)[1]


def judged_by_kernel(
    question: Question,
    check: Check,
    sheet: Sheet,
    unit: int,
    judged_by_walk: Callable[[], Summary],
) -> Summary:
    """The summary of the one cell of a sheet. judged_by_walk: the cell as `check` judges it."""
    if sheet.n == 0:
        return judged_by_walk()

    def called(callee: Callee, arguments: Sequence[Any], own: tuple[int, ...]) -> Any:
        results = call_cells(callee, arguments, sheet.rows, own, sheet.placed)
        return None if results.trouble else results.numbers

    total = counts(question, check, sheet, called)
    return concluded(question, total, sheet, unit, judged_by_walk)


def counts(
    question: Question, check: Check | DeviceCheck, sheet: Sheet, called: Called
) -> Counts | None:
    """What a check counts in the one cell of a sheet; None where a call gave no value.

    called: of arguments and the shape of a row of results, what came back, or None.
    """
    if isinstance(check, tuple):
        return statement_counts(question, check, sheet, called)
    return _definition_counts(question, check, sheet, called)


def _definition_counts(
    question: Question, check: DefinitionCheck | DeviceCheck, sheet: Sheet, called: Called
) -> Counts | None:
    """Over the calls that a definition makes of the sheet."""
    assert check.kernel is not None
    (constant,) = question.constants
    definition = question.bench.own[constant]
    callee = question.subject.callees[constant]
    names = [p.name for p in definition.params if isinstance(p.type, FinType)]
    arrays = [sheet.arrays[variable] for variable in sheet.variables]
    own = tuple(length.at(dict(sheet.sizes)) for length in check.kernel.own)
    total = Counts()
    for arguments, place in calls(definition, sheet):
        results = called(callee, arguments, own)
        if results is None:
            return None
        total = total.merged(check(arrays, results, dict(zip(names, place, strict=True))))
    return total


def concluded(
    question: Question,
    total: Counts | None,
    sheet: Sheet,
    unit: int,
    judged_by_walk: Callable[[], Summary],
) -> Summary:
    """The summary of a cell whose counts are known; a violation, or a call that gave no value (then
    there are no counts), is for the walk to word."""
    if total is None:
        return judged_by_walk()
    if not total.violations and not total.undecided:
        return _summary(total, sheet, unit)
    again = judged_by_walk()
    if again.first or not total.violations:
        return again
    return _summary(total, sheet, unit) + Summary(first=_unsteady(question, total, sheet, unit))


def _made(question: Question, store: Store) -> tuple[Check | None, str]:
    if question.kind:
        return None, "no kernels for what follows from types: the walk judges"
    if question.claim is not None:
        return statement_checks(question, store)
    made = _definition_check(question, store)
    return (made if made.kernel is not None else None), made.why


def _definition_check(question: Question, store: Store) -> DefinitionCheck:
    bench, subject = question.bench, question.subject
    (constant,) = question.constants
    arithmetic = subject.arithmetic(constant)

    def make() -> DefinitionCheck:
        sets = bench.equation_sets(constant, arithmetic.forms)
        stable = bench.stable_equations(constant)
        return definition_check(sets, stable, constant, arithmetic, subject.dtype, store)

    return bench.once(("kernel", constant, arithmetic, subject.dtype), make)


def _summary(total: Counts, sheet: Sheet, unit: int) -> Summary:
    n, ratio, ulps = sheet.n, total.ratio, total.ulps
    seen = {n: AtSize(n, total.elements, ulps.amount, ratio.amount)} if total.elements else {}
    return Summary(
        inputs=sheet.rows,
        cells=len(sheet.placed),
        cases=total.elements,
        out_of_range=total.out_of_range,
        unbounded=total.unbounded,
        undecided=total.undecided,
        violations=total.violations,
        histogram=total.histogram,
        worst_ratio=_extreme(ratio, sheet, unit),
        worst_ulp=_extreme(ulps, sheet, unit),
        judged_at={n: total.elements > 0},
        sizes=seen,
    )


def _extreme(worst: Worst, sheet: Sheet, unit: int) -> Extreme | None:
    if worst.row < 0:
        return None
    return Extreme(worst.amount, (unit, worst.row), sheet.data[0].cell.id(), sheet.n)


def _unsteady(question: Question, total: Counts, sheet: Sheet, unit: int) -> Finding:
    """Outside its bound once, and inside when it was called with the same input again."""
    constant = ", ".join(question.constants)
    said = f"{constant} was outside its bound, and inside when the same input was given again"
    cell = sheet.data[0].cell.id()
    return Finding((unit, total.violation), "value", said, cell, sheet.n, constant)
