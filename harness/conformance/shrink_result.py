"""From the violation of a check to the same with a shrunk input, a program that shows it, an id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import takewhile

from harness.cells.cell import Cell, parse_cell
from harness.cells.plan import EFFORTS
from harness.conformance.case_id import KEPT
from harness.conformance.given import Given, given_of
from harness.conformance.guard import FATAL
from harness.conformance.kept import given_in, kept_case
from harness.conformance.question import Question
from harness.conformance.sheet import one_cell
from harness.conformance.shrink import Start, shrink
from harness.conformance.snippet import snippet
from harness.conformance.verdict import Case, CheckResult, Violation
from harness.corpus import Kept
from harness.implementations.entry import Entry


def with_shrunk(
    question: Question,
    result: CheckResult,
    code: Mapping[str, Entry],
    corpus: Iterable[Kept] = (),
    mode: str = "",
) -> CheckResult:
    """The result with its violations shrunk; what does not fail again stays as it is.

    code: constant -> the entry that supplies it; corpus: where cases of it may come from; mode: of
    autograd, where the derivative is torch's.
    """
    kept = {one.name: one for one in corpus}
    at_zero = result.violation_n0
    if at_zero is not None:
        result = replace(result, violation_n0=_shrunk(question, at_zero, code, kept, mode))
    if result.violation is not None:
        result = replace(result, violation=_shrunk(question, result.violation, code, kept, mode))
    return _named(result)


def _shrunk(
    question: Question,
    violation: Violation,
    code: Mapping[str, Entry],
    kept: Mapping[str, Kept],
    mode: str,
) -> Violation:
    if violation.case is None or violation.kind in FATAL:
        return violation
    found = shrink(question, violation, _start(question, violation.case, kept))
    if found is None:
        return violation
    return replace(violation, shrunk=replace(found, snippet=snippet(question, found, code, mode)))


def _start(question: Question, case: Case, kept: Mapping[str, Kept]) -> Start:
    if case.cell.startswith(KEPT):
        calls = given_in(kept[case.cell.removeprefix(KEPT)], question.variables)
        return Start(calls[-1], 0, calls[:-1])
    cell = parse_cell(case.cell)
    sheet = one_cell(question.variables, cell)
    return Start(given_of(sheet, sheet.placed[0]), case.row, calls_before(question, cell))


def calls_before(question: Question, cell: Cell) -> list[Given]:
    """Calls that the check made before this one, in order: those of its size and layout, and
    before them the last one of each smaller size. None in a campaign, whose units go anywhere."""
    if question.bench.effort not in EFFORTS:
        return []
    before: list[Given] = []
    size = dict(one_cell(question.variables, cell).sizes)
    sheets = question.bench.sheets if question.claim else question.bench.definition_sheets
    for sheet in sheets(question.variables, question.subject.dtype):
        placed = [one for one in sheet.placed if one.cell.view == cell.view]
        if any(one.cell == cell for one in placed):
            earlier = takewhile(lambda one: one.cell != cell, placed)
            return [*before, *(given_of(sheet, one) for one in earlier)]
        last = placed if dict(sheet.sizes) == size else sheet.placed[-1:]
        before += [given_of(sheet, one) for one in last]
    return []


def _named(result: CheckResult) -> CheckResult:
    """With the id under which the corpus would keep the case."""
    case = kept_case(result)
    if case is None:
        return result
    name = case.name
    if result.violation is not None and result.violation.shrunk is not None:
        smaller = replace(result.violation.shrunk, id=name)
        return replace(result, violation=replace(result.violation, shrunk=smaller))
    assert result.violation_n0 is not None and result.violation_n0.shrunk is not None
    smaller = replace(result.violation_n0.shrunk, id=name)
    return replace(result, violation_n0=replace(result.violation_n0, shrunk=smaller))
