"""The document of a power run: what `mutate --json` writes, what its tables are made of.

Its JSON schema is `power.schema.json` beside this file; `python -m harness.power.document` renews
it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA: Literal[1] = 1
SCHEMA_FILE = Path(__file__).with_name("power.schema.json")

Outcome = Literal["killed", "n = 0 only", "survived", "spared", "rejected", "not run"]
"""killed: a check violates at n >= 1; spared: a right one conforms; the others but `not run` are
findings."""
Answer = Literal["fails", "passes", "not applicable"]
"""What another tool says of an implementation."""
FINDINGS = frozenset({"n = 0 only", "survived", "rejected", "not run"})


class Part(BaseModel):
    """Base of the records: closed, and never changed once made."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Kill(Part):
    """One check that violates, at the smallest n at which it does."""

    check: str = Field(
        description="definition, batch, layout, repeat, inputs, linearity, theorem or fact"
    )
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
    """One catalogue entry. expected: of it, by the catalogue; group: the catalogue's file."""

    name: str
    group: str
    backend: str
    constants: tuple[str, ...]
    arithmetic: str
    expected: Literal["violates", "conforms"]
    reason: str = ""
    case: str = ""
    trials: tuple[Trial, ...]

    @property
    def outcome(self) -> Outcome:
        """The worst of its dtypes: a mutant is killed when it is killed in each."""
        found = {trial.outcome for trial in self.trials}
        order: tuple[Outcome, ...] = ("not run", "survived", "rejected", "n = 0 only")
        return next((word for word in order if word in found), self.trials[0].outcome)


class Tool(Part):
    """What another tool makes of the entries, over entries and dtypes that it applies to."""

    name: str
    mutants: int
    caught: int
    right: int
    rejected: int


class Score(Part):
    """mutants, right: entries; pairs: entry and dtype."""

    mutants: int
    killed: int
    mutant_pairs: int
    killed_pairs: int
    right: int
    spared: int
    right_pairs: int
    spared_pairs: int
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


def score(rows: Iterable[Row]) -> Score:
    """The score of the rows."""
    rows = tuple(rows)
    mutants = [row for row in rows if row.expected == "violates"]
    right = [row for row in rows if row.expected == "conforms"]
    bad, good = ([t for row in part for t in row.trials] for part in (mutants, right))
    return Score(
        mutants=len(mutants),
        killed=sum(row.outcome == "killed" for row in mutants),
        mutant_pairs=len(bad),
        killed_pairs=sum(trial.outcome == "killed" for trial in bad),
        right=len(right),
        spared=sum(row.outcome == "spared" for row in right),
        right_pairs=len(good),
        spared_pairs=sum(trial.outcome == "spared" for trial in good),
        tools=tuple(_tool(name, bad, good) for name in _tools(rows)),
    )


def _tools(rows: Iterable[Row]) -> list[str]:
    return list(
        dict.fromkeys(name for row in rows for trial in row.trials for name in trial.others)
    )


def _tool(name: str, bad: Iterable[Trial], good: Iterable[Trial]) -> Tool:
    wrong = [trial.others.get(name) for trial in bad]
    right = [trial.others.get(name) for trial in good]
    return Tool(
        name=name,
        mutants=len(wrong) - wrong.count("not applicable") - wrong.count(None),
        caught=wrong.count("fails"),
        right=len(right) - right.count("not applicable") - right.count(None),
        rejected=right.count("fails"),
    )


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
