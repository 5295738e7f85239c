"""Lines of the stream of results, and their published schema."""

from __future__ import annotations

import json
from typing import Any

import jsonschema

from harness.report.result_stream import SCHEMA_FILE, START, schema_text
from tests.report.streams import stream

SCHEMA: Any = json.loads(schema_text())


def test_the_committed_schema_is_current() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), (
        "run python -m harness.report.result_stream"
    )


def test_every_line_is_valid_and_begins_as_it_should() -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    validator.check_schema(SCHEMA)
    lines = [json.loads(line) for line in stream().splitlines()]
    for line in lines:
        validator.validate(line)
    assert [line["kind"] for line in lines] == ["header", "check", "check", "check", "footer"]
    assert stream().startswith(START)
    del lines[1]["place"]
    assert not validator.is_valid(lines[1])
