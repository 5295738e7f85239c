"""The document of a power run: what `mutate --json` writes, what its tables are made of.

Its JSON schema is `power.schema.json` beside this file; `python -m harness.power.document` renews
it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from harness.implementations.entry import Defect

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


def score(rows: Iterable[Row]) -> Score:
    """The score of the rows."""
    rows = tuple(rows)
    mutants, right, equivalent, limits = (
        [row for row in rows if row.expected == kind] for kind in get_args(Expected)
    )
    bad, good = ([t for row in part for t in row.trials] for part in (mutants, right))
    names = tuple(dict.fromkeys(n for row in rows for t in row.trials for n in t.others))
    return Score(
        mutants=len(mutants),
        killed=_count(mutants, "killed"),
        mutant_pairs=len(bad),
        killed_pairs=_count(bad, "killed"),
        at_n0=sum(any(trial.wrong_at_n0 for trial in row.trials) for row in mutants),
        right=len(right),
        spared=_count(right, "spared"),
        right_pairs=len(good),
        spared_pairs=_count(good, "spared"),
        equivalent=len(equivalent),
        equivalent_spared=_count(equivalent, "spared"),
        limits=len(limits),
        limits_seen=_count(limits, "seen"),
        classes=tuple(_class(defect, mutants, names) for defect in _defects(mutants)),
        tools=tuple(_tool(name, bad, good) for name in names),
    )


def _count(things: Iterable[Row | Trial], outcome: Outcome) -> int:
    return sum(thing.outcome == outcome for thing in things)


def _defects(mutants: Iterable[Row]) -> list[str]:
    """The classes that occur, in the order of their definition."""
    found = {row.defect for row in mutants}
    return [*(name for name in get_args(Defect) if name in found), *([""] if "" in found else [])]


def _class(defect: str, mutants: Iterable[Row], tools: Iterable[str]) -> ClassScore:
    rows = [row for row in mutants if row.defect == defect]
    trials = [trial for row in rows for trial in row.trials]
    answers = {name: [trial.others.get(name) for trial in trials] for name in tools}
    return ClassScore(
        defect=defect,
        mutants=len(rows),
        killed=_count(rows, "killed"),
        pairs=len(trials),
        killed_pairs=_count(trials, "killed"),
        caught={name: found.count("fails") for name, found in answers.items()},
        applies={
            name: found.count("fails") + found.count("passes") for name, found in answers.items()
        },
    )


def _tool(name: str, bad: Iterable[Trial], good: Iterable[Trial]) -> Tool:
    wrong = [trial.others.get(name) for trial in bad]
    right = [trial.others.get(name) for trial in good]
    return Tool(
        name=name,
        mutants=wrong.count("fails") + wrong.count("passes"),
        caught=wrong.count("fails"),
        right=right.count("fails") + right.count("passes"),
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
