"""Kernels of LLVM's code: a compiled check, called on chunks of rows."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.evaluate.arithmetic import Arithmetic
from harness.evaluate.fast.definition import Equations, lowered_definition
from harness.evaluate.fast.graph import MOST_COORDINATES
from harness.evaluate.fast.judged import Judged, param, sizes_of
from harness.evaluate.fast.llvm.emit import Emitter
from harness.evaluate.fast.llvm.instructions import LANES
from harness.evaluate.fast.llvm.layout import Layout
from harness.evaluate.fast.llvm.machine import Compiled, Store, compiled
from harness.evaluate.fast.lowered import Lowered
from harness.evaluate.fast.summary import Summary, Worst
from harness.evaluate.histogram import BINS
from harness.statement.types import Length

Array = NDArray[Any]


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


def _aligned(count: int) -> NDArray[np.float64]:
    """Scratch memory that begins with a cache line."""
    raw = np.empty(count + 8)
    first = (-raw.ctypes.data % 64) // 8
    return raw[first : first + count]


def compile_definition(
    sets: Sequence[Equations],
    reference: Equations,
    constant: str,
    arithmetic: Arithmetic,
    dtype: str,
    store: Store | None = None,
) -> Kernel:
    """The definition check of a constant as a kernel.

    NotCompiled, with the reason, where it has no kernel; AbsentError without llvmlite.
    """
    return compiled_kernel(lowered_definition(sets, reference, constant, arithmetic, dtype), store)


def compiled_kernel(made: Lowered, store: Store | None = None) -> Kernel:
    """The code of a graph. AbsentError without llvmlite."""
    emitter = Emitter(made.graph, made.outcome, made.storage, made.arrays)
    return Kernel(made.title, emitter.layout, made.own, compiled(emitter.text(), store))
