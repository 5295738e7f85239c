"""A trace as GitHub's Markdown: the summary of a job, or a comment on a pull request."""

from __future__ import annotations

import re

from harness.report.document import CheckRecord, DeclarationRecord, EntryRecord
from harness.report.findings import is_finding, lean_findings
from harness.report.header import proof_sentence
from harness.report.numbers import array, by_entry, clean, count, ratio
from harness.report.trace import TraceDocument

MOST_FINDINGS = 10
_MEANS_SOMETHING = re.compile(r"([\\`*_\[\]<>|~@&$#]|:(?=//)|(?<=www)\.)")
_SIGNS = {"conforms": "✓", "holds": "~", "unsupported": "–", "inconclusive": "?"}


def markdown_text(document: TraceDocument, sentence: str) -> str:
    """Sentence, findings with their smallest inputs, and a table of the declarations."""
    records = [link.declaration for link in document.links]
    checks = [check for link in document.links for check in link.checks]
    bad = bool(lean_findings(records)) or any(map(is_finding, checks))
    head = "❌" if bad else "✅" if any(one.verdict == "conforms" for one in checks) else "⚪"
    parts = [
        f"### {head} crosscheck\n",
        f"**{plain(sentence)}**\n",
        f"{plain(f'Lean: {proof_sentence(document.toolchain, records)}.')}\n",
        *_findings(document),
        *_table(records),
    ]
    for one in document.results:
        parts.append(
            f"<sub>crosscheck {plain(document.crosscheck)}, effort {plain(one.effort)}, "
            f"seed {one.seed}, {plain(one.started)}</sub>\n"
        )
    return "\n".join(parts)


def plain(text: str) -> str:
    """The text in one line, with nothing in it that Markdown or HTML would obey."""
    return _MEANS_SOMETHING.sub(_harmless, clean(text))


def _harmless(found: re.Match[str]) -> str:
    """Entities for what HTML reads, and for what makes mentions and addresses; else a backslash."""
    character = found[1]
    return f"&#{ord(character)};" if character in "<>&@#:.|" else f"\\{character}"


def code(text: str) -> str:
    """The text as code, with a fence longer than any in it."""
    shown = clean(text)
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") or not shown else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _findings(document: TraceDocument) -> list[str]:
    lines = []
    for one in lean_findings([link.declaration for link in document.links]):
        said = one.lean.message or one.lean.proof or one.lean.link
        lines.append(f"- **{plain(one.short_name)}**, Lean side: {plain(said)}")
    failed = [
        (link.declaration, check)
        for link in document.links
        for check in link.checks
        if is_finding(check)
    ]
    failed.sort(key=lambda pair: pair[1].check != "definition")
    lines += [_finding(one, check) for one, check in failed[:MOST_FINDINGS]]
    if len(failed) > MOST_FINDINGS:
        lines.append(f"- … {count(len(failed) - MOST_FINDINGS, 'more finding')}")
    return ["#### Findings\n", *lines, ""] if lines else []


def _finding(declaration: DeclarationRecord, check: CheckRecord) -> str:
    who = f"{check.entry} {check.dtype} on {check.device}" if check.entry else "exact reals"
    violation = check.violation or check.violation_n0
    said = violation.message if violation else "; ".join(check.notes)
    lines = [
        f"- **{plain(declaration.short_name)}** {check.verdict}, {plain(check.check)} check, "
        f"{plain(who)}: {plain(said)}"
    ]
    if violation:
        shrunk = violation.shrunk
        inputs = shrunk.inputs if shrunk else violation.case.inputs if violation.case else {}
        lines += [f"  - {code(f'{name} = {array(value)[0]}')}" for name, value in inputs.items()]
        command = getattr(shrunk, "replay", "") or getattr(violation, "replay", "")
        if command:
            lines.append(f"  - {code(command)}")
    return "\n".join(lines)


def _table(records: list[DeclarationRecord]) -> list[str]:
    entries = list(dict.fromkeys(entry.entry for one in records for entry in one.entries))
    if not records:
        return []
    head = ["Declaration", "Lean", *map(plain, entries)]
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    for one in sorted(records, key=lambda one: (one.role != "required", one.requirement, one.name)):
        cells = [plain(one.short_name), _lean(one)]
        cells += [_cell([e for e in one.entries if e.entry == entry]) for entry in entries]
        lines.append(f"| {' | '.join(cells)} |")
    return [
        f"<details><summary>{count(len(records), 'declaration')}</summary>\n",
        *lines,
        "\nThe number is the worst error ÷ bound over all dtypes; below 1 conforms.\n",
        "</details>\n",
    ]


def _lean(one: DeclarationRecord) -> str:
    if one.lean.mirror != "same":
        return f"✗ {one.lean.mirror}"
    if one.lean.link == "suspect":
        return "✗ suspect"
    return {"proved": "✓ proved", "not proved": "✗ not proved"}.get(one.lean.proved, "mirrored")


def _cell(entries: list[EntryRecord]) -> str:
    if not entries:
        return ""
    bad = [one for one in entries if one.standing in ("refuted", "violates")]
    if bad:
        return f"✗ {plain(by_entry((one.standing, one.dtype) for one in bad))}"
    for standing in ("inconclusive", "holds"):
        if any(one.standing == standing for one in entries):
            return f"{_SIGNS[standing]} {standing}"
    judged = [one for one in entries if one.standing != "unsupported"]
    if not judged:
        return "–"
    worst = max((one.ratio for one in judged if one.ratio is not None), default=None)
    return "✓" if worst is None else f"✓ {ratio(worst)}"
