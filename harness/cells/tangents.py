"""The eleven regimes of the arguments after the first vector: tangents, cotangents, scalars.

As in `regimes`; what differs is that a tangent enters linearly, so what matters is how products
with it cancel, vanish or overflow. Eleven and fifteen have no common factor: going round both
lists together meets every pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from harness.cells import draws, regimes
from harness.cells.maker import Numbers
from harness.cells.regimes import Draw, Regime


def log_uniform(draw: Draw) -> Numbers:
    """Rows centred anywhere in the middle half of the exponents, p binades wide."""
    fmt, make = draw.fmt, draw.make
    centre = draws.below(draw.source, 0, draw.column, fmt.emax) - fmt.emax // 2
    around = draws.below(draw.source, 1, draw.shape, fmt.p) - fmt.p // 2
    exponents = make.clipped(centre + around, fmt.emin, fmt.emax - 1)
    significands = 1.0 + draws.unit(draw.source, 2, draw.shape)
    return draws.signs(draw.source, 3, draw.shape) * draws.scaled(
        draw.make, significands, exponents
    )


def cancelling(draw: Draw) -> Numbers:
    """Orthogonal to the first vector; of sum 0; constant up to a few units in the last place; equal
    to the first vector, for code that takes a short cut there.

    The first is exact: coordinates of the first vector, swapped in pairs, one of each negated.
    An odd coordinate left over is 0 in the first kind and below rounding in the second.
    """
    make, n, paired = draw.make, draw.n, draw.n - draw.n % 2
    partner = draws.gaussian(draw.source, 0, draw.shape) if draw.partner is None else draw.partner
    orthogonal = make.full(draw.shape, 0.0)
    orthogonal[:, 0:paired:2] = partner[:, 1:paired:2]
    orthogonal[:, 1:paired:2] = -partner[:, 0:paired:2]
    numbers = draws.gaussian(draw.source, 1, draw.shape)
    opposite = make.full(draw.shape, 0.0)
    opposite[:, 0:paired:2] = numbers[:, 0:paired:2]
    opposite[:, 1:paired:2] = -numbers[:, 0:paired:2]
    opposite[:, paired:n] = numbers[:, paired:n] * draw.fmt.u
    steps = make.reals(draws.below(draw.source, 2, draw.shape, 8))
    base = draws.scaled(
        draw.make, draws.signs(draw.source, 3, draw.column), regimes.kinds(draw, 5) - 2
    )
    nearly_constant = base * (1.0 + steps * (2.0 * draw.fmt.u))
    return make.choose(regimes.kinds(draw, 4), (orthogonal, opposite, nearly_constant, partner))


def axis(draw: Draw) -> Numbers:
    """The unit vectors, one after the other: row r is along coordinate r + something, mod n."""
    first = int(draws.below(draw.source, 0, (1,), draw.n)[0])
    chosen = (draw.make.arange(draw.rows)[:, None] + first) % draw.n
    return draw.make.where(draw.make.arange(draw.n) == chosen, 1.0, 0.0)


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
