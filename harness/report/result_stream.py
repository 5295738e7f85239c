"""The results of a run as a stream of lines: header, one line per check as it comes, footer.

A stream without its footer is that of a run that did not end. `stream.schema.json` beside this file
is the JSON schema of a line; `python -m harness.report.result_stream` renews it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from harness.report.document import CheckRecord, FolderRecord, MachineRecord, Part, RunRecord

SCHEMA_FILE = Path(__file__).with_name("stream.schema.json")
START = b'{"kind":"header",'
"""How every stream begins, and no other results do."""


class AskedRecord(Part):
    """One check that is to come."""

    declaration: str
    check: str
    entry: str
    dtype: str
    device: str


class StreamHeader(Part):
    """The first line: what will be run."""

    kind: Literal["header"]
    stream: Literal[1] = Field(description="Version of this format.")
    crosscheck: str = Field(description="Version of the tool.")
    run: RunRecord = Field(description="What was asked for; its seconds are those before it ran.")
    machine: MachineRecord
    specs: FolderRecord
    lean: FolderRecord
    checks: list[AskedRecord] = Field(description="All that will be run, in order.")


class StreamCheck(Part):
    """A line for each check, in the order in which they end."""

    kind: Literal["check"]
    place: int = Field(ge=0, description="Which of the header's checks it is, from 0.")
    result: CheckRecord


class StreamFooter(Part):
    """The last line."""

    kind: Literal["footer"]
    checks: int = Field(description="How many lines of checks there are: all of the header's.")
    interrupted: bool
    exit_code: int
    sentence: str
    digest: str = Field(
        pattern="^sha256:[0-9a-f]{64}$", description="Of all bytes before this line."
    )


StreamLine = Annotated[StreamHeader | StreamCheck | StreamFooter, Field(discriminator="kind")]
LINE: TypeAdapter[StreamHeader | StreamCheck | StreamFooter] = TypeAdapter(StreamLine)


def line_text(line: StreamHeader | StreamCheck | StreamFooter) -> bytes:
    """A line as it is written, its newline included."""
    return line.model_dump_json(by_alias=True).encode() + b"\n"


def digest_of(parts: Iterable[bytes]) -> str:
    """The digest of what was written."""
    found = hashlib.sha256()
    for part in parts:
        found.update(part)
    return f"sha256:{found.hexdigest()}"


def schema_text() -> str:
    """The JSON schema of a line, as the committed file holds it."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of crosscheck check --stream",
        **LINE.json_schema(by_alias=True, mode="serialization"),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8", newline="\n")
