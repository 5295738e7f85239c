"""The JSON schema of a spec file, for editors. `python -m harness.specs.schema` writes it anew."""

from __future__ import annotations

import json
from typing import Annotated

from pydantic import Field, TypeAdapter

from harness.specs.locate import find_specs
from harness.specs.model import Spec

FILE_NAME = "spec.schema.json"


def schema_text() -> str:
    """The schema as the committed file holds it."""
    adapter: TypeAdapter[Spec] = TypeAdapter(Annotated[Spec, Field(discriminator="kind")])
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A spec: one Lean declaration, mirrored",
        **adapter.json_schema(),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    (find_specs(None).path / FILE_NAME).write_text(schema_text(), encoding="utf-8", newline="\n")
