"""report.json: its schema, and that what is written can be read."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from harness.errors import InputError
from harness.site.report_json import SCHEMA_FILE, json_text, read_report, schema_text
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


def test_a_report_in_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_text(json_text(good()[0]), encoding="utf-8")
    assert read_report(file).totals == good()[0].totals


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"schema": 1, "trace": {"links": []}}', "of schema 1; this version reads schema 2"),
        ('{"schema": 2}', "no report of crosscheck"),
        ('{"schema": 2, "cases": [], "trace": {"links": [{"checks": [{}]}]}}', "no report"),
        ("[]", "no report of crosscheck"),
        ('{"schema": 2', "not JSON: "),
        ("\udcff", "not UTF-8 text"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_report_of_this_version_is_one_clear_error(
    tmp_path: Path, text: str, message: str
) -> None:
    file = tmp_path / "report.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError) as found:
        read_report(file)
    assert message in found.value.message and found.value.hint
    assert found.value.place is not None and found.value.place.file == str(file)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.json cannot be read: No such file"):
        read_report(tmp_path / "none.json")
