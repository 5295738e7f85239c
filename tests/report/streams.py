"""A stream of results, made up."""

from __future__ import annotations

from harness.conformance.verdict import Verdict
from harness.report.records import check_records
from harness.report.result_stream import (
    AskedRecord,
    StreamCheck,
    StreamFooter,
    StreamHeader,
    digest_of,
    line_text,
)
from tests.report.samples import check, document, theorem, violation

RESULTS = [
    check("sumExp", kind="consistency"),
    check("softmaxVec", verdict=Verdict.VIOLATES, violation=violation()),
    theorem(),
]


def stream(order: tuple[int, ...] = (1, 0, 2)) -> bytes:
    """Three checks that ended in this order."""
    whole = document(RESULTS)
    records = check_records(RESULTS, {})
    header = StreamHeader(
        kind="header",
        stream=1,
        crosscheck=whole.crosscheck,
        run=whole.run,
        machine=whole.machine,
        specs=whole.specs,
        lean=whole.lean,
        checks=[
            AskedRecord(
                declaration=one.declaration,
                check=one.check,
                entry=one.entry,
                dtype=one.dtype,
                device=one.device,
            )
            for one in records
        ],
    )
    lines = [line_text(header)]
    for place in order:
        lines.append(line_text(StreamCheck(kind="check", place=place, result=records[place])))
    footer = StreamFooter(
        kind="footer",
        checks=len(order),
        interrupted=False,
        exit_code=1,
        sentence="softmaxVec violates.",
        digest=digest_of(lines),
    )
    return b"".join([*lines, line_text(footer)])
