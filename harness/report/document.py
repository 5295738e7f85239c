"""The document of a run: what `--json` writes, what every report is rendered from.

Its JSON schema is `results.schema.json` beside this file. Numbers that JSON cannot hold are the
texts "inf", "-inf" and "nan"; numbers of arrays are hex floats, as in the verdicts.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

SCHEMA = 1

Standing = Literal["conforms", "violates", "refuted", "inconclusive", "unsupported", "not run"]
EntryStanding = Standing | Literal["holds"]
"""`holds`: the theorem's own check passes, but a definition that it rests on is not credited."""
Check = Literal[
    "definition",
    "batch",
    "layout",
    "repeat",
    "inputs",
    "linearity",
    "theorem",
    "fact",
    "derivative",
    "consistency",
]


def _to_json(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)


def _from_json(value: object) -> object:
    return float(value) if value in ("inf", "-inf", "nan") else value


Real = Annotated[
    float,
    BeforeValidator(_from_json),
    PlainSerializer(_to_json, return_type=float | str, when_used="json"),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"enum": ["inf", "-inf", "nan"]}]}),
]


class Part(BaseModel):
    """Base of the records: closed, and never changed once made."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CaseRecord(Part):
    """One input; `id` is what `crosscheck replay` takes."""

    id: str
    cell: str
    row: int
    n: int
    inputs: dict[str, Any] = Field(
        description="Variable -> its numbers as hex floats, nested like the array."
    )


class PeakRecord(Part):
    """The case with the greatest amount: error over bound, or error in ulp."""

    amount: Real
    case: CaseRecord
    replay: str = Field(default="", description="The command that replays the case; or empty.")


class ShrunkRecord(Part):
    """A smaller input that violates in the same way."""

    message: str
    ratio: Real | None
    n: int
    batch: list[int]
    view: str
    inputs: dict[str, object] = Field(description="Hex floats of the last call, by variable.")
    preceding: int = Field(description="How many calls must come before it.")
    snippet: str = Field(description="Python that shows it without the harness.")
    id: str = Field(default="", description="The name of the case in the corpus.")
    replay: str = Field(
        default="", description="The command that replays it; empty where it was not kept."
    )


class ViolationRecord(Part):
    """Why a check failed, at the smallest input met."""

    kind: str = Field(
        description="value, nan, dtype, shape, type, mutated, exception, hang, crash, or batch, "
        "layout, repeat: two calls with one input differ."
    )
    message: str
    case: CaseRecord | None
    constant: str
    ratio: Real | None = Field(description="Error over bound; null unless kind is value.")
    got: str
    want: str
    bound: Real | None
    confirmed: bool = Field(description="The exact value is a ball's.")
    replay: str = Field(default="", description="The command that replays the case; or empty.")
    shrunk: ShrunkRecord | None = None


class SizeRecord(Part):
    """What was seen at one size."""

    n: int
    cases: int
    ulp: Real = Field(description="The worst error in ulp of the result.")
    ratio: Real = Field(description="The worst error over bound.")


class KeptRecord(Part):
    """A case of the corpus that was tried first, and how it came out."""

    name: str
    verdict: Standing


class CheckRecord(Part):
    """One check of one declaration for one entry, dtype and device."""

    declaration: str
    check: Check
    entry: str
    dtype: str
    device: str
    verdict: Standing
    cases: int = Field(description="Judged (row, index) pairs with n >= 1.")
    cells: int
    cases_n0: int = Field(description="Judged pairs with n = 0; they credit nothing.")
    out_of_range: int
    unbounded: int
    undecided: int
    discarded: int
    unsupported: int = Field(
        default=0, description="Cells of sizes or layouts that the entry does not take."
    )
    worst_ratio: PeakRecord | None
    worst_ulp: PeakRecord | None
    tightness: Real | None
    violation: ViolationRecord | None
    violation_n0: ViolationRecord | None
    violations: int
    constants: list[str]
    ours: list[str] = Field(description="Called constants that the backend's own entry supplied.")
    arithmetic: str
    expected: str
    oracle: str
    notes: list[str]
    part: int = Field(default=0, description="Which fact, which mode of autograd.")
    kept: list[KeptRecord] = Field(default_factory=list)
    seconds: Real
    histogram: dict[int, int] = Field(
        default={},
        description="k -> judged cases with 2^k <= error / bound < 2^(k+1); the least possible k "
        "holds those without any error, too. Empty in old results.",
    )
    sizes: list[SizeRecord] = Field(default=[], description="By rising n; empty in old results.")
    mode: str = Field(
        default="", description="How autograd took the derivative; empty for other checks."
    )


class EntryRecord(Part):
    """How a declaration stands for one entry, dtype and device: all its checks taken together."""

    entry: str
    dtype: str
    device: str
    standing: EntryStanding
    but: dict[str, Standing] = Field(
        description="Constants that the theorem calls and whose own definition check does not "
        "conform, with its verdict: the theorem holds, and is not credited."
    )
    unchecked: list[str] = Field(
        description="Constants that the theorem calls and whose definition was not checked."
    )
    ratio: Real | None = Field(description="The worst error over bound of these checks.")
    kind: str = Field(description="Kind of the violation, `n=0` when only an empty vector has one.")
    cases: int
    cases_n0: int = Field(description="Of these checks; they credit nothing.")


class LeanRecord(Part):
    """The Lean side of a declaration."""

    mirror: Literal["same", "differs", "missing", "unreadable"]
    message: str
    detail: list[str] = Field(description="Both texts and their difference, or where it stops.")
    file: str
    first_line: int
    last_line: int
    flags: list[str] = Field(description="sorry, axiom and their like, with their places.")
    link: Literal["reviewed", "suspect", "never reviewed"] = Field(
        description="Whether the Lean text is the one that a person last reviewed."
    )
    fingerprint: str = Field(description="Of the Lean text as it is now; empty when missing.")
    lean1: str = Field(default="", description="Digest of the type in the evidence, or empty.")
    proved: Literal["proved", "not proved", "no evidence"] = Field(
        description="not proved: there is evidence that holds, and it does not suffice."
    )
    proof: str = Field(
        default="", description="Why it is not proved, or what must be known of the proof."
    )


class ConventionRecord(Part):
    """An operation that a sampled input takes to where its value in Lean is a convention."""

    operation: str
    rule: str = Field(description="What Lean says there, such as x / 0 = 0.")
    case: CaseRecord


class FootingRecord(Part):
    """On what inputs a statement says something, by sampling."""

    hypotheses: int
    witness: CaseRecord | None = Field(description="An input that satisfies all hypotheses.")
    tried: int
    conventions: list[ConventionRecord]
    outside: str = Field(description="Why the statement cannot be sampled, or empty.")


class DeclarationRecord(Part):
    """One declaration, its two ladders, and how it stands for every entry."""

    name: str
    short_name: str
    kind: Literal["def", "abbrev", "theorem"]
    role: Literal["required", "support"]
    spec: str
    statement: str
    summary: str
    requirement: str
    requirement_text: str
    defines: str = Field(description="The constant that its equation unfolds, or empty.")
    lean: LeanRecord
    consistent: Standing | None = Field(description="null where there is no Python side.")
    entries: list[EntryRecord]
    footing: FootingRecord | None = Field(default=None, description="null where not sampled.")


class FolderRecord(Part):
    """A folder that was read, and why this one."""

    path: str
    origin: str
    digest: str
    flags: list[str] = Field(
        default=[], description="Of Lean source: each `sorry`, `axiom` and their like in it."
    )


class ToolRecord(Part):
    """What of the Lean toolchain is on this machine."""

    present: bool = Field(description="Whether `lake build` could run here as it is pinned.")
    tools: dict[str, str] = Field(description="Tool that was found -> what it says of itself.")
    pinned: str
    mathlib: str


class EvidenceRecord(Part):
    """The evidence of proofs that was read; it holds when `lapsed` is empty."""

    path: str
    made: str
    lean: str
    mathlib: str = Field(description="Revision; empty where there is no Mathlib.")
    lapsed: list[str] = Field(description="What has changed since it was made.")


class MachineRecord(Part):
    """The machine and the settings of the libraries that can change results."""

    python: str
    system: str
    cpus: int
    libraries: dict[str, str] = Field(description="Library -> version.")
    absent: list[str]
    cpu_features: list[str] = Field(description="Features of the CPU that numpy sees.")
    numpy_dispatch: list[str] = Field(description="Those that numpy has code of its own for.")
    torch_cpu: str
    torch: dict[str, str] = Field(description="Flags of torch that change arithmetic.")
    longdouble_bits: int
    cuda: list[str]


class ResultsRecord(Part):
    """Results that a trace was made from."""

    path: str
    started: str
    effort: str
    seed: int
    usable: bool = Field(
        description="False when the specs have changed since: nothing is credited."
    )
    truncated: str = Field(
        default="", description="Of a stream that ends early: how much of it is there."
    )


class RunRecord(Part):
    """What was asked for."""

    started: str
    seconds: Real
    effort: str
    seed: int
    names: list[str]
    backends: list[str]
    dtypes: list[str]
    devices: list[str]
    supplied: dict[str, str] = Field(description="--impl: constant -> module:function.")
    interrupted: bool
    corpus: str = Field(default="", description="Folder of kept cases; empty where none is used.")
    kept: int = Field(default=0, description="Violations of this run that it did not have.")


class KnownFailureRecord(Part):
    """What a catalogue entry announces (`expect: violates`), and how that fared."""

    entry: str
    declaration: str = Field(description="Short name.")
    dtype: str
    device: str
    status: Literal["matches", "stale"] = Field(description="stale: it makes the run fail.")
    reason: str
    link: str
    place: str = Field(description="Where it is announced, file:line.")
    message: str = Field(description="Why it no longer matches, and what to change.")


class SummaryRecord(Part):
    """The end of the report."""

    exit_code: int
    sentence: str
    verdicts: dict[str, int] = Field(description="Verdict -> number of checks.")
    cases: int
    declarations: int
    mirrored: int
    proved: int


class Document(Part):
    """Everything that one run found."""

    schema_version: Literal[1] = Field(alias="schema")
    crosscheck: str = Field(description="Version of the tool.")
    run: RunRecord
    machine: MachineRecord
    specs: FolderRecord
    lean: FolderRecord
    toolchain: ToolRecord
    evidence: EvidenceRecord | None = Field(default=None, description="null: none was found.")
    declarations: list[DeclarationRecord]
    results: list[CheckRecord]
    known_failures: list[KnownFailureRecord] = Field(
        default=[], description="What entries announce, for each declaration that was checked."
    )
    summary: SummaryRecord
