"""The document of a power run: what `mutate --json` writes, what its tables are made of.

Its JSON schema is `power.schema.json` beside this file; `python -m harness.power.document` renews
it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA: Literal[1] = 1
SCHEMA_FILE = Path(__file__).with_name("power.schema.json")

Expected = Literal["violates", "conforms", "equivalent", "unseen"]
"""Of an entry, by the catalogue. equivalent: wrong, and no input separates it from the bound;
unseen: wrong, and no input of a run shows it, which is a stated limit."""
Outcome = Literal[
    "killed", "n = 0 only", "survived", "spared", "rejected", "unseen", "seen", "not run"
]
"""killed: a check violates at n >= 1; spared: a right one, or an equivalent one, conforms; unseen
and seen: of a stated limit. FINDINGS are what CI fails for."""
Answer = Literal["fails", "passes", "not applicable"]
"""What another tool says of an implementation."""
FINDINGS = frozenset({"n = 0 only", "survived", "rejected", "not run"})


class Part(BaseModel):
    """Base of the records: closed, and never changed once made."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Kill(Part):
    """One check that violates, at the smallest n at which it does."""

    check: str = Field(description="definition, linearity, theorem or fact")
    declaration: str
    kind: str = Field(description="value, nan, dtype, shape, type, mutated, exception, hang, ...")
    n: int
    regime: str
    view: str
    batch: str = Field(description="The leading axes at the call, such as 2x3; - for none.")
    case: str = Field(description="What `replay` takes.")


class Resolution(Part):
    """How fine the bound of a constant is on the inputs of the run.

    least_ulp: the least bound above 0, in ulp of the result, and n and regime where it is; exact:
    the share of results whose bound is 0.
    """

    least_ulp: float
    n: int
    regime: str
    exact: float


class Trial(Part):
    """One entry for one dtype."""

    dtype: str
    outcome: Outcome
    kills: tuple[Kill, ...] = ()
    wrong_at_n0: bool = False
    note: str = ""
    resolution: Resolution | None = None
    others: dict[str, Answer] = Field(default_factory=dict, description="Tool -> its answer.")


class Row(Part):
    """One catalogue entry. group: the catalogue's file; defect: the class of what is wrong."""

    name: str
    group: str
    backend: str
    constants: tuple[str, ...]
    arithmetic: str
    expected: Expected
    defect: str = ""
    reason: str = ""
    case: str = ""
    trials: tuple[Trial, ...]

    @property
    def outcome(self) -> Outcome:
        """The worst of its dtypes: a mutant is killed when it is killed in each."""
        found = {trial.outcome for trial in self.trials}
        order: tuple[Outcome, ...] = ("not run", "survived", "rejected", "n = 0 only", "seen")
        worst = next((word for word in order if word in found), None)
        return worst or ("killed" if "killed" in found else self.trials[0].outcome)


class Tool(Part):
    """What another tool makes of the entries, over entries and dtypes that it applies to."""

    name: str
    mutants: int
    caught: int
    right: int
    rejected: int


class ClassScore(Part):
    """One class of defects. pairs: entry and dtype; caught: tool -> so many of the pairs, where it
    applies; applies: tool -> to so many."""

    defect: str
    mutants: int
    killed: int
    pairs: int
    killed_pairs: int
    caught: dict[str, int] = Field(default_factory=dict)
    applies: dict[str, int] = Field(default_factory=dict)


class Score(Part):
    """mutants, right, equivalent, limits: entries; pairs: entry and dtype.

    at_n0: mutants that are wrong at n = 0, too, where none should be.
    """

    mutants: int
    killed: int
    mutant_pairs: int
    killed_pairs: int
    at_n0: int
    right: int
    spared: int
    right_pairs: int
    spared_pairs: int
    equivalent: int
    equivalent_spared: int
    limits: int
    limits_seen: int
    classes: tuple[ClassScore, ...] = ()
    tools: tuple[Tool, ...] = ()


class PowerDocument(Part):
    """A whole run."""

    schema_version: Literal[1] = Field(default=SCHEMA, alias="schema")
    effort: str
    seed: int
    seconds: float
    score: Score
    rows: tuple[Row, ...]

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @property
    def findings(self) -> tuple[Row, ...]:
        """What CI fails for: mutants that are not killed, right ones that are not spared."""
        return tuple(row for row in self.rows if row.outcome in FINDINGS)

    @property
    def exit_code(self) -> int:
        """1 for a finding, and for a run without any mutant."""
        return 1 if self.findings or not self.score.mutants else 0


def json_text(document: PowerDocument) -> str:
    """The document as JSON, ending in a newline."""
    return document.model_dump_json(by_alias=True, indent=2) + "\n"


def schema_text() -> str:
    """The JSON schema of the document, as the committed file holds it."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Results of crosscheck mutate",
        **PowerDocument.model_json_schema(by_alias=True, mode="serialization"),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8", newline="\n")
