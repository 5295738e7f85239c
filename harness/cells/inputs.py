"""The numbers of a cell: one array per variable of a statement, the same bits on every machine.

They depend on the data of the cell (`Cell.data`), the place of the variable among the sampled ones
and its shape, never on the statement, the implementation or the view. So two statements about
vectors x and dx share their inputs, references and bounds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from harness.cells import draws
from harness.cells.cell import Cell
from harness.cells.maker import Maker, Numbers, Shape
from harness.cells.on_numpy import NUMPY
from harness.cells.regimes import REGIMES, Draw, Regime
from harness.cells.tangents import AXIS, TANGENTS
from harness.errors import InputError
from harness.evaluate.formats import FORMATS, Format
from harness.statement.term import Var
from harness.statement.types import (
    FinType,
    FunType,
    LinearType,
    NatType,
    RealType,
    Type,
    coordinate_length,
    is_coordinates,
)

_NEAR = (1, -1, 2, 0)

_MOST_KEPT_ROWS = 128
"""Cells of ordinary runs have fewer; the large ones of campaigns are met once."""

MIRRORED, NEGATED, ALIKE, HALF_KEPT, NUDGED = RELATED = (2, 3, 4, 5, 6)
"""Shards that are made from shard 0, for code that caches by less than all numbers, or that treats
equal arguments as one.

