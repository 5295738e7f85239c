"""report.json's form: nothing is lost, and what repeats is written once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from harness.conformance.verdict import Case, Peak, Verdict
from harness.report.numbers import short_hex
from harness.site.build import report_of
from harness.site.packing import NOTHING, packed, unpacked
from harness.site.record import Report
from harness.site.report_json import json_text, read_report
from tests.report.samples import violation
from tests.site.reports import bad, good, material, results


def data(report: Report) -> dict[str, object]:
    return report.model_dump(mode="json", by_alias=True)


def shortened(value: object) -> object:
    """The same with short hex floats, which are the same numbers."""
    if isinstance(value, dict):
        return {key: shortened(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shortened(one) for one in value]
    return short_hex(value) if isinstance(value, str) and value[:3] in ("0x1", "-0x") else value


def read_back(report: Report, folder: Path) -> Report:
    file = folder / "report.json"
    file.write_text(json_text(report), encoding="utf-8")
    return read_report(file)


@pytest.mark.parametrize("made", [good, bad])
def test_what_is_read_back_is_what_was_written(made: object, tmp_path: Path) -> None:
    assert callable(made)
    report = made()[0]
    read = read_back(report, tmp_path)
    assert shortened(data(read)) == shortened(data(report))
    assert packed(data(read)) == packed(data(report))


def test_whatever_an_id_says_no_cell_or_row_is_lost(tmp_path: Path) -> None:
    cells = ["float32/n=3", "", "a@b", "a#1", "a@b#1", "corpus/odd", "corpus/a@b#1", "@", "#"]
    found = results()
    for place, cell in enumerate(cells):
        case = Case(cell, 1, 3, {"x": ["0x1.8000000000000p+0", "nan", "-0x0.0p+0"]})
        found[place] = replace(found[place], worst_ratio=Peak(0.5, case))
    report = report_of(material(found))[0]
    assert shortened(data(read_back(report, tmp_path))) == shortened(data(report))


def test_a_case_is_written_once_and_a_field_that_is_nothing_not_at_all() -> None:
    long = ["0x1.123456789abcdp+0"] * 30
    peak = Peak(0.5, Case("float64/cell", 0, 30, {"x": long}))
    found = [replace(one, worst_ratio=peak, worst_ulp=peak) for one in results()]
    text = json_text(report_of(material(found))[0])
    written = json.loads(text)
    cases = {json.dumps(case) for case in written["cases"]}
    assert len(cases) == len(written["cases"])
    for link in written["trace"]["links"]:
        for check in link["checks"]:
            assert "declaration" not in check
            assert not any(check.get(name, 1) == nothing for name, nothing in NOTHING.items())
            if check["check"] == "definition":
                ratio, ulp = check["worst_ratio"]["case"], check["worst_ulp"]["case"]
                assert ratio == ulp and written["cases"][ratio]["n"] == 30


def test_packing_leaves_its_argument_alone() -> None:
    found = results(verdict=Verdict.VIOLATES, violation=violation(), violations=3)
    before = data(report_of(material(found))[0])
    text = json.dumps(before)
    short = packed(before)
    once = json.dumps(short)
    unpacked(short)
    assert json.dumps(before) == text and json.dumps(short) == once
