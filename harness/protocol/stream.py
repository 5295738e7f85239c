"""What a conversation needs of the connection to a program: bytes in both directions, and limits.

`pipes` connects to a process. Tests put recorded bytes in its place.
"""

from __future__ import annotations

from typing import Literal, Protocol


class Cut(Exception):
    """What was asked for did not come whole. reason: the stream `ended`, the time was over
    (`late`), or no newline came in as many bytes as a line may have (`long`); got: what did come.
    """

    def __init__(self, reason: Literal["ended", "late", "long"], got: bytes) -> None:
        super().__init__(reason)
        self.reason = reason
        self.got = got


class Stream(Protocol):
    """One run of a program. Times are seconds."""

    def write(self, data: bytes) -> None:
        """Send. Never blocks, never fails: what does not arrive shows in what comes back."""

    def line(self, most: int, seconds: float) -> bytes:
        """The next line without its newline, which is among the first `most` bytes. Cut."""

    def read(self, count: int, seconds: float) -> bytes:
        """The next `count` bytes. Cut."""

    def unasked(self) -> bytes:
        """What has come and was not read yet; it stays to be read."""

    def finish(self, seconds: float) -> bytes:
        """Close the input and wait for the end of the output and of the program: what came until
        then. Cut when it does not end."""

    def ending(self, seconds: float) -> str:
        """How the program ended, `exit code 3` or `signal SIGSEGV`, or "" while it runs. Waits."""

    def log(self) -> str:
        """The end of what the program wrote to stderr."""

    def kill(self) -> None:
        """End the program, and what it started, now. May be called again."""
