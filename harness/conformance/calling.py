"""Calls an implementation on the cells of a sheet and puts what came back side by side.

The calling convention (docs/calling.md): the explicit Lean arguments in Lean order; vectors
(..., n), linear maps as their coefficients, rows (..., n, m), an index as a Python int; a returned
linear map is applied at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.cells.views import place, surroundings_intact
from harness.conformance.backends import Backend
from harness.conformance.guard import FATAL, TIME_LIMIT, Misbehaviour, alarms, describe, guarded
from harness.conformance.sheet import Placed

_SMALLEST_NORMAL = 2.0**-1022

Argument = NDArray[np.floating] | int
"""Numbers of the format, (rows, ...), or an index."""


@dataclass(frozen=True)
class Callee:
    """One constant of one catalogue entry, ready to be called. min_n, max_n: other sizes are
    unsupported; limit: seconds for one call; notes: what its adapter keeps from being judged;
    perform: makes the call, within its limit; layouts: whether arrays arrive in the layout in which
    they are passed."""

    constant: str
    entry: str
    function: Callable[..., Any]
    backend: Backend
    dtype: str
    min_n: int = 0
    limit: float = TIME_LIMIT
    max_n: int | None = None
    notes: tuple[str, ...] = ()
    perform: Callable[[Callable[..., Any], tuple[Any, ...], float], Any] = guarded
    layouts: bool = True


@dataclass(frozen=True)
class Trouble:
    """A call that did not give a usable value: the cell, what happened, at which of its rows (at
    all of them where none is named)."""

    placed: Placed
    kind: str
    message: str
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Results:
    """numbers: (rows, ...) in float64, NaN where there is trouble; done: rows with a result."""

    numbers: NDArray[np.float64]
    done: NDArray[np.bool_]
    trouble: tuple[Trouble, ...]


def call_cells(
    callee: Callee,
    arguments: Sequence[Argument],
    rows: int,
    own: tuple[int, ...],
    cells: Sequence[Placed],
) -> Results:
    """One call per cell, in its batch shape and view.

    arguments: for all rows of the sheet; own: the axes of one result, () for a real number.
    """
    backend, dtype = callee.backend, callee.dtype
    native = [
        a if isinstance(a, int) else backend.make(np.asarray(a, np.float64), dtype)
        for a in arguments
    ]
    numbers = np.full((rows, *own), np.nan)
    done = np.zeros(rows, dtype=bool)
    trouble: list[Trouble] = []
    with alarms():
        for placed in cells:
            try:
                part = _call(callee, native, placed, own)
                numbers[placed.rows] = part.reshape(placed.stop - placed.start, *own)
                done[placed.rows] = True
            except Misbehaviour as problem:
                trouble.append(Trouble(placed, problem.kind, problem.message))
                if problem.kind in FATAL:
                    break
    return Results(numbers, done, tuple(trouble))


def _call(
    callee: Callee, native: Sequence[Any], placed: Placed, own: tuple[int, ...]
) -> NDArray[np.float64]:
    backend, batch = callee.backend, placed.cell.batch
    laid = [
        a
        if isinstance(a, int)
        else place(a[placed.rows].reshape((*batch, *a.shape[1:])), placed.cell.view)
        for a in native
    ]
    passed = [a if isinstance(a, int) else a.values for a in laid]
    before = [None if isinstance(a, int) else backend.copy(a) for a in passed]
    result = callee.perform(callee.function, tuple(passed), callee.limit)
    _check_arithmetic()
    _check_result(callee, result, (*batch, *own))
    numbers = _read(backend, result)
    for position, (now, then) in enumerate(zip(laid, before, strict=True), start=1):
        if isinstance(now, int):
            continue
        if not backend.same_bits(now.values, then):
            raise Misbehaviour("mutated", f"argument {position} was changed by the call")
        if placed.cell.view != "contiguous" and not surroundings_intact(now):
            raise Misbehaviour("mutated", f"memory beside argument {position} was changed")
    return numbers


def _check_arithmetic() -> None:
    """Later arithmetic in this thread, the harness's own too, must keep subnormal numbers."""
    if _SMALLEST_NORMAL * 0.5 == 0.0:
        import torch

        torch.set_flush_denormal(False)
        raise Misbehaviour("mutated", "the call left subnormal numbers flushed to zero")


def _read(backend: Backend, result: Any) -> NDArray[np.float64]:
    if not backend.is_array(result):
        return np.asarray(result, np.float64)
    try:
        return backend.read(result)
    except Exception as error:  # a sparse tensor, a subclass: whatever foreign code returns
        raise Misbehaviour("type", f"cannot be read as an array: {describe(error)}") from None


def _check_result(callee: Callee, result: Any, shape: tuple[int, ...]) -> None:
    backend = callee.backend
    if not backend.is_array(result):
        if shape == () and isinstance(result, float):
            return
        raise Misbehaviour(
            "type", f"returned {type(result).__name__}, not an array of {backend.name}"
        )
    if tuple(result.shape) != shape:
        raise Misbehaviour("shape", f"returned shape {tuple(result.shape)}, not {shape}")
    dtype = backend.dtype_of(result)
    if dtype != callee.dtype:
        raise Misbehaviour("dtype", f"returned {dtype}, not {callee.dtype}")
    if backend.name == "torch" and result.device.type != backend.device.split(":")[0]:
        raise Misbehaviour("type", f"returned a tensor on {result.device}, not {backend.device}")
