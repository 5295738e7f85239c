"""How large a report is for each check. Made-up results: no machine changes the bytes."""

from __future__ import annotations

from dataclasses import replace

from harness.conformance.verdict import AtSize, Case, CheckResult, Peak
from harness.evaluate.histogram import BINS
from harness.site.build import report_of
from harness.site.pages import pages
from harness.site.report_json import json_text
from tests.site.reports import material, results

THIRD = 1 / 3
NUMBERS = ["0x1.5555555555555p-2"] * 32


def like_a_default_run() -> list[CheckResult]:
    """As many sizes, filled bins and digits of numbers as a check of a default run has at most."""
    sizes = tuple(AtSize(100 + k, 12345, 100 + THIRD, THIRD) for k in range(38))
    histogram = tuple(12345 if k >= BINS - 16 else 0 for k in range(BINS))
    found = []
    for number, one in enumerate(results()):
        if one.entry:
            cell = f"{one.dtype}/n=32/large_offset/one_hot/s0/{number}/contiguous/seed=1"
            peak = Peak(THIRD, Case(cell, 0, 32, {"x": NUMBERS}))
            one = replace(
                one, sizes=sizes, histogram=histogram, worst_ratio=peak, worst_ulp=peak, seconds=0.1
            )
        found.append(one)
    return found


def test_a_check_costs_a_report_few_bytes() -> None:
    """A default run has 497 checks, and fewer numbers in most of them: below 3 MB by far."""
    found = like_a_default_run()
    report, terms = report_of(material(found))
    data = len(json_text(report).encode()) / len(found)
    drawn = sum(len(text.encode()) for text in pages(report, terms).values()) / len(found)
    assert 2_000 < data < 4_000
    assert 4_000 < drawn < 10_500
