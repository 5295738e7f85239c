"""The matrix as CSV."""

from __future__ import annotations

import csv
import io

from harness.report.matrix_csv import COLUMNS, csv_text
from tests.site.reports import bad, good, material, results


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_line_for_each_check_and_for_what_has_none() -> None:
    trace = good()[0].trace
    found = rows(csv_text(trace))
    checks = sum(len(link.checks) or 1 for link in trace.links)
    assert len(found) == checks and set(found[0]) == set(COLUMNS)
    one = next(row for row in found if row["declaration"].endswith(".softmaxVec") and row["entry"])
    assert one["requirement"] == "SOFTMAX-04" and one["verdict"] == "conforms"
    assert float(one["worst_ratio"]) == 0.71 and one["python_coverage"] == "deep"
    bare = next(row for row in found if row["declaration"].endswith(".Vec"))
    assert (bare["check"], bare["python_coverage"]) == ("", "none")


def test_what_rests_on_a_finding_names_it() -> None:
    found = rows(csv_text(bad()[0].trace))
    broken = {row["broken_by"] for row in found if row["declaration"].endswith(".softmaxJvp")}
    assert broken == {"Proofs.Autograd.softmaxVec Proofs.Autograd.dotCLM"}


def test_a_spreadsheet_runs_nothing() -> None:
    hostile = material(
        results(),
        change=lambda one: one.model_copy(
            update={"requirement_text": '=HYPERLINK("http://x"),1', "spec": "@a\n=b"}
        ),
    )
    found = rows(csv_text(hostile.trace))
    started = {value[:1] for row in found for value in row.values()}
    assert not started & set("=@+-")
    assert found[0]["requirement_text"] == '\'=HYPERLINK("http://x"),1'
