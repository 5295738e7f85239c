"""A check result in a few lines of plain text, for terminals and test failures."""

from __future__ import annotations

from harness.conformance.case_id import id_of
from harness.conformance.verdict import CheckResult, Violation


def told(result: CheckResult) -> str:
    """What a person needs to know of one result: verdict, where, the smallest input, the ratio."""
    where = " ".join(part for part in (result.entry, result.dtype, result.device) if part)
    head = f"{result.declaration}, {result.check} check, {where}: {result.verdict}"
    lines = [head + (f" ({'; '.join(result.notes)})" if result.notes else "")]
    for violation in (result.violation, result.violation_n0):
        if violation:
            lines.extend(_violation(result, violation))
    if result.ours:
        lines.append(f"  ours: {', '.join(result.ours)}")
    return "\n".join(lines)


def _violation(result: CheckResult, violation: Violation) -> list[str]:
    lines = [f"  {violation.kind}: {violation.message}"]
    if violation.ratio is not None:
        lines.append(f"  error / bound: {violation.ratio:.4g}")
    if violation.case:
        lines.append(f"  case: {id_of(result, violation.case)}")
        lines.extend(f"  {name} = {numbers}" for name, numbers in violation.case.inputs.items())
    if violation.shrunk and violation.shrunk.snippet:
        program = violation.shrunk.snippet.rstrip()
        lines += ["  the smallest input found, as a program:", "", program]
    return lines
