"""How a declaration stands for an entry: its checks, and those of the constants that it calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from harness.conformance.kinds import KINDS
from harness.conformance.verdict import Verdict
from harness.report.causes import Causes
from harness.report.document import CheckRecord, EntryRecord, EntryStanding, Standing

_WORST_FIRST: Sequence[str] = [verdict.value for verdict in Verdict]

Key = tuple[str, str, str]
"""Entry, dtype, device."""


def entry_records(
    declaration: str, results: Iterable[CheckRecord], definers: Mapping[str, str]
) -> list[EntryRecord]:
    """The declaration for every entry, dtype and device that it was checked with, in that order.

    definers: constant -> full name of the declaration whose definition check judges it.
    """
    everything = list(results)
    own: dict[Key, list[CheckRecord]] = {}
    for result in everything:
        if result.declaration == declaration and result.check != "consistency":
            own.setdefault(key_of(result), []).append(result)
    definitions: dict[tuple[str, Key], CheckRecord] = {}
    for result in everything:
        place = (result.declaration, key_of(result))
        if result.check == "definition" or (result.check in KINDS and place in definitions):
            definitions[place] = _worse(definitions.get(place, result), result)
    return [_entry(key, checks, definitions, definers) for key, checks in own.items()]


def consistency(declaration: str, results: Iterable[CheckRecord]) -> Standing | None:
    """The verdict of exact reals on a declaration; None when it was not put to them."""
    found = [
        result.verdict
        for result in results
        if result.declaration == declaration and result.check == "consistency"
    ]
    return worst(found) if found else None


def worst(verdicts: Sequence[Standing]) -> Standing:
    """The worst of some verdicts. ValueError for none."""
    return min(verdicts, key=_WORST_FIRST.index)


def key_of(result: CheckRecord) -> Key:
    """What a check was run with."""
    return (result.entry, result.dtype, result.device)


def only_empty(result: CheckRecord) -> bool:
    """Whether a check violates at n = 0 and nowhere else."""
    return result.verdict == "violates" and not result.violation and bool(result.violation_n0)


def apart_from_empty(result: CheckRecord) -> Standing:
    """The verdict without n = 0, whose violations are told once and cause no other."""
    if not only_empty(result):
        return result.verdict
    return "conforms" if result.cases else "unsupported"


def _entry(
    key: Key,
    checks: Sequence[CheckRecord],
    definitions: Mapping[tuple[str, Key], CheckRecord],
    definers: Mapping[str, str],
) -> EntryRecord:
    called = _called(key, checks, definitions, definers)
    found = {name: apart_from_empty(result) for name, result in called.items() if result}
    but = {name: verdict for name, verdict in found.items() if verdict != "conforms"}
    unchecked = [constant for constant, result in called.items() if result is None]
    standing = _standing(checks, blamed=any(one and one.violation_n0 for one in called.values()))
    if standing == "conforms" and (but or unchecked):
        standing = "holds"
    # What names a cause comes first, what follows from the numbers last.
    causes = Causes(checks)
    ordered = sorted(checks, key=lambda one: (not causes.named_by(one), one.check in KINDS))
    kinds = [check.violation.kind for check in ordered if check.violation]
    kinds += ["n=0" for check in checks if check.violation_n0]
    ratios = [check.worst_ratio.amount for check in checks if check.worst_ratio]
    ratios += [
        check.violation.ratio
        for check in checks
        if check.violation and check.violation.ratio is not None
    ]
    entry, dtype, device = key
    return EntryRecord(
        entry=entry,
        dtype=dtype,
        device=device,
        standing=standing,
        but=dict(but),
        unchecked=unchecked,
        ratio=max(ratios, default=None),
        kind=kinds[0] if kinds else "",
        cases=sum(check.cases for check in checks if check.check not in KINDS),
        cases_n0=sum(check.cases_n0 for check in checks),
    )


def _worse(one: CheckRecord, other: CheckRecord) -> CheckRecord:
    """The other where its verdict is worse, and is one."""
    judged = other.verdict != "unsupported"
    worse = _WORST_FIRST.index(other.verdict) < _WORST_FIRST.index(one.verdict)
    return other if judged and worse else one


def _called(
    key: Key,
    checks: Sequence[CheckRecord],
    definitions: Mapping[tuple[str, Key], CheckRecord],
    definers: Mapping[str, str],
) -> dict[str, CheckRecord | None]:
    """The definition checks of the constants that theorems and facts call; None: it did not run.

    Left out are what our own entry lent, and the constant whose fact it is.
    """
    return {
        constant: definitions.get((definers.get(constant, ""), key))
        for check in checks
        if check.check in ("theorem", "fact")
        for constant in check.constants
        if constant not in check.ours and definers.get(constant) != check.declaration
    }


def _standing(checks: Sequence[CheckRecord], *, blamed: bool) -> EntryStanding:
    """blamed: a constant that is called is itself reported for n = 0."""
    verdicts = [
        apart_from_empty(check) if blamed and check.check != "definition" else check.verdict
        for check in checks
    ]
    # A fact about n = 0 alone judges nothing; it must not hide the verdict of the other checks.
    judged = [verdict for verdict in verdicts if verdict != "unsupported"]
    return worst(judged) if judged else "unsupported"
