"""What code fails by: its own numbers, or one of the things that follow from its type.

A definition check visits batches, layouts and repeated calls, so it fails where only one of those
is broken; and numbers that are wrong differ between calls, too. The smallest input tells: where it
is one contiguous vector in a first call, the numbers are wrong by themselves.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from harness.conformance.kinds import KINDS
from harness.report.document import CheckRecord

NO_VALUE = frozenset({"exception", "hang", "crash", "protocol", "type", "dtype", "shape"})
"""Kinds of violations of calls that gave nothing to compare."""

Who = tuple[str, str, str, str]
"""Declaration, entry, dtype, device."""


def who(result: CheckRecord) -> Who:
    """Whose check it is, of which declaration."""
    return (result.declaration, result.entry, result.dtype, result.device)


def seen_with(definition: CheckRecord) -> str:
    """The check that names what a definition check fails by, as far as its smallest input shows it;
    the empty text where it fails by itself, or does not fail."""
    violation = definition.violation
    if definition.check != "definition" or violation is None:
        return ""
    if violation.kind == "mutated":
        return "inputs"
    smallest = violation.shrunk
    if smallest is None or smallest.preceding:  # it did not fail again by itself
        return "repeat"
    if smallest.view != "contiguous":
        return "layout"
    return "batch" if math.prod(smallest.batch) > 1 else ""


class Causes:
    """The violations that name a cause, of all results of a run."""

    def __init__(self, results: Iterable[CheckRecord]) -> None:
        found = list(results)
        wrong = {
            who(one)
            for one in found
            if one.check == "definition"
            and one.verdict == "violates"
            and one.violation
            and not seen_with(one)
        }
        self._named = {
            (who(one), one.check)
            for one in found
            if one.check in KINDS
            and one.violation is not None
            and one.violation.kind not in NO_VALUE
            and who(one) not in wrong
        }

    def named_by(self, result: CheckRecord) -> bool:
        """Whether a violation says what a definition check fails by. A call that gives no value
        fails in every check, and says nothing of rows, layouts or earlier calls; neither do numbers
        that are wrong by themselves."""
        return (who(result), result.check) in self._named

    def explain(self, definition: CheckRecord) -> bool:
        """Whether another check names what a definition check fails by."""
        return (who(definition), seen_with(definition)) in self._named
