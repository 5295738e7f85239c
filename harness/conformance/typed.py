"""Checks that follow from the type of a constant, whatever its equation: calls against calls.

A constant of Lean is a function. So what code returns for it depends on the arguments, and on
nothing else that a call has: not on the other rows of the batch (`batch`), not on how the argument
lies in memory (`layout`), not on the calls that came before (`repeat`), and the arguments are the
same afterwards (`inputs`). None of this needs a formula or a reference value. Each is a check of
its own, so that a report names the cause where the definition check only says that a value is
wrong.

Two calls with one input are each within the derived bound E of one number, so within 2 E of each
other; real libraries do not agree in every bit (NUMERICS.md section 6), and no check here asks for
that. Where E is infinite or a node leaves the range, nothing is judged, and it is counted; `inputs`
compares bits of arguments and needs no bound. The calls of the definition check are used again.
Added are single rows of its batches, alone, and a few calls once more at the end.

Code that remembers calls shows as any of these. So a difference is tried again in code that was
just imported, each of the two calls first: where they then agree, the memory is the cause, and
`repeat` says it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from harness.conformance.call_checks import batch, inputs, layout, repeat
from harness.conformance.call_pairs import Call, Setting
from harness.conformance.definition import calls, within_reach
from harness.conformance.kinds import KINDS
from harness.conformance.sheet import Sheet
from harness.conformance.tally import Tally
from harness.conformance.verdict import CheckResult, Verdict

_JUDGES: Mapping[str, Callable[[Call, Tally], None]] = MappingProxyType(
    dict(zip(KINDS, (batch, layout, repeat, inputs), strict=True))
)


def check_typed(
    setting: Setting, declaration: str, fail_fast: bool = False, first: Sequence[Sheet] = ()
) -> CheckResult:
    """Judge one constant of one entry. first: sheets to begin with, before those of the plan."""
    start = time.perf_counter()
    subject, constant = setting.subject, setting.constant
    base = CheckResult(
        declaration,
        setting.kind,
        subject.name,
        subject.dtype,
        subject.device,
        Verdict.NOT_RUN,
        constants=(constant,),
        arithmetic=subject.arithmetic(constant).name,
        expected=subject.expected,
        notes=subject.notes((constant,)),
    )
    tally = Tally()
    definition = setting.bench.own[constant]
    for sheet in (*first, *setting.bench.definition_sheets(definition.params, subject.dtype)):
        if not subject.takes(sheet.n, (constant,)):
            tally.unsupported += len(sheet.placed)
            continue
        if not within_reach(setting.bench, definition, sheet):
            continue
        judge_typed(setting, sheet, tally)
        if tally.hung or (fail_fast and tally.violation):
            break
    return replace(tally.result(base), seconds=time.perf_counter() - start)


def judge_typed(setting: Setting, sheet: Sheet, tally: Tally) -> None:
    """Every comparison on one sheet, into the tally."""
    definition = setting.bench.own[setting.constant]
    for turn, (arguments, place) in enumerate(calls(definition, sheet)):
        _JUDGES[setting.kind](Call(setting, sheet, arguments, place, turn), tally)
        if tally.hung:  # every further call may take as long
            return
