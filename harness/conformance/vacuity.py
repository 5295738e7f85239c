"""On what inputs a statement says something: whether its hypotheses can hold, and whether it meets
operations whose value in Lean is a convention (x / 0, log of a non-positive, root of a negative).

Where such an operation is met, the statement is about Lean's convention and code has no reason to
agree. Everything is sampled: what is not met may still exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.conformance.claim import Claim, claim_of
from harness.conformance.hypotheses import rows_where_true, scenes
from harness.conformance.sheet import Sheet
from harness.conformance.verdict import Case
from harness.conformance.workbench import Workbench
from harness.evaluate.balls import Balls, Scene, precision
from harness.evaluate.forms import FormTable
from harness.statement.printer import show_term
from harness.statement.term import Binary, Definition, Forall, Term, Unary

DTYPE = "float32"
LARGEST = 4
"""Larger n meet nothing new: the regimes are the same."""
BITS = 192

_RULES: Mapping[str, str] = {
    "div": "x / 0 = 0",
    "log": "log 0 = 0, and log x = log |x| for negative x",
    "sqrt": "√x = 0 for negative x",
}


@dataclass(frozen=True)
class Convention:
    """An operation that was met outside of where it means something.

    operation: its term; rule: what Lean says there; case: the smallest such input that was sampled.
    """

    operation: str
    rule: str
    case: Case


@dataclass(frozen=True)
class Footing:
    """What was seen of a statement's inputs.

    hypotheses: how many it has; witness: an input that satisfies all of them, None when none of
    the `tried` inputs does; conventions: one for each operation; outside: why the statement cannot
    be evaluated, or empty.
    """

    hypotheses: int
    witness: Case | None
    tried: int
    conventions: tuple[Convention, ...]
    outside: str = ""


def footing(statement: Forall, table: FormTable, *, seed: int = 1) -> Footing:
    """Sample a statement, everything unfolded. A witness with n >= 1 is preferred to n = 0."""
    claim = claim_of(statement)
    if claim.outside:
        return Footing(len(claim.assumed), None, 0, (), claim.outside)
    bench = Workbench(table, "quick", seed)
    witness: Case | None = None
    met: dict[tuple[str, str], Case] = {}
    tried = 0
    with precision(BITS):
        for sheet in bench.sheets(claim.variables, DTYPE):
            if sheet.n > LARGEST:
                break
            keep = rows_where_true(bench, claim, sheet)
            for row in _first_rows(sheet):
                tried += 1
                if not keep[row]:
                    continue
                if witness is None or (witness.n == 0 and sheet.n):
                    witness = sheet.case(row)
                for found in _conventions(bench.own, claim, sheet, row):
                    met.setdefault(found, sheet.case(row))
    conventions = tuple(Convention(term, _RULES[op], case) for (op, term), case in met.items())
    return Footing(len(claim.assumed), witness, tried, conventions)


def _first_rows(sheet: Sheet) -> list[int]:
    """One input for each cell's numbers."""
    return [placed.start for placed in sheet.data if placed.start < placed.stop]


def _conventions(
    equations: Mapping[str, Definition], claim: Claim, sheet: Sheet, row: int
) -> Iterator[tuple[str, str]]:
    for scene in scenes(claim, sheet, row):
        watching = _Watching(equations)
        for relation in claim.relations:
            watching.evaluate(relation.left, scene)
            watching.evaluate(relation.right, scene)
        for term in claim.derivatives:
            point = watching.evaluate(term.point, scene)
            inner = Scene({**scene.bindings, term.function.var: point}, scene.sizes)
            watching.evaluate(term.function.body, inner)
            watching.evaluate(term.derivative.body, scene)
        yield from watching.met


class _Watching(Balls):
    """Balls that remember operations at arguments where Lean has a convention, or may have."""

    def __init__(self, equations: Mapping[str, Definition]) -> None:
        super().__init__(equations)
        self.met: dict[tuple[str, str], None] = {}
        self._divisions: list[Term] = []

    def _node(self, term: Term, scene: Scene) -> Any:
        match term:
            case Unary("log", operand) if not self.evaluate(operand, scene) > 0:
                self.met["log", show_term(term)] = None
            case Unary("sqrt", operand) if not self.evaluate(operand, scene) >= 0:
                self.met["sqrt", show_term(term)] = None
            case Binary("div"):
                self._divisions.append(term)
                try:
                    return super()._node(term, scene)
                finally:
                    self._divisions.pop()
        return super()._node(term, scene)

    def _binary(self, op: str, left: Any, right: Any) -> Any:
        if op == "div" and not (right > 0 or right < 0):
            self.met["div", show_term(self._divisions[-1])] = None
        return super()._binary(op, left, right)
