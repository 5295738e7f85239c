"""From a trace and what lies around it to the report: everything counted, nothing drawn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from harness.lean.declaration import Declaration
from harness.lean.mentions import mentions, touched_by
from harness.lean.reviewed import parts_of
from harness.report.document import CheckRecord, DeclarationRecord
from harness.report.explain import equation_text
from harness.report.findings import is_finding, lean_findings
from harness.report.header import evidence_sentence, proof_sentence
from harness.report.trace import LinkRecord, TraceDocument
from harness.report.tree import tree_lines
from harness.site.bounds import Drawn, bound_records, drawn, licensed
from harness.site.history import Past, history
from harness.site.names import page_names
from harness.site.record import (
    SCHEMA,
    GapRecord,
    ImpactRecord,
    LineRecord,
    Report,
    RungRecord,
    SourceRun,
    StoryRecord,
    TotalRecord,
)
from harness.specs.library import SpecLibrary
from harness.specs.model import DefSpec
from harness.statement.printer import show_term

_AT_SIZES = re.compile(r"(.* at n = )(\d+(?:, \d+)*)")


@dataclass(frozen=True)
class Material:
    """What a report is made of. declarations: of the Lean source; sources: full name -> its lines;
    sentence: the quotable one, of a run; devices: entry -> devices that it names."""

    trace: TraceDocument
    library: SpecLibrary
    declarations: Sequence[Declaration]
    sources: Mapping[str, Sequence[str]]
    runs: Sequence[SourceRun]
    past: Past
    sentence: str
    devices: Mapping[str, Sequence[str]]


def report_of(material: Material) -> tuple[Report, dict[str, Drawn]]:
    """The report, and by full name the terms that its pages typeset."""
    trace, library = material.trace, material.library
    records = [link.declaration for link in trace.links]
    checks = [check for link in trace.links for check in link.checks]
    terms = {one.name: drawn(library, one.name, one.defines) for one in records}
    pages = page_names(one.name for one in records)
    impacts = _impacts(material, trace.links)
    bad = bool(lean_findings(records)) or any(map(is_finding, checks))
    ran = any(check.verdict == "conforms" for check in checks)
    report = Report(
        schema=SCHEMA,
        sentence=material.sentence,
        good=ran and not bad,
        proof=proof_sentence(trace.toolchain, records),
        evidence=evidence_sentence(trace.evidence) if trace.evidence else "",
        runs=list(material.runs),
        ladders=_ladders(records),
        totals=_totals(checks),
        gaps=_gaps(records, checks, material.devices),
        left_out=list(material.past.unread),
        trace=trace,
        stories=[
            _story(material, one, terms[one.name], pages[one.name], impacts[one.name])
            for one in records
        ],
    )
    return report, terms


def _story(
    material: Material, one: DeclarationRecord, found: Drawn, page: str, impact: ImpactRecord
) -> StoryRecord:
    library = material.library
    spec = library.by_name(one.name)
    statement = library.statements.get(one.name)
    equation = library.definitions.get(one.defines)
    by = spec.equation.lemma if isinstance(spec, DefSpec) else one.name if one.defines else ""
    return StoryRecord(
        name=one.name,
        page=page,
        type=getattr(spec, "type", ""),
        source=[
            LineRecord(number=number, text=text)
            for number, text in enumerate(
                material.sources.get(one.name, ()), start=one.lean.first_line
            )
        ],
        tree=tree_lines(statement) if statement else [],
        equation=equation_text(equation) if equation else "",
        equation_by=by,
        licensed=licensed(library, one.defines) if one.defines else {},
        bounds=bound_records(found),
        outside=show_term(found.outside) if found.outside is not None else "",
        unsaid=found.unsaid,
        impact=impact,
        history=history(one.name, material.past.documents, material.trace.specs.digest),
    )


def _ladders(records: Sequence[DeclarationRecord]) -> list[RungRecord]:
    sided = [one for one in records if one.kind != "abbrev"]
    judged = [one for one in sided if any(e.standing != "unsupported" for e in one.entries)]
    whole = len(records)
    mirrored = sum(one.lean.mirror == "same" for one in records)
    proved = sum(one.lean.proved == "proved" for one in records)
    consistent = sum(one.consistent == "conforms" for one in sided)
    conform = sum(
        all(e.standing in ("conforms", "unsupported") for e in one.entries) for one in judged
    )

    def rung(side: str, name: str, reached: int, of: int, means: str) -> RungRecord:
        return RungRecord.model_validate(
            {"side": side, "name": name, "reached": reached, "of": of, "means": means}
        )

    return [
        rung("Lean", "stated", whole, whole, "the spec parses and types"),
        rung("Lean", "mirrored", mirrored, whole, "it says what the Lean source says"),
        rung("Lean", "proved", proved, whole, "Lean's environment says so, with evidence"),
        rung("Python", "stated", len(sided), len(sided), "it has a meaning on real numbers"),
        rung("Python", "consistent", consistent, len(sided), "exact reals refute it nowhere"),
        rung("Python", "conforms", conform, len(judged), "for every entry that could be judged"),
    ]


def _totals(checks: Sequence[CheckRecord]) -> TotalRecord:
    return TotalRecord(
        checks=len(checks),
        cases=sum(one.cases for one in checks),
        out_of_range=sum(one.out_of_range for one in checks),
        unbounded=sum(one.unbounded for one in checks),
        undecided=sum(one.undecided for one in checks),
        discarded=sum(one.discarded for one in checks),
        cases_n0=sum(one.cases_n0 for one in checks),
        verdicts=dict(Counter(one.verdict for one in checks)),
    )


def _gaps(
    records: Sequence[DeclarationRecord],
    checks: Sequence[CheckRecord],
    devices: Mapping[str, Sequence[str]],
) -> list[GapRecord]:
    """What did not run, or only in part: by the note that says why, whatever its sizes."""
    short = {one.name: one.short_name for one in records}
    found: dict[str, list[CheckRecord]] = {}
    sizes: dict[str, set[int]] = {}
    for check in checks:
        partly = [note for note in check.notes if "n = " in note]
        if check.verdict in ("unsupported", "not run", "inconclusive"):
            said = "; ".join(check.notes) or check.verdict
        elif check.verdict == "conforms" and partly:
            said = "; ".join(partly)
        else:
            continue
        at = _AT_SIZES.fullmatch(said)
        reason = at[1] if at else said
        found.setdefault(reason, []).append(check)
        sizes.setdefault(reason, set()).update(map(int, at[2].split(", ")) if at else ())
    gaps = [
        GapRecord(
            reason=reason + ", ".join(map(str, sorted(sizes[reason]))),
            checks=len(members),
            declarations=_each(short.get(one.declaration, one.declaration) for one in members),
            entries=_each(one.entry or "exact reals" for one in members),
        )
        for reason, members in found.items()
    ]
    ran = {(one.entry, one.device) for one in checks}
    for device in _each(name for names in devices.values() for name in names):
        idle = [
            entry
            for entry, names in devices.items()
            if device in names
            and (entry, device) not in ran
            and any(known == entry for known, _ in ran)
        ]
        if idle:
            reason = f"not asked for: --device {device}"
            gaps.append(GapRecord(reason=reason, checks=0, declarations=[], entries=idle))
    if checks:
        bare = [one.short_name for one in records if one.kind == "abbrev"]
        if bare:
            reason = "a type: it has no Python side"
            gaps.append(GapRecord(reason=reason, checks=0, declarations=bare, entries=[]))
    return gaps


def _impacts(material: Material, links: Sequence[LinkRecord]) -> dict[str, ImpactRecord]:
    records = [link.declaration for link in links]
    names = {one.name for one in records}
    lean = material.declarations
    there = {one.name for one in lean}
    covers = {
        one.name: set(parts_of(one.name, lean, file=one.lean.file)) if one.name in there else set()
        for one in records
    }
    mentioned = mentions(lean)
    theorems = [one.name for one in lean if one.kind == "theorem"]
    found = {}
    for one in records:
        suspect = sorted(name for name, parts in covers.items() if one.name in parts)
        touched = [n for n in touched_by(one.name, mentioned, theorems) if n in names]
        constants = {one.defines} - {""}
        again = {*suspect, one.name}
        checks = sum(
            check.declaration in again or bool(constants & set(check.constants))
            for link in links
            for check in link.checks
        )
        found[one.name] = ImpactRecord(suspect=suspect, unproved=touched, checks=checks)
    return found


def _each(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
