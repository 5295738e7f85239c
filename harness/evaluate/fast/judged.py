"""What a kernel says of a chunk of rows, whatever its back end, and what it is told.

A row that a kernel judges is inside its bound by the walk's own rules. All others (`Judged.look`)
are for the walk: those that violate, those too near to say, out of range, or exact by a rule that
only the walk knows. So no verdict rests on a kernel but "conforms".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from harness.evaluate.arithmetic import Rounding
from harness.evaluate.fast.rules import OWN_UNIT
from harness.evaluate.fast.summary import Summary
from harness.evaluate.fast.wide import UNIT
from harness.statement.types import Length


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
