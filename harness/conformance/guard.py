"""Calls of foreign code: whatever it does becomes a value or a violation, never a crash of ours."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from harness.errors import AbsentError
from harness.implementations.arrays import WrongKind

TIME_LIMIT = 20.0
"""Seconds that one call of an implementation may take (a default cell takes well under 1 ms)."""


FATAL = frozenset({"hang", "crash", "protocol"})
"""Kinds of misbehaviour after which a check makes no further call: it would fare no better."""


class Misbehaviour(Exception):
    """What a call did instead of returning a value; `kind` as in `Violation`."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


class _TimeUp(BaseException):
    """Raised inside the foreign call; BaseException, so that `except Exception` does not eat it."""


def guarded(call: Callable[..., Any], arguments: tuple[Any, ...], limit: float = TIME_LIMIT) -> Any:
    """The result of the call. Misbehaviour when it raises, exits or exceeds the time limit;
    AbsentError when its adapter finds a dtype or device that the library lacks.

    The limit interrupts Python code, inside a block of `alarms`; a loop in compiled code is ended
    from outside, by `supervise`.
    """
    try:
        with _ringing(limit):
            return call(*arguments)
    except _TimeUp:
        raise Misbehaviour("hang", f"no result after {limit:g} s") from None
    except (KeyboardInterrupt, AbsentError):  # an adapter's: the library lacks the dtype
        raise
    except WrongKind as error:
        raise Misbehaviour("type", str(error)) from None
    except BaseException as error:
        raise Misbehaviour("exception", describe(error)) from None


def describe(error: BaseException) -> str:
    """Type and message of an exception, in one line of at most 300 characters."""
    text = " ".join(str(error).split())
    line = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return line if len(line) <= 300 else line[:297] + "..."


@contextmanager
def alarms() -> Iterator[None]:
    """Let `guarded` end calls in this block: where there is SIGALRM, and in the main thread."""
    if not _usable():
        yield
        return

    def ring(_signal: int, _frame: object) -> None:
        raise _TimeUp

    before = signal.signal(signal.SIGALRM, ring)
    try:
        yield
    finally:
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _ringing(seconds: float) -> Iterator[None]:
    if not _usable():
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _usable() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
