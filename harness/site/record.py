"""All that the pages of a report show, as data: `report.json` of its folder. Drawing adds nothing.

Its JSON schema is `report.schema.json` beside this file.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from harness.report.document import EntryStanding, MachineRecord, Part, Real, RunRecord
from harness.report.trace import TraceDocument

SCHEMA: Final = 2


class RungRecord(Part):
    """One rung of a ladder, over all declarations."""

    side: Literal["Lean", "Python"]
    name: str
    reached: int
    of: int
    means: str


class GapRecord(Part):
    """Something that did not run, or only in part, and why."""

    reason: str
    checks: int = Field(description="0 where no check was planned.")
    declarations: list[str] = Field(description="Short names.")
    entries: list[str]


class PastRecord(Part):
    """How a declaration stood in an earlier run of this folder."""

    started: str
    crosscheck: str
    effort: str
    seed: int
    standing: EntryStanding | None = Field(description="The worst of its entries.")
    conform: int
    entries: int
    ratio: Real | None
    same_specs: bool


class ImpactRecord(Part):
    """What changes with a declaration. Full names."""

    suspect: list[str] = Field(description="Their fingerprints cover it: to be reviewed again.")
    unproved: list[str] = Field(description="Their Lean text mentions it: to be proved again.")
    checks: int = Field(description="Checks that judge code by it or by what becomes suspect.")


class StepRecord(Part):
    """One node of a derived bound, in Lean's words."""

    rule: str
    name: str
    value: str
    error_name: str
    error: str
    is_result_of: list[str]


class BoundRecord(Part):
    """The bound of a constant under one of its forms."""

    form: str = Field(description="Names of the forms; empty where there is only one way.")
    formula: str = Field(description="To first order in u.")
    where: dict[str, str] = Field(description="Symbol of the formula -> what it stands for.")
    steps: list[StepRecord]


class LineRecord(Part):
    """A line of the Lean source."""

    number: int
    text: str


class StoryRecord(Part):
    """One declaration, beside what the trace says of it."""

    name: str
    page: str = Field(description="File name of its page, in declarations/.")
    type: str
    source: list[LineRecord] = Field(description="Of the Lean source, docstring included.")
    tree: list[str]
    equation: str
    equation_by: str
    licensed: dict[str, str] = Field(description="Another form of its equation -> the theorem.")
    bounds: list[BoundRecord]
    outside: str = Field(description="The bound of a theorem, from those of what it calls.")
    unsaid: str = Field(description="Why there is no formula, or empty.")
    impact: ImpactRecord
    history: list[PastRecord]


class SourceRun(Part):
    """A run whose results are shown."""

    path: str
    usable: bool
    run: RunRecord
    machine: MachineRecord


class TotalRecord(Part):
    """Sums over all checks."""

    checks: int
    cases: int
    out_of_range: int
    unbounded: int
    undecided: int
    discarded: int
    cases_n0: int
    verdicts: dict[str, int]


class Report(Part):
    """Everything on the pages."""

    schema_version: Literal[2] = Field(alias="schema")
    sentence: str
    good: bool = Field(description="Nothing is a finding, and something ran.")
    proof: str = Field(description="What of the Lean side can be vouched for.")
    evidence: str
    runs: list[SourceRun]
    ladders: list[RungRecord]
    totals: TotalRecord
    gaps: list[GapRecord]
    left_out: list[str] = Field(description="Earlier results that could not be read.")
    trace: TraceDocument
    stories: list[StoryRecord]
