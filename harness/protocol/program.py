"""A program over a whole run: started when it is called, and again after it failed, a few times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from harness.protocol.conversation import Breach, Conversation, Limits, Numbers, Refusal
from harness.protocol.message import Argument, Hello
from harness.protocol.stream import Stream

MOST_FAILURES = 3
"""After so many broken conversations a program is not started again."""

_LOG_SHOWN, _LOG_LINES = 300, 3

_Made = TypeVar("_Made")


class Spent(Exception):
    """The program has failed too often to be started again; the message says how."""


class Program:
    """start: starts the program, OSError when that fails; limits: of each conversation.

    Checks are run one after the other: `begin` is called before each. Once the program has failed
    in a check, every further call of that check fails in the same way, at once.
    """

    def __init__(self, start: Callable[[], Stream], limits: Limits | None = None) -> None:
        self._start = start
        self._limits = limits or Limits()
        self._conversation: Conversation | None = None
        self._hello: Hello | None = None
        self._broken: Breach | None = None
        self._failures = 0

    def begin(self) -> None:
        """A check begins. Spent when the program failed too often in earlier ones."""
        if self._failures >= MOST_FAILURES and self._conversation is None:
            assert self._broken
            times = f"failed {self._failures} times and was not started again"
            raise Spent(f"its program {times}; last: {self._broken.message}")
        self._broken = None

    def hello(self) -> Hello:
        """What the program says of itself; it is started where it does not run. Breach."""
        self._running()
        assert self._hello
        return self._hello

    def call(
        self,
        constant: str,
        dtype: str,
        device: str,
        arguments: Sequence[Argument],
        seconds: float | None = None,
    ) -> Numbers:
        """As of a `Conversation`, with a program that runs. Breach, Refusal."""
        conversation = self._running()
        return self._watched(
            conversation, lambda: conversation.call(constant, dtype, device, arguments, seconds)
        )

    def part(self) -> None:
        """Say bye, where there is somebody to say it to. Breach."""
        conversation, self._conversation = self._conversation, None
        if conversation is None:
            return
        self._watched(conversation, conversation.part)
        conversation.stream.kill()

    def kill(self) -> None:
        """End the program without a word."""
        conversation, self._conversation = self._conversation, None
        if conversation is not None:
            conversation.stream.kill()

    def _running(self) -> Conversation:
        if self._broken is not None:
            raise Breach(self._broken.kind, self._broken.message)
        if self._conversation is None:
            try:
                stream = self._start()
            except OSError as error:
                problem = f"the program cannot be started: {error.strerror or error}"
                raise self._failed(Breach("crash", problem)) from None
            conversation = Conversation(stream, self._limits)
            hello = self._watched(conversation, conversation.greet)
            if self._hello not in (None, hello):
                conversation.stream.kill()
                message = "started again, the program's hello is another one than before"
                raise self._failed(Breach("protocol", message))
            self._conversation, self._hello = conversation, hello
        return self._conversation

    def _watched(self, conversation: Conversation, act: Callable[[], _Made]) -> _Made:
        """What `act` returns; unless it ends well, the program is ended."""
        try:
            return act()
        except Refusal:
            raise
        except Breach as breach:
            self._conversation = None
            conversation.stream.kill()
            raise self._failed(_with_log(breach, conversation.stream.log())) from None
        except BaseException:  # Ctrl-C: half a message may be under way
            self._conversation = None
            conversation.stream.kill()
            raise

    def _failed(self, breach: Breach) -> Breach:
        self._broken = breach
        self._failures += 1
        return breach


def _with_log(breach: Breach, log: str) -> Breach:
    """The breach, with the last words of the program on stderr."""
    lines = [line.strip() for line in log.splitlines() if line.strip(" \t^~")]
    words = " / ".join(lines[-_LOG_LINES:])
    if not words:
        return breach
    shown = words if len(words) <= _LOG_SHOWN else "…" + words[-_LOG_SHOWN:]
    return Breach(breach.kind, f"{breach.message}; its stderr ends: {shown}")
