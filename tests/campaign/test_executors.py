"""Workers: started when they are used, kept for what comes next, ended once."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor, Executor

import pytest

from harness.campaign.executors import Workers
from harness.campaign.make import SHARD_SECONDS, shards_of
from tests.campaign.campaigns import Inline, campaign, inline


class Log:
    """What happens to executors that never run out."""

    def __init__(self, *, broken: bool = False) -> None:
        self.told: list[str] = []
        self.broken = broken

    def workers(self) -> Workers:
        return Workers(1, self._start, self._end)

    def _start(self) -> Executor:
        self.told.append("start")
        executor = Inline()
        executor.broken = self.broken
        return executor

    def _end(self, executor: Executor) -> None:
        self.told.append("end")


def test_they_are_started_when_they_are_used() -> None:
    log = Log()
    workers = log.workers()
    workers.end()
    assert log.told == []
    assert workers.executor is workers.executor
    workers.end()
    workers.end()
    assert log.told == ["start", "end"]
    assert workers.executor and log.told == ["start", "end", "start"]


def test_those_that_were_timed_do_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    log = Log()
    monkeypatch.setattr("harness.campaign.make.seconds_a_unit", lambda *_: 1.0)
    workers = log.workers()
    assert len(shards_of(campaign(100), workers)) > 1
    assert log.told == ["start"]


@pytest.mark.parametrize("count", [1, 2, 3, 7])
@pytest.mark.parametrize("asked", [1, 100, 5000, 123_457])
def test_all_workers_end_together(monkeypatch: pytest.MonkeyPatch, count: int, asked: int) -> None:
    """Nobody has more than his share but for a unit in each of his shards."""
    monkeypatch.setattr("harness.campaign.make.seconds_a_unit", lambda *_: 0.05)
    made = campaign(asked)
    shards = shards_of(made, inline(count))
    assert 0.05 * shards.length <= SHARD_SECONDS
    each = -(-len(shards) // count)
    assert each * shards.length - made.units / count <= each


def test_those_that_died_while_they_were_timed_are_replaced() -> None:
    log = Log(broken=True)
    workers = log.workers()
    shards_of(campaign(100), workers)
    assert log.told == ["start", "end"]
    with pytest.raises(BrokenExecutor):
        workers.executor.submit(print).result()
    assert log.told == ["start", "end", "start"]
