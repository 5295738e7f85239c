"""The header lines of the protocol: what may stand in them, written and read.

docs/protocol.md says it in prose. A message is one line of JSON, and in a call and a result the
numbers after it; nothing here touches a pipe.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

PROTOCOL = 1
MOST_HEADER = 1 << 16
"""Bytes of a header line, its newline included."""
MOST_NUMBERS = 1 << 28
"""Bytes of the numbers of one message."""
SIZES = {"float64": 8, "float32": 4, "float16": 2, "bfloat16": 2}
"""dtype -> bytes of one number."""

_SHOWN = 60

Dtype = Literal["float64", "float32", "float16", "bfloat16"]
Natural = Annotated[int, Field(ge=0, le=1 << 53)]
Text = Annotated[str, StringConstraints(max_length=2000)]


class Garbled(Exception):
    """A header line that is not what the protocol says; the message says why."""


class _Header(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Hello(_Header):
    """What a program says of itself. constants: what it implements -> named arithmetic; min_n:
    shorter vectors are unsupported; batch: whether it takes leading axes."""

    kind: Literal["hello"]
    protocol: Literal[1]
    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.+-]{0,79}$")]
    version: Annotated[str, StringConstraints(max_length=80)] = ""
    constants: Annotated[dict[Text, Text], Field(min_length=1)]
    dtypes: Annotated[list[Dtype], Field(min_length=1)]
    devices: Annotated[list[Literal["cpu", "cuda"]], Field(min_length=1)] = ["cpu"]
    min_n: Natural = 0
    batch: bool = True


class Result(_Header):
    """The answer to a call, followed by `bytes` bytes. crc32: of these bytes, where given."""

    kind: Literal["result"]
    id: Natural
    dtype: Dtype
    shape: Annotated[list[Natural], Field(max_length=8)]
    bytes: Annotated[int, Field(ge=0, le=MOST_NUMBERS)]
    crc32: Natural | None = None


class Failure(_Header):
    """The answer to a call that failed, and that leaves the program fit for the next one."""

    kind: Literal["error"]
    id: Natural
    message: Text


class Bye(_Header):
    """The program's last message. calls: how many it has answered."""

    kind: Literal["bye"]
    calls: Natural


@dataclass(frozen=True)
class Block:
    """Numbers on the wire: little-endian, the last axis innermost, without gaps."""

    shape: tuple[int, ...]
    data: bytes


Argument = Block | int
"""An array, or an index."""

_ANSWERS: TypeAdapter[Hello | Result | Failure | Bye] = TypeAdapter(
    Annotated[Hello | Result | Failure | Bye, Field(discriminator="kind")]
)


def greeting() -> bytes:
    """The harness's hello."""
    return _line({"kind": "hello", "protocol": PROTOCOL})


def call(
    number: int, constant: str, dtype: str, device: str, arguments: Sequence[Argument]
) -> bytes:
    """A call, the numbers of its arguments included. ValueError when they are too many."""
    blocks = [one for one in arguments if isinstance(one, Block)]
    count = sum(len(block.data) for block in blocks)
    if count > MOST_NUMBERS:
        raise ValueError(f"{count} bytes of arguments, at most {MOST_NUMBERS} can be sent")
    told = [
        {"shape": list(one.shape)} if isinstance(one, Block) else {"index": one}
        for one in arguments
    ]
    header = _line(
        {
            "kind": "call",
            "id": number,
            "constant": constant,
            "dtype": dtype,
            "device": device,
            "arguments": told,
            "bytes": count,
        }
    )
    return b"".join([header, *(block.data for block in blocks)])


def farewell() -> bytes:
    """The harness's bye."""
    return _line({"kind": "bye"})


def read_answer(line: bytes) -> Hello | Result | Failure | Bye:
    """The message of a header line of a program, without its newline. Garbled for another text."""
    try:
        answer = _ANSWERS.validate_json(line)
    except ValidationError as error:
        raise Garbled(_why(line, error)) from None
    if isinstance(answer, Result):
        count = math.prod(answer.shape) * SIZES[answer.dtype]
        if answer.bytes != count:
            said = f"shape {answer.shape} of {answer.dtype} takes {count} bytes"
            raise Garbled(f"{said}, not {answer.bytes}")
    return answer


def quoted(data: bytes) -> str:
    """The beginning of what came, to be shown in a message."""
    text = repr(data[: _SHOWN + 1].decode("utf-8", errors="backslashreplace"))
    return text if len(text) <= _SHOWN + 2 else text[:_SHOWN] + "…'"


def _line(header: dict[str, object]) -> bytes:
    return json.dumps(header, separators=(",", ":")).encode("ascii") + b"\n"


def _why(line: bytes, error: ValidationError) -> str:
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return f"not a line of JSON: {quoted(line)}"
    place = [str(part) for part in first["loc"][1:]]  # the first part is the kind of message
    name = place[-1] if place else "it"
    of = f" of '{'.'.join(place[:-1])}'" if place[:-1] else ""
    match first["type"]:
        case "union_tag_not_found" | "union_tag_invalid" | "dict_type" | "model_type":
            return f"no kind of message (hello, result, error, bye): {quoted(line)}"
        case "missing":
            return f"'{name}'{of} is missing: {quoted(line)}"
        case "extra_forbidden":
            return f"unknown key '{name}'{of}: {quoted(line)}"
        case "literal_error" if name == "protocol":
            return f"it speaks protocol {first['input']}, this is protocol {PROTOCOL}"
        case _:
            said = first["msg"].removeprefix("Input ")
            return f"'{name}'{of} {said}: {quoted(line)}"
