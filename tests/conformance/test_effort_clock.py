"""Time that counts work in full, and waiting little."""

from __future__ import annotations

import time

import pytest

from harness.conformance.effort_clock import worked


def test_work_counts_in_full_and_waiting_a_tenth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "process_time", lambda: 5.0)
    monkeypatch.setattr(time, "perf_counter", lambda: 100.0)
    before = worked()
    monkeypatch.setattr(time, "perf_counter", lambda: 110.0)
    assert worked() - before == pytest.approx(1.0)
    monkeypatch.setattr(time, "process_time", lambda: 7.0)
    assert worked() - before == pytest.approx(3.0)
