"""A program that is none: in this process, behind a stream that can be cut or spoiled."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from harness.implementations import numpy_softmax
from harness.protocol.stream import Cut

Function = Callable[..., Any]

RIGHT: Mapping[str, Function] = {
    "softmaxVec": numpy_softmax.softmax_vec,
    "softmaxJvp": numpy_softmax.softmax_jvp,
    "sumExp": numpy_softmax.sum_exp,
    "dotCLM": numpy_softmax.dot_clm,
}
KINDS = {"float64": "<f8", "float32": "<f4", "float16": "<f2"}


class Fake:
    """Answers as a right program does, until `cut` bytes have come out of it.

    spoilt: position of a byte of its output -> what it is combined with by exclusive or. Answers
    are computed when they are asked for; nothing ever waits: what does not come now never will.
    """

    def __init__(
        self,
        functions: Mapping[str, Function] = RIGHT,
        *,
        cut: int | None = None,
        spoilt: Mapping[int, int] | None = None,
        stops: bool = True,
        hello: Mapping[str, object] | None = None,
    ) -> None:
        self.functions = functions
        self.cut = cut
        self.spoilt = spoilt or {}
        self.stops = stops  # at the cut: ended, or else silent
        self.said = bytearray()
        self.taken = 0
        self.calls = 0
        self.killed = False
        self.over = False
        self.greeting = {
            "kind": "hello",
            "protocol": 1,
            "name": "fake",
            "version": "1",
            "constants": dict.fromkeys(functions, "ieee"),
            "dtypes": ["float64", "float32"],
            **(hello or {}),
        }

    def write(self, data: bytes) -> None:
        line, _, numbers = data.partition(b"\n")
        message = json.loads(line)
        match message["kind"]:
            case "hello":
                self.say(self.greeting)
            case "call":
                self.answer(message, numbers)
            case "bye":
                self.say({"kind": "bye", "calls": self.calls})
                self.over = True

    def say(self, header: Mapping[str, object], numbers: bytes = b"") -> None:
        self.said += json.dumps(header).encode() + b"\n" + numbers

    def answer(self, message: Any, numbers: bytes) -> None:
        self.calls += 1
        arguments: list[Any] = []
        for told in message["arguments"]:
            if "index" in told:
                arguments.append(told["index"])
                continue
            count = int(np.prod(told["shape"], dtype=int))
            array = np.frombuffer(numbers, KINDS[message["dtype"]], count)
            numbers = numbers[array.nbytes :]
            arguments.append(array.reshape(told["shape"]))
        with np.errstate(all="ignore"):
            result = np.asarray(self.functions[message["constant"]](*arguments))
        data = result.astype(KINDS[message["dtype"]]).tobytes()
        header = {
            "kind": "result",
            "id": message["id"],
            "dtype": message["dtype"],
            "shape": result.shape,
            "bytes": len(data),
            "crc32": zlib.crc32(data),
        }
        self.say(header, data)

    @property
    def out(self) -> bytes:
        """What has come out and was not read."""
        out = bytearray(self.said[self.taken : self.cut])
        for position, mask in self.spoilt.items():
            if 0 <= position - self.taken < len(out):
                out[position - self.taken] ^= mask
        return bytes(out)

    @property
    def ended(self) -> bool:
        """Whether it is gone: has said bye, or was cut."""
        return self.over if self.whole else self.stops

    @property
    def whole(self) -> bool:
        """Whether all that it has said comes out."""
        return self.cut is None or len(self.said) <= self.cut

    def line(self, most: int, seconds: float) -> bytes:
        line, newline, _ = self.out[:most].partition(b"\n")
        if not newline:
            long = len(line) == most
            raise Cut("long" if long else "ended" if self.ended else "late", line)
        self.taken += len(line) + 1
        return line

    def read(self, count: int, seconds: float) -> bytes:
        data = self.out[:count]
        self.taken += len(data)
        if len(data) < count:
            raise Cut("ended" if self.ended else "late", data)
        return data

    def unasked(self) -> bytes:
        return self.out

    def finish(self, seconds: float) -> bytes:
        if not self.ended:
            raise Cut("late", self.out)
        return self.out

    def ending(self, seconds: float) -> str:
        return ("exit code 0" if self.whole else "signal SIGKILL") if self.ended else ""

    def log(self) -> str:
        return ""

    def kill(self) -> None:
        self.killed = True
