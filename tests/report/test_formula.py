"""The formulas of `explain`."""

from __future__ import annotations

from harness.report.formula import formula_lines
from tests.site.reports import library


def test_a_formula_for_each_form_with_its_symbols() -> None:
    lines = [line.plain for line in formula_lines(library(), "softmaxJvp", 300)]
    heads = [line for line in lines if line.startswith("  |computed - softmaxJvp x dx i| ≤ u · (")]
    assert len(heads) == 2
    assert any(line.startswith("    where ε1 = ∑ j : Fin n, ") for line in lines)
    assert "to first order in u" in lines[-1].lower()


def test_lines_fit() -> None:
    lines = formula_lines(library(), "softmaxVec", 80)
    assert max(len(line.plain) for line in lines) <= 80
