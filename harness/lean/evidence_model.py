"""The shape of evidence: what Lean's environment said of declarations, and of what exactly.

`evidence.schema.json` beside this file is its JSON schema; `python -m harness.lean.evidence_model`
writes it anew.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

SCHEMA = 1
SCHEMA_FILE = Path(__file__).with_name("evidence.schema.json")

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(_Part):
    """A range of the source: lines from 1, columns from 0 in code points."""

    line: int
    column: int
    endLine: int
    endColumn: int


class MirrorFacts(_Part):
    """How the type of the restatement in Mirror.lean compares with the declaration's."""

    name: str
    alphaEqual: bool = Field(description="Equal but for the names and kinds of bound variables.")
    reducibleDefEq: bool = Field(description="Equal after unfolding of abbreviations.")


class DeclarationFacts(_Part):
    """What the environment says of one declaration."""

    name: str
    found: Literal[True]
    kind: str = Field(description="theorem, def, abbrev, axiom, opaque, inductive, ...")
    type: str = Field(description="The elaborated type as Lean prints it; for people.")
    doc: str | None
    module: str | None
    range: Span | None
    nameRange: Span | None
    axioms: list[str] = Field(description="All axioms that it rests on.")
    usesSorry: bool
    mirror: MirrorFacts | None


class Missing(_Part):
    """A name that the exporter was asked for and did not find."""

    name: str
    found: Literal[False]


class Export(_Part):
    """What the exporter prints. constructed: written by hand, for a test."""

    lean: str
    module: str
    declarations: list[DeclarationFacts | Missing]
    constructed: bool = False


class Digests(_Part):
    """SHA-256 of what the evidence speaks of, line endings left out of account."""

    sources: dict[str, Sha256] = Field(description="Lean sources and pins, by path in the project.")
    specs: dict[str, Sha256] = Field(description="What specs say, by path in their folder.")
    exporter: Sha256


class Evidence(_Part):
    """Everything that one export found, and what it was found in."""

    schema_version: Literal[1] = Field(alias="schema")
    constructed: bool = Field(
        default=False, description="Written by hand for a test; no command accepts it."
    )
    crosscheck: str = Field(description="Version of the tool that wrote this.")
    made: str = Field(description="When, in UTC.")
    lean: str = Field(description="What Lean says its version is.")
    toolchain: str = Field(description="Text of lean-toolchain.")
    mathlib: str = Field(description="Revision of Mathlib, empty where there is none.")
    module: str
    digests: Digests
    declarations: list[DeclarationFacts]
    content: Sha256 = Field(description="Digest of all the other fields; see `content_digest`.")


def content_digest(data: dict[str, Any]) -> str:
    """SHA-256 of a document's JSON without `content`: keys sorted, no spaces, UTF-8."""
    rest = {key: value for key, value in data.items() if key != "content"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def schema_text() -> str:
    """The JSON schema of evidence, as the committed file holds it."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Evidence of proofs, as written by crosscheck lean export",
        **Evidence.model_json_schema(by_alias=True),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8", newline="\n")
