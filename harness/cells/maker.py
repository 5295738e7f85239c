"""What the generators ask of an array library, so that each is written once for all of them.

Every operation here is exact, rounds once as IEEE 754 says, or moves numbers about; so are the
operators that generators use on arrays: + - × on float64, + - × // % << >> & | ^ on int64 (>> keeps
the sign, overflow wraps), comparisons and abs. A library and device that keep this give the same
bits as every other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from harness.evaluate.formats import Format

Numbers = Any
"""An array of the library: float64, or int64 for whole numbers and patterns of bits, or bool."""

Shape = tuple[int, ...]


class Maker(Protocol):
    """Makes arrays of one library on one device."""

    def __hash__(self) -> int:
        """What is made by two that are equal is kept once."""

    def words(self, key: int, lane: int, shape: Shape) -> Numbers:
        """The first 64-bit words of Philox4x64-10 with a key of 128 bits, its counter from
        lane · 2^128 + 1 on (0 <= lane < 2^63)."""

    def shifted(self, words: Numbers, count: Numbers | int) -> Numbers:
        """Patterns of 64 bits moved `count` places to the right (1 to 63), zeros coming in."""

    def arange(self, count: int) -> Numbers:
        """0 ... count - 1."""

    def full(self, shape: Shape, value: float) -> Numbers:
        """One number everywhere: float64 for a float, int64 for an int."""

    def reals(self, whole: Numbers) -> Numbers:
        """Whole numbers up to 2^53 as float64."""

    def of_bits(self, patterns: Numbers) -> Numbers:
        """The float64 with these patterns."""

    def where(self, condition: Numbers, yes: Numbers | float, no: Numbers | float) -> Numbers:
        """yes where the condition holds, else no, both of one dtype."""

    def choose(self, index: Numbers, options: Sequence[Numbers]) -> Numbers:
        """options[index], everything broadcast."""

    def clipped(self, values: Numbers, low: float, high: float) -> Numbers:
        """The nearest within low ... high."""

    def ascending(self, values: Numbers) -> Numbers:
        """The rows sorted."""

    def backwards(self, values: Numbers) -> Numbers:
        """The last axis in the other direction."""

    def repeated(self, values: Numbers, times: int) -> Numbers:
        """Each row as often, one after the other."""

    def joined(self, parts: Sequence[Numbers]) -> Numbers:
        """The rows of one array after those of another, in an array that nothing else writes to."""

    def spread(self, values: Numbers, shape: Shape) -> Numbers:
        """Broadcast to a shape."""

    def copy(self, values: Numbers) -> Numbers:
        """An array of its own."""

    def rounded(self, values: Numbers, fmt: Format) -> Numbers:
        """The nearest number of the format, ties to even, carried in float64; |values| are at most
        its largest."""

    def kept(self, values: Numbers) -> Numbers:
        """The array, protected from writing where the library can do that."""
