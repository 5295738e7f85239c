"""A program in a process of its own, behind its stdin, stdout and stderr.

Threads do all reading and writing, so that a program that does not read, does not write, or writes
without end blocks nobody, on systems without `select` on pipes too. They end with the process; one
that something else keeps open (a process that the program started) is left behind, asleep.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.util import Finalize
from pathlib import Path
from typing import IO

from harness.protocol.guardian import Guardian
from harness.protocol.stream import Cut

MOST_WAITING = 1 << 20
"""Bytes that are taken from the program before they are asked for; then it must wait."""
_CHUNK = 1 << 16
_LOG = 4096
_DRAIN = 0.5  # seconds that output may take to arrive after the process is gone

Clock = Callable[[], float]


class Pipes:
    """A `Stream` over a process, which is started here. OSError when it cannot be."""

    def __init__(
        self, command: Sequence[str], folder: Path | None = None, clock: Clock = time.monotonic
    ) -> None:
        self._clock = clock
        self._guardian = Guardian()
        try:
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,  # a group of its own, which can be ended as a whole
            )
        except BaseException:
            self._guardian.dismiss()
            raise
        self._guardian.guard(self._process.pid)
        # Ended in order where this process ends in order; `Finalize` is called in workers, too.
        self._at_exit = Finalize(None, self.kill, exitpriority=1)
        process = self._process
        assert process.stdin and process.stdout and process.stderr
        self._inbox = _Inbox(clock)
        self._log = _Tail()
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        _in_thread(_pump, process.stdout, self._inbox)
        _in_thread(_pump, process.stderr, self._log)
        _in_thread(_send, process.stdin, self._outbox)
        _in_thread(self._watch)

    def write(self, data: bytes) -> None:
        """Send."""
        self._outbox.put(data)

    def line(self, most: int, seconds: float) -> bytes:
        """The next line without its newline. Cut."""
        return self._inbox.line(most, self._clock() + seconds)

    def read(self, count: int, seconds: float) -> bytes:
        """The next bytes. Cut."""
        return self._inbox.read(count, self._clock() + seconds)

    def unasked(self) -> bytes:
        """What has come and was not read yet."""
        return self._inbox.waiting()

    def finish(self, seconds: float) -> bytes:
        """Close the input; what comes until the output and the process end. Cut."""
        self._outbox.put(None)
        try:
            rest = self._inbox.read(MOST_WAITING, self._clock() + seconds)
        except Cut as cut:
            if cut.reason != "ended":
                raise
            rest = cut.got
        if not rest and not self.ending(seconds):
            raise Cut("late", rest)
        return rest

    def ending(self, seconds: float) -> str:
        """How the process ended, or "" while it runs."""
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return ""
        if code >= 0:
            return f"exit code {code}"
        try:
            return f"signal {signal.Signals(-code).name}"
        except ValueError:
            return f"signal {-code}"

    def log(self) -> str:
        """The end of stderr."""
        return self._log.text()

    def kill(self) -> None:
        """End the process and its group."""
        self._at_exit.cancel()
        if self._process.poll() is None:
            _end_group(self._process)
        self._guardian.dismiss()
        self._outbox.put(None)
        self._inbox.close()
        self.ending(_DRAIN)  # no zombie is left

    def _watch(self) -> None:
        self._process.wait()
        # What it started and left behind would keep the pipes open.
        _end_group(self._process)
        self._guardian.dismiss()  # the number of the group is free for others
        self._inbox.gone()


class _Inbox:
    """Bytes between the thread that reads them and the one that wants them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._data = bytearray()
        self._ended = False
        self._closed = False
        self._gone: float | None = None

    def feed(self, chunk: bytes) -> bool:
        """Take what was read; False when nobody wants more."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._data) < MOST_WAITING or self._closed)
            self._data += chunk
            self._changed.notify_all()
            return not self._closed

    def end(self) -> None:
        """Nothing more will be read."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def gone(self) -> None:
        """The process has ended; what it wrote is on its way."""
        with self._changed:
            self._gone = self._clock()
            self._changed.notify_all()

    def close(self) -> None:
        """Nobody will ask again."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def waiting(self) -> bytes:
        with self._changed:
            return bytes(self._data)

    def line(self, most: int, deadline: float) -> bytes:
        with self._changed:
            seen = 0
            while (end := self._data.find(b"\n", seen, most)) < 0:
                seen = len(self._data)
                if seen >= most:
                    raise Cut("long", bytes(self._data))
                if not self._more(deadline):
                    raise Cut("ended" if self._over() else "late", bytes(self._data))
            found = bytes(self._data[:end])
            del self._data[: end + 1]
            self._changed.notify_all()
            return found

    def read(self, count: int, deadline: float) -> bytes:
        found = bytearray()
        with self._changed:
            while True:
                part = self._data[: count - len(found)]
                found += part
                del self._data[: len(part)]
                self._changed.notify_all()
                if len(found) == count:
                    return bytes(found)
                if not self._more(deadline):
                    raise Cut("ended" if self._over() else "late", bytes(found))

    def _over(self) -> bool:
        """Whether all has come that will: its end, or no end long after the process is gone."""
        return self._ended or (self._gone is not None and self._clock() >= self._gone + _DRAIN)

    def _more(self, deadline: float) -> bool:
        """Wait until something changed; False when nothing can, or the deadline has passed."""
        if self._over() or self._closed:
            return False
        until = deadline if self._gone is None else min(deadline, self._gone + _DRAIN)
        left = until - self._clock()
        if left <= 0:
            return False
        self._changed.wait(left)
        return True


class _Tail:
    """The end of what is fed to it."""

    def __init__(self) -> None:
        self._data = b""

    def feed(self, chunk: bytes) -> bool:
        self._data = (self._data + chunk)[-_LOG:]
        return True

    def end(self) -> None:
        """Nothing to do: what there is stays."""

    def text(self) -> str:
        return self._data.decode("utf-8", errors="backslashreplace")


def _in_thread(work: Callable[..., None], *arguments: object) -> None:
    threading.Thread(target=work, args=arguments, daemon=True).start()


def _pump(source: IO[bytes], sink: _Inbox | _Tail) -> None:
    with source, suppress(OSError):
        while (chunk := source.read(_CHUNK)) and sink.feed(chunk):
            pass
    sink.end()


def _send(target: IO[bytes], outbox: queue.SimpleQueue[bytes | None]) -> None:
    # A program that has gone shows in what it no longer answers. Closing flushes nothing.
    with suppress(OSError), target:
        while (data := outbox.get()) is not None:
            view = memoryview(data)
            while view:
                view = view[target.write(view) :]


def _end_group(process: subprocess.Popen[bytes]) -> None:
    if os.name == "posix":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
