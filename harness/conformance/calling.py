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

from harness.conformance.backends import Backend
from harness.conformance.guard import FATAL, TIME_LIMIT, Misbehaviour, alarms, describe, guarded
from harness.conformance.passing import Argument, Laid, Memory, check_unchanged
from harness.conformance.sheet import Placed

_SMALLEST_NORMAL = 2.0**-1022


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
    memory = Memory(backend)
    with alarms():
        for placed in cells:
            try:
                result, laid = _called(callee, memory, native, own, placed)
                shape = (placed.stop - placed.start, *own)
                numbers[placed.rows] = _read(backend, result).reshape(shape)
                check_unchanged(backend, laid)
                memory.returned(result, laid)
                done[placed.rows] = True
            except Misbehaviour as problem:
                numbers[placed.rows] = np.nan
                memory.forget()
                trouble.append(Trouble(placed, problem.kind, problem.message))
                if problem.kind in FATAL:
                    break
    memory.spoil()
    return Results(numbers, done, tuple(trouble))


def kept_result(
    callee: Callee, arguments: Sequence[Any], own: tuple[int, ...], placed: Placed
) -> Any:
    """What one call returned, (rows, *own), as an array of the backend, where the call left it.

    arguments: arrays of the backend in the dtype of the callee, (rows, ...), for the rows of the
    cell, and indices. Misbehaviour as `call_cells` records it.
    """
    backend = callee.backend
    memory = Memory(backend)
    with alarms():
        result, laid = _called(callee, memory, arguments, own, placed)
        try:
            kept = backend.copy(result).reshape((placed.stop - placed.start, *own))
        except Exception as error:
            raise _unreadable(error) from None
        check_unchanged(backend, laid)
        memory.returned(result, laid)
    memory.spoil()
    return kept


def _called(
    callee: Callee,
    memory: Memory,
    native: Sequence[Any],
    own: tuple[int, ...],
    placed: Placed,
) -> tuple[Any, list[Laid | int]]:
    """What the call of one cell returned, of the right kind, and how its arguments lay."""
    batch, view = placed.cell.batch, placed.cell.view
    laid = memory.lay(native, placed.rows, batch, view)
    passed = tuple(a if isinstance(a, int) else a.placed.values for a in laid)
    result = callee.perform(callee.function, passed, callee.limit)
    if callee.backend.wait is not None:
        guarded(callee.backend.wait, (), callee.limit)
    _check_arithmetic()
    _check_result(callee, result, (*batch, *own))
    return result, laid


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
        raise _unreadable(error) from None


def _unreadable(error: Exception) -> Misbehaviour:
    return Misbehaviour("type", f"cannot be read as an array: {describe(error)}")


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
