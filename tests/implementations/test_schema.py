"""The JSON schema of catalogues says what the model says, of every catalogue of ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from harness.implementations.schema import SCHEMA_FILE, schema_text
from harness.specs.yaml_load import read_document

ROOT = Path(__file__).resolve().parents[2]
SCHEMA: dict[str, Any] = json.loads(schema_text())
CATALOGUES = sorted(ROOT.glob("harness/implementations/*.yaml")) + sorted(
    ROOT.glob("tests/mutants/*.yaml")
)


def test_the_committed_schema_is_current() -> None:
    committed = SCHEMA_FILE.read_text(encoding="utf-8")
    assert committed == schema_text(), "run python -m harness.implementations.schema"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_every_catalogue_meets_the_schema(path: Path) -> None:
    jsonschema.validate(read_document(path).data, SCHEMA)


@pytest.mark.parametrize(
    "wrong",
    [
        {"dtypes": ["float8"]},
        {"adapter": {"rows": "all"}},
        {"adapter": {"axis": {"along": "top"}}},
        {"expect": {"violates": "softmaxVec"}},
        {"constants": {"softmaxVec": 1}},
        {"tolerance": "1e-6"},
    ],
)
def test_the_schema_refuses_what_the_model_refuses(wrong: dict[str, Any]) -> None:
    entry = {"name": "a", "backend": "numpy", "dtypes": ["float32"], "constants": {"f": "a:f"}}
    jsonschema.validate({"schema": 1, "entries": [entry]}, SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"schema": 1, "entries": [{**entry, **wrong}]}, SCHEMA)
