"""From the verdicts of a run to the records of its document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from harness.conformance.autograd_jobs import MODE_NAMES
from harness.conformance.case_id import id_of
from harness.conformance.kinds import KINDS
from harness.conformance.vacuity import Footing
from harness.conformance.verdict import Case, CheckResult, Peak, Shrunk, Violation
from harness.evaluate.histogram import LOWEST
from harness.report.document import (
    CaseRecord,
    Check,
    CheckRecord,
    ConventionRecord,
    FootingRecord,
    KeptRecord,
    PeakRecord,
    ShrunkRecord,
    SizeRecord,
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


def footing_record(footing: Footing) -> FootingRecord:
    """What was seen of a statement's inputs."""
    return FootingRecord(
        hypotheses=footing.hypotheses,
        witness=_named(footing.witness, footing.witness.id) if footing.witness else None,
        tried=footing.tried,
        conventions=[
            ConventionRecord(
                operation=one.operation, rule=one.rule, case=_named(one.case, one.case.id)
            )
            for one in footing.conventions
        ],
        outside=footing.outside,
    )


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
        unsupported=result.unsupported,
        worst_ratio=_peak(result, result.worst_ratio, replaying),
        # Calls that agree to the bit have no worst case.
        worst_ulp=_peak(result, result.worst_ulp) if not _agree(result) else None,
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
        histogram=_histogram(result.histogram),
        sizes=[
            SizeRecord(n=one.n, cases=one.cases, ulp=one.ulp, ratio=one.ratio)
            for one in (result.sizes if result.check not in KINDS else ())
        ],
        mode=MODE_NAMES[result.part] if result.check == "derivative" else "",
    )


def _agree(result: CheckResult) -> bool:
    return result.check in KINDS and result.worst_ulp is not None and not result.worst_ulp.amount


def _histogram(counts: tuple[int, ...]) -> dict[int, int]:
    return {LOWEST + k: number for k, number in enumerate(counts) if number}


def _case(result: CheckResult, case: Case) -> CaseRecord:
    return _named(case, id_of(result, case))


def _named(case: Case, name: str) -> CaseRecord:
    return CaseRecord(id=name, cell=case.cell, row=case.row, n=case.n, inputs=dict(case.inputs))


def _peak(
    result: CheckResult, peak: Peak | None, replaying: Replaying | None = None
) -> PeakRecord | None:
    if peak is None:
        return None
    case = _case(result, peak.case)
    command = replaying.command(case.id) if replaying else ""
    return PeakRecord(amount=peak.amount, case=case, replay=command)


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
