"""From the verdicts of a run to the records of its document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from harness.conformance.autograd_jobs import MODE_NAMES
from harness.conformance.verdict import Case, CheckResult, Peak, Shrunk, Violation
from harness.report.document import (
    CaseRecord,
    Check,
    CheckRecord,
    PeakRecord,
    ShrunkRecord,
    ViolationRecord,
)


def check_records(
    results: Iterable[CheckResult], full_names: Mapping[str, str]
) -> list[CheckRecord]:
    """One record per result. full_names: short name of a declaration -> full name."""
    return [_check(result, full_names) for result in results]


def _check(result: CheckResult, full_names: Mapping[str, str]) -> CheckRecord:
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
        worst_ratio=_peak(result.worst_ratio),
        worst_ulp=_peak(result.worst_ulp),
        tightness=result.tightness,
        violation=_violation(result.violation),
        violation_n0=_violation(result.violation_n0),
        violations=result.violations,
        constants=list(result.constants),
        ours=list(result.ours),
        arithmetic=result.arithmetic,
        expected=result.expected,
        oracle=result.oracle,
        notes=list(result.notes),
        seconds=result.seconds,
        mode=MODE_NAMES[result.part] if result.check == "derivative" else "",
    )


def _case(case: Case) -> CaseRecord:
    return CaseRecord(id=case.id, cell=case.cell, row=case.row, n=case.n, inputs=dict(case.inputs))


def _peak(peak: Peak | None) -> PeakRecord | None:
    return PeakRecord(amount=peak.amount, case=_case(peak.case)) if peak else None


def _violation(violation: Violation | None) -> ViolationRecord | None:
    if violation is None:
        return None
    return ViolationRecord(
        kind=violation.kind,
        message=violation.message,
        case=_case(violation.case) if violation.case else None,
        constant=violation.constant,
        ratio=violation.ratio,
        got=violation.got,
        want=violation.want,
        bound=violation.bound,
        confirmed=violation.confirmed,
        shrunk=_shrunk(violation.shrunk) if violation.shrunk else None,
    )


def _shrunk(shrunk: Shrunk) -> ShrunkRecord:
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
    )
