"""How the walk of a theorem calls an implementation: arguments rounded, result bounded.

What is passed is the harness's value rounded to the format; the difference is the argument's error,
and the walk of the constant's definition at (argument, error) is the error of the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.conformance.calling import Callee, Results, Trouble, call_cells
from harness.conformance.passing import Argument
from harness.conformance.sheet import Placed, Sheet
from harness.conformance.subject import Subject
from harness.conformance.workbench import Workbench, is_sheet_of
from harness.evaluate.arithmetic import Arithmetic
from harness.evaluate.formats import FORMATS, round_to
from harness.evaluate.value import Array, Value
from harness.evaluate.walk import Binding, IndexAxis, walk_for
from harness.statement.substitute import free_vars
from harness.statement.term import Call, Var

MOST_INDICES = 65


class TooLarge(Exception):
    """A size at which a constant would have to be called once for each of too many indices."""


@dataclass(frozen=True)
class Kept:
    """A call that was made: its value, and the rows that left the range or did not come back."""

    value: Value
    out_of_range: NDArray[np.bool_]
    done: NDArray[np.bool_]


class CallHook:
    """Calls for one pass; `done` are the rows whose calls all came back, `troubles` the others.

    fixed: the indices that have a value in this pass; kept: calls of earlier passes over the same
    cells, which serve again where they do not depend on those indices.
    """

    def __init__(
        self,
        bench: Workbench,
        subject: Subject,
        sheet: Sheet,
        cells: Sequence[Placed],
        out_of_range: NDArray[np.bool_],
        fixed: frozenset[Var] = frozenset(),
        kept: dict[tuple[Call, int], Kept] | None = None,
    ) -> None:
        self.bench = bench
        self.subject = subject
        self.sheet = sheet
        self.cells = cells
        self.out_of_range = out_of_range
        self.fixed = fixed
        self.kept = {} if kept is None else kept
        self.troubles: list[tuple[str, Results]] = []
        self.done = np.zeros(sheet.rows, dtype=bool)
        for placed in cells:
            self.done[placed.rows] = True

    def call(self, term: Call, arguments: tuple[Binding, ...], depth: int) -> Value | None:
        """The value of a call, with the error that its definition gives."""
        key = (term, depth)
        if free_vars(term) & self.fixed:
            return self._called(term, arguments, depth)
        if key not in self.kept:
            out, done = self.out_of_range.copy(), self.done.copy()
            self.out_of_range[:], self.done[:] = False, True
            value = self._called(term, arguments, depth)
            self.kept[key] = Kept(value, self.out_of_range.copy(), self.done.copy())
            self.out_of_range[:], self.done[:] = out, done
        known = self.kept[key]
        self.out_of_range |= known.out_of_range
        self.done &= known.done
        return known.value

    def _called(self, term: Call, arguments: tuple[Binding, ...], depth: int) -> Value:
        axes = [a for a in arguments if isinstance(a, IndexAxis)]
        if axes:
            return self._over_index(term, arguments, axes[0], depth)
        values = [a for a in arguments if isinstance(a, Value)]
        shape = np.broadcast_shapes(*(a.value.shape[: 1 + depth] for a in values))
        shape = np.broadcast_shapes(shape, (self.sheet.rows, *(1,) * depth))
        per_row = int(np.prod(shape[1:]))
        passed: list[Argument] = []
        bindings: list[Binding] = []
        for argument in arguments:
            if isinstance(argument, Value):
                number, binding = self._round(argument, shape, depth)
                passed.append(number)
                bindings.append(binding)
            else:
                assert isinstance(argument, int)
                passed.append(argument)
                bindings.append(argument)
        error, own = self._error(term, tuple(bindings), shape, self._plain(term))
        results = self._results(term, passed, own, per_row)
        self._not_finite(term, results, np.isfinite(error), per_row)
        return Value(
            results.astype(error.dtype).reshape(*shape, *own),
            error.reshape(*shape, *own),
            depth,
            len(own),
        )

    def _over_index(
        self, term: Call, arguments: tuple[Binding, ...], axis: IndexAxis, depth: int
    ) -> Value:
        """One call for each value of an index that runs inside the statement."""
        if axis.size > MOST_INDICES:
            raise TooLarge(f"calls for every index up to n = {MOST_INDICES}")
        parts = []
        for k in range(axis.size):
            chosen = tuple(k if a == axis else a for a in arguments)
            fixed = tuple(_at(a, axis, k) for a in chosen)
            parts.append(self._called(term, fixed, depth))
        if not parts:
            zeros = np.zeros((self.sheet.rows, *(1,) * depth))
            zeros = np.repeat(zeros, 0, axis=axis.axis)
            return Value(zeros, zeros, depth)
        value = np.concatenate([p.value for p in parts], axis=axis.axis)
        error = np.concatenate([p.error for p in parts], axis=axis.axis)
        return Value(value, error, depth, parts[0].rank)

    def _round(self, value: Value, shape: tuple[int, ...], depth: int) -> tuple[Array, Value]:
        fmt = FORMATS[self.subject.dtype]
        own = value.value.shape[1 + depth :]
        rows = int(np.prod(shape))
        full = np.broadcast_to(value.value, (*shape, *own)).reshape(rows, *own)
        error = np.broadcast_to(value.error, (*shape, *own)).reshape(rows, *own)
        number = round_to(full, fmt)
        lost = np.where(number == full, 0, abs(number - full)) + error
        gone = ~np.isfinite(number).reshape(self.sheet.rows, -1).all(axis=1)
        self.out_of_range |= gone
        safe = np.where(np.isfinite(number), number, 0)
        return safe.astype(np.float64), Value(safe, lost.astype(safe.dtype), 0, value.rank)

    def _error(
        self,
        term: Call,
        bindings: tuple[Binding, ...],
        shape: tuple[int, ...],
        plain: bool,
    ) -> tuple[Array, tuple[int, ...]]:
        """The bound on the result, flat over rows and indices, and the result's own axes."""
        arithmetic = self.subject.arithmetic(term.constant)
        fixed = tuple(b for b in bindings if isinstance(b, int))
        sampled = tuple(a for a in term.arguments if isinstance(a, Var) and a in self.sheet.arrays)
        sheet = self.bench.first(self.sheet, len(sampled))
        if (
            plain
            and sampled == sheet.variables
            and is_sheet_of(self.bench.own[term.constant], sheet)
        ):
            # The very inputs of the definition check: its bound serves.
            known = self.bench.bound(term.constant, sheet, arithmetic)
            self.out_of_range |= known.out_of_range
            pick: Any = (slice(None), *fixed)
            return known.error[pick], known.error[pick].shape[1:]
        key = ("call", term, self.sheet.key, arithmetic, fixed) if plain else None

        def walked() -> tuple[Array, NDArray[np.bool_]]:
            return self._walked(term, bindings, int(np.prod(shape)), arithmetic)

        error, out = self.bench.once(key, walked) if key else walked()
        self.out_of_range |= out.reshape(self.sheet.rows, -1).any(axis=1)
        return error, error.shape[1:]

    def _walked(
        self, term: Call, bindings: tuple[Binding, ...], rows: int, arithmetic: Arithmetic
    ) -> tuple[Array, NDArray[np.bool_]]:
        rounding = arithmetic.for_dtype(self.subject.dtype)
        error: Array | None = None
        marks = np.zeros(rows, dtype=bool)
        for equations in self.bench.equation_sets(term.constant, arithmetic.forms):
            walk, out = walk_for(equations, rounding, rows)
            entering = tuple(
                walk.charge.entering(b) if isinstance(b, Value) else b for b in bindings
            )
            value = walk.unfold(equations[term.constant], entering, {}, 0)
            value = walk.charge.cast(value)
            marks |= out
            full = np.broadcast_to(value.error, (rows, *value.value.shape[1:]))
            error = full if error is None else np.maximum(error, full)
        assert error is not None
        return error, marks

    def _results(
        self, term: Call, passed: Sequence[Argument], own: tuple[int, ...], per_row: int
    ) -> NDArray[np.float64]:
        callee = self.subject.callee(term.constant)
        assert isinstance(callee, Callee)
        original = {_widened(p, per_row): p for p in self.cells}
        rows = self.sheet.rows * per_row
        results = call_cells(callee, passed, rows, own, tuple(original))
        if results.trouble:
            told = tuple(replace(t, placed=original[t.placed]) for t in results.trouble)
            self.troubles.append((term.constant, replace(results, trouble=told)))
        self.done &= results.done.reshape(self.sheet.rows, -1).all(axis=1)
        return results.numbers

    def _not_finite(
        self, term: Call, numbers: NDArray[np.float64], bounded: NDArray[np.bool_], per_row: int
    ) -> None:
        """A NaN or infinity where a bound holds is trouble: behind it nothing could be judged."""
        judged = self.done & ~self.out_of_range
        wrong = (bounded & ~np.isfinite(numbers)).reshape(self.sheet.rows, -1).any(axis=1) & judged
        if not wrong.any():
            return
        troubles = []
        for placed in self.cells:
            rows = np.flatnonzero(wrong[placed.rows])
            if not rows.size:
                continue
            value = numbers.reshape(self.sheet.rows, -1)[placed.start + rows[0]]
            found = value[~np.isfinite(value)][0]
            message = f"{term.constant} returned {found} where a bound holds"
            troubles.append(Trouble(placed, "nan", message, tuple(rows.tolist())))
        self.troubles.append((term.constant, Results(numbers, self.done, tuple(troubles))))
        self.done &= ~wrong

    def _plain(self, term: Call) -> bool:
        """Whether the arguments are the sheet's own numbers, so that the bound can be shared."""
        return all(isinstance(a, Var) for a in term.arguments)


def _at(binding: Binding, axis: IndexAxis, k: int) -> Binding:
    """An argument at one value of an index: size 1 along its axis."""
    if not isinstance(binding, Value):
        return binding
    return Value(
        _picked(binding.value, axis.axis, k),
        _picked(binding.error, axis.axis, k),
        binding.depth,
        binding.rank,
    )


def _picked(array: Array, axis: int, k: int) -> Array:
    return array if array.shape[axis] == 1 else array[(slice(None),) * axis + (slice(k, k + 1),)]


def _widened(placed: Placed, per_row: int) -> Placed:
    if per_row == 1:
        return placed
    cell = replace(placed.cell, batch=(placed.cell.rows * per_row,))
    return Placed(cell, placed.start * per_row, placed.stop * per_row)
