"""The report as JSON text and back; `python -m harness.site.report_json` renews the schema."""

from __future__ import annotations

import json
from pathlib import Path

from harness.site.packing import packed, packed_schema, unpacked
from harness.site.record import Report

SCHEMA_FILE = Path(__file__).with_name("report.schema.json")


def json_text(report: Report) -> str:
    """The report as compact JSON, ending in a newline; what is returned has been read back once."""
    data = packed(report.model_dump(mode="json", by_alias=True))
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False) + "\n"
    read_report(text)
    return text


def read_report(text: str) -> Report:
    """The report that `json_text` wrote. ValueError or KeyError for another text."""
    return Report.model_validate(unpacked(json.loads(text)))


def schema_text() -> str:
    """The JSON schema of a report, as the committed file holds it."""
    report = Report.model_json_schema(by_alias=True, mode="serialization")
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A report of crosscheck, as data",
        **packed_schema(report),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8", newline="\n")
