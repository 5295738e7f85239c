"""The tables of a power run as Markdown, put between the markers of README.md and docs/power.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from harness.power.document import PowerDocument
from harness.power.table import LEGEND, class_head, classes, head, matrix
from harness.power.text import sentence

SUMMARY, MATRIX = "mutate summary", "mutate matrix"


def marked(part: str) -> tuple[str, str]:
    """The lines between which a part of the report stands in a document."""
    return f"<!-- crosscheck {part}: begin -->", f"<!-- crosscheck {part}: end -->"


def markdown(document: PowerDocument) -> Mapping[str, str]:
    """Part -> its text: what is found by class, and the matrix by catalogue."""
    return MappingProxyType({SUMMARY: _summary(document), MATRIX: _matrix(document)})


def put_into(text: str, parts: Mapping[str, str]) -> str:
    """The text with what stands between markers replaced; all parts, where it has no markers."""
    found = False
    for part, table in parts.items():
        first, last = marked(part)
        before, begin, rest = text.partition(first)
        _, end, after = rest.partition(last)
        if begin and end:
            found = True
            text = f"{before}{first}\n\n{table}\n{last}{after}"
    return text if found else "\n".join(parts.values())


def _summary(document: PowerDocument) -> str:
    rows = [class_head(document), *classes(document)]
    return f"{sentence(document)}\n\n{_table(rows)}\n"


def _matrix(document: PowerDocument) -> str:
    tools = [tool.name for tool in document.score.tools]
    parts = [*_counts(document), f"{LEGEND}; caught by: in each dtype, in some, in none."]
    for group in dict.fromkeys(row.group for row in document.rows):
        rows = [row for row in document.rows if row.group == group]
        parts += [f"### {group}", _table([head(document), *matrix(rows, tools)])]
    limits = [row for row in document.rows if row.reason and row.expected != "violates"]
    if limits:
        parts.append("### Equivalents and limits, and why")
        parts.append(_table([("entry", "why"), *((row.name, row.reason) for row in limits)]))
    return "\n\n".join(parts) + "\n"


def _counts(document: PowerDocument) -> list[str]:
    """Where definition checks first see the mutants."""
    kills = [
        kill
        for row in document.rows
        if row.expected == "violates"
        for trial in row.trials
        for kill in trial.kills[:1]
    ]
    counted = {
        "check": Counter(kill.check for kill in kills),
        "what happens": Counter(kill.kind for kill in kills),
        "n": Counter(str(kill.n) for kill in kills),
        "regime": Counter(kill.regime for kill in kills),
        "layout": Counter(kill.view for kill in kills),
    }
    return [
        f"First kills by {what}: {', '.join(f'{w} {c}' for w, c in counts.most_common())}."
        for what, counts in counted.items()
    ]


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    first, *body = rows
    return "\n".join(
        [
            "| " + " | ".join(first) + " |",
            "|" + "---|" * len(first),
            *("| " + " | ".join(cells) + " |" for cells in body),
        ]
    )
