"""The end of a run: the exit code, and the one sentence that a person can quote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from harness.conformance.kinds import KINDS
from harness.report.causes import Causes
from harness.report.document import (
    CheckRecord,
    DeclarationRecord,
    KnownFailureRecord,
    SummaryRecord,
)
from harness.report.findings import (
    empty_failures,
    failed_checks,
    is_finding,
    lean_findings,
)
from harness.report.numbers import count, listed, times

CAUSES: Mapping[str, str] = MappingProxyType(
    {
        "batch": "depends on the other rows of its batch",
        "layout": "depends on how its argument lies in memory",
        "repeat": "depends on the calls before it",
        "inputs": "changes its arguments",
    }
)
"""Check that follows from the type -> what its violation means."""

CONFORMS, FINDING, ABSENT, INTERRUPTED = 0, 1, 3, 130


def summary(
    declarations: Sequence[DeclarationRecord],
    results: Sequence[CheckRecord],
    interrupted: bool,
    known: Sequence[KnownFailureRecord] = (),
) -> SummaryRecord:
    """Exit code and sentence for what was found."""
    code = exit_code(declarations, results, interrupted, known)
    return SummaryRecord(
        exit_code=code,
        sentence=_sentence(declarations, results, interrupted, known),
        verdicts=dict(Counter(one.verdict for one in results)),
        cases=sum(one.cases for one in results if one.check not in KINDS),
        declarations=len(declarations),
        mirrored=sum(one.lean.mirror == "same" for one in declarations),
        proved=sum(one.lean.proved == "proved" for one in declarations),
    )


def exit_code(
    declarations: Sequence[DeclarationRecord],
    results: Sequence[CheckRecord],
    interrupted: bool,
    known: Sequence[KnownFailureRecord] = (),
) -> int:
    """0 when something ran on floats or reals and all of it conforms, or violates as announced; 1
    for a finding; 3 when nothing ran; 130 when a run without findings was interrupted."""
    if (
        any(one.status == "stale" for one in known)
        or lean_findings(declarations)
        or any(map(is_finding, results))
    ):
        return FINDING
    if interrupted:
        return INTERRUPTED
    ran = known or any(one.verdict == "conforms" for one in results)
    return CONFORMS if ran else ABSENT


def _sentence(
    declarations: Sequence[DeclarationRecord],
    results: Sequence[CheckRecord],
    interrupted: bool,
    known: Sequence[KnownFailureRecord],
) -> str:
    failed = failed_checks(results)
    lean = lean_findings(declarations)
    parts = []
    if failed:
        parts.append(_failures(declarations, failed))
    if empty := empty_failures(results):
        entries = dict.fromkeys(one.entry for one in empty)
        parts.append(f"{listed(list(entries))} cannot take an empty vector")
    parts += _lean_failures(lean)
    if stale := [one for one in known if one.status == "stale"]:
        who = listed(list(dict.fromkeys(one.entry for one in stale)))
        parts.append(f"the known failures of {who} no longer match")
    if interrupted:
        left = sum(one.verdict == "not run" for one in results)
        parts.append(f"{'i' if parts else 'I'}nterrupted with {count(left, 'check')} left")
    if parts:
        text = "; ".join(parts) + "."
        return text[0].upper() + text[1:] if text.startswith("the ") else text
    expected = sum(one.status == "matches" for one in known)
    aside = f" {count(expected, 'known failure')} violate{'s' * (expected == 1)} as announced."
    return _good(declarations, results) + (aside if expected else "")


def _lean_failures(lean: Sequence[DeclarationRecord]) -> list[str]:
    """One part for each way in which the Lean side failed."""
    words = {
        "differs": "not what the Lean source says",
        "missing": "missing in the Lean source",
        "unreadable": "not comparable with the Lean source",
        "same": "suspect, the Lean text changed since its review",
    }
    parts = []
    for mirror, text in words.items():
        names = [
            one.short_name
            for one in lean
            if one.lean.mirror == mirror and (mirror != "same" or one.lean.link == "suspect")
        ]
        parts += _named(names, text)
    unproved = [one.short_name for one in lean if one.lean.proved == "not proved"]
    return parts + _named(unproved, "not proved, by the evidence of Lean")


def _named(names: Sequence[str], text: str) -> list[str]:
    """`a, b and 3 more are <text>`, or nothing."""
    shown = names if len(names) <= 3 else [*names[:3], f"{len(names) - 3} more"]
    return [f"{listed(shown)} {'is' if len(names) == 1 else 'are'} {text}"] if names else []


def _failures(declarations: Sequence[DeclarationRecord], failed: Sequence[CheckRecord]) -> str:
    short = {one.name: one.short_name for one in declarations}
    causes = Causes(failed)
    first = max(failed, key=lambda one: _severity(one, causes))
    name = short.get(first.declaration, first.declaration)
    who = f" for {first.entry} in {first.dtype}" if first.entry else ""
    violation = first.violation
    how = ""
    if violation and violation.kind == "value" and violation.ratio is not None:
        how = f": {times(violation.ratio)}"
    elif violation:
        how = f" ({violation.kind})"
    others = len({(one.declaration, one.entry) for one in failed}) - 1
    more = f", and {count(others, 'more finding')}" if others else ""
    if causes.named_by(first):
        return f"{name} {CAUSES[first.check]}{who}{more}"
    return f"{name} {_verb(first)}{who}{how}{more}"


def _verb(result: CheckRecord) -> str:
    return {"violates": "violates its statement", "refuted": "is refuted on exact reals"}.get(
        result.verdict, "is inconclusive"
    )


def _severity(result: CheckRecord, causes: Causes) -> tuple[bool, bool, bool, float]:
    """Refuted, then violates, then inconclusive; what names the cause first, then what names the
    culprit."""
    ratio = result.violation.ratio if result.violation else None
    return (
        result.verdict == "refuted",
        causes.named_by(result),
        result.verdict == "violates" and result.check == "definition",
        -1.0 if ratio is None else ratio,
    )


def _good(declarations: Sequence[DeclarationRecord], results: Sequence[CheckRecord]) -> str:
    ran = [one for one in results if one.verdict == "conforms"]
    if not ran and any(one.expected == "violates" for one in results):
        return "Nothing ran that is expected to conform."
    if not ran:
        return f"Nothing ran: {_why_nothing(declarations, results)}."
    floats = [one for one in ran if one.check != "consistency"]
    credited = [
        one
        for one in declarations
        if any(entry.standing == "conforms" for entry in one.entries)
        and all(entry.standing in ("conforms", "unsupported") for entry in one.entries)
    ]
    lean = _lean_side(declarations)
    if not floats:
        return f"{count(len(declarations), 'statement')} consistent on exact reals; {lean}."
    entries = listed(list(dict.fromkeys(one.entry for one in floats)))
    dtypes = listed(list(dict.fromkeys(one.dtype for one in floats)))
    judged_cases = sum(one.cases for one in floats if one.check not in KINDS)
    cases = f"{count(judged_cases, 'case')} of {dtypes}"
    sided = [one for one in declarations if one.entries]
    judged = [one for one in sided if any(entry.cases for entry in one.entries)]
    share = _share(len(credited), len(judged), "declaration", "conform")
    rest = f" ({len(sided) - len(judged)} more could not be judged)" if judged != sided else ""
    if all(any(e.cases_n0 for e in one.entries) for one in sided if one not in judged):
        rest = rest.replace("could not be judged", "speak of n = 0 alone")
    return f"{share[0].upper()}{share[1:]}{rest} for {entries} in {cases}; {lean}."


def _lean_side(declarations: Sequence[DeclarationRecord]) -> str:
    mirrored = sum(one.lean.mirror == "same" for one in declarations)
    proved = sum(one.lean.proved == "proved" for one in declarations)
    said = _share(mirrored, len(declarations), "statement", "match")
    shown = f"{proved} proved, by its evidence" if proved else "none was proved by this run"
    return f"{said} the Lean source, {shown}"


def _share(part: int, whole: int, noun: str, verb: str) -> str:
    """`all 3 declarations conform`, `2 of 3 declarations conform`, `1 declaration conforms`."""
    if part == whole == 1:
        return f"1 {noun} {verb}{'es' if verb.endswith('ch') else 's'}"
    return f"{f'all {whole}' if part == whole else f'{part} of {whole}'} {noun}s {verb}"


def _why_nothing(declarations: Sequence[DeclarationRecord], results: Sequence[CheckRecord]) -> str:
    if results:
        reasons = dict.fromkeys(note for one in results for note in one.notes)
        return "; ".join(reasons) or "no entry supports what was asked for"
    if declarations and all(one.kind == "abbrev" for one in declarations):
        return (
            f"{listed([one.short_name for one in declarations])} is a type and has no Python side"
        )
    return "no entry implements what was asked for"
