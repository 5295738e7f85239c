"""Small campaigns, and executors that run in this process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path
from typing import Any

from harness.campaign.executors import Workers
from harness.campaign.plan import Campaign, Group, Unit
from harness.campaign.summary import Finding, Summary
from harness.conformance.job import Job
from harness.conformance.request import Request

JOBS = (
    Job("sumExp", "definition", "numpy", "float32", "cpu"),
    Job("softmaxVec", "definition", "numpy", "float32", "cpu"),
    Job("softmaxVec", "definition", "numpy", "float64", "cpu"),
)
GROUPS = (
    Group("float32", 2, "normal", (0, 1), 5),
    Group("float32", 8, "ties", (0, 1), 3),
    Group("float64", 8, "ties", (2,), 3),
)


def campaign(asked: int, groups: Sequence[Group] = GROUPS) -> Campaign:
    return Campaign(f"asked {asked}", Request(), (), Path("specs"), JOBS, tuple(groups), asked)


def counted(_: Campaign, units: Sequence[Unit], limit: float) -> dict[int, Summary]:
    """A task that finds nothing."""
    found: dict[int, Summary] = {}
    for unit in units:
        for job in unit.jobs:
            part = Summary(inputs=unit.cell.rows, cases=unit.number)
            found[job] = found.get(job, Summary()) + part
    return found


def violating(*numbers: int) -> Callable[..., dict[int, Summary]]:
    """A task whose first job violates in the units with these numbers."""

    def task(made: Campaign, units: Sequence[Unit], limit: float) -> dict[int, Summary]:
        found = counted(made, units, limit)
        for unit in units:
            if unit.number in numbers:
                first = Finding((unit.number, 1), "value", "off", unit.cell.id(), unit.cell.n)
                job = unit.jobs[0]
                found[job] = found[job] + Summary(violations=1, first=first)
        return found

    return task


class Inline(Executor):
    """Runs at once, in this process; `late` ones only when they are waited for, last first."""

    def __init__(self) -> None:
        self.broken = False

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if self.broken:
            future.set_exception(BrokenExecutor("dead"))
            return future
        try:
            future.set_result(fn(*args, **kwargs))
        except Dies:
            self.broken = True
            future.set_exception(BrokenExecutor("dead"))
        except Exception as error:
            future.set_exception(error)
        return future


class Dies(Exception):
    """In the place of a process that ends while it does the task."""


def inline(count: int = 1) -> Workers:
    return Workers(count, Inline, lambda executor: None)
