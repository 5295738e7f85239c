"""The matrix as CSV: one line for each way from a requirement down to a check."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from harness.report.trace import LinkRecord, TraceDocument

COLUMNS = (
    *("requirement", "requirement_text", "declaration", "kind", "role", "lean_file", "lean_line"),
    *("spec", "link", "mirror", "proved", "lean_coverage", "python_coverage", "broken_by"),
    *("check", "entry", "dtype", "device", "verdict", "cases", "worst_ratio"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(document: TraceDocument) -> str:
    """RFC 4180, with a header. A text that a spreadsheet would run gets an apostrophe before it."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(COLUMNS)
    for link in document.links:
        for row in _rows(link):
            writer.writerow([_inert(value) for value in row])
    return target.getvalue()


def _rows(link: LinkRecord) -> Iterator[tuple[object, ...]]:
    one, covered = link.declaration, link.coverage
    head: tuple[object, ...] = (
        *(one.requirement, one.requirement_text, one.name, one.kind, one.role),
        *(one.lean.file, one.lean.first_line or "", one.spec),
        *(covered.link if covered else "", one.lean.mirror, one.lean.proved),
        *((covered.lean, covered.python) if covered else ("", "")),
        " ".join(covered.broken_by) if covered else "",
    )
    for check in link.checks:
        worst = "" if check.worst_ratio is None else check.worst_ratio.amount
        who = (check.check, check.entry, check.dtype, check.device)
        yield (*head, *who, check.verdict, check.cases, worst)
    if not link.checks:
        yield (*head, *("",) * 7)


def _inert(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
