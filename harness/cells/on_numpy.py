"""Arrays of numpy for the generators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from harness.cells.maker import Maker, Numbers, Shape
from harness.evaluate.formats import Format, round_to


@dataclass(frozen=True)
class OnNumpy:
    """As in `Maker`; float64, int64 and bool arrays."""

    def words(self, key: int, lane: int, shape: Shape) -> Numbers:
        """Of numpy's own Philox."""
        # The low 128 bits of the counter run within a lane, so lanes cannot overlap.
        generator = np.random.Philox(key=key, counter=lane << 128)
        return np.asarray(generator.random_raw(shape), dtype=np.uint64).view(np.int64)

    def shifted(self, words: Numbers, count: Numbers | int) -> Numbers:
        """By the shift of unsigned numbers."""
        places = np.asarray(count).astype(np.uint64)
        return np.asarray(words.view(np.uint64) >> places).view(np.int64)

    def arange(self, count: int) -> Numbers:
        """int64 on every machine."""
        return np.arange(count, dtype=np.int64)

    def full(self, shape: Shape, value: float) -> Numbers:
        """int64 or float64."""
        return np.full(shape, value, np.int64 if isinstance(value, int) else np.float64)

    def reals(self, whole: Numbers) -> Numbers:
        """Exact."""
        return whole.astype(np.float64)

    def of_bits(self, patterns: Numbers) -> Numbers:
        """The same memory."""
        return patterns.view(np.float64)

    def where(self, condition: Numbers, yes: Numbers | float, no: Numbers | float) -> Numbers:
        """A new array."""
        return np.where(condition, yes, no)

    def choose(self, index: Numbers, options: Sequence[Numbers]) -> Numbers:
        """A new array."""
        return np.asarray(np.choose(index, options))

    def clipped(self, values: Numbers, low: float, high: float) -> Numbers:
        """A new array."""
        return np.clip(values, low, high)

    def ascending(self, values: Numbers) -> Numbers:
        """A new array."""
        return np.sort(values, axis=-1)

    def backwards(self, values: Numbers) -> Numbers:
        """A view."""
        return values[..., ::-1]

    def repeated(self, values: Numbers, times: int) -> Numbers:
        """A new array."""
        return np.repeat(values, times, axis=0)

    def joined(self, parts: Sequence[Numbers]) -> Numbers:
        """A new array, which may be written to."""
        return np.concatenate(parts)

    def spread(self, values: Numbers, shape: Shape) -> Numbers:
        """A view."""
        return np.broadcast_to(values, shape)

    def copy(self, values: Numbers) -> Numbers:
        """A new array."""
        return values.copy()

    def rounded(self, values: Numbers, fmt: Format) -> Numbers:
        """By `formats.round_to`."""
        return round_to(values, fmt)

    def kept(self, values: Numbers) -> Numbers:
        """Read-only from now on."""
        values.setflags(write=False)
        return values


NUMPY: Maker = OnNumpy()
