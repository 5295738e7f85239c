"""One conversation with a program: hello, calls, bye. What breaks the protocol is a `Breach`."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from harness.protocol.message import (
    MOST_HEADER,
    Argument,
    Block,
    Bye,
    Failure,
    Garbled,
    Hello,
    Result,
    call,
    farewell,
    greeting,
    quoted,
    read_answer,
)
from harness.protocol.stream import Cut, Stream

SETTLED = 1.0
"""Seconds for a program whose output has ended to be gone, so that it can be said how."""

_STDOUT = "stdout carries the protocol, other output belongs to stderr"

Kind = Literal["crash", "hang", "protocol"]


class Breach(Exception):
    """The conversation is over: the program is gone, silent, or says what it must not say."""

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(message)
        self.kind: Kind = kind
        self.message = message


class Refusal(Exception):
    """The program answered a call with an error; it can be called again."""


@dataclass(frozen=True)
class Limits:
    """Seconds: until the hello, for one call, from the bye until the program has ended."""

    start: float = 60.0
    call: float = 20.0
    end: float = 5.0


@dataclass(frozen=True)
class Numbers:
    """What a call returned."""

    dtype: str
    block: Block


_Answer = TypeVar("_Answer", Hello, Result, Failure, Bye)


class Conversation:
    """The order of messages, over a stream that nobody else reads or writes."""

    def __init__(self, stream: Stream, limits: Limits) -> None:
        self.stream = stream
        self.limits = limits
        self.calls = 0

    def greet(self) -> Hello:
        """Exchange the hellos. Breach."""
        self.stream.write(greeting())
        what = "hello"
        answer = self._header(what, self.limits.start)
        if not isinstance(answer, Hello):
            raise Breach("protocol", f"the program's {what} is of kind '{answer.kind}'")
        return answer

    def call(
        self,
        constant: str,
        dtype: str,
        device: str,
        arguments: Sequence[Argument],
        seconds: float | None = None,
    ) -> Numbers:
        """The result of a call. Refusal, Breach; ValueError when the arguments are too many."""
        message = call(self.calls + 1, constant, dtype, device, arguments)
        if unasked := self.stream.unasked():
            raise self._unasked(unasked, f"before it was called for {constant}")
        self.calls += 1
        self.stream.write(message)
        limit = self.limits.call if seconds is None else seconds
        what = f"answer to call {self.calls} ({constant})"
        answer = self._header(what, limit)
        if not isinstance(answer, Result | Failure):
            raise Breach("protocol", f"the program's {what} is of kind '{answer.kind}'")
        if answer.id != self.calls:
            raise Breach("protocol", f"the program's {what} has the id {answer.id}")
        if isinstance(answer, Failure):
            raise Refusal(answer.message)
        data = self._numbers(answer, what, limit)
        return Numbers(answer.dtype, Block(tuple(answer.shape), data))

    def part(self) -> None:
        """Exchange the byes, and see the program end. Breach."""
        if unasked := self.stream.unasked():
            raise self._unasked(unasked, "after its last answer")
        self.stream.write(farewell())
        what = "bye"
        answer = self._header(what, self.limits.end)
        if not isinstance(answer, Bye):
            raise Breach("protocol", f"the program's {what} is of kind '{answer.kind}'")
        if answer.calls != self.calls:
            raise Breach(
                "protocol", f"the program's {what} counts {answer.calls} calls of {self.calls}"
            )
        try:
            rest = self.stream.finish(self.limits.end)
        except Cut:
            message = f"the program still ran {self.limits.end:g} s after its bye and was ended"
            raise Breach("hang", message) from None
        if rest:
            raise self._unasked(rest, "after its bye")
        ending = self.stream.ending(SETTLED)
        if ending != "exit code 0":
            raise Breach(
                "crash", f"after its bye the program ended with {ending or 'no exit code'}"
            )

    def _header(self, what: str, seconds: float) -> Hello | Result | Failure | Bye:
        try:
            line = self.stream.line(MOST_HEADER, seconds)
        except Cut as cut:
            raise self._cut(cut, what, seconds, "a header line") from None
        try:
            return read_answer(line)
        except Garbled as problem:
            remark = "" if line.lstrip().startswith(b"{") else f" ({_STDOUT})"
            raise Breach("protocol", f"the program's {what} is wrong: {problem}{remark}") from None

    def _numbers(self, result: Result, what: str, seconds: float) -> bytes:
        try:
            data = self.stream.read(result.bytes, seconds)
        except Cut as cut:
            whole = f"the {result.bytes} bytes of numbers"
            raise self._cut(cut, what, seconds, whole, within=True) from None
        if result.crc32 is not None and zlib.crc32(data) != result.crc32:
            raise Breach(
                "protocol", f"the numbers of the program's {what} have another crc32 than stated"
            )
        return data

    def _cut(
        self, cut: Cut, what: str, seconds: float, whole: str, *, within: bool = False
    ) -> Breach:
        if cut.reason == "long":
            told = f"the program's {what} has no end of line in {MOST_HEADER} bytes"
            return Breach("protocol", f"{told}: {quoted(cut.got)} ({_STDOUT})")
        so_far = f"; {len(cut.got)} bytes of {whole} had come" if cut.got or within else ""
        if cut.reason == "late":
            return Breach("hang", f"the program's {what} did not come in {seconds:g} s{so_far}")
        ending = self.stream.ending(SETTLED)
        when = f"within its {what}" if cut.got or within else f"before its {what}"
        if not ending:
            return Breach("protocol", f"the program closed its output {when}{so_far}")
        return Breach("crash", f"the program ended with {ending} {when}{so_far}")

    def _unasked(self, data: bytes, when: str) -> Breach:
        message = f"the program wrote what nobody asked for {when}: {quoted(data)} ({_STDOUT})"
        return Breach("protocol", message)
