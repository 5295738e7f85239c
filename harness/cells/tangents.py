"""The eleven regimes of the arguments after the first vector: tangents, cotangents, scalars.

As in `regimes`; what differs is that a tangent enters linearly, so what matters is how products
with it cancel, vanish or overflow. Eleven and fifteen have no common factor: going round both
lists together meets every pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from harness.cells import draws, regimes
from harness.cells.draws import Reals
from harness.cells.regimes import Draw, Regime


def log_uniform(draw: Draw) -> Reals:
    """Rows centred anywhere in the middle half of the exponents, p binades wide."""
    fmt = draw.fmt
    centre = draws.below(draw.key, 0, draw.column, fmt.emax) - fmt.emax // 2
    around = draws.below(draw.key, 1, draw.shape, fmt.p) - fmt.p // 2
    exponents = np.clip(centre + around, fmt.emin, fmt.emax - 1)
    significands = 1.0 + draws.unit(draw.key, 2, draw.shape)
    return draws.signs(draw.key, 3, draw.shape) * draws.scaled(significands, exponents)


def cancelling(draw: Draw) -> Reals:
    """Orthogonal to the first vector; of sum 0; constant up to a few units in the last place; equal
    to the first vector, for code that takes a short cut there.

    The first is exact: coordinates of the first vector, swapped in pairs, one of each negated.
    An odd coordinate left over is 0 in the first kind and below rounding in the second.
    """
    n, paired = draw.n, draw.n - draw.n % 2
    partner = draws.gaussian(draw.key, 0, draw.shape) if draw.partner is None else draw.partner
    orthogonal = np.zeros(draw.shape)
    orthogonal[:, 0:paired:2] = partner[:, 1:paired:2]
    orthogonal[:, 1:paired:2] = -partner[:, 0:paired:2]
    numbers = draws.gaussian(draw.key, 1, draw.shape)
    opposite = np.empty(draw.shape)
    opposite[:, 0:paired:2] = numbers[:, 0:paired:2]
    opposite[:, 1:paired:2] = -numbers[:, 0:paired:2]
    opposite[:, paired:n] = numbers[:, paired:n] * draw.fmt.u
    steps = draws.below(draw.key, 2, draw.shape, 8).astype(np.float64)
    base = draws.scaled(draws.signs(draw.key, 3, draw.column), regimes.kinds(draw, 5) - 2)
    nearly_constant = base * (1.0 + steps * (2.0 * draw.fmt.u))
    return np.choose(regimes.kinds(draw, 4), (orthogonal, opposite, nearly_constant, partner))


def axis(draw: Draw) -> Reals:
    """The unit vectors, one after the other: row r is along coordinate r + something, mod n."""
    first = int(draws.below(draw.key, 0, (1,), draw.n)[0])
    chosen = (np.arange(draw.rows)[:, None] + first) % draw.n
    return np.where(np.arange(draw.n) == chosen, 1.0, 0.0)


_IN_ORDER = (
    Regime("normal", regimes.normal, "a wrong formula, sign, axis or index; a missing factor"),
    Regime("cancelling", cancelling, "an error in <y, dx> or dx - s that larger terms would hide"),
    Regime("log_uniform", log_uniform, "a small term lost or kept beside a large one"),
    Regime("one_hot", regimes.one_hot, "a single wrong entry of the Jacobian, a transposed one"),
    Regime("near_overflow", regimes.near_overflow, "products formed before y makes them small"),
    Regime("constant", regimes.constant, "rows of the Jacobian that do not sum to 0"),
    Regime("raw_bits", regimes.raw_bits, "whatever nobody thought of, over the whole format"),
    Regime("signed_zeros", regimes.signed_zeros, "something where a linear map must give nothing"),
    Regime("integers", regimes.integers, "any error at all where sums and products are exact"),
    Regime("tiny", regimes.tiny, "flush to zero, products that underflow too early"),
    Regime("large_offset", regimes.large_offset, "sum(y) other than 1, seen through c·(1 - sum)"),
)

AXIS = Regime("axis", axis, "a column of the Jacobian")
"""Not one of those that go round: for what is defined by unit vectors, such as a Jacobian."""

TANGENTS: Mapping[str, Regime] = MappingProxyType({regime.name: regime for regime in _IN_ORDER})
