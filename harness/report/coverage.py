"""How far a requirement is covered: the states of the links from a requirement down to a check.

The words are those of requirements tracing (docs/reports.md has the table, with examples): a link
is *covered*, *suspect*, *outdated*, *orphaned*, *ambiguous* or *unwanted*; what stands above is
covered *shallow* by what is directly below it, and *deep* when that is covered deep itself. A
failing check is handed up to all that rests on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from pydantic import Field

from harness.report.document import CheckRecord, DeclarationRecord, Part
from harness.report.findings import is_finding

Link = Literal["covered", "suspect", "outdated", "orphaned", "ambiguous", "unreviewed"]
"""Of a spec to the Lean declaration that it mirrors."""
Depth = Literal["deep", "shallow", "failing", "uncovered", "none"]
"""How far down a ladder: `none` where it does not exist, as the Python side of a type."""


class CoverageRecord(Part):
    """One declaration between its requirement and the checks."""

    link: Link = Field(description="Of the spec to the Lean declaration.")
    lean: Depth = Field(description="deep: proved; shallow: mirrored; failing: not what Lean says.")
    python: Depth = Field(
        description="deep: consistent, and conforms for every entry that could be judged; shallow: "
        "some of it is missing; uncovered: no code, or no verdict."
    )
    failing: list[str] = Field(description="Its own findings, in words.")
    broken_by: list[str] = Field(
        description="Declarations with findings of their own that it rests on."
    )
    rests_on: list[str] = Field(description="Declarations of the constants in its statement.")
    used_by: list[str] = Field(description="Declarations whose statements use its constant.")


class RequirementRecord(Part):
    """One requirement, and what of it is covered."""

    name: str
    text: str
    declarations: list[str] = Field(description="Full names, the required ones first.")
    lean: Depth
    python: Depth
    failing: list[str] = Field(description="Declarations of it with findings or broken by others.")


class StrayRecord(Part):
    """What is in none of the chains from a requirement to a check."""

    state: Literal["orphaned", "unwanted", "ambiguous", "outdated"]
    kind: str = Field(description="What it is: a Lean declaration, an implementation, results.")
    name: str
    place: str
    reason: str


class CodeRecord(Part):
    """The other direction: one function, and all that it serves."""

    entry: str
    constant: str
    reference: str
    declarations: list[str] = Field(description="Full names of what its checks judge.")
    requirements: list[str]
    state: Literal["covered", "failing", "unwanted", "not run"]
    checks: int
    cases: int


def coverage(
    declarations: Sequence[DeclarationRecord],
    checks: Sequence[CheckRecord],
    constants: Mapping[str, Sequence[str]],
    ambiguous: Iterable[str] = (),
) -> dict[str, CoverageRecord]:
    """Full name -> its coverage. constants: full name -> constants that the statement names;
    ambiguous: full names that the Lean source declares more than once."""
    definers = {one.defines: one.name for one in declarations if one.defines}
    rests: dict[str, list[str]] = {
        one.name: list(
            dict.fromkeys(
                definers[constant]
                for constant in constants.get(one.name, ())
                if constant in definers and definers[constant] != one.name
            )
        )
        for one in declarations
    }
    own = {one.name: _findings(one, checks) for one in declarations}
    twice = set(ambiguous)
    return {
        one.name: CoverageRecord(
            link=_link(one, twice),
            lean=_lean(one, twice),
            python=_python(one),
            failing=own[one.name],
            broken_by=[name for name in _below(one.name, rests) if own[name]],
            rests_on=rests[one.name],
            used_by=[user for user, below in rests.items() if one.name in below],
        )
        for one in declarations
    }


def requirements(
    declarations: Sequence[DeclarationRecord], covered: Mapping[str, CoverageRecord]
) -> list[RequirementRecord]:
    """Each requirement with the worst that holds of its declarations, sorted by name."""
    grouped: dict[str, list[DeclarationRecord]] = {}
    for one in sorted(declarations, key=lambda one: (one.requirement, one.role, one.name)):
        grouped.setdefault(one.requirement, []).append(one)
    return [
        RequirementRecord(
            name=name,
            text=next((o.requirement_text for o in members if o.role == "required"), "")
            or members[0].requirement_text,
            declarations=[one.name for one in members],
            lean=_worst([covered[one.name].lean for one in members]),
            python=_worst([covered[one.name].python for one in members]),
            failing=[
                one.name
                for one in members
                if covered[one.name].failing or covered[one.name].broken_by
            ],
        )
        for name, members in grouped.items()
    ]


def code(
    implementations: Mapping[str, Mapping[str, str]],
    declarations: Sequence[DeclarationRecord],
    checks: Sequence[CheckRecord],
) -> list[CodeRecord]:
    """Every function of every entry. implementations: constant -> entry -> module:function."""
    requirement = {one.name: one.requirement for one in declarations}
    defined = {one.defines for one in declarations if one.defines}
    found = []
    for constant, entries in implementations.items():
        for entry, reference in entries.items():
            mine = [
                one
                for one in checks
                if one.entry == entry and constant in one.constants and constant not in one.ours
            ]
            served = list(dict.fromkeys(one.declaration for one in mine))
            judged = any(one.verdict == "conforms" for one in mine)
            state: Literal["covered", "failing", "unwanted", "not run"]
            if constant not in defined:
                state = "unwanted"
            elif any(map(is_finding, mine)):
                state = "failing"
            else:
                state = "covered" if judged else "not run"
            found.append(
                CodeRecord(
                    entry=entry,
                    constant=constant,
                    reference=reference,
                    declarations=served,
                    requirements=sorted({requirement[n] for n in served if n in requirement}),
                    state=state,
                    checks=len(mine),
                    cases=sum(one.cases for one in mine),
                )
            )
    return sorted(found, key=lambda one: (one.entry, one.constant))


def _findings(declaration: DeclarationRecord, checks: Sequence[CheckRecord]) -> list[str]:
    lean = declaration.lean
    found = []
    if lean.mirror != "same":
        found.append(f"Lean text: {lean.mirror}")
    elif lean.link == "suspect":
        found.append("Lean text changed since its review")
    if lean.proved == "not proved":
        found.append("not proved, by the evidence of Lean")
    for check in checks:
        if check.declaration == declaration.name and is_finding(check):
            who = f" for {check.entry} in {check.dtype}" if check.entry else " on exact reals"
            found.append(f"{check.check} check {check.verdict}{who}")
    return found


def _link(declaration: DeclarationRecord, ambiguous: set[str]) -> Link:
    lean = declaration.lean
    if declaration.name in ambiguous:
        return "ambiguous"
    if lean.mirror == "missing":
        return "orphaned"
    if lean.mirror != "same":
        return "outdated"
    states: dict[str, Link] = {"suspect": "suspect", "never reviewed": "unreviewed"}
    return states.get(lean.link, "covered")


def _lean(declaration: DeclarationRecord, ambiguous: set[str]) -> Depth:
    lean = declaration.lean
    if lean.mirror != "same" or lean.proved == "not proved" or declaration.name in ambiguous:
        return "failing"
    if lean.link == "suspect":
        return "failing"
    return "deep" if lean.proved == "proved" else "shallow"


def _python(declaration: DeclarationRecord) -> Depth:
    if declaration.kind == "abbrev":
        return "none"
    standings = [one.standing for one in declaration.entries]
    bad = {"violates", "refuted", "inconclusive"}
    if declaration.consistent in bad or bad & set(standings):
        return "failing"
    judged = [one for one in standings if one != "unsupported"]
    if not judged and declaration.consistent != "conforms":
        # What speaks of n = 0 alone was compared, and credits nothing.
        return "shallow" if any(one.cases_n0 for one in declaration.entries) else "uncovered"
    every = bool(judged) and all(one == "conforms" for one in judged)
    return "deep" if every and declaration.consistent == "conforms" else "shallow"


def _worst(depths: Sequence[Depth]) -> Depth:
    order: Sequence[Depth] = ("failing", "uncovered", "shallow", "deep")
    return next((depth for depth in order if depth in depths), "none")


def _below(name: str, rests: Mapping[str, Sequence[str]]) -> list[str]:
    """All that a declaration rests on, directly or by way of others; nearest first."""
    found: dict[str, None] = {}
    waiting = list(rests.get(name, ()))
    while waiting:
        one = waiting.pop(0)
        if one not in found and one != name:
            found[one] = None
            waiting += rests.get(one, ())
    return list(found)
