"""On what inputs statements say something: sampled, for the commands that tell of it."""

from __future__ import annotations

from collections.abc import Iterable

from harness.report.document import FootingRecord
from harness.specs.library import SpecLibrary
from harness.specs.model import Spec


def footings(library: SpecLibrary, specs: Iterable[Spec]) -> dict[str, FootingRecord]:
    """Full name -> on what inputs it says something, by sampling; types have no statement."""
    from harness.conformance.form_table import form_table
    from harness.conformance.vacuity import footing
    from harness.report.records import footing_record

    table = form_table(library)
    stated = [spec for spec in specs if spec.name in library.statements]
    return {one.name: footing_record(footing(library.statement(one), table)) for one in stated}
