"""Whatever foreign code does in a call becomes a value or a `Misbehaviour`; Ctrl-C passes."""

from __future__ import annotations

import signal
import sys
import threading
import time
from typing import Any

import pytest

from harness.conformance.guard import Misbehaviour, alarms, describe, guarded

WITH_ALARM = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no SIGALRM here")


def test_a_value_comes_back_as_it_is() -> None:
    value = object()
    assert guarded(lambda *given: (value, given), (1, "two")) == (value, (1, "two"))


def raises(error: BaseException) -> Any:
    def call() -> None:
        raise error

    return call


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError("no\n  good"), "ValueError: no good"),
        (SystemExit(3), "SystemExit: 3"),
        (GeneratorExit(), "GeneratorExit"),
        (BaseException("odd"), "BaseException: odd"),
        (RecursionError(), "RecursionError"),
        (MemoryError(), "MemoryError"),
    ],
)
def test_an_exception_of_any_kind_is_told(error: BaseException, told: str) -> None:
    with pytest.raises(Misbehaviour) as caught:
        guarded(raises(error), ())
    assert (caught.value.kind, caught.value.message) == ("exception", told)
    assert caught.value.__suppress_context__


def test_sys_exit_ends_the_call_only() -> None:
    with pytest.raises(Misbehaviour, match="SystemExit: bye"):
        guarded(sys.exit, ("bye",))


def test_ctrl_c_passes() -> None:
    with pytest.raises(KeyboardInterrupt):
        guarded(raises(KeyboardInterrupt()), ())


def test_a_long_message_is_cut() -> None:
    assert len(describe(ValueError("x" * 1000))) == 300


@WITH_ALARM
def test_python_code_that_does_not_end_is_ended() -> None:
    def forever() -> None:
        while True:
            try:
                while True:
                    pass
            except Exception:
                pass

    start = time.monotonic()
    with alarms(), pytest.raises(Misbehaviour) as caught:
        guarded(forever, (), 0.1)
    assert (caught.value.kind, caught.value.message) == ("hang", "no result after 0.1 s")
    assert time.monotonic() - start < 5


@WITH_ALARM
def test_what_is_quick_is_not_ended_and_later_code_neither() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with alarms():
        assert guarded(lambda: "done", (), 0.05) == "done"
        with pytest.raises(Misbehaviour):
            guarded(raises(ValueError()), (), 0.05)
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
        end = time.monotonic() + 0.1
        while time.monotonic() < end:
            pass
    assert signal.getsignal(signal.SIGALRM) == before


def test_another_thread_has_no_alarm_and_works() -> None:
    found: list[object] = []

    def work() -> None:
        with alarms():
            found.append(guarded(lambda: 5, ()))
            try:
                guarded(raises(ValueError("there")), ())
            except Misbehaviour as problem:
                found.append(problem.message)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [5, "ValueError: there"]
