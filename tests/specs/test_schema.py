"""The JSON schema for editors says what the model says."""

import json
from typing import Any

import jsonschema
import pytest

from harness.specs.locate import find_specs
from harness.specs.schema import FILE_NAME, schema_text
from harness.specs.yaml_load import read_document

SPECS = find_specs(None).path
SCHEMA: dict[str, Any] = json.loads(schema_text())


def test_the_committed_schema_is_current() -> None:
    committed = (SPECS / FILE_NAME).read_text(encoding="utf-8")
    assert committed == schema_text(), "run python -m harness.specs.schema"


def test_every_key_has_a_description() -> None:
    models = SCHEMA["$defs"]
    assert set(models) >= {"DefSpec", "AbbrevSpec", "TheoremSpec", "Equation", "Provenance"}
    for name, model in models.items():
        for key, described in model["properties"].items():
            assert described.get("description"), f"{name}.{key}"
            assert "default" not in described or described["default"] is not None, f"{name}.{key}"


@pytest.mark.parametrize("path", sorted(SPECS.rglob("*.yaml")), ids=lambda path: path.stem)
def test_every_spec_meets_the_schema(path: Any) -> None:
    jsonschema.validate(read_document(path).data, SCHEMA)


def test_the_schema_refuses_what_the_model_refuses() -> None:
    data = read_document(SPECS / "softmax" / "softmaxVec.yaml").data
    for wrong in ({"tolerance": "1e-6"}, {"role": "proved"}, {"name": "softmaxVec"}, {"schema": 2}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**data, **wrong}, SCHEMA)
