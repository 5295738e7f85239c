"""From the verdicts of a run to the records of its document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from harness.conformance.case_id import id_of
from harness.conformance.verdict import Case, CheckResult, Peak, Shrunk, Violation
from harness.report.document import (
    CaseRecord,
    Check,
    CheckRecord,
    KeptRecord,
    PeakRecord,
    ShrunkRecord,
    ViolationRecord,
)
from harness.report.replay_command import Replaying


def check_records(
    results: Iterable[CheckResult],
    full_names: Mapping[str, str],
    replaying: Replaying | None = None,
) -> list[CheckRecord]:
    """One record per result. full_names: short name of a declaration -> full name; replaying: how
    cases are replayed, None where they cannot be."""
    return [_check(result, full_names, replaying) for result in results]


def _check(
    result: CheckResult, full_names: Mapping[str, str], replaying: Replaying | None
) -> CheckRecord:
    return CheckRecord(
        declaration=full_names.get(result.declaration, result.declaration),
        check=cast(Check, result.check),
        entry=result.entry,
        dtype=result.dtype,
        device=result.device,
        verdict=result.verdict.value,
        cases=result.cases,
        cells=result.cells,
        cases_n0=result.cases_n0,
        out_of_range=result.out_of_range,
        unbounded=result.unbounded,
        undecided=result.undecided,
        discarded=result.discarded,
        worst_ratio=_peak(result, result.worst_ratio),
        worst_ulp=_peak(result, result.worst_ulp),
        tightness=result.tightness,
        violation=_violation(result, result.violation, replaying),
        violation_n0=_violation(result, result.violation_n0, replaying),
        violations=result.violations,
        constants=list(result.constants),
        ours=list(result.ours),
        arithmetic=result.arithmetic,
        expected=result.expected,
        oracle=result.oracle,
        notes=list(result.notes),
        part=result.part,
        kept=[KeptRecord(name=k.name, verdict=k.verdict.value) for k in result.kept],
        seconds=result.seconds,
    )


def _case(result: CheckResult, case: Case) -> CaseRecord:
    name = id_of(result, case)
    return CaseRecord(id=name, cell=case.cell, row=case.row, n=case.n, inputs=dict(case.inputs))


def _peak(result: CheckResult, peak: Peak | None) -> PeakRecord | None:
    return PeakRecord(amount=peak.amount, case=_case(result, peak.case)) if peak else None


def _violation(
    result: CheckResult, violation: Violation | None, replaying: Replaying | None
) -> ViolationRecord | None:
    if violation is None:
        return None
    case = _case(result, violation.case) if violation.case else None
    return ViolationRecord(
        kind=violation.kind,
        message=violation.message,
        case=case,
        constant=violation.constant,
        ratio=violation.ratio,
        got=violation.got,
        want=violation.want,
        bound=violation.bound,
        confirmed=violation.confirmed,
        replay=replaying.command(case.id) if replaying and case else "",
        shrunk=_shrunk(violation.shrunk, replaying) if violation.shrunk else None,
    )


def _shrunk(shrunk: Shrunk, replaying: Replaying | None) -> ShrunkRecord:
    last, found = shrunk.calls[-1], shrunk.violation
    return ShrunkRecord(
        message=found.message,
        ratio=found.ratio,
        n=found.case.n if found.case else 0,
        batch=list(last.batch),
        view=last.view,
        inputs=dict(last.numbers),
        preceding=len(shrunk.calls) - 1,
        snippet=shrunk.snippet,
        id=shrunk.id,
        replay=replaying.command(shrunk.id) if replaying and replaying.kept and shrunk.id else "",
    )
