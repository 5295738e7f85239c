"""The JSON schema of a catalogue, for editors.

`python -m harness.implementations.schema` renews it.
"""

from __future__ import annotations

import json
from pathlib import Path

from harness.implementations.catalogue_model import CatalogueModel

SCHEMA_FILE = Path(__file__).with_name("catalogue.schema.json")


def schema_text() -> str:
    """The schema as the committed file holds it."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A catalogue: who claims to implement which Lean constant",
        **CatalogueModel.model_json_schema(by_alias=True, mode="validation"),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8", newline="\n")
