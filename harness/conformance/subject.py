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
        found = [self.callee(c) for c in constants]
        return max((one.min_n for one in found if one), default=0)
