"""Every shard once, whatever happens in between; the end does not depend on who was faster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from harness.campaign.drive import Budget, Outcome, Status, drive
from harness.campaign.ledger import Head, Ledger
from harness.campaign.plan import Campaign, Shards, Unit
from harness.campaign.summary import Summary, to_json
from harness.errors import InputError
from tests.campaign.campaigns import Dies, campaign, counted, inline, violating

MADE = campaign(400)
UNITS = range(MADE.units)


def driven(
    folder: Path,
    task: Callable[..., dict[int, Summary]] = counted,
    *,
    length: int = 4,
    count: int = 1,
    budget: Budget = Budget(),  # noqa: B008 (frozen)
    tell: Callable[[Status], None] = lambda status: None,
) -> Outcome:
    with Ledger(folder) as ledger:
        if ledger.begun() is None:
            ledger.begin(Head({}, length))
        shards = Shards(MADE.units, length)
        return drive(MADE, shards, ledger, inline(count), budget=budget, tell=tell, task=task)


WHOLE = to_json(counted(MADE, [MADE.unit(number) for number in UNITS], 1.0))


@pytest.mark.parametrize("length", [1, 3, 4, 1000])
@pytest.mark.parametrize("count", [1, 7])
def test_every_unit_once_however_it_is_cut(tmp_path: Path, length: int, count: int) -> None:
    seen: list[Status] = []
    outcome = driven(tmp_path, length=length, count=count, tell=seen.append)
    assert to_json(outcome.summaries) == WHOLE
    assert (outcome.done, outcome.stopped) == (outcome.total, "")
    assert [status.done for status in seen] == list(range(1, outcome.total + 1))
    assert seen[-1].inputs == MADE.inputs


def test_goes_on_where_it_was_interrupted(tmp_path: Path) -> None:
    done: list[int] = []

    def task(made: Campaign, units: Sequence[Unit], limit: float) -> dict[int, Summary]:
        if len(done) in (2, 5):
            done.append(-1)
            raise KeyboardInterrupt
        done.extend(unit.number for unit in units[:1])
        return counted(made, units, limit)

    assert driven(tmp_path, task).stopped == "interrupted"
    assert driven(tmp_path, task).stopped == "interrupted"
    outcome = driven(tmp_path, task)
    assert to_json(outcome.summaries) == WHOLE
    # What was on its way when Ctrl-C came is done again; nothing that was recorded is.
    assert sorted({*done} - {-1}) == list(UNITS)[::4]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_until_the_first_violation_whoever_is_faster(tmp_path: Path, count: int) -> None:
    task = violating(9, 10, 21)
    outcome = driven(tmp_path, task, count=count, budget=Budget(until_violation=True))
    assert outcome.stopped == "stopped at the first violation"
    up_to_it = [MADE.unit(number) for number in range(12)]
    assert to_json(outcome.summaries) == to_json(task(MADE, up_to_it, 1.0))
    assert driven(tmp_path, task, budget=Budget(until_violation=True)) == outcome


def test_without_that_budget_violations_end_nothing(tmp_path: Path) -> None:
    outcome = driven(tmp_path, violating(9))
    assert (outcome.done, outcome.stopped) == (outcome.total, "")
    assert sum(summary.violations for summary in outcome.summaries.values()) == 1


def test_no_time_no_shards(tmp_path: Path) -> None:
    outcome = driven(tmp_path, budget=Budget(seconds=0.0))
    assert (outcome.done, outcome.stopped, outcome.summaries) == (0, "the time was up", {})
    assert to_json(driven(tmp_path).summaries) == WHOLE


def test_code_that_takes_its_process_with_it_is_found(tmp_path: Path) -> None:
    def task(made: Campaign, units: Sequence[Unit], limit: float) -> dict[int, Summary]:
        if any(unit.number == 9 and 1 in unit.jobs for unit in units):
            raise Dies
        return counted(made, units, limit)

    outcome = driven(tmp_path, task, count=2)
    assert outcome.stopped == "stopped at the first violation"
    first = outcome.summaries[1].first
    assert first is not None
    assert (first.at, first.kind, first.cell) == ((9, 0), "crash", MADE.unit(9).cell.id())
    assert all(summary.first is None for job, summary in outcome.summaries.items() if job != 1)
    assert driven(tmp_path, task).summaries == outcome.summaries


def test_a_process_that_dies_once_costs_nothing(tmp_path: Path) -> None:
    deaths: list[int] = []

    def task(made: Campaign, units: Sequence[Unit], limit: float) -> dict[int, Summary]:
        if not deaths:
            deaths.append(1)
            raise Dies
        return counted(made, units, limit)

    assert to_json(driven(tmp_path, task, count=3).summaries) == WHOLE


@pytest.mark.parametrize("error", [InputError("no such module"), ValueError("ours")])
def test_an_error_of_the_task_is_told_in_one_line(tmp_path: Path, error: Exception) -> None:
    def task(*_: Any) -> dict[int, Summary]:
        raise error

    with pytest.raises(InputError) as caught:
        driven(tmp_path, task)
    assert str(error) in str(caught.value)
    assert to_json(driven(tmp_path).summaries) == WHOLE
