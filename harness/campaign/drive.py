"""Drives a campaign: sends shards out, records each that comes back, stops where it should.

The result is read from the ledger, never from what happens to be in memory: a campaign that was
killed twice ends like one that ran through. Code under test that takes its process with it is found
by doing the shards in question again, at last one unit and one job at a time; that is a violation,
and the end of the campaign.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass

from harness.campaign.executors import Workers
from harness.campaign.judge import run_units
from harness.campaign.ledger import Ledger
from harness.campaign.plan import Campaign, Shards, Unit, single_jobs
from harness.campaign.summary import Extreme, Summary, higher, lost
from harness.errors import InputError

SHARD_LIMIT = 300.0
"""Seconds after which the process of a shard ends itself; shards are cut to take some 3 s."""

UNIT_LIMIT = 60.0
"""The same for one unit that is done alone; it takes well under 1 s."""

_LOOK = 0.5
"""Seconds between looks at the clock while nothing comes back."""

Found = dict[int, Summary]
Task = Callable[[Campaign, Sequence[Unit], float], Found]


@dataclass(frozen=True)
class Budget:
    """seconds: of this run, None for no limit; until_violation: stop at the first one."""

    seconds: float | None = None
    until_violation: bool = False


@dataclass(frozen=True)
class Status:
    """Progress. done, total: shards; inputs: judged by this run; worst: ratio that it has seen."""

    done: int
    total: int
    inputs: int
    worst: Extreme | None
    violations: int


@dataclass(frozen=True)
class Outcome:
    """summaries: by job; done, total: shards; stopped: why it ended early, or the empty text."""

    summaries: Found
    done: int
    total: int
    stopped: str


def drive(
    campaign: Campaign,
    shards: Shards,
    ledger: Ledger,
    workers: Workers,
    *,
    budget: Budget,
    tell: Callable[[Status], None],
    task: Task = run_units,
) -> Outcome:
    """Does every shard that the ledger lacks; Ctrl-C ends it early, and loses nothing recorded.

    Stopped at a violation, the outcome holds the shards up to the one with the least violating
    input and none behind it, so it does not depend on who was faster. InputError from a worker
    passes. The workers may still be at what nobody waits for any more: who made them ends them.
    """
    run = _Run(campaign, shards, ledger, workers, budget, tell, task)
    stopped = ""
    try:
        run.through()
    except KeyboardInterrupt:
        stopped = "interrupted"
    return Outcome(
        ledger.summaries(run.last), len(run.done), len(shards), stopped or run.why_stopped()
    )


class _Run:
    """done: shards in the ledger; last: the shard behind which nothing counts, None without one."""

    def __init__(
        self,
        campaign: Campaign,
        shards: Shards,
        ledger: Ledger,
        workers: Workers,
        budget: Budget,
        tell: Callable[[Status], None],
        task: Task,
    ) -> None:
        self.campaign, self.shards, self.ledger = campaign, shards, ledger
        self.workers, self.budget, self.tell, self.task = workers, budget, tell, task
        self.done = ledger.done()
        self.last = ledger.ending(any_violation=budget.until_violation)
        self.inputs = self.violations = 0
        self.worst: Extreme | None = None
        self.deadline = None if budget.seconds is None else time.monotonic() + budget.seconds

    def through(self) -> None:
        """Until all is done, the time is up, or nothing more counts."""
        waiting = self._missing()
        flying: dict[Future[Found], int] = {}
        while True:
            # Two for each worker: one to do while the result of the other is on its way.
            while len(flying) < 2 * self.workers.count and not self._late():
                shard = next(waiting, None)
                if shard is None:
                    break
                future = self.workers.executor.submit(
                    self.task, self.campaign, self._units(shard), SHARD_LIMIT
                )
                flying[future] = shard
            if not flying:
                return
            came, _ = wait(flying, timeout=_LOOK, return_when=FIRST_COMPLETED)
            if any(_is_broken(future) for future in came):
                for future in came:
                    if not _is_broken(future):
                        self._record(flying.pop(future), future.result())
                suspects = sorted(flying.values())
                flying.clear()
                self._done_again(suspects)
                continue
            for future in came:
                self._record(flying.pop(future), future.result())

    def why_stopped(self) -> str:
        """The empty text when everything that counts was done."""
        if self.last is not None:
            return "stopped at the first violation"
        return "" if len(self.done) == len(self.shards) else "the time was up"

    def _missing(self) -> Iterator[int]:
        for shard in range(len(self.shards)):
            if self.last is not None and shard > self.last:
                return
            if shard not in self.done:
                yield shard

    def _late(self) -> bool:
        return self.deadline is not None and time.monotonic() >= self.deadline

    def _units(self, shard: int) -> list[Unit]:
        return [self.campaign.unit(number) for number in self.shards.of(shard)]

    def _record(self, shard: int, found: Found, *, ends: bool = False) -> None:
        self.ledger.record(shard, found)
        self.done.add(shard)
        for summary in found.values():
            self.inputs += summary.inputs
            self.violations += summary.violations
            self.worst = higher(self.worst, summary.worst_ratio)
            ends = ends or (self.budget.until_violation and summary.first is not None)
        if ends:
            self.last = shard if self.last is None else min(self.last, shard)
        self.tell(
            Status(len(self.done), len(self.shards), self.inputs, self.worst, self.violations)
        )

    def _done_again(self, shards: Sequence[int]) -> None:
        """The shards that were out when a process died, one at a time."""
        for shard in shards:
            if self.last is not None and shard > self.last:
                return
            try:
                self._record(shard, self._alone(self._units(shard), SHARD_LIMIT))
            except BrokenExecutor:
                self._record(shard, self._without_culprit(shard), ends=True)

    def _without_culprit(self, shard: int) -> Found:
        """What the units of a shard found, up to the job that ends its process."""
        found: Found = {}
        for unit in self._units(shard):
            for single in single_jobs(unit):
                clock = time.monotonic()
                try:
                    part = self._alone([single], UNIT_LIMIT)
                except BrokenExecutor:
                    hung = time.monotonic() - clock >= UNIT_LIMIT
                    kind, message = ("hang", f"no result after {UNIT_LIMIT:g} s")
                    if not hung:
                        kind, message = "crash", "its process died"
                    (job,) = single.jobs
                    cell = single.cell
                    found[job] = found.get(job, Summary()) + lost(
                        single.number, cell.id(), cell.n, kind, message
                    )
                    return found
                for job, summary in part.items():
                    found[job] = found.get(job, Summary()) + summary
        return found  # it did not die this time

    def _alone(self, units: Sequence[Unit], limit: float) -> Found:
        """Units with nothing beside them, in processes that have done nothing else if one died."""
        self.workers.end()
        future = self.workers.executor.submit(self.task, self.campaign, units, limit)
        wait([future])
        if _is_broken(future):
            raise BrokenExecutor
        return future.result()


def _is_broken(future: Future[Found]) -> bool:
    """Whether its process died. InputError, and what is wrong with the harness itself, pass."""
    error = future.exception()
    if error is None:
        return False
    if isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker":  # of Dask
        return True
    if isinstance(error, InputError):
        raise error
    raise InputError(
        f"the harness itself failed, please report it: {type(error).__name__}: {error}"
    ) from error
