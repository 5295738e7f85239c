"""Entries for programs that a user names on the spot: what they implement, their hello says."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from harness.conformance.guard import Misbehaviour
from harness.conformance.remote import Starter, hello_of, program_of, start
from harness.errors import AbsentError, InputError, did_you_mean
from harness.evaluate.arithmetic import named
from harness.implementations.entry import Entry, Implementation, Process
from harness.implementations.user_entry import DEFAULT_DTYPES
from harness.protocol.command import found
from harness.protocol.conversation import Breach
from harness.protocol.message import Hello
from harness.specs.library import SpecLibrary

Command = str | Sequence[str]


@dataclass(frozen=True)
class Found:
    """entries: one for each program; remarks: what of them is not judged."""

    entries: tuple[Entry, ...]
    remarks: tuple[str, ...] = ()


def process_entries(
    commands: Iterable[Command],
    library: SpecLibrary,
    arithmetic: Mapping[str, str] = MappingProxyType({}),
    starter: Starter = start,
) -> Found:
    """The entries of programs, each started once to say hello.

    A command is a text, taken apart as a shell does, or its words. What says no proper hello is
    judged for every constant of the specs, so that it violates instead of ending the run.
    InputError for a command that cannot be started, for a program that offers no known constant,
    and for an arithmetic of a constant that none offers.
    """
    entries: list[Entry] = []
    remarks: list[str] = []
    for command in commands:
        process = Process(_words(command))
        if starter is start:
            found(process.command)
        hello = _hello(process, starter)
        known = list(library.definitions)
        offered = known if hello is None else [c for c in hello.constants if c in known]
        name = _free_name(process, hello, entries)
        unknown = [] if hello is None else [c for c in hello.constants if c not in known]
        if not offered:
            hint = did_you_mean(unknown[0], known) or f"known: {', '.join(sorted(known))}"
            message = f"{name} offers {', '.join(unknown)}, and no spec defines it"
            raise InputError(message, hint=hint)
        remarks += [f"{name} offers {c}, which no spec defines: not judged" for c in unknown]
        entries.append(_entry(name, process, hello, offered, arithmetic))
    for constant in arithmetic:
        if not any(constant in entry.constants for entry in entries):
            raise InputError(f"an arithmetic is declared for '{constant}', which no program offers")
    return Found(tuple(entries), tuple(remarks))


def refuse_missing(entries: Iterable[Entry]) -> None:
    """InputError for a program of a catalogue that is not where the catalogue says.

    One that is looked up by name, and is not installed, is judged unsupported instead.
    """
    for process in (entry.process for entry in entries if entry.process):
        with suppress(AbsentError):
            found(process.command, process.folder, process.place)


def _words(command: Command) -> tuple[str, ...]:
    try:
        words = shlex.split(command) if isinstance(command, str) else list(command)
    except ValueError as error:
        raise InputError(f"the command {command!r} is no command: {error}") from None
    if not words or not words[0]:
        raise InputError("the command of a process is empty", hint='as in: --process "./softmax"')
    return tuple(words)


def _hello(process: Process, starter: Starter) -> Hello | None:
    program = program_of(process, starter)
    try:
        hello = hello_of(program)
        # What goes wrong in its bye goes wrong again in the run, where it is a verdict.
        with suppress(Breach):
            program.part()
    except AbsentError:
        raise
    except Misbehaviour:
        return None
    finally:
        program.kill()
    return hello


def _free_name(process: Process, hello: Hello | None, entries: Sequence[Entry]) -> str:
    if hello is not None:
        name = hello.name
    else:
        stem = Path(process.command[0]).name
        name = re.sub(r"[^A-Za-z0-9_.+-]+|^[^A-Za-z0-9]+", "", stem) or "program"
    taken = {entry.name for entry in entries}
    count = 1
    while (free := name if count == 1 else f"{name}-{count}") in taken:
        count += 1
    return free


def _entry(
    name: str,
    process: Process,
    hello: Hello | None,
    constants: Sequence[str],
    arithmetic: Mapping[str, str],
) -> Entry:
    promises = {c: named(word) for c, word in arithmetic.items() if c in constants}
    reference = f"process:<{shlex.join(process.command)}>"
    return Entry(
        name=name,
        backend="numpy",
        constants={constant: Implementation(reference) for constant in constants},
        dtypes=tuple(dict.fromkeys(hello.dtypes)) if hello else DEFAULT_DTYPES,
        devices=tuple(dict.fromkeys(hello.devices)) if hello else ("cpu",),
        process=Process(process.command, promises=promises),
    )
