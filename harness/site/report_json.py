"""The report as JSON text; `python -m harness.site.report_json` renews the schema."""

from __future__ import annotations

import json
from pathlib import Path

from harness.site.record import Report

SCHEMA_FILE = Path(__file__).with_name("report.schema.json")


def json_text(report: Report) -> str:
    """The report as compact JSON, ending in a newline; what is returned has been read back once."""
    text = report.model_dump_json(by_alias=True) + "\n"
    Report.model_validate_json(text)
    return text


def schema_text() -> str:
    """The JSON schema of a report, as the committed file holds it."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A report of crosscheck, as data",
        **Report.model_json_schema(by_alias=True, mode="serialization"),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8", newline="\n")
