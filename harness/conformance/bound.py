"""The bound of one constant at one input, coordinate by coordinate: what `explain --at` prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.cells.cell import Cell
from harness.cells.inputs import inputs, trailing_shape
from harness.cells.regimes import REGIMES
from harness.cells.tangents import TANGENTS
from harness.conformance.form_table import form_table
from harness.conformance.sheet import lengths_of, size_variables
from harness.conformance.workbench import Workbench
from harness.errors import InputError, did_you_mean
from harness.evaluate.arithmetic import Arithmetic
from harness.evaluate.balls import precision
from harness.evaluate.formats import FORMATS, round_to, ulp
from harness.evaluate.oracle import BALL_BITS, Argument, bound, exact_row, greatest
from harness.specs.library import SpecLibrary
from harness.statement.term import Definition
from harness.statement.types import FinType

Numbers = NDArray[np.float64]
SAMPLE_N = 3


@dataclass(frozen=True)
class BoundRow:
    """One number that a call returns. place: `i = 0`, or empty for a real number; exact: nearest
    float64; bound: greatest error allowed, inf where there is none; in_ulp: the same in ulp of the
    exact value's format; out_of_range: a value on the way leaves the format, nothing is judged.
    """

    place: str
    exact: float
    bound: float
    in_ulp: float
    out_of_range: bool


def bound_at(
    library: SpecLibrary,
    constant: str,
    given: Mapping[str, object],
    dtype: str,
    arithmetic: Arithmetic,
) -> tuple[BoundRow, ...]:
    """The bound for each number of `constant` at one input, every value of an index included.

    given: parameter -> its numbers, nested lists; they are rounded to dtype first. InputError for a
    parameter that is missing, unknown or of another shape.
    """
    bench = Workbench(form_table(library), "quick", 1)
    definition = bench.own[constant]
    arguments = _arguments(definition, given, dtype)
    sets = bench.equation_sets(constant, arithmetic.forms)
    allowed = greatest([bound(one[constant], one, arguments, arithmetic, dtype) for one in sets])
    equations = bench.stable_equations(constant)
    balls = exact_row(equations[constant], equations, arguments, 0)
    names = [p.name for p in definition.params if isinstance(p.type, FinType)]
    names += [definition.index.name] if definition.index else []
    rows = []
    for place, ball in _leaves(balls, ()):
        with precision(BALL_BITS):
            exact = float(ball.mid())
        error = float(allowed.error[(0, *place)])
        step = float(ulp(np.array(exact), FORMATS[dtype]))
        where = ", ".join(f"{name} = {k}" for name, k in zip(names, place, strict=True))
        rows.append(BoundRow(where, exact, error, error / step, bool(allowed.out_of_range[0])))
    return tuple(rows)


def sample_of(library: SpecLibrary, constant: str, dtype: str) -> dict[str, object]:
    """A small input of the constant, the same one each time: parameter -> nested lists."""
    params = library.definitions[constant].params
    cell = Cell(1, dtype, SAMPLE_N, next(iter(REGIMES)), next(iter(TANGENTS)), 0, (1,))
    made = inputs(cell, (*size_variables(params), *params))
    return {name: numbers[0].tolist() for name, numbers in made.items()}


def _arguments(
    definition: Definition, given: Mapping[str, object], dtype: str
) -> tuple[Argument, ...]:
    sampled = {p.name: p for p in definition.params if not isinstance(p.type, FinType)}
    for name in given:
        if name not in sampled:
            hint = did_you_mean(name, list(sampled)) or f"it takes {', '.join(sampled)}"
            raise InputError(f"{definition.constant} takes no '{name}'", hint=hint)
    for name, param in sampled.items():
        if name not in given:
            hint = f'write "{name}": [...]'
            raise InputError(f"'{name}' : {param.type} is missing", hint=hint)
    arrays = {name: _array(name, given[name], dtype) for name in sampled}
    size = _sizes(definition, arrays)
    for name, param in sampled.items():
        wanted = trailing_shape(param.type, size)
        if arrays[name].shape != wanted:
            raise InputError(
                f"'{name}' : {param.type} has shape {arrays[name].shape}, not {wanted}",
                hint="sizes follow from the first vector: "
                + ", ".join(f"{size_name} = {n}" for size_name, n in size.items()),
            )
    return tuple(
        range(p.type.length.at(size)) if isinstance(p.type, FinType) else arrays[p.name][None]
        for p in definition.params
    )


def _array(name: str, value: object, dtype: str) -> Numbers:
    try:
        numbers = np.array(_floats(value), dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        hint = 'write numbers, or hex floats in quotes such as "0x1.8p+1"'
        raise InputError(f"'{name}' is not an array of numbers", hint=hint) from None
    if not np.isfinite(numbers).all():
        raise InputError(f"'{name}' holds a number that is not real", hint="write finite numbers")
    rounded = round_to(numbers, FORMATS[dtype])
    if not np.isfinite(rounded).all():
        raise InputError(f"'{name}' holds a number beyond {dtype}", hint="name a wider dtype")
    return np.asarray(rounded, dtype=np.float64)


def _floats(value: object) -> object:
    if isinstance(value, list):
        return [_floats(part) for part in value]
    if isinstance(value, str):
        # `fromhex` reads "0.5" as 0.3125, and "a" as 10.
        if "0x" not in value.lower() and value.strip("+-") not in ("inf", "nan"):
            raise ValueError(value)
        return float.fromhex(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(value)
    return value


def _sizes(definition: Definition, arrays: Mapping[str, Numbers]) -> dict[str, int]:
    """The size of each ℕ variable, from the first array that tells it."""
    found: dict[str, int] = {}
    for param in definition.params:
        if param.name in arrays:
            for length, axis in zip(lengths_of(param.type), arrays[param.name].shape, strict=False):
                if len(length.variables) == 1 and axis >= length.offset:
                    found.setdefault(length.variables[0], axis - length.offset)
    return {variable.name: 0 for variable in size_variables(definition.params)} | found


def _leaves(nested: Any, place: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Any]]:
    if isinstance(nested, list):
        for k, part in enumerate(nested):
            yield from _leaves(part, (*place, k))
    else:
        yield place, nested