The coordinates backwards; the opposite signs; every argument that can be equals the first vector;
the first two rows and every other coordinate are those of shard 0, the others of shard 1; each
number 256 u larger."""
_NUDGE = 256


def sizes(cell: Cell, variables: Sequence[Var]) -> dict[str, int]:
    """The size of each ℕ variable: the first is `cell.n`, further ones are near it.

    Which of n + 1, n - 1, n + 2 and n a further one gets goes round with regime and shard; it is
    never negative.
    """
    names = [variable.name for variable in variables if isinstance(variable.type, NatType)]
    turn = list(REGIMES).index(cell.regime) + cell.shard
    further = {
        name: max(cell.n + _NEAR[(turn + k) % len(_NEAR)], 0) for k, name in enumerate(names[1:])
    }
    return {**{name: cell.n for name in names[:1]}, **further}


def inputs(cell: Cell, variables: Sequence[Var], make: Maker = NUMPY) -> dict[str, Numbers]:
    """Values of the format `cell.dtype`, carried in float64, for the variables of a statement.

    make: of which library and where the arrays are; their bits are the same.

    ℝ has shape (rows,); `Vec n`, `Fin n → ℝ` and `Vec n →L[ℝ] ℝ` (its coefficients) (rows, n);
    `Fin n → Vec m →L[ℝ] ℝ` (rows, n, m); rows is `cell.rows`. All are finite. ℕ and `Fin n` are
    left out: see `sizes` and `indices`. The first vector, or the first variable where there is no
    vector, is of `cell.regime`. InputError for a type that cannot be sampled.
    """
    length = sizes(cell, variables)
    sampled = [v for v in variables if not isinstance(v.type, NatType | FinType)]
    shapes = {v.name: trailing_shape(v.type, length) for v in sampled}
    leading = next((v for v in sampled if is_coordinates(v.type)), sampled[0] if sampled else None)
    if leading is None:
        return {}
    place = {v.name: position for position, v in enumerate(sampled)}
    cell = cell.data()
    first = _Part(REGIMES[cell.regime], place[leading.name], shapes[leading.name])
    made = {leading.name: _numbers(cell, first, None, make)}
    tangents = list(TANGENTS)
    turn = 0 if cell.tangent == AXIS.name else tangents.index(cell.tangent)
    others = [v for v in sampled if v is not leading]
    for k, variable in enumerate(others):
        regime = TANGENTS[tangents[(turn + k) % len(tangents)]]
        if cell.tangent == AXIS.name and variable is others[-1]:
            regime = AXIS
        shape = shapes[variable.name]
        # Only vectors of one length can cancel each other.
        partner = first if shape and shape[-1:] == first.shape else None
        made[variable.name] = _numbers(
            cell, _Part(regime, place[variable.name], shape), partner, make
        )
    return {v.name: made[v.name] for v in sampled}


def trailing_shape(kind: Type, length: Mapping[str, int]) -> Shape:
    """The axes of a value after the batch: (), (n,) or (n, m). InputError where there are none."""
    if isinstance(kind, RealType):
        return ()
    if is_coordinates(kind):
        return (coordinate_length(kind).at(dict(length)),)
    if isinstance(kind, LinearType):
        return (*trailing_shape(kind.codomain, length), kind.domain.length.at(dict(length)))
    if isinstance(kind, FunType) and isinstance(kind.domain, FinType):
        return (kind.domain.length.at(dict(length)), *trailing_shape(kind.result, length))
    raise InputError(
        f"values of type {kind} cannot be sampled",
        hint="ℝ, Vec n, Fin n → ℝ, Vec n →L[ℝ] ℝ and Fin n → Vec m →L[ℝ] ℝ can",
    )


def indices(n: int, key: str | int) -> tuple[int, ...]:
    """The coordinates to look at in `Fin n`: 0, 1, n // 2, n - 1 and one drawn by the key.

    Sorted, without repetition; all of them for n <= 4, none for n = 0.
    """
    if n == 0:
        return ()
    source = draws.Source(draws.key_of("indices", key, n))
    drawn = int(draws.below(source, 0, (1,), n)[0])
    return tuple(sorted({0, min(1, n - 1), n // 2, n - 1, drawn}))


@dataclass(frozen=True)
class _Part:
    """What the numbers of one variable follow from, besides the cell."""

    regime: Regime
    place: int
    shape: Shape


def _numbers(cell: Cell, part: _Part, partner: _Part | None, make: Maker) -> Numbers:
    """Statements that share a cell share its numbers, so they are made once and never written."""
    return (_kept if cell.rows <= _MOST_KEPT_ROWS else _made)(cell, part, partner, make)


def _made(cell: Cell, part: _Part, partner: _Part | None, make: Maker) -> Numbers:
    full = (cell.rows, *part.shape)
    if 0 in full:
        return make.full(full, 0.0)
    if cell.shard in RELATED and part.regime is not AXIS:  # -e is no unit vector
        return make.kept(_related(cell, part, partner, make))
    n = part.shape[-1] if part.shape else 1
    data = (cell.seed, cell.dtype, cell.n, cell.regime, cell.tangent, cell.shard, cell.rows)
    key = draws.key_of(*data, part.regime.name, part.place, *part.shape)
    rows = math.prod(full) // n
    beside = None
    if partner is not None:
        beside = make.repeated(_numbers(cell, partner, None, make), rows // cell.rows)
    fmt = FORMATS[cell.dtype]
    values = part.regime.make(Draw(draws.Source(key, make), rows, n, fmt, beside))
    return make.kept(_in_format(values, fmt, make).reshape(full))


def _in_format(values: Numbers, fmt: Format, make: Maker) -> Numbers:
    # A sum may pass the largest number, which is in range itself.
    return make.rounded(make.clipped(values, -fmt.largest, fmt.largest), fmt)


def _related(cell: Cell, part: _Part, partner: _Part | None, make: Maker) -> Numbers:
    first = _numbers(replace(cell, shard=0), part, partner, make)
    if cell.shard == MIRRORED:
        return make.copy(make.backwards(first)) if first.ndim > 1 else first
    if cell.shard == NEGATED:
        return -first
    if cell.shard == ALIKE:
        alike = partner is not None and partner.shape == part.shape
        return _numbers(replace(cell, shard=0), partner, None, make) if alike and partner else first
    if cell.shard == HALF_KEPT:
        made = make.copy(_numbers(replace(cell, shard=1), part, partner, make))
        made[:2] = first[:2]
        made[..., ::2] = first[..., ::2]
        return made
    fmt = FORMATS[cell.dtype]
    return _in_format(first * (1 + _NUDGE * fmt.u), fmt, make)


_kept = lru_cache(maxsize=4096)(_made)
