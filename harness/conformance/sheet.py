"""Sheets: the inputs of many cells side by side, so that one walk serves all of them.

A sheet holds the data of every cell of one dtype and one size. Its arrays depend only on the cells
and on the types of the variables, so references and bounds made from them are shared by every
entry, view and batch shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from harness.cells.cell import Cell, datasets
from harness.cells.inputs import inputs, sizes
from harness.cells.maker import Maker, Numbers
from harness.cells.on_numpy import NUMPY
from harness.cells.plan import plan
from harness.cells.probes import probes
from harness.cells.tangents import TANGENTS
from harness.cells.views import LAYOUTS
from harness.conformance.verdict import Case
from harness.statement.term import Var
from harness.statement.types import (
    NAT,
    FinType,
    FunType,
    Length,
    LinearType,
    NatType,
    Type,
    coordinate_length,
    is_coordinates,
)

MOST_SHOWN = 65
"""The largest n whose numbers are written out in a case."""

MOST_NUMBERS = 200
"""How many they may be together: a matrix of 65 rows would be most of a report."""


@dataclass(frozen=True)
class Placed:
    """A cell and the rows of the sheet that hold its numbers."""

    cell: Cell
    start: int
    stop: int

    @property
    def rows(self) -> slice:
        """The rows, to index arrays with."""
        return slice(self.start, self.stop)


@dataclass(frozen=True)
class Sheet:
    """dtype: format name; sizes: ℕ variable -> its value; variables: the sampled ones, no indices.

    placed: every cell of the sheet (several may share rows: other views, other batch shapes).
    probe: of cells for definition checks alone (`cells.probes`).
    """

    dtype: str
    sizes: Mapping[str, int]
    variables: tuple[Var, ...]
    data: tuple[Placed, ...]
    placed: tuple[Placed, ...]
    probe: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """What the numbers depend on (hashable)."""
        return (
            self.dtype,
            tuple(self.sizes.items()),
            tuple(str(v.type) for v in self.variables),
            self.data,
        )

    @property
    def rows(self) -> int:
        """How many inputs there are."""
        return self.data[-1].stop

    @property
    def n(self) -> int:
        """The size by which people know the cells, or the length that a statement fixes."""
        lengths = [length for v in self.variables for length in lengths_of(v.type)]
        return lengths[0].at({}) if lengths and not self.sizes else self.data[0].cell.n

    @cached_property
    def arrays(self) -> Mapping[Var, NDArray[np.float64]]:
        """Variable -> (rows, ...) numbers of the format, in float64."""
        return self.made(NUMPY)

    def made(self, make: Maker) -> Mapping[Var, Numbers]:
        """The same numbers in arrays that are made in some way."""
        variables = (*_naturals(self.sizes), *self.variables)
        parts = [inputs(placed.cell, variables, make) for placed in self.data]
        return {v: make.joined([part[v.name] for part in parts]) for v in self.variables}

    def passes(self) -> tuple[tuple[str, tuple[Placed, ...]], ...]:
        """The cells by view, each view once with all its cells; no mixture of layouts where
        there is one argument."""
        views: dict[str, list[Placed]] = {}
        for placed in self.placed:
            if len(self.variables) < 2 and placed.cell.view not in LAYOUTS:
                continue
            views.setdefault(placed.cell.view, []).append(placed)
        return tuple((view, tuple(cells)) for view, cells in views.items())

    def case(self, row: int, view: str = "contiguous") -> Case:
        """The input in a row; its numbers in hex when they are few (the cell gives them anyway)."""
        for placed in self.placed:
            if placed.cell.view == view and placed.start <= row < placed.stop:
                few = sum(self.arrays[v][row].size for v in self.variables) <= MOST_NUMBERS
                shown = self.variables if few and self.n <= MOST_SHOWN else ()
                numbers = {v.name: hexed(self.arrays[v][row]) for v in shown}
                return Case(placed.cell.id(), row - placed.start, self.n, numbers)
        raise LookupError(f"no {view} cell has row {row}")


def sheets(
    variables: Sequence[Var], effort: str, dtype: str, seed: int, tangents: tuple[str, ...] = ()
) -> tuple[Sheet, ...]:
    """The sheets of a run for a statement's variables (indices left out), by rising n.

    tangents: the regimes that go round; none: all of them.
    """
    sampled = tuple(v for v in variables if not isinstance(v.type, NatType | FinType))
    naturals = size_variables(variables)
    vectors = sum(not _is_scalar(v.type) for v in sampled)
    rows = _have_rows(sampled)
    cells = plan(effort, dtype, seed, vectors=max(vectors, int(bool(naturals))), rows=rows)
    return _grouped(variables, dtype, [_along(cell, tangents) for cell in cells])


def _along(cell: Cell, tangents: tuple[str, ...]) -> Cell:
    """The cell with one of these regimes of tangents, where any is given."""
    if not tangents or cell.tangent in tangents:
        return cell
    turn = list(TANGENTS).index(cell.tangent)
    return replace(cell, tangent=tangents[turn % len(tangents)])


def probe_sheets(variables: Sequence[Var], effort: str, dtype: str, seed: int) -> tuple[Sheet, ...]:
    """The further sheets of a definition check, by rising n; none without lengths."""
    sampled = tuple(v for v in variables if not isinstance(v.type, NatType | FinType))
    if not size_variables(variables):
        return ()
    cells = probes(effort, dtype, seed, rows=_have_rows(sampled))
    found = _grouped(variables, dtype, cells)
    return tuple(replace(sheet, probe=True) for sheet in found)


def _have_rows(sampled: Sequence[Var]) -> bool:
    return any(isinstance(v.type, FunType) and not is_coordinates(v.type) for v in sampled)


def _grouped(variables: Sequence[Var], dtype: str, cells: Sequence[Cell]) -> tuple[Sheet, ...]:
    naturals = size_variables(variables)
    sampled = tuple(v for v in variables if not isinstance(v.type, NatType | FinType))
    groups: dict[tuple[tuple[str, int], ...], list[Cell]] = {}
    for cell in cells:
        groups.setdefault(tuple(sizes(cell, naturals).items()), []).append(cell)
    made = (_sheet(dtype, dict(size), sampled, members) for size, members in groups.items())
    return tuple(sorted(made, key=lambda sheet: sheet.n))


def one_cell(variables: Sequence[Var], cell: Cell) -> Sheet:
    """The sheet of a single cell (replay)."""
    sampled = tuple(v for v in variables if not isinstance(v.type, NatType | FinType))
    return _sheet(cell.dtype, sizes(cell, size_variables(variables)), sampled, [cell])


def _sheet(
    dtype: str, size: dict[str, int], variables: tuple[Var, ...], cells: Sequence[Cell]
) -> Sheet:
    data: list[Placed] = []
    placed: list[Placed] = []
    start = 0
    for one, members in datasets(cells).items():
        stop = start + one.rows
        data.append(Placed(one, start, stop))
        placed.extend(Placed(member, start, stop) for member in members)
        start = stop
    return Sheet(dtype, size, variables, tuple(data), tuple(placed))


def size_variables(variables: Sequence[Var]) -> tuple[Var, ...]:
    """The ℕ variables that the types of the others speak of, in order of appearance."""
    names: dict[str, None] = {}
    for variable in variables:
        if isinstance(variable.type, NatType):
            names[variable.name] = None
        for length in lengths_of(variable.type):
            names.update(dict.fromkeys(length.variables))
    return tuple(Var(name, NAT) for name in names)


def lengths_of(kind: Type) -> tuple[Length, ...]:
    """The lengths in a type, from the outside in."""
    if isinstance(kind, FinType):
        return (kind.length,)
    if is_coordinates(kind):
        return (coordinate_length(kind),)
    if isinstance(kind, LinearType):
        return (*lengths_of(kind.domain), *lengths_of(kind.codomain))
    if isinstance(kind, FunType):
        return (*lengths_of(kind.domain), *lengths_of(kind.result))
    return ()


def hexed(numbers: NDArray[np.float64]) -> object:
    """Numbers as hex float text, nested like the array."""
    if numbers.ndim == 0:
        return float(numbers).hex()
    return [hexed(part) for part in numbers]


def _is_scalar(kind: Type) -> bool:
    return not lengths_of(kind)


def _naturals(size: Mapping[str, int]) -> tuple[Var, ...]:
    return tuple(Var(name, NAT) for name in size)
