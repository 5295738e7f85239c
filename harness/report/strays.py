"""What is in no chain from a requirement to a check: orphaned, unwanted, ambiguous, outdated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from harness.lean.declaration import Declaration
from harness.report.coverage import StrayRecord
from harness.report.document import CheckRecord, ResultsRecord
from harness.specs.library import SpecLibrary
from harness.specs.model import DefSpec


def declared_twice(source: Iterable[Declaration]) -> list[str]:
    """Full names that the Lean source declares more than once, private ones aside."""
    seen: dict[str, int] = {}
    for one in source:
        if one.name and "private" not in one.modifiers:
            seen[one.name] = seen.get(one.name, 0) + 1
    return sorted(name for name, times in seen.items() if times > 1)


def strays(
    library: SpecLibrary,
    source: Sequence[Declaration],
    checks: Iterable[CheckRecord],
    results: Iterable[ResultsRecord],
) -> list[StrayRecord]:
    """All of them. Of Lean only the files are looked at that some spec names: others are not about
    the requirements."""
    specs = {spec.name for spec in library.specs}
    cited = {
        lemma
        for spec in library.specs
        if isinstance(spec, DefSpec)
        for lemma in (spec.equation.lemma, *(fact.lemma for fact in spec.facts))
    }
    files = {spec.file for spec in library.specs}
    found = [
        StrayRecord(
            state="unwanted",
            kind=f"Lean {one.kind}",
            name=one.name,
            place=f"{one.file}:{one.place.line}",
            reason="no spec mirrors it and no equation cites it: no requirement asks for it",
        )
        for one in source
        if one.file in files
        and one.name
        and one.name not in specs | cited
        and one.kind in ("theorem", "def", "abbrev")
        and "private" not in one.modifiers
    ]
    for name in declared_twice(source):
        places = [f"{one.file}:{one.place.line}" for one in source if one.name == name]
        found.append(
            StrayRecord(
                state="ambiguous",
                kind="Lean declaration",
                name=name,
                place=", ".join(places),
                reason="the name is declared more than once",
            )
        )
    unknown = dict.fromkeys(one.declaration for one in checks if one.declaration not in specs)
    for name in unknown:
        found.append(
            StrayRecord(
                state="orphaned",
                kind="results of",
                name=name,
                place="",
                reason="there are verdicts for it and no spec",
            )
        )
    for one in results:
        if not one.usable:
            found.append(
                StrayRecord(
                    state="outdated",
                    kind="results",
                    name=one.started,
                    place=one.path,
                    reason="of other specs than these: they credit nothing",
                )
            )
    return found
