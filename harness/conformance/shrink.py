"""Shrinking: from the input at which a check failed to the smallest that fails in the same way.

First the call (one row, no batch, contiguous), then the rows, the coordinates and the numbers, as
long as anything gets smaller and time is left. What fails only after other calls (a stale cache)
keeps those calls, and every trial then meets code whose caches are empty.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from harness.conformance.effort_clock import worked
from harness.conformance.given import Given
from harness.conformance.question import Question
from harness.conformance.recorder import manner_of
from harness.conformance.shrink_shape import (
    cut_coordinates,
    cut_rows,
    fewest,
    simpler_calls,
    sizes_of,
)
from harness.conformance.shrink_trial import Examiner, TimeIsUp, Trial
from harness.conformance.shrink_values import roughly_simpler, simplest
from harness.conformance.verdict import Shrunk, Violation
from harness.evaluate.formats import FORMATS

TIME_BOX = 1.0
"""Seconds of work for one violation; a plain function of small vectors takes less than a tenth."""
_ROUNDS = 4
_LARGE = 8
_KEPT = 0.4  # of the time, for code that turns out to remember its calls

Found = tuple[Trial, Violation]


@dataclass(frozen=True)
class Start:
    """Where shrinking starts. call: the failing one; row: the one that fails in it; before: calls
    that came before it, the latest first."""

    call: Given
    row: int = 0
    before: Sequence[Given] = ()


def shrink(
    question: Question, violation: Violation, start: Start, seconds: float = TIME_BOX
) -> Shrunk | None:
    """The smallest failing input that was found; None when the failure does not happen again.

    Takes at most about `seconds` of work; code that hangs is interrupted then.
    """
    began = time.perf_counter()
    fresh = Examiner(question, manner_of(violation), worked() + seconds, fresh=True)
    try:
        found = _by_itself(fresh, start) or _after_others(fresh, start)
    except TimeIsUp:
        found = _confirmed(fresh, fresh.best) if fresh.best else None
    if found is None:
        return None
    trial, smaller = found
    calls = tuple(call.told() for call in trial)
    return Shrunk(calls, smaller, seconds=time.perf_counter() - began)


def _by_itself(fresh: Examiner, start: Start) -> Found | None:
    """The usual case: the call fails without others before it, and so does a smaller one."""
    begin: Trial = (start.call,)
    if not fresh.first([begin]) and not fresh.confirmed(begin):
        return None
    for together in (True, False):
        left = fresh.deadline - worked()
        deadline = fresh.deadline - left * _KEPT
        plain = Examiner(fresh.question, fresh.manner, deadline, together=together)
        if found := _confirmed(fresh, reduced(plain, begin, start)):
            return found
    # The code remembers calls, or what it is called with: what fails here does not elsewhere.
    return _confirmed(fresh, reduced(fresh, begin, start), begin)


def _after_others(fresh: Examiner, start: Start) -> Found | None:
    """The call fails after others only: as few of them as can be, by halves."""
    if not start.before or not (trial := fresh.first([(*start.before, start.call)])):
        return None
    part = len(trial) // 2
    while part:
        before = trial[:-1]
        chunks = [before[k : k + part] for k in range(0, len(before), part)]
        rests = [before[:k] + before[k + part :] for k in range(0, len(before), part)]
        fewer = [c for c in (*chunks, *rests) if len(c) < len(before)]
        found = fresh.first([(*calls, start.call) for calls in fewer])
        trial, part = (found, len(found) // 2) if found else (trial, part // 2)
    return _confirmed(fresh, reduced(fresh, trial, start), trial)


def _confirmed(fresh: Examiner, *trials: Trial) -> Found | None:
    """The first of the trials that balls confirm; they get some time of their own."""
    deadline = worked() + TIME_BOX
    patient = Examiner(fresh.question, fresh.manner, deadline, fresh=True)
    confirmed = ((trial, patient.confirmed(trial)) for trial in trials)
    return next(((trial, violation) for trial, violation in confirmed if violation), None)


def reduced(examiner: Examiner, trial: Trial, start: Start) -> Trial:
    """A failing trial made smaller while that is possible and there is time."""
    examiner.best = trial
    variables = {variable.name: variable for variable in examiner.question.variables}
    fmt = FORMATS[examiner.question.subject.dtype]
    row = start.row
    try:
        for _ in range(_ROUNDS):
            last = examiner.best
            trial = examiner.first(simpler_calls(trial, row)) or trial
            rows = trial[-1].rows
            if rows > 1 and all(len(call.batch) == 1 for call in trial):
                trial = fewest(examiner, trial, rows, 1, cut_rows)
            if max(trial[-1].sizes.values(), default=0) > _LARGE:
                # Equal coordinates are quick to delete: what is left is the same, whichever goes.
                trial = roughly_simpler(examiner, trial, fmt)
            for size, n, places in sizes_of(trial):
                cut = cut_coordinates(variables, size, places)
                trial = fewest(examiner, trial, n, examiner.question.least, cut)
            trial = simplest(examiner, trial, fmt)
            row = 0
            if examiner.best is last:
                break
    except TimeIsUp:
        pass
    return examiner.best or trial
