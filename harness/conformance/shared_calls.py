"""The checks of one constant, one after the other: they judge the same calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from harness.conformance.call_pairs import Setting
from harness.conformance.definition import check_definition
from harness.conformance.guard import FATAL
from harness.conformance.job import Calls
from harness.conformance.observed import Observed
from harness.conformance.question import Question
from harness.conformance.sheet import Sheet
from harness.conformance.typed import check_typed
from harness.conformance.verdict import CheckResult


@dataclass(frozen=True)
class SharedCalls:
    """What was seen of the calls of one constant at a time; grows as checks run."""

    observed: dict[Calls, Observed] = field(default_factory=dict)
    suspects: dict[Calls, dict[str, None]] = field(default_factory=dict)
    ended: dict[Calls, None] = field(default_factory=dict)

    def defined(
        self, calls: Calls, question: Question, fail_fast: bool, first: Sequence[Sheet]
    ) -> CheckResult:
        """The definition check, whose calls are kept for the checks that compare them."""
        # One constant at a time: its calls are many numbers, and the next jobs are about it, too.
        self.observed.clear()
        seen = self.observed.setdefault(calls, Observed())
        (constant,) = question.constants
        result = check_definition(
            question.bench, question.subject, calls[0], constant, fail_fast, first, seen
        )
        if result.violation is not None and result.violation.case is not None:
            self.suspects[calls] = {result.violation.case.cell: None}
        if any(one and one.kind in FATAL for one in (result.violation, result.violation_n0)):
            self.ended[calls] = None
        return result

    def compared(
        self, calls: Calls, question: Question, fail_fast: bool, first: Sequence[Sheet]
    ) -> CheckResult | None:
        """The check of the question's kind; None where one of the calls did not come back."""
        if calls in self.ended:
            return None
        if calls not in self.observed:
            self.observed.clear()
        setting = Setting(
            question.bench,
            question.subject,
            question.constants[0],
            question.kind,
            self.observed.setdefault(calls, Observed()),
            question.renew,
            suspects=self.suspects.setdefault(calls, {}),
        )
        return check_typed(setting, calls[0], fail_fast, first)
