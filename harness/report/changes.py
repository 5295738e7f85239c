"""What changed between two runs: declarations that came and went, verdicts that changed."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count as count_from

from rich.text import Text

from harness.conformance.verdict import Verdict
from harness.report.document import CheckRecord, Document
from harness.report.lines import BAD, FAINT, GOOD, STRONG
from harness.report.numbers import count, ratio

_RANK = {verdict.value: rank for rank, verdict in enumerate(Verdict)}

CheckKey = tuple[str, str, str, str, str, int]
"""Declaration, check, entry, dtype, device, and which of several (facts of a definition)."""


def changes(old: Document, new: Document) -> tuple[list[Text], bool]:
    """The lines of the comparison, and whether something became worse."""
    before, after = _checks(old), _checks(new)
    worse, better, lines = 0, 0, [*_setting(old, new)]
    for key, now in after.items():
        then = before.get(key)
        if then is None or then.verdict == now.verdict:
            continue
        fell = _RANK[now.verdict] < _RANK[then.verdict]
        worse, better = worse + fell, better + (not fell)
        mark, colour = ("↓", BAD) if fell else ("↑", GOOD)
        line = Text.assemble((f"{mark} ", colour), (_name(key), STRONG), f"  {then.verdict} → ")
        lines.append(line.append(now.verdict, colour).append(_ratio(now), FAINT))
    mirrored = {one.name: one.lean.mirror for one in old.declarations}
    for one in new.declarations:
        then_mirror = mirrored.get(one.name, one.lean.mirror)
        if then_mirror != one.lean.mirror:
            fell = one.lean.mirror != "same"
            worse, better = worse + fell, better + (not fell)
            mark, colour = ("↓", BAD) if fell else ("↑", GOOD)
            words = f"  Lean text: {then_mirror} → {one.lean.mirror}"
            lines.append(Text.assemble((f"{mark} ", colour), (one.short_name, STRONG), words))
    gone = [key for key in before if key not in after]
    come = [key for key in after if key not in before]
    lines += [Text.assemble(("- ", FAINT), _name(key), ("  no longer run", FAINT)) for key in gone]
    lines += [
        Text.assemble(("+ ", FAINT), _name(key), f"  new: {after[key].verdict}") for key in come
    ]
    total = f"{worse} worse, {better} better, {len(come)} new, {len(gone)} gone"
    same = len(after) - len(come)
    return [*lines, Text(f"{total}, of {count(same, 'check')} in both runs.", STRONG)], worse > 0


def _checks(document: Document) -> dict[CheckKey, CheckRecord]:
    return keyed(document.results)


def keyed(checks: Iterable[CheckRecord]) -> dict[CheckKey, CheckRecord]:
    """The checks of one run by what they are; the order of a run is always the same."""
    found: dict[CheckKey, CheckRecord] = {}
    for one in checks:
        words = (one.declaration, one.check, one.entry, one.dtype, one.device)
        number = next(k for k in count_from(0) if (*words, k) not in found)
        found[(*words, number)] = one
    return found


def _name(key: CheckKey) -> str:
    declaration, check, *who, number = key
    words = [declaration.rpartition(".")[2], check, *(str(word) for word in who if word)]
    return " ".join([*words, *([f"({number + 1})"] if number else [])])


def _ratio(check: CheckRecord) -> str:
    return f"  {ratio(check.worst_ratio.amount)} of the bound" if check.worst_ratio else ""


def _setting(old: Document, new: Document) -> list[Text]:
    """Differences of the two runs that may explain the others."""
    pairs = {
        "crosscheck": (old.crosscheck, new.crosscheck),
        "specs": (old.specs.digest[:12], new.specs.digest[:12]),
        "effort": (old.run.effort, new.run.effort),
        "seed": (str(old.run.seed), str(new.run.seed)),
        **{
            name: (old.machine.libraries.get(name, "none"), new.machine.libraries.get(name, "none"))
            for name in {**old.machine.libraries, **new.machine.libraries}
        },
        "CPU of torch": (old.machine.torch_cpu, new.machine.torch_cpu),
    }
    return [
        Text(f"  {name}: {one} → {other}", FAINT)
        for name, (one, other) in pairs.items()
        if one != other
    ]
