"""Cells of a statement judged by compiled kernels: the calls of a cell, and what is counted.

Every constant is called on the whole cell, guarded as the walk guards its calls. A call that gives
no value ends the attempt: the walk then judges the cell, and words what happened.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from harness.cells.inputs import indices
from harness.conformance.calling import call_cells
from harness.conformance.fast_theorem import TheoremCheck, theorem_check
from harness.conformance.given import sizes_of
from harness.conformance.passing import Argument
from harness.conformance.question import Question
from harness.conformance.sheet import Sheet
from harness.evaluate.fast.machine import Store
from harness.evaluate.fast.reasons import NotCompiled
from harness.evaluate.fast.summary import Summary as Counts
from harness.statement.types import FinType, Length

Checks = tuple[TheoremCheck, ...]
"""One check for each relation that a statement makes."""


def statement_checks(question: Question, store: Store) -> tuple[Checks | None, str]:
    """The compiled checks of a statement; None, with a sentence that says why, where the walk
    judges."""
    claim, subject = question.claim, question.subject
    assert claim is not None
    arithmetics = {constant: subject.arithmetic(constant) for constant in claim.constants}
    key = ("statement kernels", claim, tuple(arithmetics.items()), subject.dtype)

    def make() -> tuple[Checks | None, str]:
        try:
            made = theorem_check(question.bench, claim, arithmetics, subject.dtype, store)
        except NotCompiled as reason:
            return None, f"{reason}: the walk judges"
        why = next((check.why for check in made if check.kernel is None), "")
        return (None if why else made), why

    return question.bench.once(key, make)


def statement_counts(question: Question, checks: Checks, sheet: Sheet) -> Counts | None:
    """What the checks count in the one cell of a sheet; None where a call gave no value."""
    claim = question.claim
    assert claim is not None
    kind = np.float64 if sheet.dtype == "float64" else np.float32
    arrays = {v: sheet.arrays[v].astype(kind) for v in claim.sampled}
    enumerated = [v for v in claim.indices if v in claim.passed]
    ranges = [indices(_length(v.type).at(dict(sheet.sizes)), "theorem") for v in enumerated]
    names = [v.name for v in enumerated]
    calls = _Calls(question, sheet)
    total = Counts()
    try:
        for place in product(*ranges):
            for check in checks:
                total = total.merged(check(arrays, calls, dict(zip(names, place, strict=True))))
    except _NoValue:
        return None
    return total


class _NoValue(Exception):
    """A call that did not give a usable value."""


class _Calls:
    """Calls on a cell: each is made once, however many relations and indices ask for it."""

    def __init__(self, question: Question, sheet: Sheet) -> None:
        self.question, self.sheet = question, sheet
        # The arguments are kept with the result: else others might get their addresses.
        self.known: dict[object, tuple[tuple[Argument, ...], np.ndarray[Any, Any]]] = {}

    def __call__(self, constant: str, arguments: tuple[Argument, ...]) -> np.ndarray[Any, Any]:
        key = (constant, *(a if isinstance(a, int) else ("at", id(a)) for a in arguments))
        if key not in self.known:
            self.known[key] = (arguments, self._made(constant, arguments))
        return self.known[key][1]

    def _made(self, constant: str, arguments: tuple[Argument, ...]) -> np.ndarray[Any, Any]:
        callee = self.question.subject.callee(constant)
        assert callee is not None
        definition = self.question.bench.own[constant]
        sizes = sizes_of(
            (param.type, argument)
            for param, argument in zip(definition.params, arguments, strict=True)
            if not isinstance(argument, int)
        )
        own = (_length(definition.index.type).at(sizes),) if definition.index else ()
        cells = self.sheet.placed
        results = call_cells(callee, arguments, self.sheet.rows, own, cells)
        if results.trouble:
            raise _NoValue
        return results.numbers


def _length(kind: object) -> Length:
    assert isinstance(kind, FinType)
    return kind.length
