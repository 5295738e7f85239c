"""The bound of a constant as formulas in Lean's words, for a terminal."""

from __future__ import annotations

from rich.text import Text

from harness.conformance.form_table import form_table
from harness.evaluate.arithmetic import DEFAULT_FORMS
from harness.evaluate.first_order import first_order, shown
from harness.evaluate.forms import equation_sets
from harness.evaluate.steps import Unsaid
from harness.report.lines import FAINT, STRONG, wrapped
from harness.specs.library import SpecLibrary

_MEANS = (
    "u: unit roundoff; K: error in ulp that exp and log may have; h: roundings that a summand may "
    "pass through, at most n - 1. To first order in u; the greatest over the forms counts."
)


def formula_lines(library: SpecLibrary, constant: str, width: int) -> list[Text]:
    """The section of a story: a formula for each form, its symbols below it."""
    lines = [Text(), Text("Bound as a formula", STRONG)]
    for equations in equation_sets(form_table(library), constant, DEFAULT_FORMS):
        try:
            head, *where = shown(first_order(constant, equations)).split("; ")
        except Unsaid as why:
            return [*lines, *wrapped(f"none: {why}", width, "  ", FAINT)]
        lines += wrapped(head, width, "  ")
        for line in where:
            lines += wrapped(f"where {line}", width, "    ", FAINT)
    return [*lines, *wrapped(_MEANS, width, "  ", FAINT)]
