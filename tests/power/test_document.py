"""The document of a power run: its schema, its score, what CI fails for."""

from __future__ import annotations

import json

from harness.power.document import SCHEMA_FILE, PowerDocument, Trial, json_text, schema_text
from tests.power.samples import CLEAN, FOUND, LOST, POOR, row


def test_the_committed_schema_is_current() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()


def test_a_document_comes_back_from_json() -> None:
    for document in (CLEAN, POOR):
        assert PowerDocument.model_validate_json(json_text(document)) == document
        assert json.loads(json_text(document))["schema"] == 1


def test_a_clean_run_is_no_finding() -> None:
    assert CLEAN.findings == () and CLEAN.exit_code == 0
    s = CLEAN.score
    assert (s.mutants, s.killed, s.mutant_pairs, s.killed_pairs, s.at_n0) == (1, 1, 2, 2, 0)
    assert (s.right, s.spared, s.equivalent, s.equivalent_spared) == (1, 1, 1, 1)
    assert (s.limits, s.limits_seen) == (1, 0)


def test_a_survivor_and_a_rejected_one_are_findings_and_a_limit_that_is_seen_is_none() -> None:
    assert [one.name for one in POOR.findings] == ["lost", "right"]
    assert POOR.exit_code == 1
    assert (POOR.score.killed, POOR.score.spared, POOR.score.limits_seen) == (1, 0, 1)


def test_one_dtype_that_survives_spoils_the_entry() -> None:
    assert row("half", FOUND, LOST).outcome == "survived"
    assert row("empty", FOUND, Trial(dtype="float64", outcome="n = 0 only")).outcome == "n = 0 only"
