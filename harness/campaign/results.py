"""From summaries to the check results that every report is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from harness.campaign.by_device import (
    is_elsewhere,
    why_made_here,
    why_not_in_one_pass,
    why_read_back,
)
from harness.campaign.by_kernel import why_walked
from harness.campaign.plan import Campaign
from harness.campaign.summary import ENDING, Extreme, Finding, Summary
from harness.cells.cell import parse_cell
from harness.conformance.question import Question
from harness.conformance.session import Session
from harness.conformance.sheet import Sheet, one_cell
from harness.conformance.tally import Highest, Tally
from harness.conformance.unjudged import without
from harness.conformance.verdict import CheckResult, Verdict, Violation
from harness.kernel_store import user_store


def results(
    campaign: Campaign, session: Session, summaries: Mapping[int, Summary]
) -> tuple[CheckResult, ...]:
    """One for each job of the campaign; `not run` where nothing was done."""
    return tuple(
        _result(session, campaign, place, summaries.get(place))
        for place in range(len(campaign.jobs))
    )


def judged_by_walk(campaign: Campaign, session: Session) -> tuple[str, ...]:
    """A sentence for each reason why checks have no kernel, or inputs, where their code runs."""
    reasons: dict[str, int] = {}
    for job in campaign.jobs:
        question = session.question(job)
        assert isinstance(question, Question)
        for why in _reasons(question):
            reasons[why] = reasons.get(why, 0) + 1
    count = len(campaign.jobs)
    return tuple(f"{number} of {count} checks: {why}" for why, number in reasons.items())


def _reasons(question: Question) -> Iterator[str]:
    elsewhere, store = is_elsewhere(question), user_store()
    if not elsewhere:
        yield from filter(None, [why_walked(question, store)])
        return
    yield from filter(
        None,
        (
            why_read_back(question, store),
            why_not_in_one_pass(question),
            why_made_here(question),
        ),
    )


def _result(
    session: Session, campaign: Campaign, place: int, summary: Summary | None
) -> CheckResult:
    job = campaign.jobs[place]
    if summary is None:
        return without(job, Verdict.NOT_RUN, "no shard of the campaign with it was done")
    question = session.question(job)
    assert isinstance(question, Question)
    subject = question.subject
    base = CheckResult(
        job.declaration,
        job.check,
        subject.name,
        subject.dtype,
        subject.device,
        Verdict.NOT_RUN,
        constants=question.constants,
        ours=tuple(c for c in question.constants if c not in subject.callees),
        arithmetic=", ".join(sorted({subject.arithmetic(c).name for c in question.constants})),
        expected=subject.expected,
        part=job.part,
    )
    result = _tally(question, summary).result(base)
    # Code that ends its process is not called again in this one.
    ends = result.violation and result.violation.kind in ENDING
    return result if ends else session.shrunk(job, result)


def _tally(question: Question, summary: Summary) -> Tally:
    """The tally that one run over all cases would have ended with."""
    tally = Tally()
    tally.cases, tally.cells = summary.cases, summary.cells
    tally.out_of_range, tally.unbounded = summary.out_of_range, summary.unbounded
    tally.undecided, tally.discarded = summary.undecided, summary.discarded
    tally.violations, tally.tightness = summary.violations, summary.tightness
    tally.histogram = np.array(summary.histogram, dtype=np.int64)
    tally.worst_ratio = _highest(question, summary.worst_ratio)
    tally.worst_ulp = _highest(question, summary.worst_ulp)
    tally.violation = _violation(question, summary.first)
    tally.sizes = dict(summary.sizes)
    tally.unjudged_sizes = {n: not judged for n, judged in summary.judged_at.items()}
    return tally


def _highest(question: Question, extreme: Extreme | None) -> Highest | None:
    if extreme is None:
        return None
    sheet = _sheet(question, extreme.cell)
    return Highest(extreme.amount, sheet, extreme.at[1], sheet.data[0].cell.view)


def _violation(question: Question, finding: Finding | None) -> Violation | None:
    if finding is None:
        return None
    return finding.violation(_sheet(question, finding.cell).case(finding.at[1]).inputs)


def _sheet(question: Question, cell: str) -> Sheet:
    return one_cell(question.variables, parse_cell(cell))
