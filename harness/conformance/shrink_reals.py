"""Shrinking of a refutation: the simplest numbers at which a statement is false."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from harness.cells.cell import parse_cell
from harness.conformance.claim import Claim
from harness.conformance.consistency import DTYPE, judge_row
from harness.conformance.effort_clock import worked
from harness.conformance.given import Given, given_of, sheet_of
from harness.conformance.hypotheses import rows_where_true
from harness.conformance.question import Question
from harness.conformance.recorder import VALUE
from harness.conformance.sheet import Sheet, one_cell
from harness.conformance.shrink import TIME_BOX, Start, reduced
from harness.conformance.shrink_shape import rows_of
from harness.conformance.shrink_trial import Examiner, TimeIsUp, Trial
from harness.conformance.subject import Subject
from harness.conformance.verdict import CheckResult, Shrunk, Violation
from harness.conformance.workbench import Workbench


def with_simplest(bench: Workbench, claim: Claim, result: CheckResult) -> CheckResult:
    """A result of the consistency check, with the simplest input found that refutes, if any does.

    Takes about a second at most.
    """
    violation = result.violation
    if violation is None or violation.case is None or not claim.sampled:
        return result  # without numbers there is nothing simpler
    began = time.perf_counter()
    cell = parse_cell(violation.case.cell)
    whole = one_cell(claim.variables, cell)
    call = rows_of(given_of(whole, whole.placed[0]), [violation.case.row])
    call = replace(call, batch=())
    nobody = Subject("", DTYPE, "", {}, {}, {}, {})
    question = Question(bench, nobody, claim.constants, claim, lambda: None)
    trial = reduced(_Reals(question, VALUE, worked() + TIME_BOX), (call,), Start(call))
    sheet = _sheet(claim, trial[0])
    refutation = judge_row(bench, claim, sheet, 0)
    if not refutation:
        return result
    found = Violation("value", refutation, sheet.case(0), confirmed=True)
    seconds = time.perf_counter() - began
    smaller = Shrunk((trial[0].told(),), found, seconds=seconds)
    return replace(result, violation=replace(violation, shrunk=smaller))


class _Reals(Examiner):
    """Judges trials on exact reals, one by one."""

    def failing(self, trials: Sequence[Trial]) -> list[bool]:
        """Which of the trials refute the statement."""
        return [self._refutes(trial[0]) for trial in trials]

    def _refutes(self, call: Given) -> bool:
        if worked() > self.deadline:
            raise TimeIsUp
        claim = self.question.claim
        assert claim is not None
        sheet = _sheet(claim, call)
        if not rows_where_true(self.bench, claim, sheet)[0]:
            return False
        return bool(judge_row(self.bench, claim, sheet, 0))


def _sheet(claim: Claim, call: Given) -> Sheet:
    return sheet_of(claim.variables, DTYPE, [call], "shrunk")
