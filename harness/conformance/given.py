"""Inputs that are given as numbers instead of by a cell: shrunk ones, and those of the corpus."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.cells.cell import Cell
from harness.conformance.sheet import Placed, Sheet, hexed
from harness.conformance.verdict import Case, Inputs
from harness.evaluate.scope import solve_size
from harness.statement.term import Var
from harness.statement.types import (
    FinType,
    FunType,
    Length,
    LinearType,
    NatType,
    Type,
    coordinate_length,
    is_coordinates,
)

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Given:
    """One call's worth of inputs.

    sizes: ℕ variable -> its value; numbers: variable name -> (rows, ...) numbers of the format, in
    float64; batch: the leading axes at the call, whose product is the number of rows; view: the
    layout at the call.
    """

    sizes: Mapping[str, int]
    numbers: Mapping[str, Numbers]
    batch: tuple[int, ...] = ()
    view: str = "contiguous"

    @property
    def rows(self) -> int:
        """How many inputs the call gets: 1 without a batch."""
        return math.prod(self.batch)

    def told(self) -> Inputs:
        """The same as text: hex floats, nested like the arrays that are passed."""
        shaped = {
            name: numbers.reshape((*self.batch, *numbers.shape[1:]))
            for name, numbers in self.numbers.items()
        }
        hexes = {name: hexed(numbers) for name, numbers in shaped.items()}
        return Inputs(dict(self.sizes), self.batch, self.view, hexes)


@dataclass(frozen=True)
class GivenSheet(Sheet):
    """A sheet of such inputs. numbers: variable name -> those of all calls, rows first; label: what
    its cases are called."""

    numbers: Mapping[str, Numbers] = field(default_factory=dict, compare=False)
    label: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """What the numbers depend on: themselves."""
        return (*super().key, self._digest)

    @cached_property
    def _digest(self) -> bytes:
        digest = hashlib.blake2b(digest_size=16)
        for name in sorted(self.numbers):
            digest.update(self.numbers[name].tobytes())
        return digest.digest()

    @cached_property
    def arrays(self) -> Mapping[Var, Numbers]:
        """Variable -> (rows, ...) numbers of the format, in float64."""
        return {v: self.numbers[v.name] for v in self.variables}

    def case(self, row: int, view: str = "contiguous") -> Case:
        """The input in a row."""
        return replace(super().case(row, view), cell=self.label)


def sheet_of(
    variables: Sequence[Var], dtype: str, calls: Sequence[Given], label: str = ""
) -> GivenSheet:
    """The calls, in order, as one sheet; all have the same sizes. variables: of the statement."""
    sampled = tuple(v for v in variables if not isinstance(v.type, NatType | FinType))
    sizes = dict(calls[0].sizes)
    n = next(iter(sizes.values()), 1)
    placed: list[Placed] = []
    start = 0
    for call in calls:
        cell = Cell(0, dtype, n, "given", "given", 0, call.batch, call.view)
        placed.append(Placed(cell, start, start + call.rows))
        start += call.rows
    numbers = {v.name: np.concatenate([c.numbers[v.name] for c in calls]) for v in sampled}
    return GivenSheet(
        dtype, sizes, sampled, tuple(placed), tuple(placed), numbers=numbers, label=label
    )


def given_of(sheet: Sheet, placed: Placed) -> Given:
    """What a cell of a sheet is called with."""
    numbers = {v.name: sheet.arrays[v][placed.rows] for v in sheet.variables}
    return Given(dict(sheet.sizes), numbers, placed.cell.batch, placed.cell.view)


def axes_of(kind: Type) -> tuple[Length, ...]:
    """The lengths of the axes of a value after the batch: () for ℝ, (n,) for a vector."""
    if is_coordinates(kind):
        return (coordinate_length(kind),)
    if isinstance(kind, LinearType):
        return (*axes_of(kind.codomain), kind.domain.length)
    if isinstance(kind, FunType) and isinstance(kind.domain, FinType):
        return (kind.domain.length, *axes_of(kind.result))
    return ()


def sizes_of(values: Iterable[tuple[Type, NDArray[Any]]]) -> dict[str, int]:
    """The ℕ variables of types, by the shapes of values of them: (rows, *axes)."""
    sizes: dict[str, int] = {}
    for kind, array in values:
        for length, actual in zip(axes_of(kind), array.shape[1:], strict=True):
            solve_size(length, actual, sizes)
    return sizes
