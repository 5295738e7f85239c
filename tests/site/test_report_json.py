"""report.json: its schema, and that what is written can be read."""

from __future__ import annotations

import json

import jsonschema
import pytest

from harness.site.report_json import SCHEMA_FILE, json_text, schema_text
from tests.site.reports import bad, good


def test_the_committed_schema_is_current() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), (
        "run python -m harness.site.report_json"
    )


@pytest.mark.parametrize("made", [good, bad])
def test_reports_are_valid(made: object) -> None:
    assert callable(made)
    text = json_text(made()[0])
    validator = jsonschema.Draft202012Validator(json.loads(schema_text()))
    assert list(validator.iter_errors(json.loads(text))) == []
    assert json.loads(text)["schema"] == 2
