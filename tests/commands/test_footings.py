"""What statements speak of, as records: of each that has one, and of no type."""

from __future__ import annotations

from harness.commands.footings import footings
from harness.specs.load import load_specs
from tests.commands.conftest import ROOT


def test_every_statement_has_a_footing_and_a_type_has_none() -> None:
    library = load_specs(ROOT / "specs")
    specs = library.select(["sumExp", "Vec"])
    (found,) = footings(library, specs).values()
    assert (found.hypotheses, found.conventions, found.outside) == (0, [], "")
    assert found.witness is not None
    assert found.witness.n >= 1
