"""One declaration, whole story: what it states, where it stands, what it rests on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.text import Text

from harness.conformance.bound import BoundRow
from harness.report.document import DeclarationRecord
from harness.report.findings import detail_lines
from harness.report.formula import formula_lines
from harness.report.lines import BAD, DOUBT, FAINT, GOOD, STRONG, labelled, wrapped
from harness.report.numbers import listed
from harness.report.tree import tree_lines
from harness.specs.library import SpecLibrary
from harness.specs.model import DefSpec, Spec, TheoremSpec
from harness.statement.printer import show_term
from harness.statement.substitute import constants_of
from harness.statement.term import Call, Coord, Definition, Relation, Term
from harness.statement.types import REAL

_INDENT = "  "


@dataclass(frozen=True)
class Story:
    """What the lines are made of. source: Lean text of the declaration; code: constant -> entry ->
    module:function."""

    library: SpecLibrary
    spec: Spec
    declaration: DeclarationRecord
    source: Sequence[str]
    code: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Bounds:
    """The bounds of a constant at one input: parameter -> numbers; a row for each result."""

    dtype: str
    arithmetic: str
    numbers: Mapping[str, object]
    rows: Sequence[BoundRow]


def story_lines(story: Story, bounds: Bounds | None, width: int) -> list[Text]:
    """All sections; no bounds for a theorem."""
    declaration = story.declaration
    defines = declaration.defines
    title = Text.assemble((declaration.name, STRONG), f"  {declaration.kind}")
    title.append(f" · {declaration.role} · {declaration.requirement}", FAINT)
    return [
        title,
        *wrapped(declaration.summary, width, _INDENT),
        *wrapped(
            f"{declaration.requirement}: {declaration.requirement_text}", width, _INDENT, FAINT
        ),
        *_stated(story, width),
        *_lean(story, width),
        *_meaning(story, width),
        *_rests_on(story, width),
        *(formula_lines(story.library, defines, width) if defines else []),
        *(_bounds(bounds, width) if bounds else []),
    ]


def _section(title: str, aside: str = "") -> list[Text]:
    return [Text(), Text.assemble((title, STRONG), ("  " + aside if aside else "", FAINT))]


def _stated(story: Story, width: int) -> list[Text]:
    declaration, spec = story.declaration, story.spec
    lines = _section("States", declaration.spec)
    if isinstance(spec, DefSpec):
        lines += wrapped(f"{spec.short_name} : {spec.type}", width, _INDENT)
    lines += wrapped(declaration.statement, width, _INDENT)
    statement = story.library.statements.get(spec.name)
    if statement is None:
        return [*lines, *wrapped("a type; it has no Python side", width, _INDENT, FAINT)]
    lines += _section("Parsed as")
    return lines + [Text(_INDENT + line) for line in tree_lines(statement)]


def _lean(story: Story, width: int) -> list[Text]:
    lean = story.declaration.lean
    where = f"{lean.file}:{lean.first_line}–{lean.last_line}" if lean.first_line else lean.file
    lines = _section("Lean", where)
    lines += [Text(_INDENT + line, FAINT) for line in story.source]
    if lean.mirror == "same":
        lines.append(Text(_INDENT + "mirrored: the spec says what this says", GOOD))
    else:
        lines += wrapped(f"{lean.mirror}: {lean.message}", width, _INDENT, BAD)
        lines += detail_lines(lean, _INDENT)
    review = {
        "reviewed": ("reviewed by a person, and unchanged since", ""),
        "suspect": ("suspect: changed since a person reviewed it", DOUBT),
        "never reviewed": ("no person has reviewed the link yet", DOUBT),
    }
    if lean.first_line:
        lines.append(Text(_INDENT + review[lean.link][0], review[lean.link][1]))
        lines.append(Text(_INDENT + lean.fingerprint, FAINT))
    proved = {
        "proved": "proved, with evidence",
        "not proved": "not proved",
        "no evidence": "no evidence of a proof here",
    }[lean.proved]
    proved += f": {lean.proof}" if lean.proof else ""
    flags = f"; contains {', '.join(lean.flags)}" if lean.flags else ""
    bad = flags or lean.proved == "not proved"
    return [*lines, Text(_INDENT + proved + flags, BAD if bad else FAINT)]


def _meaning(story: Story, width: int) -> list[Text]:
    """The equation and the forms of a constant, or what a theorem licenses."""
    library, spec = story.library, story.spec
    lines: list[Text] = []
    constant = story.declaration.defines
    if constant:
        lemma = spec.equation.lemma if isinstance(spec, DefSpec) else spec.name
        base = library.base_forms.get(constant)
        lines += _section("Equation", f"by {lemma}")
        form = f"  ({base})" if base else ""
        lines += wrapped(equation_text(library.definitions[constant]) + form, width, _INDENT)
        for rewrite in library.rewrites:
            if rewrite.constant == constant:
                text = f"{equation_text(rewrite.definition)}  ({rewrite.form})"
                lines += wrapped(text, width, _INDENT)
                lines += wrapped(f"licensed by {rewrite.lemma}", width, _INDENT * 2, FAINT)
    if isinstance(spec, DefSpec):
        for fact in spec.facts:
            lines += wrapped(f"fact: {fact.statement}  by {fact.lemma}", width, _INDENT)
    if isinstance(spec, TheoremSpec) and spec.rewrite:
        lines += _section("Licenses")
        for licence in spec.rewrite:
            lines += wrapped(f"{licence.constant} may be computed {licence.form}", width, _INDENT)
    return lines


def equation_text(definition: Definition) -> str:
    """`softmaxVec x i = …`: the equation that unfolds a constant."""
    left: Term = Call(definition.constant, definition.params, definition.type)
    if definition.index is not None:
        left = Coord(left, definition.index)
    return show_term(Relation("=", left, definition.body, REAL))


def _bounds(bounds: Bounds, width: int) -> list[Text]:
    setting = f"of a call in {bounds.dtype}, arithmetic {bounds.arithmetic}, at this input"
    lines = _section("Bound")
    lines += wrapped(f"{setting} rounded to {bounds.dtype}", width, _INDENT, FAINT)
    for name, value in bounds.numbers.items():
        lines += wrapped(f"{name} = {json.dumps(value)}", width, _INDENT)
    if not bounds.rows:
        return [*lines, Text(_INDENT + "an empty vector: there is nothing to bound", FAINT)]
    places = max(len("at"), *(len(row.place) for row in bounds.rows))
    head = f"{'at':<{places}}  {'exact':<24}  {'bound':<10}  in ulp"
    lines.append(Text(_INDENT + head, FAINT))
    for row in bounds.rows:
        ulps = "out of range: not judged" if row.out_of_range else f"{row.in_ulp:.3g}"
        text = f"{row.place:<{places}}  {row.exact!r:<24}  {row.bound:<10.3g}  {ulps}"
        lines.append(Text(_INDENT + text))
    return lines


def _rests_on(story: Story, width: int) -> list[Text]:
    library, spec = story.library, story.spec
    statement = library.statements.get(spec.name)
    if statement is None:
        return []
    defines = story.declaration.defines
    used = [name for name in constants_of(statement) if name != defines]
    users = [
        other.short_name
        for other in library.specs
        if other.name != spec.name
        and other.name in library.statements
        and defines in constants_of(library.statements[other.name])
    ]
    lines = _section("Rests on")
    lines += labelled(f"{_INDENT}uses", listed(used) or "no other constant", width, 12)
    if defines:
        lines += labelled(f"{_INDENT}used by", ", ".join(users) or "nothing", width, 12)
    for constant in [defines, *used] if defines else used:
        code = story.code[constant]
        text = " · ".join(f"{entry}: {reference}" for entry, reference in code.items())
        lines += labelled(f"{_INDENT}code", f"{constant} · {text or 'none'}", width, 12)
    return lines
