"""Who is judged in a run: its entries, made ready to be called; programs, started and ended."""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.conformance.backends import backend
from harness.conformance.calling import Callee
from harness.conformance.guard import TIME_LIMIT
from harness.conformance.remote import Starter, callees_of, program_of, start
from harness.conformance.subject import Subject
from harness.evaluate.arithmetic import Arithmetic
from harness.implementations.catalogue import load_catalogue
from harness.implementations.entry import Entry
from harness.implementations.resolve import callable_of
from harness.protocol.conversation import Breach
from harness.protocol.program import Program


@dataclass(frozen=True)
class Subjects:
    """The entries of a run, made ready to be called, and the programs that some of them are.

    starter: of programs. `close` it: they may still run.
    """

    entries: tuple[Entry, ...]
    starter: Starter = start
    _made: dict[tuple[str, str, str], Subject] = field(default_factory=dict)
    _programs: dict[str, Program] = field(default_factory=dict)

    def entry(self, name: str) -> Entry:
        """The entry of that name, which must be one of the run."""
        return next(entry for entry in self.entries if entry.name == name)

    def begin(self, entry: Entry) -> None:
        """A check of the entry begins. Spent when its program is not started again."""
        if entry.process is None:
            return
        if entry.name not in self._programs:
            self._programs[entry.name] = program_of(entry.process, self.starter)
        self._programs[entry.name].begin()

    def subject(self, entry: Entry, dtype: str, device: str) -> Subject:
        """The entry for a dtype and device; what it lacks is lent by our own of its backend.

        AbsentError where something is not on this machine, Misbehaviour of a program.
        """
        key = (entry.name, dtype, device)
        if key not in self._made:
            ours = next((e for e in load_catalogue() if e.name == entry.backend), None)
            if entry.process is None:
                own, promises = _callees(entry, dtype, device)
            else:
                own, promises = callees_of(entry, self._programs[entry.name], dtype, device)
            where = device if entry.process is None else "cpu"
            lent, lent_promises = _callees(ours, dtype, where) if ours else ({}, {})
            expected = "violates" if entry.expectation.violates else "conforms"
            self._made[key] = Subject(
                entry.name, dtype, device, own, promises, lent, lent_promises, expected
            )
        return self._made[key]

    def part(self, name: str) -> None:
        """Say bye to the program of an entry, where it is one that runs. Breach when it errs."""
        if name in self._programs:
            self._programs[name].part()

    def end(self) -> tuple[str, ...]:
        """Say bye to all programs; what goes wrong in it."""
        troubles: list[str] = []
        for name in self._programs:
            try:
                self.part(name)
            except Breach as breach:
                troubles.append(f"{name}: {breach.message}")
        return tuple(troubles)

    def close(self) -> None:
        """End the programs that still run."""
        for program in self._programs.values():
            program.kill()


def _callees(
    entry: Entry, dtype: str, device: str
) -> tuple[dict[str, Callee], dict[str, Arithmetic]]:
    library = backend(entry.backend, device)
    callees = {
        constant: Callee(
            constant,
            entry.name,
            callable_of(entry, constant),
            library,
            dtype,
            entry.min_n,
            limit=entry.seconds or TIME_LIMIT,
            max_n=entry.max_n,
            notes=one.adapter.notes(entry.backend),
        )
        for constant, one in entry.constants.items()
    }
    return callees, {c: one.arithmetic for c, one in entry.constants.items()}
