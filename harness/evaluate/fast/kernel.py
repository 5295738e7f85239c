"""Kernels: a compiled check, called on chunks of rows.

A row that a kernel judges is inside its bound by the walk's own rules. All others (`judged.look`)
are for the walk: those that violate, those too near to say, out of range, or exact by a rule that
only the walk knows. So no verdict rests on a kernel but "conforms".
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from harness.evaluate.arithmetic import Rounding
from harness.evaluate.fast.graph import MOST_COORDINATES
from harness.evaluate.fast.instructions import LANES
from harness.evaluate.fast.layout import Layout
from harness.evaluate.fast.machine import Compiled
from harness.evaluate.fast.rules import OWN_UNIT
from harness.evaluate.fast.summary import Summary, Worst
from harness.evaluate.fast.wide import UNIT
from harness.evaluate.histogram import BINS
from harness.statement.types import Length

Array = NDArray[Any]


@dataclass(frozen=True)
class Judged:
    """summary: of the rows that the kernel judged; look: the others, for the walk."""

    summary: Summary
    look: NDArray[np.intp]


class Judges(Protocol):
    """A check in some back end."""

    def judge(self, arrays: Sequence[Any], places: Mapping[str, int] | None = None) -> Judged:
        """Judge a chunk of rows: the arrays of the check in order, (rows, ...), and the indices
        among its arguments by name. ValueError for shapes that do not fit."""
        ...


@dataclass(frozen=True)
class Kernel:
    """A compiled check. name: for people; own: the shape of a row of results. Calls release the
    GIL and share nothing, so threads may judge chunks side by side."""

    name: str
    layout: Layout
    own: tuple[Length, ...]
    code: Compiled

    @property
    def storage(self) -> np.dtype[Any]:
        """What arrays are passed as; formats below float32 in float32."""
        return np.dtype(np.float64 if self.layout.storage == "double" else np.float32)

    def __call__(
        self, arrays: Sequence[Array], got: Array, places: Mapping[str, int] | None = None
    ) -> Judged:
        """Judge a chunk of rows.

        arrays: the sampled arguments in order, (rows, ...), got: (rows, ...), all of dtype
        `storage` (others are converted). places: the indices among the arguments by name.
        ValueError for shapes that do not fit.
        """
        return self.judge((*arrays, got), places)

    def judge(self, arrays: Sequence[Array], places: Mapping[str, int] | None = None) -> Judged:
        """The same with what came back among the arrays, in the order of `layout.arrays`."""
        passed = [np.ascontiguousarray(a, self.storage) for a in arrays]
        rows = passed[0].shape[0]
        sizes = sizes_of(self.layout.arrays, arrays, rows)
        if max(sizes.values(), default=0) > MOST_COORDINATES:
            return Judged(Summary(), np.arange(rows))
        lengths = np.array([length.at(sizes) for length in self.layout.lengths], np.int64)
        params = np.array([param(key, sizes) for key in self.layout.params], np.float64)
        given = np.array([(places or {})[p] for p in self.layout.places], np.int64)
        longest = -(-max([1, *lengths.tolist()]) // LANES) * LANES
        scratch = _aligned(max(1, self.layout.slots) * longest)
        octaves = np.empty(longest, np.uint8)
        flags = np.zeros(max(1, rows), np.uint8)
        histogram = np.zeros((LANES, BINS), np.int64)
        worst, where = np.full(2, -np.inf), np.array([-1, -1, 0], np.int64)
        pointers = (ctypes.c_void_p * len(passed))(*(a.ctypes.data for a in passed))
        self.code(
            pointers,
            lengths.ctypes.data,
            params.ctypes.data,
            given.ctypes.data,
            rows,
            scratch.ctypes.data,
            octaves.ctypes.data,
            flags.ctypes.data,
            histogram.ctypes.data,
            worst.ctypes.data,
            where.ctypes.data,
        )
        each = int(np.prod([length.at(sizes) for length in self.own], dtype=np.int64))
        summary = Summary(
            elements=int(where[2]) * each,
            ratio=Worst(float(worst[0]), int(where[0])),
            ulps=Worst(float(worst[1]), int(where[1])),
            histogram=tuple(histogram.sum(axis=0).tolist()),
        )
        return Judged(summary, np.flatnonzero(flags[:rows]))


def sizes_of(
    shapes: Sequence[Sequence[Length]], arrays: Sequence[Any], rows: int
) -> dict[str, int]:
    """The sizes, by name, at which arrays (rows, ...) have these shapes. ValueError where none."""
    sizes: dict[str, int] = {}
    for array, shape in zip(arrays, shapes, strict=True):
        for length, actual in zip(shape, array.shape[1:], strict=True):
            if len(set(length.variables)) == 1:
                found = (actual - length.offset) // len(length.variables)
                sizes.setdefault(length.variables[0], found)
    for array, shape in zip(arrays, shapes, strict=True):
        wanted = (rows, *(length.at(sizes) for length in shape))
        if tuple(array.shape) != wanted:
            raise ValueError(f"an array has shape {tuple(array.shape)}, not {wanted}")
    return sizes


def _aligned(count: int) -> NDArray[np.float64]:
    """Scratch memory that begins with a cache line."""
    raw = np.empty(count + 8)
    first = (-raw.ctypes.data % 64) // 8
    return raw[first : first + count]


def param(key: Any, sizes: dict[str, int]) -> float:
    """A number that depends on the sizes; `rules.py` names them."""
    kind, length = key[0], key[1]
    n: int = length.at(sizes)
    if kind == "length":
        return float(n)
    if kind == "own":
        # Any order of n summands, its own second order included.
        return n * OWN_UNIT * (1 + 2.0**-20)
    if kind == "own wide":
        # Any order of n summands, 3 u^2 for each step.
        return n * UNIT
    if kind == "several":
        return float(n > 1)
    if kind == "added":
        return float(n) if n > 1 else 0.0
    rounding: Rounding = key[2]
    return rounding.gamma(n)
