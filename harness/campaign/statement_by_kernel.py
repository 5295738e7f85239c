"""Cells of a statement judged by kernels: the calls of a cell, and what is counted.

Every constant is called on the whole cell, guarded as the walk guards its calls. A call that gives
no value ends the attempt: the walk then judges the cell, and words what happened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

from harness.cells.inputs import indices
from harness.conformance.backends import Backend
from harness.conformance.calling import Callee
from harness.conformance.claim import Claim
from harness.conformance.fast_theorem import TheoremCheck, theorem_check, theorem_check_on
from harness.conformance.given import sizes_of
from harness.conformance.question import Question
from harness.conformance.sheet import Sheet
from harness.evaluate.arithmetic import Arithmetic
from harness.evaluate.fast.llvm.machine import Store
from harness.evaluate.fast.reasons import NotCompiled
from harness.evaluate.fast.summary import Summary as Counts
from harness.statement.types import FinType, Length

Checks = tuple[TheoremCheck, ...]
"""One check for each relation that a statement makes."""

Called = Callable[[Callee, Sequence[Any], tuple[int, ...]], Any]
Arithmetics = Mapping[str, Arithmetic]


def statement_checks(question: Question, store: Store) -> tuple[Checks | None, str]:
    """The compiled checks of a statement; None, with a sentence that says why, where the walk
    judges."""

    def make(claim: Claim, arithmetics: Arithmetics) -> Checks:
        return theorem_check(question.bench, claim, arithmetics, question.subject.dtype, store)

    return _made(question, "statement kernels", make)


def statement_checks_on(question: Question, backend: Backend) -> tuple[Checks | None, str]:
    """The same on the device of a backend of torch."""

    def make(claim: Claim, arithmetics: Arithmetics) -> Checks:
        dtype = question.subject.dtype
        return theorem_check_on(backend, question.bench, claim, arithmetics, dtype)

    return _made(question, f"statement kernels on {backend.device}", make)


def _made(
    question: Question, key: str, make: Callable[[Claim, Arithmetics], Checks]
) -> tuple[Checks | None, str]:
    claim, subject = question.claim, question.subject
    assert claim is not None
    arithmetics = {constant: subject.arithmetic(constant) for constant in claim.constants}

    def once() -> tuple[Checks | None, str]:
        try:
            made = make(claim, arithmetics)
        except NotCompiled as reason:
            return None, f"{reason}: the walk judges"
        why = next((check.why for check in made if check.kernel is None), "")
        return (None if why else made), why

    return question.bench.once((key, claim, tuple(arithmetics.items()), subject.dtype), once)


def statement_counts(
    question: Question, checks: Checks, sheet: Sheet, called: Called
) -> Counts | None:
    """What the checks count in the one cell of a sheet; None where a call gave no value.

    called: of arguments and the shape of a row of results, what came back, or None.
    """
    claim = question.claim
    assert claim is not None
    # Put where they belong once, so that they are the same arrays in each call.
    arrays = {v: checks[0].place.put(sheet.arrays[v]) for v in claim.sampled}
    enumerated = [v for v in claim.indices if v in claim.passed]
    ranges = [indices(_length(v.type).at(dict(sheet.sizes)), "theorem") for v in enumerated]
    names = [v.name for v in enumerated]
    calls = _Calls(question, called)
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

    def __init__(self, question: Question, called: Called) -> None:
        self.question, self.called = question, called
        # The arguments are kept with the result: else others might get their addresses.
        self.known: dict[object, tuple[tuple[Any, ...], Any]] = {}

    def __call__(self, constant: str, arguments: tuple[Any, ...]) -> Any:
        key = (constant, *(a if isinstance(a, int) else ("at", id(a)) for a in arguments))
        if key not in self.known:
            self.known[key] = (arguments, self._made(constant, arguments))
        return self.known[key][1]

    def _made(self, constant: str, arguments: tuple[Any, ...]) -> Any:
        callee = self.question.subject.callee(constant)
        assert callee is not None
        definition = self.question.bench.own[constant]
        sizes = sizes_of(
            (param.type, argument)
            for param, argument in zip(definition.params, arguments, strict=True)
            if not isinstance(argument, int)
        )
        own = (_length(definition.index.type).at(sizes),) if definition.index else ()
        results = self.called(callee, arguments, own)
        if results is None:
            raise _NoValue
        return results


def _length(kind: object) -> Length:
    assert isinstance(kind, FinType)
    return kind.length
