"""Trials: what shrinking tries, judged by the check that failed, many in one walk.

References and bounds of all trials of one size are one computation. So is the call, where a batch
shows the failure, too; else each trial is called by itself, in its own batch shape and layout, and
where code remembers its calls, with code of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, takewhile
from typing import Any

import numpy as np

from harness.conformance.call_hook import TooLarge
from harness.conformance.calling import Callee
from harness.conformance.effort_clock import worked
from harness.conformance.given import Given, sheet_of
from harness.conformance.question import Question
from harness.conformance.recorder import VALUE, Recorder
from harness.conformance.subject import Subject
from harness.conformance.verdict import Violation

MOST_NUMBERS = 2**14
"""Numbers in one walk: large sizes are tried in smaller portions, so that time is kept."""
_WORTH_A_BATCH = 3
_MOST_ALONE = 32

Trial = tuple[Given, ...]
"""Calls in order; the last is judged, those before it may be what makes it fail."""


class TimeIsUp(Exception):
    """The time for shrinking is over; what was found until then is kept."""


class Examiner:
    """Judges trials until the deadline (of `worked`), then raises TimeIsUp.

    manner: how the check failed; fresh: each trial meets code whose caches are empty; together:
    calls may be one batch. best: the last trial that was seen to fail; control: one that passed.
    """

    def __init__(
        self,
        question: Question,
        manner: str,
        deadline: float,
        *,
        fresh: bool = False,
        together: bool = False,
    ) -> None:
        self.question = question
        self.manner = manner
        self.deadline = deadline
        self.fresh = fresh
        # Calls against calls are about the calls that are made.
        self.together = together and manner == VALUE and not question.kind
        # A statement calls several functions on one input, then on the next: so must a trial.
        self.apart = bool(question.kind) or (fresh and question.claim is not None)
        # A bench of its own: nobody will ask for these numbers again.
        self.bench = question.bench.scratch()
        self.best: Trial | None = None
        self.control: Trial | None = None
        self.known: dict[object, bool] = {}

    def first(self, trials: Sequence[Trial]) -> Trial | None:
        """The first of the trials that fails in the same way."""
        for portion in self._portions(trials):
            flags = self.failing(portion)
            if True in flags:
                self.best = portion[flags.index(True)]
                return self.best
        return None

    def failing(self, trials: Sequence[Trial]) -> list[bool]:
        """Which of the trials fail in the same way, as far as the oracle can tell."""
        keys = [_key(trial) for trial in trials]
        unknown = {k: t for k, t in zip(keys, trials, strict=True) if k not in self.known}
        for portion in self._portions(list(unknown.values())):
            flags = self._in_a_batch(portion) or self._one_by_one(portion)
            self.known.update(zip(map(_key, portion), flags, strict=True))
            passing = [t for t, fails in zip(portion, flags, strict=True) if not fails]
            self.control = passing[0] if passing else self.control
        return [self.known[key] for key in keys]

    def confirmed(self, trial: Trial) -> Violation | None:
        """How a trial violates, judged again by balls; None when it does not."""
        recorder = self._recorded(trial, apart=True)
        rows = slice(0, trial[-1].rows)
        if self.manner != VALUE:
            return recorder.trouble_in(rows, self.manner)
        return recorder.violation_in(rows)

    def _portions(self, trials: Sequence[Trial]) -> Iterator[list[Trial]]:
        if self.apart:
            return ([trial] for trial in trials)
        return _portions(trials, alone=self.fresh)

    def _one_by_one(self, trials: Sequence[Trial]) -> list[bool]:
        calls = [call for trial in trials for call in trial]
        recorder = self._recorded(calls, len(trials[0]), apart=self.apart)
        flags = []
        stop = 0
        for trial in trials:
            stop += trial[-1].rows if self.apart else _rows_at_end(trial)
            rows = slice(stop - trial[-1].rows, stop)
            if self.manner == VALUE:
                flags.append(recorder.fails_in(rows))
            else:
                flags.append(recorder.trouble_in(rows, self.manner) is not None)
        return flags

    def _in_a_batch(self, trials: Sequence[Trial]) -> list[bool] | None:
        """The flags from one call of all trials; None where that cannot be, or cannot be trusted:
        what failed and what passed by itself must do so there, too."""
        if not self.together or self.best is None or len(trials) < _WORTH_A_BATCH:
            return None
        best, control = self.best, self.control
        calls = [call for trial in (*trials, best) for call in trial]
        first = calls[0]
        if any(call.batch != () or call.sizes != first.sizes for call in calls):
            return None
        if control is not None and control[0].sizes == first.sizes:
            calls.append(control[0])
        numbers = {name: np.concatenate([c.numbers[name] for c in calls]) for name in first.numbers}
        recorder = self._recorded([replace(first, numbers=numbers, batch=(len(calls),))])
        flags = [recorder.fails_in(slice(row, row + 1)) for row in range(len(calls))]
        controls = flags[len(trials) :]
        self.together = controls in ([True], [True, False])
        return flags[: len(trials)] if self.together else None

    def _recorded(self, calls: Sequence[Given], each: int = 0, *, apart: bool = False) -> Recorder:
        """What the check sees at the calls. each: as many belong together (0: all of them); apart:
        one call after the other, and what it sees at the last one."""
        if worked() > self.deadline:
            raise TimeIsUp
        # Calls against calls make calls of their own, between which nothing is made anew.
        own = sys.maxsize if self.question.kind else each or len(calls)
        subject, variables = self._subject(own), self.question.variables
        recorder = Recorder()
        groups = (
            [[call] for call in calls] if apart else [list(g) for _, g in groupby(calls, _kind)]
        )
        for members in groups:
            recorder = Recorder()
            try:
                sheet = sheet_of(variables, subject.dtype, members)
                self.question.judge(self.bench, subject, sheet, recorder)
            except TooLarge:
                recorder = Recorder()
        return recorder

    def _subject(self, each: int) -> Subject:
        renew = self.question.renew
        subject = (renew() if self.fresh else None) or self.question.subject
        left = max(self.deadline - worked(), 0.05)

        def hurried(callee: Callee) -> Callee:
            return replace(callee, limit=min(left, callee.limit))

        callees = {name: hurried(one) for name, one in subject.callees.items()}
        if self.fresh:
            callees = {
                name: replace(one, function=_Renewed(name, one.function, renew, each))
                for name, one in callees.items()
            }
        ours = {name: hurried(one) for name, one in subject.ours.items()}
        return replace(subject, callees=callees, ours=ours)


class _Renewed:
    """A function that is made anew after every so many calls, so that trials do not meet."""

    def __init__(
        self,
        constant: str,
        function: Callable[..., Any],
        renew: Callable[[], Subject | None],
        each: int,
    ) -> None:
        self.constant = constant
        self.function = function
        self.renew = renew
        self.each = each
        self.calls = 0

    def __call__(self, *arguments: Any) -> Any:
        if self.calls and self.calls % self.each == 0:
            subject = self.renew()
            self.function = subject.callees[self.constant].function if subject else self.function
        self.calls += 1
        return self.function(*arguments)


def _key(trial: Trial) -> object:
    return tuple(
        (
            tuple(call.sizes.items()),
            call.batch,
            call.view,
            *(part.tobytes() for part in call.numbers.values()),
        )
        for call in trial
    )


def _kind(call: Given) -> object:
    """Calls of one kind can be in one sheet; a theorem check looks at one layout of a sheet."""
    return dict(call.sizes), call.view


def _alike(trial: Trial) -> object:
    """What trials of one group have in common; None for one that must be alone."""
    kinds = {(tuple(call.sizes.items()), call.view) for call in trial}
    return (len(trial), *kinds) if len(kinds) == 1 else None


def _rows_at_end(trial: Trial) -> int:
    """The rows of the sheet that ends with the trial's last call."""
    last = _kind(trial[-1])
    return sum(call.rows for call in takewhile(lambda call: _kind(call) == last, reversed(trial)))


def _portions(trials: Sequence[Trial], *, alone: bool) -> Iterator[list[Trial]]:
    """The trials, in order, in groups of one size that are small enough for one walk.

    alone: trials must not meet, so that all calls of a group must be of one size and layout.
    """
    for kind, members in groupby(trials, key=_alike if alone else lambda trial: _kind(trial[-1])):
        if kind is None:
            yield from ([trial] for trial in members)
            continue
        portion: list[Trial] = []
        count = 0
        for trial in members:
            size = sum(part.size for call in trial for part in call.numbers.values())
            if portion and (count + size > MOST_NUMBERS or (alone and len(portion) == _MOST_ALONE)):
                yield portion
                portion, count = [], 0
            portion.append(trial)
            count += size
        yield portion
