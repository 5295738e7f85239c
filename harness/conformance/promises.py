"""When code fails under its arithmetic: the strictest named one that it does meet."""

from __future__ import annotations

from dataclasses import replace

from harness.conformance.definition import check_definition
from harness.conformance.subject import Subject
from harness.conformance.verdict import CheckResult, Verdict
from harness.conformance.workbench import Workbench
from harness.evaluate.arithmetic import NAMED

ABOUT_VALUES = frozenset({"value", "nan"})


def with_advice(
    bench: Workbench, subject: Subject, result: CheckResult, constant: str
) -> CheckResult:
    """A failed definition check, with a note on what the code could declare; else unchanged.

    The verdict stays: a promise counts from the run on in which it is declared.
    """
    violation = result.violation
    if result.verdict is Verdict.CONFORMS:
        return replace(result, meets=result.arithmetic)
    if violation is None or violation.kind not in ABOUT_VALUES:
        return result
    bounded = ""
    for name, arithmetic in NAMED.items():
        if name == result.arithmetic:
            continue
        declared = replace(subject, arithmetics={**subject.arithmetics, constant: arithmetic})
        again = check_definition(bench, declared, result.declaration, constant, fail_fast=True)
        if again.verdict is Verdict.CONFORMS:
            advice = (
                f"meets the arithmetic '{name}': declare it with --arithmetic {constant}={name}"
            )
            return replace(result, notes=(*result.notes, advice), meets=name)
        if again.violation is None and again.cases:
            bounded = bounded or name
    meets = f"{bounded}, where that bounds anything" if bounded else "none"
    note = f"meets {meets}" if bounded else "meets no named arithmetic"
    return replace(result, notes=(*result.notes, note), meets=meets)
