"""The forms of each constant."""

from __future__ import annotations

from harness.conformance.form_table import form_table
from harness.specs.library import SpecLibrary


def test_the_form_table_has_the_own_equation_first(library: SpecLibrary) -> None:
    table = form_table(library)
    names = {constant: [form.name for form in forms] for constant, forms in table.items()}
    assert names["softmaxVec"] == ["as_written", "shifted"]
    assert names["softmaxJvp"] == ["factored", "expanded"]
    assert names["softmaxDerivCLM"] == ["expanded", "factored"]
    assert names["sumExp"] == [""]
