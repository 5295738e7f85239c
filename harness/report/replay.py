"""The document of a replay: one case, what came back, the verdict. `replay.schema.json` beside it.

`python -m harness.report.replay` renews the schema.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field

from harness.conformance.verdict import CheckResult, Inputs, Violation
from harness.report.build import statement_text
from harness.report.document import Check, Part, Real, Standing
from harness.report.numbers import ratio, times
from harness.report.replay_command import Replaying
from harness.specs.library import SpecLibrary

SCHEMA_FILE = Path(__file__).with_name("replay.schema.json")
CODES = {"conforms": 0, "unsupported": 3, "not run": 3}
"""Exit codes by verdict; 1 for the others."""

MOST_SHOWN = 1 << 14
"""Numbers of the calls that come before, all together; where there are more, they are left out."""


class CallRecord(Part):
    """The input of one call."""

    sizes: dict[str, int]
    batch: list[int]
    view: str
    numbers: dict[str, object] = Field(
        description="Variable -> hex floats, nested like the array that is passed."
    )


class ReplayDocument(Part):
    """One case judged by itself."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    schema_version: Literal[1] = Field(alias="schema")
    crosscheck: str
    case: str = Field(description="As it was given: an id, the name of a kept case, or its file.")
    command: str = Field(description="This replay, to be pasted into a shell.")
    declaration: str
    statement: str
    check: Check
    part: int = Field(description="Which fact of the declaration, which mode of autograd.")
    entry: str
    dtype: str
    device: str
    arithmetic: str
    verdict: Standing
    calls: list[CallRecord] = Field(
        description="In order; the last is judged. Those before it are left out when they are long."
    )
    preceding: int = Field(description="How many calls come before the one that is judged.")
    row: int = Field(description="The row of the batch that is judged.")
    at: list[int] = Field(description="Indices that are passed, then the coordinate.")
    kind: str = Field(description="As of a violation; `value` where a value conforms.")
    message: str
    constant: str
    got: str
    want: str
    exact: str = Field(description="Digits of the exact value, where balls gave them.")
    bound: Real | None
    ratio: Real | None
    notes: list[str]
    ours: list[str]
    snippet: str = Field(description="Python that shows it without the harness.")
    sentence: str
    exit_code: int


def replay_document(
    case: str, replaying: Replaying, library: SpecLibrary, result: CheckResult, version: str
) -> ReplayDocument:
    """From the result of a run that judged one case."""
    spec = library.by_name(result.declaration)
    statement = statement_text(spec)
    if result.check == "fact" and result.part < len(facts := getattr(spec, "facts", ())):
        statement = " ".join(str(facts[result.part].statement).split())
    if result.check == "linearity":
        statement = f"{spec.short_name} is linear in its last argument, by its type"
    again = result.replayed
    calls = list(again.calls) if again else []
    found = (again.judged if again else None) or result.violation or result.violation_n0
    found = found or Violation("", "")
    return ReplayDocument(
        schema=1,
        crosscheck=version,
        case=case,
        command=replaying.command(case),
        declaration=spec.name,
        statement=statement,
        check=result.check,  # type: ignore[arg-type]
        part=result.part,
        entry=result.entry,
        dtype=result.dtype,
        device=result.device,
        arithmetic=result.arithmetic if result.entry else "",
        verdict=result.verdict.value,
        calls=[_call(one) for one in calls[-1 if _are_long(calls) else 0 :]],
        preceding=max(len(calls) - 1, 0),
        row=again.row if again else 0,
        at=list(found.at),
        kind=found.kind,
        message=found.message,
        constant=found.constant,
        got=found.got,
        want=found.want,
        exact=found.exact,
        bound=found.bound,
        ratio=found.ratio,
        notes=list(result.notes),
        ours=list(result.ours),
        snippet=again.snippet if again else "",
        sentence=_sentence(spec.short_name, result, found),
        exit_code=CODES.get(result.verdict.value, 1),
    )


def _call(inputs: Inputs) -> CallRecord:
    return CallRecord(
        sizes=dict(inputs.sizes),
        batch=list(inputs.batch),
        view=inputs.view,
        numbers=dict(inputs.numbers),
    )


def _are_long(calls: list[Inputs]) -> bool:
    return sum(_count(one) for call in calls[:-1] for one in call.numbers.values()) > MOST_SHOWN


def _count(nested: object) -> int:
    return sum(map(_count, nested)) if isinstance(nested, list) else 1


def _sentence(name: str, result: CheckResult, found: Violation) -> str:
    who = f" for {result.entry} in {result.dtype}" if result.entry else " on exact reals"
    verdict = result.verdict.value
    n = result.violation_n0 is not None or result.cases_n0
    where = "at n = 0" if n else "at this input"
    if verdict == "conforms":
        return f"{name} conforms{who} {where} now{_ratio(found)}."
    if verdict == "refuted":
        return f"{name} is refuted on exact reals {where}."
    if verdict == "violates":
        how = f": {times(found.ratio)}" if found.kind == "value" and found.ratio else ""
        return f"{name} violates its statement{who} {where}{how or f' ({found.kind})'}."
    return f"{name} is {verdict}{who} {where}: {'; '.join(result.notes)}."


def _ratio(found: Violation) -> str:
    if found.ratio is None:
        return ""
    if found.ratio == 0:
        return ", without any error"
    share = "below 0.01" if found.ratio < 0.01 else ratio(found.ratio)
    return f", at {share} of the bound"


def json_text(document: ReplayDocument) -> str:
    """The document as JSON, ending in a newline."""
    return document.model_dump_json(by_alias=True, indent=2) + "\n"


def schema_text() -> str:
    """The JSON schema of the document, as the committed file holds it."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Results of crosscheck replay",
        **ReplayDocument.model_json_schema(by_alias=True, mode="serialization"),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8", newline="\n")
