"""Evidence is read whole or refused: each way to be refused, and the clean twin."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from harness.errors import InputError
from harness.lean.evidence import examine, read_evidence
from harness.lean.evidence_model import SCHEMA_FILE, content_digest, schema_text
from harness.lean.export import evidence_text
from tests.lean_evidence.conftest import Project, replaced


def altered(path: Path, *, sealed: bool = False, **fields: Any) -> Path:
    """The evidence with other fields; sealed: with a digest that fits them."""
    data = {**json.loads(path.read_text("utf-8")), **fields}
    data = {key: value for key, value in data.items() if value is not None}
    if sealed:
        data["content"] = content_digest(data)
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def refusal(path: Path, *, constructed: bool = True) -> str:
    with pytest.raises(InputError) as caught:
        read_evidence(path, constructed=constructed)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_clean_evidence_is_read(project: Project) -> None:
    path = project.write_evidence()
    evidence = read_evidence(path, constructed=True)
    assert evidence == project.evidence()
    assert evidence_text(evidence) == path.read_text("utf-8")
    reading = examine(evidence, path, project.library(), project.lean)
    assert (reading.lapsed, reading.holding) == ((), evidence)


def test_the_layout_of_the_file_does_not_count(project: Project) -> None:
    path = altered(project.write_evidence())
    assert read_evidence(path, constructed=True) == project.evidence()


def test_the_schema_is_current_and_fits(project: Project) -> None:
    assert SCHEMA_FILE.read_text("utf-8") == schema_text()
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    data = json.loads(project.write_evidence().read_text("utf-8"))
    jsonschema.validate(data, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**data, "proved": True}, schema)


def test_constructed_evidence_is_refused_outside_of_tests(project: Project) -> None:
    path = project.write_evidence()
    assert "was constructed by hand for a test" in refusal(path, constructed=False)
    # Taking the mark away breaks the seal.
    altered(path, constructed=None)
    assert "was changed after it was written" in refusal(path, constructed=False)


@pytest.mark.parametrize(
    "fields",
    [
        {"made": "2027-01-01T00:00:00Z"},
        {"mathlib": "0" * 40},
        {"toolchain": "leanprover/lean4:v4.32.0"},
    ],
)
def test_edited_evidence_is_refused(project: Project, fields: dict[str, Any]) -> None:
    path = altered(project.write_evidence(), **fields)
    assert "was changed after it was written" in refusal(path)


def test_a_digest_in_it_cannot_be_brought_up_to_date_by_hand(project: Project) -> None:
    path = project.write_evidence()
    data = json.loads(path.read_text("utf-8"))
    data["digests"]["sources"]["Proofs.lean"] = "0" * 64
    path.write_text(json.dumps(data))
    assert "was changed after it was written" in refusal(path)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.999])
def test_truncated_evidence_is_refused(project: Project, share: float) -> None:
    path = project.write_evidence()
    text = path.read_text("utf-8").rstrip()
    path.write_text(text[: int(share * len(text))], encoding="utf-8")
    said = refusal(path)
    assert "not JSON" in said
    assert "the file seems to be cut off" in said


def test_evidence_of_nothing_is_refused(project: Project) -> None:
    path = altered(project.write_evidence(), sealed=True, declarations=[])
    assert "speaks of no declaration" in refusal(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "the file is no JSON object"),
        ("{}", "not evidence: schema: field required"),
        ('{"schema": 2}', "evidence of schema 2; this version reads schema 1"),
        ('{"schema": 1, "proved": ["everything"]}', "not evidence: "),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_other_documents_are_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "evidence.json"
    path.write_text(text)
    assert said in refusal(path)


def test_files_that_are_no_text(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "absent.json")
    (tmp_path / "latin.json").write_bytes(b'{"schema": "\xe9"}')
    assert "not UTF-8" in refusal(tmp_path / "latin.json")


def test_unknown_and_missing_declarations_are_refused(project: Project) -> None:
    path = project.write_evidence()
    library = project.library()
    declarations = json.loads(path.read_text("utf-8"))["declarations"]

    def said(changed: list[dict[str, Any]]) -> str:
        altered(path, sealed=True, declarations=changed)
        with pytest.raises(InputError) as caught:
            examine(read_evidence(path, constructed=True), path, library, project.lean)
        return caught.value.message

    stranger = {**declarations[0], "name": "Proofs.Autograd.other"}
    assert said([*declarations, stranger]).endswith("no spec asks for: Proofs.Autograd.other")
    assert said(declarations[1:]) == f"this evidence lacks {declarations[0]['name']}"
    assert said([*declarations, declarations[0]]) == "this evidence has a declaration twice"


def test_a_lapse_is_told_before_the_names_that_come_with_it(project: Project) -> None:
    path = project.write_evidence()
    (project.specs / "softmax" / "softmaxVec_add_const.yaml").unlink()
    reading = examine(read_evidence(path, constructed=True), path, project.library(), project.lean)
    assert reading.holding is None
    assert "spec softmax/softmaxVec_add_const.yaml is gone" in reading.lapsed


def test_evidence_lapses_with_the_exporter(project: Project) -> None:
    path = project.write_evidence()
    replaced(project.lean / "Export.lean", "import Lean\n", "import Lean\n\n")
    reading = examine(read_evidence(path, constructed=True), path, project.library(), project.lean)
    assert reading.lapsed == ("Export.lean has changed", "the exporter has changed")


def test_evidence_survives_other_line_endings(project: Project) -> None:
    path = project.write_evidence()
    for file in project.lean.rglob("*.lean"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    for file in project.specs.rglob("*.yaml"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    reading = examine(read_evidence(path, constructed=True), path, project.library(), project.lean)
    assert reading.lapsed == ()
