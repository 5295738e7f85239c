"""The trace as JSON text; `python -m harness.report.trace_json` renews the schema."""

from __future__ import annotations

import json
from pathlib import Path

from harness.report.trace import TraceDocument

SCHEMA_FILE = Path(__file__).with_name("trace.schema.json")


def trace_json(document: TraceDocument) -> str:
    """The trace as JSON, ending in a newline; what is returned has been read back once."""
    text = document.model_dump_json(by_alias=True, indent=2) + "\n"
    TraceDocument.model_validate_json(text)
    return text


def schema_text() -> str:
    """The JSON schema of a trace, as the committed file holds it."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The matrix of crosscheck trace",
        **TraceDocument.model_json_schema(by_alias=True, mode="serialization"),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8", newline="\n")
