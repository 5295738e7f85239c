"""The JSON document: schema, round trip, and files that are no document."""

from __future__ import annotations

import json
import math
from pathlib import Path

import jsonschema
import pytest

from harness.conformance.verdict import Peak, Verdict
from harness.errors import InputError
from harness.report.document import Document
from harness.report.json_report import SCHEMA_FILE, json_text, read_document, schema_text
from tests.report.samples import SMALL, check, document, good_run, theorem, violation


def odd_run() -> Document:
    """Numbers that JSON cannot hold, and every kind of finding."""
    infinite = check(
        "softmaxVec",
        verdict=Verdict.VIOLATES,
        violation=violation(ratio=math.inf, bound=0.0),
        worst_ratio=Peak(math.inf, SMALL),
        worst_ulp=Peak(math.nan, SMALL),
    )
    return document([*good_run(), infinite, theorem(Verdict.UNSUPPORTED, notes=("why",))])


def test_the_committed_schema_is_current() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), (
        "run python -m harness.report.json_report"
    )


def test_documents_are_valid() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(schema_text()))
    validator.check_schema(validator.schema)
    for each in (document(good_run()), odd_run(), document([])):
        validator.validate(json.loads(json_text(each)))


def test_the_schema_refuses_another_document() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(schema_text()))
    data = json.loads(json_text(document(good_run())))
    data["results"][0]["verdict"] = "fine"
    assert not validator.is_valid(data)
    data = json.loads(json_text(document(good_run())))
    data["results"][0]["extra"] = 1
    assert not validator.is_valid(data)


def test_numbers_that_json_cannot_hold_are_texts(tmp_path: Path) -> None:
    text = json_text(odd_run())
    json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))
    file = tmp_path / "results.json"
    file.write_text(text, encoding="utf-8")
    found = [one for one in read_document(file).results if one.violation]
    assert found[0].violation and found[0].violation.ratio == math.inf
    assert found[0].worst_ulp and math.isnan(found[0].worst_ulp.amount)


def test_a_document_survives(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    file.write_text(json_text(document(good_run())), encoding="utf-8")
    assert read_document(file) == document(good_run())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[1]", "not results of crosscheck"),
        ("{}", "not results of crosscheck"),
        ('{"schema": 2}', "this version reads schema 1"),
    ],
)
def test_what_is_no_document(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "results.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words) as caught:
        read_document(file)
    assert "\n" not in str(caught.value)
    assert str(file) in str(caught.value)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_document(tmp_path / "none.json")
    binary = tmp_path / "binary.json"
    binary.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not UTF-8"):
        read_document(binary)
