"""A document as people read it: the table, the findings, the last sentence."""

from __future__ import annotations

from rich.text import Text

from harness.conformance.kinds import KINDS
from harness.report.document import Document
from harness.report.findings import derivatives, findings, kept_lines
from harness.report.lines import BAD, FAINT, GOOD, STRONG, wrapped
from harness.report.numbers import count
from harness.report.table import LEGEND, table

_SHARES = ("out of range", "without a finite bound", "undecided")
"""Of the cases that could have been judged."""


def body(document: Document, width: int, *, wrap_sentence: bool = False) -> list[Text]:
    """Everything below the header. The last line is one sentence to quote, whatever its length,
    unless a terminal would break it within words."""
    lines = [Text(), *table(document.declarations, width), Text()]
    for line in LEGEND:
        lines += wrapped(line, width, style=FAINT)
    lines += derivatives(document.results, width)
    lines += findings(document, width)
    colour = GOOD if document.summary.exit_code == 0 else BAD
    style = f"{STRONG} {colour}"
    sentence = document.summary.sentence
    quoted = wrapped(sentence, width, style=style) if wrap_sentence else [Text(sentence, style)]
    kept = kept_lines(document, width)
    return [*lines, Text(), *kept, *_counts(document, width), *quoted]


def _counts(document: Document, width: int) -> list[Text]:
    results = document.results
    verdicts = document.summary.verdicts
    parts = [f"{number:,} {verdict}" for verdict, number in verdicts.items()]
    judged = [one for one in results if one.check not in KINDS]
    skipped = {
        "out of range": sum(one.out_of_range for one in judged),
        "without a finite bound": sum(one.unbounded for one in judged),
        "undecided": sum(one.undecided for one in results),
        "discarded by hypotheses": sum(one.discarded for one in results),
        "at n = 0": sum(one.cases_n0 for one in judged),
    }
    cells = sum(one.unsupported for one in results)
    total = document.summary.cases + skipped["out of range"] + skipped["without a finite bound"]
    not_judged = ", ".join(
        (f"{number:,} {why}" if number else f"none {why}")
        + (f" ({number / total:.1%})" if number and why in _SHARES else "")
        for why, number in skipped.items()
        if number or (why == "undecided" and total)
    )
    text = f"{count(len(results), 'check')}: {', '.join(parts) or 'none'}"
    text += f" · {count(document.summary.cases, 'case')} judged"
    if compared := sum(one.cases for one in results if one.check in KINDS):
        text += f", {count(compared, 'result')} compared between calls"
    if not_judged:
        text += f"; not credited: {not_judged}"
    if cells:
        text += f" · {count(cells, 'cell')} of sizes or layouts that an entry does not take"
    text += f" · {document.run.seconds:.1f} s"
    return wrapped(text, width, style=FAINT)
