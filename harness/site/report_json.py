"""The report as JSON text and back; `python -m harness.site.report_json` renews the schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness.errors import InputError, Place
from harness.json_file import read_json
from harness.site.packing import packed, packed_schema, unpacked
from harness.site.record import SCHEMA, Report

SCHEMA_FILE = Path(__file__).with_name("report.schema.json")


def json_text(report: Report) -> str:
    """The report as compact JSON, ending in a newline; what is returned has been read back once."""
    data = packed(report.model_dump(mode="json", by_alias=True))
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False) + "\n"
    _report(json.loads(text))
    return text


def read_report(path: Path) -> Report:
    """The report in a file. InputError when there is none, or one of another version."""
    data = read_json(path, _HINT)
    version = data.get("schema") if isinstance(data, dict) else None
    if version is not None and version != SCHEMA:
        message = f"a report of schema {version}; this version reads schema {SCHEMA}"
        raise InputError(message, place=Place(str(path)), hint=_HINT)
    try:
        return _report(data)
    # What is missing or of another type is met when it is unpacked, or else by the model.
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        message = "no report of crosscheck, or one that was changed after it was written"
        raise InputError(message, place=Place(str(path)), hint=_HINT) from error


_HINT = "write the report again with `crosscheck check --report DIR`"


def _report(data: dict[str, Any]) -> Report:
    return Report.model_validate(unpacked(data))


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
