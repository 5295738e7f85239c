"""Who is judged: a catalogue entry for one dtype and device, its constants resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.conformance.calling import Callee
from harness.evaluate.arithmetic import Arithmetic


@dataclass(frozen=True)
class Subject:
    """name: of the entry; callees: constant -> what to call; arithmetics: its promise.

    ours: callees of the same backend that stand in where a theorem names a constant that
    the entry lacks (they are printed as "ours"). expected: what the entry says of itself.
    """

    name: str
    dtype: str
    device: str
    callees: Mapping[str, Callee]
    arithmetics: Mapping[str, Arithmetic]
    ours: Mapping[str, Callee]
    our_arithmetics: Mapping[str, Arithmetic]
    expected: str = "conforms"

    def callee(self, constant: str) -> Callee | None:
        """The entry's own, else ours, else None."""
        return self.callees.get(constant) or self.ours.get(constant)

    def arithmetic(self, constant: str) -> Arithmetic:
        """The promise of whoever implements the constant here."""
        if constant in self.callees:
            return self.arithmetics[constant]
        return self.our_arithmetics[constant]

    def min_n(self, constants: tuple[str, ...]) -> int:
        """The smallest n that all of the constants accept."""
        return max((one.min_n for one in self._all(constants)), default=0)

    def takes(self, n: int, constants: tuple[str, ...]) -> bool:
        """Whether all of the constants accept vectors of that size."""
        most = [one.max_n for one in self._all(constants) if one.max_n is not None]
        return self.min_n(constants) <= n <= min(most, default=n)

    def notes(self, constants: tuple[str, ...]) -> tuple[str, ...]:
        """What the adapters of the constants keep from being judged."""
        return tuple(dict.fromkeys(note for one in self._all(constants) for note in one.notes))

    def layouts(self, constants: tuple[str, ...]) -> bool:
        """Whether arrays reach all of the constants in the layout in which they are passed."""
        return all(one.layouts for one in self._all(constants))

    def _all(self, constants: tuple[str, ...]) -> list[Callee]:
        found = [self.callee(constant) for constant in constants]
        return [one for one in found if one]
