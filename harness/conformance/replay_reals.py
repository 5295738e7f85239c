"""One case of a consistency check: both sides of the statement at one input, in balls."""

from __future__ import annotations

from dataclasses import replace

from harness.conformance.case_id import CaseId
from harness.conformance.claim import Claim
from harness.conformance.consistency import judge_row
from harness.conformance.given import given_of
from harness.conformance.hypotheses import rows_where_true
from harness.conformance.replay import refuse_large
from harness.conformance.sheet import one_cell
from harness.conformance.verdict import CheckResult, Replayed, Verdict, Violation
from harness.conformance.workbench import Workbench


def replayed_on_reals(
    bench: Workbench, claim: Claim, case: CaseId, base: CheckResult
) -> CheckResult:
    """`base` with the verdict on one input, everything unfolded."""
    refuse_large(case.cell, claim.variables)
    sheet = one_cell(claim.variables, case.cell)
    call = given_of(sheet, sheet.placed[0])
    numbers = {name: part[case.row : case.row + 1] for name, part in call.numbers.items()}
    told = replace(call, numbers=numbers, batch=()).told()
    found = replace(base, constants=claim.constants, replayed=Replayed((told,), 0))
    if claim.outside:
        return replace(found, verdict=Verdict.UNSUPPORTED, notes=(claim.outside,))
    if not rows_where_true(bench, claim, sheet)[case.row]:
        why = "the hypotheses of the statement do not hold here"
        return replace(found, verdict=Verdict.INCONCLUSIVE, notes=(why,))
    answer = judge_row(bench, claim, sheet, case.row)
    if answer is None:
        why = "balls of 1024 bits do not tell the sides apart, nor that they agree to 64 bits"
        return replace(found, verdict=Verdict.INCONCLUSIVE, notes=(why,))
    if answer:
        violation = Violation("value", answer, sheet.case(case.row), confirmed=True)
        judged = Replayed((told,), 0, violation)
        return replace(found, verdict=Verdict.REFUTED, violation=violation, replayed=judged)
    note = "what the statement says was compared in balls: it holds here, to 64 bits"
    n = int(sheet.n > 0)
    return replace(found, verdict=Verdict.CONFORMS, cases=n, cases_n0=1 - n, notes=(note,))
