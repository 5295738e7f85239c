"""One case judged by itself: the same input bits, the same check, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from harness.cells.cell import Cell
from harness.cells.inputs import sizes
from harness.conformance.case_id import CaseId
from harness.conformance.given import Given, axes_of, given_of, sheet_of
from harness.conformance.guard import FATAL
from harness.conformance.hypotheses import rows_where_true
from harness.conformance.kept import given_in
from harness.conformance.question import Question
from harness.conformance.recorder import Recorder, manner_of
from harness.conformance.sheet import Sheet, one_cell, size_variables
from harness.conformance.shrink_result import calls_before
from harness.conformance.snippet import snippet
from harness.conformance.theorem import MOST_SERIES
from harness.conformance.verdict import CheckResult, Replayed, Shrunk, Verdict, Violation
from harness.corpus import Kept
from harness.errors import InputError
from harness.implementations.entry import Entry
from harness.statement.term import Var
from harness.statement.types import FinType, NatType

MOST_NUMBERS = 1 << 22
"""Of one argument, all rows together; no run makes as many."""

Replayable = CaseId | Kept
"""What names a case: its place in a run, or a file of the corpus."""


def replayed(
    question: Question,
    case: Replayable,
    base: CheckResult,
    code: Mapping[str, Entry],
    mode: str = "",
) -> CheckResult:
    """`base` with the verdict on one case.

    It meets code with empty caches, where that can be had. A case that conforms so is judged once
    more, after the calls that its check makes before it. code, mode: as for `snippet`.
    """
    if isinstance(case, Kept):
        calls, row = given_in(case, question.variables), None
        before: Sequence[Given] = ()
    else:
        refuse_large(case.cell, question.variables)
        sheet = one_cell(question.variables, case.cell)
        calls, row = (given_of(sheet, sheet.placed[0]),), case.row
        before = ()
    n = _size(question, calls[-1])
    if not question.subject.takes(n, question.constants):
        note = f"{question.subject.name} does not take vectors of n = {n}"
        return replace(base, verdict=Verdict.UNSUPPORTED, notes=(note,))
    if question.claim is not None and question.claim.derivatives and n > MOST_SERIES:
        raise InputError(f"derivatives are judged up to n = {MOST_SERIES}, the case has n = {n}")
    label = case.cell.id() if isinstance(case, CaseId) else case.name
    verdict, judged, note = _judged(question, calls, row, label)
    if isinstance(case, CaseId) and verdict is Verdict.CONFORMS:
        before = calls_before(question, case.cell)
        later = _judged(question, (*before, *calls), row, label) if before else None
        if later and later[0] is Verdict.VIOLATES:
            verdict, judged, _ = later
            calls = (*before, *calls)
            note = f"it conforms by itself, and fails after {len(before)} other calls of the check"
    told = tuple(call.told() for call in calls)
    shown = judged is not None and judged.kind not in FATAL
    program = snippet(question, Shrunk(told, judged), code, mode) if judged and shown else ""
    at = judged.case.row if judged and judged.case else row or 0
    return replace(
        base,
        verdict=verdict,
        cases=int(n > 0 and verdict in (Verdict.CONFORMS, Verdict.VIOLATES)),
        cases_n0=int(n == 0),
        violation=judged if n and verdict is Verdict.VIOLATES else None,
        violation_n0=judged if not n and verdict is Verdict.VIOLATES else None,
        notes=(note,) if note else (),
        replayed=Replayed(told, at, judged, program),
    )


def refuse_large(cell: Cell, variables: Sequence[Var]) -> None:
    """InputError for a cell with more numbers than any run makes."""
    named = sizes(cell, size_variables(variables))
    for variable in variables:
        if not isinstance(variable.type, NatType | FinType):
            count = cell.rows * math.prod(length.at(named) for length in axes_of(variable.type))
            if count > MOST_NUMBERS:
                raise InputError(
                    f"'{cell.id()}' has {count:,} numbers in {variable.name} alone",
                    hint=f"a case has at most {MOST_NUMBERS:,}",
                )


def _judged(
    question: Question, calls: Sequence[Given], row: int | None, label: str
) -> tuple[Verdict, Violation | None, str]:
    """The verdict on a row of the last call (None: on all), the value that it rests on, a note."""
    subject = question.renew() or question.subject
    kinds = groupby(calls, key=lambda call: (dict(call.sizes), call.view))
    # Calls of a run are judged side by side as the run did it, kept ones one after the other.
    groups = [[call] for call in calls] if row is None else [list(part) for _, part in kinds]
    for part in groups:
        recorder = Recorder()
        sheet = sheet_of(question.variables, subject.dtype, part, label)
        question.judge(question.bench, subject, sheet, recorder)
    start = sheet.rows - part[-1].rows
    rows = slice(start, sheet.rows) if row is None else slice(start + row, start + row + 1)
    if found := recorder.violation_in(rows):
        return Verdict.VIOLATES, found, ""
    for manner in {manner_of(violation) for _, violation in recorder.troubles}:
        if found := recorder.trouble_in(rows, manner):
            return Verdict.VIOLATES, found, ""
    if not _meant(question, sheet, rows):
        return Verdict.INCONCLUSIVE, None, "the hypotheses of the statement do not hold here"
    if nearest := recorder.nearest_in(rows):
        return Verdict.CONFORMS, nearest, ""
    if why := recorder.unjudged_in(rows):
        return Verdict.INCONCLUSIVE, None, why
    return Verdict.CONFORMS, None, "there is no number to judge: shape and dtype are right"


def _meant(question: Question, sheet: Sheet, rows: slice) -> bool:
    """Whether the statement speaks of all these rows."""
    claim = question.claim
    return claim is None or bool(rows_where_true(question.bench, claim, sheet)[rows].all())


def _size(question: Question, call: Given) -> int:
    return sheet_of(question.variables, question.subject.dtype, [call]).n
