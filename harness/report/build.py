"""From specs, the Lean side and verdicts to the records of declarations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness.report.document import CheckRecord, DeclarationRecord, LeanRecord
from harness.report.standing import consistency, entry_records
from harness.specs.library import SpecLibrary
from harness.specs.model import DefSpec, Spec, TheoremSpec


def declaration_records(
    library: SpecLibrary,
    specs: Sequence[Spec],
    lean: Mapping[str, LeanRecord],
    results: Sequence[CheckRecord],
) -> list[DeclarationRecord]:
    """One record for each of `specs`, which belong to the library. lean: by full name."""
    defined = {full: constant for constant, full in library.unfolded.items()}
    return [
        DeclarationRecord(
            name=spec.name,
            short_name=spec.short_name,
            kind=spec.kind,
            role=spec.role,
            spec=library.files[spec.name].document.file,
            statement=statement_text(spec),
            summary=spec.summary,
            requirement=spec.provenance.requirement,
            requirement_text=spec.provenance.text,
            defines=defined.get(spec.name, ""),
            lean=lean[spec.name],
            consistent=consistency(spec.name, results),
            entries=entry_records(spec.name, results, library.unfolded),
        )
        for spec in specs
    ]


def full_names(library: SpecLibrary) -> dict[str, str]:
    """Short name of each declaration -> its full name."""
    return {spec.short_name: spec.name for spec in library.specs}


def statement_text(spec: Spec) -> str:
    """What a spec states: a theorem's statement, a def's equation, what an abbrev stands for."""
    if isinstance(spec, DefSpec):
        text = spec.equation.statement
    elif isinstance(spec, TheoremSpec):
        text = spec.statement
    else:
        text = f"{spec.short_name} : {spec.type} := {spec.value}"
    return " ".join(text.split())
