"""Whether the case that an entry states does separate it from its bound, judged by balls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.cells.cell import Cell
from harness.conformance.backends import backend
from harness.conformance.calling import Callee, call_cells
from harness.conformance.sheet import Placed
from harness.conformance.workbench import Workbench
from harness.errors import InputError
from harness.evaluate.balls import precision
from harness.evaluate.formats import FORMATS, round_to
from harness.evaluate.oracle import BALL_BITS, Argument, balls_of, bound, exact_row, greatest
from harness.implementations.entry import Entry
from harness.implementations.resolve import callable_of
from harness.power.case_text import Given, StatedCase
from harness.statement.term import Definition
from harness.statement.types import FinType, is_coordinates


@dataclass(frozen=True)
class _Arguments:
    """values: rows first, in Lean order, an index as int; batch: the axes at the call; n: size."""

    values: tuple[NDArray[np.float64] | int, ...]
    batch: tuple[int, ...]
    n: int

    @property
    def rows(self) -> int:
        return int(np.prod(self.batch))

    @property
    def indices(self) -> tuple[int, ...]:
        return tuple(value for value in self.values if isinstance(value, int))


def separation(
    bench: Workbench, entry: Entry, constant: str, dtype: str, case: StatedCase
) -> str | None:
    """What is wrong with the call at the stated case, in a line; None when it is inside its bound.

    InputError when the arguments are not those of the constant, or do not fit together.
    """
    definition = bench.own[constant]
    function = callable_of(entry, constant)
    callee = Callee(constant, entry.name, function, backend(entry.backend), dtype)
    calls = [_arguments(definition, given, dtype) for given in (*case.after, case.given)]
    numbers, trouble = _called(callee, definition, calls, case.view)
    return trouble or _outside(bench, entry, definition, calls[-1], dtype, numbers)


def _arguments(definition: Definition, given: Given, dtype: str) -> _Arguments:
    """The numbers as arrays, rounded to the format; what is nested deeper is a batch."""
    names = [param.name for param in definition.params]
    if sorted(given) != sorted(names):
        raise InputError(
            f"the case gives {', '.join(given)}, where {definition.constant} takes "
            f"{', '.join(names)}"
        )
    values: list[NDArray[np.float64] | int] = []
    batches: set[tuple[int, ...]] = set()
    sizes: set[int] = set()
    for param in definition.params:
        value = given[param.name]
        if isinstance(param.type, FinType):
            if not isinstance(value, int):
                raise InputError(f"{param.name} = {value!r} is not an index")
            values.append(value)
            continue
        own = 1 if is_coordinates(param.type) else 2
        try:
            array = round_to(np.array(value, dtype=np.float64), FORMATS[dtype])
        except (TypeError, ValueError):
            raise InputError(f"{param.name} is not an array: its rows differ") from None
        if array.ndim < own:
            raise InputError(f"{param.name} is nested less deeply than its type, {param.type}")
        batches.add(array.shape[: array.ndim - own])
        sizes.update(array.shape[array.ndim - own :])
        values.append(array)
    if len(batches) != 1 or len(sizes) != 1:
        raise InputError("the arguments differ in size or in their batch")
    (batch,), (n,) = batches, sizes
    depth = len(batch)
    flat = (v if isinstance(v, int) else v.reshape(-1, *v.shape[depth:]) for v in values)
    return _Arguments(tuple(flat), batch, n)


def _called(
    callee: Callee, definition: Definition, calls: Sequence[_Arguments], view: str
) -> tuple[NDArray[np.float64], str]:
    """What came back from the last of the calls, rows first, or what happened there instead.

    The calls are of one size and share an index, as those of one sheet do. InputError else.
    """
    last = calls[-1]
    if any((c.n, c.indices) != (last.n, last.indices) for c in calls):
        raise InputError("the calls of the case differ in size or in their index")
    own = () if definition.index is None else (last.n,)
    placed: list[Placed] = []
    for call in calls:
        start = placed[-1].stop if placed else 0
        cell = Cell(0, callee.dtype, last.n, "normal", "normal", 0, call.batch, view)
        placed.append(Placed(cell, start, start + call.rows))
    arguments = [
        np.concatenate([call.values[k] for call in calls]) if not isinstance(value, int) else value
        for k, value in enumerate(last.values)
    ]
    results = call_cells(callee, arguments, placed[-1].stop, own, placed)
    trouble = [f"{t.kind}: {t.message}" for t in results.trouble if t.placed is placed[-1]]
    return results.numbers[placed[-1].rows], "; ".join(trouble)


def _outside(
    bench: Workbench,
    entry: Entry,
    definition: Definition,
    arguments: _Arguments,
    dtype: str,
    numbers: NDArray[np.float64],
) -> str | None:
    """The first number that is further from the exact one than its bound."""
    constant = definition.constant
    arithmetic = entry.constants[constant].arithmetic
    # The walk takes an index as the range of all its values; the one of the case is picked after.
    full: list[Argument] = [
        range(arguments.n) if isinstance(v, int) else v for v in arguments.values
    ]
    chosen = tuple(v for v in arguments.values if isinstance(v, int))
    sets = bench.equation_sets(constant, arithmetic.forms)
    allowed = greatest([bound(e[constant], e, full, arithmetic, dtype) for e in sets])
    equations = bench.stable_equations(constant)
    for row in np.flatnonzero(~allowed.out_of_range):
        exact: Any = exact_row(equations[constant], equations, full, int(row))
        for index in chosen:
            exact = exact[index]
        limits, row_numbers = allowed.error[(row, *chosen)], numbers[row]
        for place in np.ndindex(row_numbers.shape):
            ball = exact[place[0]] if place else exact
            if found := _beyond(float(row_numbers[place]), ball, float(limits[place])):
                rows = (int(row),) if arguments.batch else ()
                where = ", ".join(map(str, (*rows, *chosen, *place)))
                return f"{constant}{f' at {where}' if where else ''} {found}"
    return None


def _beyond(observed: float, exact: Any, limit: float) -> str | None:
    if not np.isfinite(limit):
        return None
    with precision(BALL_BITS):
        want = float(exact.mid())
        error = float((balls_of(np.float64(observed)) - exact).abs_lower())
    if np.isfinite(observed) and not error > limit:
        return None
    return f"is {observed!r}, exact is {want!r}: error {error:.3g}, bound {limit:.3g}"
