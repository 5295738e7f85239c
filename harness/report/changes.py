"""What changed between two runs: verdicts, checks that came and went, the Lean side.

`python -m harness.report.changes` renews the schema of the JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import count as count_from
from pathlib import Path
from typing import Literal

from pydantic import Field
from rich.text import Text

from harness.conformance.verdict import Verdict
from harness.report.document import (
    CheckRecord,
    DeclarationRecord,
    Document,
    Part,
    Real,
    ResultsRecord,
)
from harness.report.findings import is_finding
from harness.report.lines import BAD, FAINT, GOOD, STRONG
from harness.report.numbers import count, ratio
from harness.report.results_file import Results

SCHEMA_FILE = Path(__file__).with_name("changes.schema.json")

_RANK = {verdict.value: rank for rank, verdict in enumerate(Verdict)}

CheckKey = tuple[str, str, str, str, str, int]
"""Declaration, check, entry, dtype, device, and which of several (facts of a definition)."""

Direction = Literal["worse", "better", "new", "gone"]


class ChangeRecord(Part):
    """One thing that is not as it was. `new` is a check that was not run before; one that is a
    finding is `worse`, with nothing in `old`."""

    direction: Direction
    declaration: str
    what: str = Field(description="The check, or `Lean text`, `review`, `proof`.")
    entry: str
    dtype: str
    device: str
    part: int = Field(description="Which of several checks of one name, from 0.")
    old: str
    new: str
    ratio: Real | None = Field(description="The worst error over bound now.")


class SettingRecord(Part):
    """A difference of the two runs that may explain the others."""

    name: str
    old: str
    new: str


class ChangesDocument(Part):
    """What changed between two runs."""

    schema_version: Literal[1] = Field(alias="schema")
    old: ResultsRecord
    new: ResultsRecord
    settings: list[SettingRecord]
    changes: list[ChangeRecord]
    worse: int
    better: int
    come: int
    gone: int
    same: int = Field(description="Checks that both runs have.")


def changes(old: Document, new: Document, paths: tuple[str, str] = ("", "")) -> ChangesDocument:
    """The comparison; what became worse comes first, then in the order of the runs."""
    before, after = keyed(old.results), keyed(new.results)
    found = [
        *(_change(key, before.get(key), after.get(key)) for key in {**after, **before}),
        *(one for pair in _both(old, new) for one in _lean(*pair)),
    ]
    order: tuple[Direction, ...] = ("worse", "better", "gone", "new")
    kept = sorted((one for one in found if one), key=lambda one: order.index(one.direction))
    return ChangesDocument(
        schema=1,
        old=_source(old, paths[0]),
        new=_source(new, paths[1]),
        settings=_settings(old, new),
        changes=kept,
        worse=sum(one.direction == "worse" for one in kept),
        better=sum(one.direction == "better" for one in kept),
        come=sum(key not in before for key in after),
        gone=sum(key not in after for key in before),
        same=sum(key in before for key in after),
    )


def changes_lines(document: ChangesDocument) -> list[Text]:
    """The comparison as people read it."""
    lines = [Text(f"  {one.name}: {one.old} → {one.new}", FAINT) for one in document.settings]
    marks = {"worse": ("↓ ", BAD), "better": ("↑ ", GOOD), "gone": ("- ", FAINT), "new": ("+ ", "")}
    for one in document.changes:
        mark, colour = marks[one.direction]
        line = Text.assemble((mark, colour), (_name(one), STRONG))
        if one.direction == "gone":
            line.append("  no longer run", FAINT)
        elif not one.old:
            line.append("  new: ").append(one.new, colour)
        else:
            line.append(f"  {one.old} → ").append(one.new, colour)
        if one.ratio is not None and one.old and one.new:
            line.append(f"  {ratio(one.ratio)} of the bound", FAINT)
        lines.append(line)
    total = (
        f"{document.worse} worse, {document.better} better, {document.come} new, "
        f"{document.gone} gone, of {count(document.same, 'check')} in both runs."
    )
    return [*lines, Text(total, STRONG)]


def json_text(document: ChangesDocument) -> str:
    """The comparison as JSON, ending in a newline; what is returned has been read back once."""
    text = document.model_dump_json(by_alias=True, indent=2) + "\n"
    ChangesDocument.model_validate_json(text)
    return text


def _change(
    key: CheckKey, then: CheckRecord | None, now: CheckRecord | None
) -> ChangeRecord | None:
    direction: Direction
    if now is None:
        direction = "gone"
    elif then is None:
        direction = "worse" if is_finding(now) else "new"
    elif then.verdict == now.verdict:
        return None
    else:
        direction = "worse" if _RANK[now.verdict] < _RANK[then.verdict] else "better"
    declaration, check, entry, dtype, device, part = key
    worst = now.worst_ratio if now else None
    return ChangeRecord(
        direction=direction,
        declaration=declaration,
        what=check,
        entry=entry,
        dtype=dtype,
        device=device,
        part=part,
        old=then.verdict if then else "",
        new=now.verdict if now else "",
        ratio=worst.amount if worst else None,
    )


def _both(old: Document, new: Document) -> Iterator[tuple[DeclarationRecord, DeclarationRecord]]:
    known = {one.name: one for one in old.declarations}
    return ((known[one.name], one) for one in new.declarations if one.name in known)


def _lean(then: DeclarationRecord, now: DeclarationRecord) -> Iterator[ChangeRecord]:
    pairs: tuple[tuple[str, str, str, str], ...] = (
        ("Lean text", then.lean.mirror, now.lean.mirror, "same"),
        ("review", then.lean.link, now.lean.link, "reviewed"),
        ("proof", then.lean.proved, now.lean.proved, "proved"),
    )
    for what, old, new, best in pairs:
        if old != new:
            yield ChangeRecord(
                direction="better" if new == best else "worse",
                declaration=now.name,
                what=what,
                entry="",
                dtype="",
                device="",
                part=0,
                old=old,
                new=new,
                ratio=None,
            )


def _source(document: Document, path: str) -> ResultsRecord:
    run = document.run
    return ResultsRecord(
        path=path, started=run.started, effort=run.effort, seed=run.seed, usable=True
    )


def usable_checks(runs: Iterable[Results], digest: str) -> list[CheckRecord]:
    """The checks of all runs of these specs, later runs instead of earlier ones."""
    checks: dict[CheckKey, CheckRecord] = {}
    for one in sorted(runs, key=lambda one: one.run.started):
        if one.specs.digest == digest:
            checks |= keyed(one.checks)
    return list(checks.values())


def keyed(checks: Iterable[CheckRecord]) -> dict[CheckKey, CheckRecord]:
    """The checks of one run by what they are; the order of a run is always the same."""
    found: dict[CheckKey, CheckRecord] = {}
    for one in checks:
        words = (one.declaration, one.check, one.entry, one.dtype, one.device)
        number = next(k for k in count_from(0) if (*words, k) not in found)
        found[(*words, number)] = one
    return found


def _name(one: ChangeRecord) -> str:
    short = one.declaration.rpartition(".")[2]
    words = [short, one.what, one.entry, one.dtype, one.device]
    return " ".join([*filter(None, words), *([f"({one.part + 1})"] if one.part else [])])


def _settings(old: Document, new: Document) -> list[SettingRecord]:
    pairs = {
        "crosscheck": (old.crosscheck, new.crosscheck),
        "specs": (old.specs.digest[:12], new.specs.digest[:12]),
        "effort": (old.run.effort, new.run.effort),
        "seed": (str(old.run.seed), str(new.run.seed)),
        **{
            name: (old.machine.libraries.get(name, "none"), new.machine.libraries.get(name, "none"))
            for name in {**old.machine.libraries, **new.machine.libraries}
        },
        "CPU of torch": (old.machine.torch_cpu, new.machine.torch_cpu),
    }
    return [
        SettingRecord(name=name, old=one, new=other)
        for name, (one, other) in pairs.items()
        if one != other
    ]


def schema_text() -> str:
    """The JSON schema of a comparison, as the committed file holds it."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What changed between two results of crosscheck check",
        **ChangesDocument.model_json_schema(by_alias=True, mode="serialization"),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8", newline="\n")
