"""The tables of a power run as Markdown, put between the markers of a document (docs/power.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from harness.power.document import PowerDocument
from harness.power.text import HEAD, LEGEND, TOOL_HEAD, matrix, sentence, tools

BEGIN, END = "<!-- crosscheck mutate: begin -->", "<!-- crosscheck mutate: end -->"


def markdown(document: PowerDocument) -> str:
    """What other tools make of the entries, where kills happen, and the matrix by catalogue."""
    parts = [sentence(document)]
    if document.score.tools:
        parts.append(_table([TOOL_HEAD, *tools(document)]))
    parts += _counts(document)
    parts.append(f"{LEGEND}; caught by: other tools.")
    for group in dict.fromkeys(row.group for row in document.rows):
        rows = [row for row in document.rows if row.group == group]
        parts += [f"### {group}", _table([HEAD, *matrix(rows)])]
    return "\n\n".join(parts) + "\n"


def put_into(text: str, table: str) -> str:
    """The text with what stands between the markers replaced; the table alone without them."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        return table
    return f"{before}{BEGIN}\n\n{table}\n{END}{after}"


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
        "kind": Counter(kill.kind for kill in kills),
        "n": Counter(str(kill.n) for kill in kills),
        "regime": Counter(kill.regime for kill in kills),
        "layout": Counter(kill.view for kill in kills),
    }
    return [
        f"First kills by {what}: {', '.join(f'{w} {c}' for w, c in counts.most_common())}."
        for what, counts in counted.items()
    ]


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    head, *body = rows
    return "\n".join(
        [
            "| " + " | ".join(head) + " |",
            "|" + "---|" * len(head),
            *("| " + " | ".join(cells) + " |" for cells in body),
        ]
    )
