"""The schema of `mutate --json` that is committed is the one of the model."""

from __future__ import annotations

from harness.power.document import SCHEMA_FILE, schema_text


def test_the_committed_schema_is_current() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()
