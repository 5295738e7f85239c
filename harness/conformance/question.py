"""What one check asks of one entry: everything that is needed to judge any inputs for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from harness.conformance.call_pairs import Setting
from harness.conformance.calling import Callee
from harness.conformance.claim import Claim
from harness.conformance.definition import judge_sheet
from harness.conformance.observed import Observed
from harness.conformance.sheet import Sheet
from harness.conformance.subject import Subject
from harness.conformance.tally import Tally
from harness.conformance.theorem import judge_claim
from harness.conformance.typed import judge_typed
from harness.conformance.workbench import Workbench
from harness.statement.term import Var


@dataclass(frozen=True)
class Question:
    """A definition check where `claim` is None, else a check of that statement.

    constants: what is called, of which the first is the one that a definition check judges; renew:
    the subject with empty caches, None where that cannot be had; kind: of a check that follows from
    the type (`kinds.KINDS`), which then takes the place of the definition check.
    """

    bench: Workbench
    subject: Subject
    constants: tuple[str, ...]
    claim: Claim | None
    renew: Callable[[], Subject | None]
    kind: str = ""

    @property
    def variables(self) -> tuple[Var, ...]:
        """The variables of the statement, indices included."""
        if self.claim is not None:
            return self.claim.variables
        return self.bench.own[self.constants[0]].params

    @property
    def least(self) -> int:
        """The smallest n above 0 that the code accepts."""
        return max(1, self.subject.min_n(self.constants))

    def callees(self) -> dict[str, Callee]:
        """Constant -> what is called for it."""
        found = {constant: self.subject.callee(constant) for constant in self.constants}
        return {constant: callee for constant, callee in found.items() if callee}

    def judge(self, bench: Workbench, subject: Subject, sheet: Sheet, tally: Tally) -> None:
        """Every cell of a sheet, into the tally, as the check does it. bench, subject: these, or
        some like them. TooLarge when it would take too many calls."""
        if self.kind:
            constant = self.constants[0]
            setting = Setting(
                bench, subject, constant, self.kind, Observed(), self.renew, thorough=True
            )
            judge_typed(setting, sheet, tally)
        elif self.claim is not None:
            judge_claim(bench, subject, self.claim, sheet, tally)
        else:
            judge_sheet(bench, subject, self.constants[0], sheet, tally)
