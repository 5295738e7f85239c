"""What the calls of one constant returned, kept so that several checks judge one and the same call.

The definition check makes the calls; what follows from the type (`typed`) compares them with each
other and with a few calls more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from harness.conformance.calling import Callee, Results, call_cells
from harness.conformance.passing import Argument
from harness.conformance.sheet import Sheet


@dataclass(frozen=True)
class Observed:
    """Results of the calls of one constant of one subject; grows as calls are made."""

    results: dict[object, tuple[Sheet, Results]] = field(default_factory=dict)

    def call(
        self,
        callee: Callee,
        arguments: Sequence[Argument],
        sheet: Sheet,
        own: tuple[int, ...],
        view: str,
    ) -> Results:
        """As `call_cells` on all cells of the sheet in a view; called before, not called again."""
        place = tuple(a for a in arguments if isinstance(a, int))
        # The sheet itself, which is kept: its numbers would take long to tell apart.
        key = (id(sheet), place, view)
        if key not in self.results:
            cells = dict(sheet.passes())[view]
            found = call_cells(callee, arguments, sheet.rows, own, cells)
            self.results[key] = (sheet, found)
        return self.results[key][1]
