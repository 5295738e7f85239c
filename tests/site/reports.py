"""Reports for the tests: our specs and Lean source, with verdicts that no check gave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from harness.commands.lean_side import lean_records
from harness.conformance.verdict import AtSize, CheckResult, Verdict
from harness.evaluate.histogram import BINS, LOWEST
from harness.implementations.catalogue import load_catalogue
from harness.lean.declaration import Declaration
from harness.lean.scan import scan_directory
from harness.report.build import declaration_records, full_names
from harness.report.document import DeclarationRecord, FolderRecord, LeanRecord, ResultsRecord
from harness.report.records import check_records
from harness.report.trace import trace_document
from harness.site.bounds import Drawn
from harness.site.build import Material, report_of
from harness.site.history import Past
from harness.site.record import Report, SourceRun
from harness.specs.library import SpecLibrary
from harness.specs.load import load_specs
from tests.report.samples import check, machine, run, toolchain, violation

ROOT = Path(__file__).resolve().parents[2]
DTYPES = ("float64", "float32")
ENTRIES = ("numpy", "torch")
Change = Callable[[DeclarationRecord], DeclarationRecord]


@cache
def library() -> SpecLibrary:
    """Our specs."""
    return load_specs(ROOT / "specs")


@cache
def source() -> tuple[Declaration, ...]:
    """What our Lean source declares."""
    return tuple(one for scan in scan_directory(ROOT / "lean") for one in scan.declarations)


@cache
def lean_side() -> dict[str, LeanRecord]:
    """Full name -> its Lean side; there is no evidence."""
    return lean_records(library(), source(), None)


def results(**fields: Any) -> list[CheckResult]:
    """A result for each declaration with a Python side, entry and dtype; all conform.

    fields: replace those of the definition check of softmaxVec by numpy in float32."""
    known = library()
    definers = {name: constant for constant, name in known.unfolded.items()}
    bins = [0] * BINS
    bins[0], bins[-3 - LOWEST], bins[-1 - LOWEST] = 400, 500, 100
    sizes = tuple(AtSize(n, 250, 1.25 * n, 0.25 + 0.05 * k) for k, n in enumerate((1, 2, 8, 64)))
    found = []
    for spec in known.specs:
        if spec.name not in known.statements:
            continue
        found.append(check(spec.short_name, "consistency", cases=90))
        kind = "definition" if spec.name in definers else "theorem"
        constants = (definers[spec.name],) if spec.name in definers else ("softmaxVec",)
        for entry in ENTRIES:
            for dtype in DTYPES:
                one = check(
                    spec.short_name,
                    kind,
                    entry=entry,
                    dtype=dtype,
                    constants=constants,
                    histogram=tuple(bins),
                    sizes=sizes,
                )
                if (spec.short_name, entry, dtype) == ("softmaxVec", "numpy", "float32"):
                    one = replace(one, **fields)
                found.append(one)
    return found


def material(
    found: Sequence[CheckResult],
    *,
    change: Change = lambda one: one,
    sentence: str = "All 22 declarations conform.",
    past: Past | None = None,
) -> Material:
    """What a report of these results is made of. change: of each declaration."""
    known = library()
    records = check_records(found, full_names(known))
    declarations = [
        change(one) for one in declaration_records(known, known.specs, lean_side(), records)
    ]
    entries = load_catalogue()
    trace = trace_document(
        crosscheck="0.1.0",
        specs=FolderRecord(path="specs", origin="repository", digest=known.digest),
        lean=FolderRecord(path="lean", origin="repository", digest=""),
        toolchain=toolchain(),
        evidence=None,
        results=[
            ResultsRecord(
                path="this run",
                started="2026-01-01T00:00:00Z",
                effort="default",
                seed=1,
                usable=True,
            )
        ],
        library=known,
        entries=entries,
        declarations=declarations,
        checks=records,
        source=source(),
    )
    lines = {
        name: (ROOT / "lean" / side.file)
        .read_text("utf-8")
        .split("\n")[side.first_line - 1 : side.last_line]
        for name, side in lean_side().items()
    }
    return Material(
        trace=trace,
        library=known,
        declarations=source(),
        sources=lines,
        runs=[SourceRun(path="this run", usable=True, run=run(), machine=machine())],
        past=past or Past(),
        sentence=sentence,
        devices={entry.name: entry.devices for entry in entries},
    )


@cache
def good() -> tuple[Report, dict[str, Drawn]]:
    """Everything conforms."""
    return report_of(material(results()))


@cache
def bad() -> tuple[Report, dict[str, Drawn]]:
    """softmaxVec violates for numpy in float32, and one link is suspect."""

    def change(one: DeclarationRecord) -> DeclarationRecord:
        if one.short_name != "dotCLM":
            return one
        lean = one.lean.model_copy(
            update={"link": "suspect", "message": "it changed", "detail": ["-old", "+new"]}
        )
        return one.model_copy(update={"lean": lean})

    found = results(verdict=Verdict.VIOLATES, violation=violation(), violations=3)
    return report_of(material(found, change=change, sentence="softmaxVec violates."))
