"""Traceability: requirement, Lean declaration, spec, code and verdicts, joined in one record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field
from rich.text import Text

from harness.implementations.entry import Entry
from harness.lean.declaration import Declaration
from harness.report.coverage import (
    CodeRecord,
    CoverageRecord,
    RequirementRecord,
    StrayRecord,
    code,
    coverage,
    requirements,
)
from harness.report.document import (
    CheckRecord,
    DeclarationRecord,
    EvidenceRecord,
    FolderRecord,
    Part,
    ResultsRecord,
    ToolRecord,
)
from harness.report.findings import detail_lines
from harness.report.header import lean_lines
from harness.report.lines import BAD, DOUBT, FAINT, GOOD, STRONG, labelled, wrapped
from harness.report.numbers import by_entry, clean, count, ratio
from harness.report.strays import declared_twice, strays
from harness.report.table import reservation
from harness.specs.library import SpecLibrary
from harness.statement.substitute import constants_of


class LinkRecord(Part):
    """One declaration with what it is linked to."""

    declaration: DeclarationRecord
    constants: list[str] = Field(description="Constants that the statement names.")
    implementations: dict[str, dict[str, str]] = Field(
        description="Constant -> catalogue entry -> module:function."
    )
    checks: list[CheckRecord]
    coverage: CoverageRecord | None = None


class TraceDocument(Part):
    """The whole matrix, in the order of the requirements."""

    schema_version: Literal[1] = Field(alias="schema")
    crosscheck: str
    specs: FolderRecord
    lean: FolderRecord
    toolchain: ToolRecord
    evidence: EvidenceRecord | None = None
    results: list[ResultsRecord]
    links: list[LinkRecord]
    requirements: list[RequirementRecord] = Field(default=[])
    code: list[CodeRecord] = Field(default=[], description="The other direction: from the code up.")
    strays: list[StrayRecord] = Field(default=[], description="What is in no chain.")


def trace_document(
    *,
    crosscheck: str,
    specs: FolderRecord,
    lean: FolderRecord,
    toolchain: ToolRecord,
    evidence: EvidenceRecord | None,
    results: Sequence[ResultsRecord],
    library: SpecLibrary,
    entries: Sequence[Entry],
    declarations: Sequence[DeclarationRecord],
    checks: Sequence[CheckRecord],
    source: Sequence[Declaration],
) -> TraceDocument:
    """Everything linked. declarations: of the matrix; source: what the Lean source declares."""
    named = {
        one.name: constants_of(library.statements[one.name])
        for one in declarations
        if one.name in library.statements
    }
    implementations = {
        constant: _implementations(constant, entries)
        for constant in dict.fromkeys(
            [*library.definitions, *(name for entry in entries for name in entry.constants)]
        )
    }
    covered = coverage(declarations, checks, named, declared_twice(source))
    return TraceDocument(
        schema=1,
        crosscheck=crosscheck,
        specs=specs,
        lean=lean,
        toolchain=toolchain,
        evidence=evidence,
        results=list(results),
        links=[
            LinkRecord(
                declaration=one,
                constants=list(named.get(one.name, ())),
                implementations={c: implementations.get(c, {}) for c in named.get(one.name, ())},
                checks=[check for check in checks if check.declaration == one.name],
                coverage=covered[one.name],
            )
            for one in sorted(declarations, key=lambda one: (one.requirement, one.role, one.name))
        ],
        requirements=requirements(declarations, covered),
        code=code(implementations, declarations, checks),
        strays=strays(library, source, checks, results),
    )


def _implementations(constant: str, entries: Sequence[Entry]) -> dict[str, str]:
    return {
        entry.name: entry.constants[constant].reference
        for entry in entries
        if constant in entry.constants
    }


def matrix(document: TraceDocument, width: int, *, wrap_sentence: bool = False) -> list[Text]:
    """All links, a few lines each, under their requirements. The last line is the sentence to
    quote, unless a terminal would break it within words."""
    lines = _sources(document, width)
    requirement = ""
    shown: set[tuple[str, ...]] = set()
    for link in document.links:
        declaration = link.declaration
        if declaration.requirement != requirement:
            requirement = declaration.requirement
            lines += [Text(), *_requirement(declaration, width)]
        detail = tuple(declaration.lean.detail)
        lines += _row(link, width, again=detail in shown)
        shown |= {detail} - {()}
    return [*lines, Text(), *_summary(document, width, wrap_sentence)]


def story(document: TraceDocument, width: int, *, wrap_sentence: bool = False) -> list[Text]:
    """The links, each with its statement, its code and all its checks."""
    lines = _sources(document, width)
    for link in document.links:
        lines += [Text(), *_requirement(link.declaration, width), *_row(link, width)]
        lines += [Text(), *labelled("  states", link.declaration.statement, width, 14)]
        for constant in link.constants:
            code = link.implementations[constant]
            text = " · ".join(f"{entry}: {reference}" for entry, reference in code.items())
            lines += labelled(f"  {constant}", text or "no code", width, max(14, len(constant) + 4))
        for check in link.checks:
            lines += _check(check, width)
    return [*lines, Text(), *_summary(document, width, wrap_sentence)]


def _sources(document: TraceDocument, width: int) -> list[Text]:
    declarations = [link.declaration for link in document.links]
    flags = document.lean.flags
    lines = lean_lines(document.toolchain, declarations, document.evidence, flags, width)
    for source in document.results:
        text = f"{source.path}: effort {source.effort}, seed {source.seed}, {source.started}"
        if not source.usable:
            text += "; of other specs than these, so it credits nothing: run the check again"
        if source.truncated:
            text += f"; {source.truncated}, the run did not end: run it again"
        good = source.usable and not source.truncated
        lines += labelled("results", text, width, style="" if good else DOUBT)
    if not document.results:
        hint = "none kept in this folder: run `crosscheck check`, or name some with --results"
        lines += labelled("results", hint, width)
    return lines


def _requirement(declaration: DeclarationRecord, width: int) -> list[Text]:
    text = f"{declaration.requirement}  {declaration.requirement_text}"
    return wrapped(text, width, style=STRONG)


def _row(link: LinkRecord, width: int, *, again: bool = False) -> list[Text]:
    """again: a declaration above has shown the same difference."""
    declaration = link.declaration
    lean = declaration.lean
    span = f"{lean.file}:{lean.first_line}–{lean.last_line}" if lean.first_line else lean.file
    kind = declaration.kind if declaration.role == "required" else f"{declaration.kind}, support"
    title = Text.assemble("  ", (declaration.short_name, STRONG), (f"  {kind}", FAINT))
    return [
        title,
        *wrapped(f"lean/{span} ↔ {declaration.spec}", width, "      ", FAINT),
        Text.assemble("      ", ("Lean    ", FAINT), "stated", *_lean_rungs(declaration)),
        *_lean_reasons(declaration, width, again=again),
        *_python_rungs(declaration, width),
    ]


def _lean_rungs(declaration: DeclarationRecord) -> list[tuple[str, str]]:
    lean = declaration.lean
    rungs = [(" → ", FAINT)]
    if lean.mirror != "same":
        word = {"differs": "differs", "missing": "missing in Lean"}.get(lean.mirror, "not readable")
        return [*rungs, (word, BAD)]
    rungs.append(("mirrored", GOOD))
    if lean.link == "suspect":
        rungs.append((" (suspect: changed since its review)", DOUBT))
    if lean.link == "never reviewed":
        rungs.append((" (never reviewed)", DOUBT))
    proved = {
        "proved": ("proved", GOOD),
        "not proved": ("not proved", BAD),
        "no evidence": ("no evidence of a proof", FAINT),
    }[lean.proved]
    return [*rungs, (" → ", FAINT), proved]


def _lean_reasons(declaration: DeclarationRecord, width: int, *, again: bool) -> list[Text]:
    """What differs or made the link suspect, with both texts; what is known of the proof."""
    lean, indent = declaration.lean, " " * 14
    lines: list[Text] = []
    if lean.message:
        lines += wrapped(clean(lean.message), width, indent, DOUBT)
    lines += [Text(f"{indent}as shown above", FAINT)] if again else detail_lines(lean, indent)
    if lean.flags:
        lines += wrapped(f"the Lean text has {', '.join(lean.flags)}", width, indent, DOUBT)
    if lean.proof:
        style = BAD if lean.proved == "not proved" else FAINT
        lines += wrapped(clean(lean.proof), width, indent, style)
    return lines


def _python_rungs(declaration: DeclarationRecord, width: int) -> list[Text]:
    head = ("Python  ", FAINT)
    if declaration.kind == "abbrev":
        return [Text.assemble("      ", head, ("a type, no Python side", FAINT))]
    if declaration.consistent is None:
        reals = ("not checked on reals", FAINT)
    elif declaration.consistent == "conforms":
        reals = ("consistent", GOOD)
    else:
        reals = (f"{declaration.consistent} on reals", BAD)
    lines = [Text.assemble("      ", head, "stated", (" → ", FAINT), reals)]
    by_standing: dict[str, list[tuple[str, str]]] = {}
    for entry in declaration.entries:
        text = reservation(entry) if entry.standing == "holds" else entry.standing
        who = entry.entry if entry.device == "cpu" else f"{entry.entry} on {entry.device}"
        by_standing.setdefault(text, []).append((who, entry.dtype))
    for text, entries in by_standing.items():
        colour = {"conforms": GOOD, "unsupported": FAINT}.get(text, BAD)
        colour = DOUBT if text.startswith("holds") else colour
        lines += wrapped(f"→ {text}: {by_entry(entries)}", width, " " * 14, colour)
    if not declaration.entries:
        lines.append(Text(" " * 14 + "→ no verdicts", FAINT))
    return lines


def _check(check: CheckRecord, width: int) -> list[Text]:
    where = f"{check.entry} {check.dtype} {check.device}" if check.entry else "exact reals"
    worst = f", worst {ratio(check.worst_ratio.amount)} of the bound" if check.worst_ratio else ""
    text = f"{check.verdict} in {count(check.cases, 'case')}{worst}"
    return labelled(f"  {check.check}", f"{where}: {text}", width, 14)


def sentence_of(document: TraceDocument) -> str:
    """The matrix in one sentence."""
    declarations = [link.declaration for link in document.links]
    required = [one for one in declarations if one.role == "required"]
    mirrored = sum(one.lean.mirror == "same" for one in declarations)
    proved = sum(one.lean.proved == "proved" for one in declarations)
    checked = [one for one in declarations if one.entries]
    conform = sum(all(e.standing == "conforms" for e in one.entries) for one in checked)
    requirements = len({one.requirement for one in required})
    text = (
        f"{count(len(declarations), 'declaration')} for {count(requirements, 'requirement')}: "
        f"{mirrored} mirrored, {proved} proved with evidence, "
        f"{conform} of {len(checked)} with verdicts conform for every entry."
    )
    return text


def _summary(document: TraceDocument, width: int, wrap: bool) -> list[Text]:
    said = sentence_of(document)
    return wrapped(said, width, style=STRONG) if wrap else [Text(said, STRONG)]
