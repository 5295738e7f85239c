"""The JSON schema of boards."""

from __future__ import annotations

from harness.board.document import SCHEMA_FILE, schema_text


def test_the_committed_schema_is_current() -> None:
    committed = SCHEMA_FILE.read_text(encoding="utf-8")
    assert committed == schema_text(), "run python -m harness.board.document"
