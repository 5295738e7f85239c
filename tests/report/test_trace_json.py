"""The JSON of a trace: its schema, and that what is written can be read."""

from __future__ import annotations

import json

import jsonschema

from harness.report.trace_json import SCHEMA_FILE, schema_text, trace_json
from tests.site.reports import bad


def test_the_committed_schema_is_current() -> None:
    assert SCHEMA_FILE.read_text("utf-8") == schema_text(), "run the module"


def test_a_trace_is_valid() -> None:
    data = json.loads(trace_json(bad()[0].trace))
    jsonschema.Draft202012Validator(json.loads(schema_text())).validate(data)
    link = next(one for one in data["links"] if one["declaration"]["defines"] == "softmaxJvp")
    assert link["coverage"]["broken_by"][0].endswith(".softmaxVec")
    assert {one["name"] for one in data["requirements"]} >= {"SOFTMAX-01", "SOFTMAX-13"}
    assert {one["state"] for one in data["code"]} >= {"covered", "failing"}
