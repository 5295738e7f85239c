"""Programs of catalogue entries: called as functions are, and what they break as misbehaviour."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from harness.conformance.backends import backend
from harness.conformance.calling import Callee
from harness.conformance.guard import Misbehaviour
from harness.errors import AbsentError, InputError
from harness.evaluate.arithmetic import Arithmetic, named
from harness.evaluate.formats import FORMATS
from harness.implementations.adapter import Adapter, lift
from harness.implementations.arrays import WrongKind, bfloat16
from harness.implementations.entry import Entry, Process
from harness.protocol.command import found
from harness.protocol.conversation import Breach, Limits, Numbers, Refusal
from harness.protocol.message import Argument, Block, Hello
from harness.protocol.pipes import Pipes
from harness.protocol.program import Program
from harness.protocol.stream import Stream

Starter = Callable[[Process], Stream]


def start(process: Process) -> Stream:
    """The program in a process of its own. OSError; AbsentError when it is not installed."""
    try:
        words = found(process.command, process.folder, process.place)
    except AbsentError:
        raise
    except InputError as error:  # it was there when the run began
        raise OSError(error.message) from None
    return Pipes(words, process.folder)


def program_of(process: Process, starter: Starter = start) -> Program:
    """The program of an entry; nothing is started yet."""
    limits = Limits(start=process.start_seconds, call=process.seconds)
    return Program(lambda: starter(process), limits)


def hello_of(program: Program) -> Hello:
    """What the program says of itself. Misbehaviour."""
    try:
        return program.hello()
    except Breach as breach:
        raise Misbehaviour(breach.kind, breach.message) from None


def callees_of(
    entry: Entry, program: Program, dtype: str, device: str
) -> tuple[dict[str, Callee], dict[str, Arithmetic]]:
    """What the program offers of the entry's constants, and what it promises.

    AbsentError when it has no such dtype or device; Misbehaviour when it says no proper hello.
    """
    assert entry.process is not None
    hello = hello_of(program)
    if dtype not in hello.dtypes:
        raise AbsentError(f"the program of {entry.name} has no {dtype}")
    if device not in hello.devices:
        raise AbsentError(f"the program of {entry.name} does not run on {device}")
    arrays = backend("numpy")
    callees: dict[str, Callee] = {}
    promises: dict[str, Arithmetic] = {}
    for constant in entry.constants:
        if constant not in hello.constants:
            continue
        try:
            promise = named(hello.constants[constant])
        except InputError as error:
            message = f"the program's hello promises of {constant}: {error}"
            raise Misbehaviour("protocol", message) from None
        promises[constant] = entry.process.promises.get(constant, promise)
        rows = Adapter() if hello.batch else Adapter(rows="loop")
        callees[constant] = Callee(
            constant,
            entry.name,
            partial(_called, program, constant, dtype, device, rows),
            arrays,
            dtype,
            max(entry.min_n, hello.min_n),
            limit=entry.process.seconds,
            notes=rows.notes("numpy"),
            perform=_performed,
            layouts=False,
        )
    return callees, promises


def _performed(function: Callable[..., Any], arguments: tuple[Any, ...], limit: float) -> Any:
    """As `guarded` does it for functions; the limit is kept by the conversation itself."""
    try:
        return function(limit, *arguments)
    except Breach as breach:
        raise Misbehaviour(breach.kind, breach.message) from None
    except Refusal as refusal:
        raise Misbehaviour("exception", " ".join(str(refusal).split())) from None
    except WrongKind as error:
        raise Misbehaviour("type", str(error)) from None


def _called(
    program: Program,
    constant: str,
    dtype: str,
    device: str,
    rows: Adapter,
    limit: float,
    *arguments: Any,
) -> Any:
    def once(*passed: Any) -> Any:
        sent = [_sent(one) for one in passed]
        try:
            numbers = program.call(constant, dtype, device, sent, limit)
        except ValueError as error:  # too many for one message
            raise AbsentError(str(error)) from None
        return _received(numbers)

    return lift(once, rows, "numpy")(*arguments)


def _sent(argument: Any) -> Argument:
    if isinstance(argument, int):
        return argument
    array = np.ascontiguousarray(argument)
    return Block(np.shape(argument), _little(array).tobytes())


def _received(numbers: Numbers) -> Any:
    block = numbers.block
    kind = FORMATS[numbers.dtype].numpy_dtype or bfloat16()
    flat = _little(np.frombuffer(block.data, kind))
    try:
        return flat.reshape(block.shape)
    except ValueError:  # such as (0, 2^40, 2^40)
        raise WrongKind(f"returned shape {block.shape}, which numpy cannot hold") from None


def _little(array: Any) -> Any:
    """From the machine's order of bytes to the protocol's, and back."""
    return array if sys.byteorder == "little" else array.byteswap()
