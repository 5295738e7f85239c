"""The scoreboard as data: a cell for each library path, function and dtype. JSON schema beside it.

`python -m harness.board.document` renews the schema.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from harness.report.document import Real, Standing

SCHEMA_FILE = Path(__file__).with_name("board.schema.json")


class Part(BaseModel):
    """Base of the records: closed, and never changed once made."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Found(Part):
    """The violation behind a cell, with what is needed to see it again."""

    kind: str = Field(
        description="value, nan, dtype, shape, type, mutated, exception, hang or crash"
    )
    message: str = Field(description="At the smallest input that was found.")
    inputs: dict[str, object] = Field(description="Hex floats by variable; empty for a hang.")
    case: str = Field(description="What `crosscheck replay` takes.")
    snippet: str = Field(description="Python that shows it without the harness, or empty.")


class Cell(Part):
    """One function of one library path in one dtype, judged by its definition."""

    path: str = Field(description="Name of the catalogue entry.")
    function: str = Field(description="The Lean constant that it implements.")
    dtype: str
    verdict: Standing
    expected: bool = Field(description="Whether a violation is announced in the catalogue.")
    why: str = Field(description="Why it is expected, or why it was not judged.")
    meets: str = Field(description="The strictest named arithmetic that it meets, none, or empty.")
    cases: int
    violations: int
    worst_ulp: Real | None = Field(description="Worst error in ulp, over the cases with a bound.")
    worst_ratio: Real | None = Field(description="Worst error over bound.")
    declarations: dict[str, Standing] = Field(
        description="The other declarations that name the function -> their verdict here."
    )
    speed: Real | None = Field(description="Elements per second; noisy.")
    relative: Real | None = Field(description="Speed relative to the fastest path; noisy.")
    found: Found | None = None


class Library(Part):
    """One library. version: null where it is not installed."""

    name: str
    version: str | None
    cells: list[Cell]
    notes: list[str] = Field(description="What adapters keep from being judged.")


class Board(Part):
    """Everything that one comparison found."""

    schema_version: Literal[1] = Field(alias="schema")
    crosscheck: str
    started: str
    seconds: Real
    effort: str
    seed: int
    machine: str
    libraries: list[Library]
    stale: list[str] = Field(description="Announced failures that no longer match.")
    exit_code: int
    sentence: str


def json_text(board: Board) -> str:
    """The board as JSON, ending in a newline."""
    return board.model_dump_json(by_alias=True, indent=2) + "\n"


def schema_text() -> str:
    """The JSON schema, as the committed file holds it."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Results of crosscheck compare",
        **Board.model_json_schema(by_alias=True, mode="serialization"),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8", newline="\n")
