"""The fifteen regimes of the first vector argument: what its numbers look like and what that finds.

A regime makes (rows, n) float64 numbers; rounding to the format happens once, in `inputs`. Rows of
one array take the kinds of their regime in turn, from a drawn start. Sizes are taken from the
format and from the range of exp over it, so that a regime means the same in all four formats.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from harness.cells import draws
from harness.cells.draws import Integers, Reals, Shape
from harness.evaluate.formats import Format


@dataclass(frozen=True)
class ExpRange:
    """Natural logarithms that say where exp leaves a format.

    largest, normal, eta: of the largest, the smallest normal and the smallest positive number;
    vanish: exp(-vanish) is 0 even in the format that computes (float32 for the 16-bit formats).
    """

    largest: float
    normal: float
    eta: float
    vanish: float


# Literals, because the last bit of a computed logarithm differs between machines.
EXP_RANGES: Mapping[str, ExpRange] = MappingProxyType(
    {
        "float64": ExpRange(709.782712893384, -708.3964185322641, -744.4400719213812, 745.2),
        "float32": ExpRange(88.72283905206835, -87.3365447505531, -103.27892990343184, 104.0),
        "float16": ExpRange(11.089866488461016, -9.704060527839234, -16.635532333438686, 104.0),
        "bfloat16": ExpRange(88.71892521235186, -87.3365447505531, -92.18857501447273, 104.0),
    }
)


@dataclass(frozen=True)
class Draw:
    """What a regime is asked for: `rows` vectors of n >= 1 numbers of a format.

    partner: the first vector of the statement, shape (rows, n), for regimes that relate to it.
    """

    key: int
    rows: int
    n: int
    fmt: Format
    partner: Reals | None = None

    @property
    def shape(self) -> Shape:
        """Of what a regime returns."""
        return (self.rows, self.n)

    @property
    def column(self) -> Shape:
        """Of one number per row."""
        return (self.rows, 1)

    @property
    def exp(self) -> ExpRange:
        """The range of exp over the format."""
        return EXP_RANGES[self.fmt.name]


Generator = Callable[[Draw], Reals]


@dataclass(frozen=True)
class Regime:
    """A named way to make numbers. catches: the defects that show here, in a line."""

    name: str
    make: Generator
    catches: str


def kinds(draw: Draw, count: int, *, lane: int = 90) -> Integers:
    """The kind of each row, shape (rows, 1): 0 ... count - 1 in turn from a drawn start."""
    start = draws.below(draw.key, lane, (1, 1), count)
    return (np.arange(draw.rows)[:, None] + start) % count


def hot(draw: Draw) -> Integers:
    """One coordinate of each row, shape (rows, 1): the last, the first, the middle, a drawn one."""
    drawn = draws.below(draw.key, 91, draw.column, draw.n)
    last, first, middle = (np.full(draw.column, k) for k in (draw.n - 1, 0, draw.n // 2))
    return np.choose(kinds(draw, 4, lane=92), (last, first, middle, drawn))


def is_hot(draw: Draw) -> NDArray[np.bool_]:
    """Where the coordinate of `hot` is, shape (rows, n)."""
    return np.asarray(np.arange(draw.n) == hot(draw))


def normal(draw: Draw) -> Reals:
    """Bell-shaped numbers of size 1."""
    return draws.gaussian(draw.key, 0, draw.shape)


def log_uniform(draw: Draw) -> Reals:
    """Both signs, from below u to the last whole binade in which exp is finite."""
    top = int(draw.exp.largest).bit_length() - 1
    sizes = draws.log_uniform(draw.key, 0, draw.shape, -draw.fmt.p - 4, top)
    return draws.signs(draw.key, 1, draw.shape) * sizes


def raw_bits(draw: Draw) -> Reals:
    """Uniform bit patterns of the format; those of NaN and inf lose a bit of their exponent."""
    bits = draws.raw(draw.key, 0, draw.shape)
    # Patterns are made in the parent format of the same exponent field; bfloat16 is a float32
    # whose low 16 bits are 0.
    carrier, pattern, shift = {
        "float64": (np.float64, np.uint64, 0),
        "float32": (np.float32, np.uint32, 32),
        "float16": (np.float16, np.uint16, 48),
        "bfloat16": (np.float32, np.uint32, 32),
    }[draw.fmt.name]
    words = (bits >> np.uint64(shift)).astype(pattern)
    if draw.fmt.name == "bfloat16":
        words &= pattern(0xFFFF0000)
    inf = np.asarray(np.inf, dtype=carrier).view(pattern)
    lowest_exponent_bit = inf & ~(inf << pattern(1))
    words = np.where((words & inf) == inf, words ^ lowest_exponent_bit, words)
    return words.astype(pattern).view(carrier).astype(np.float64)


def tiny(draw: Draw) -> Reals:
    """Subnormal numbers; numbers about the smallest normal one; numbers about u."""
    fmt = draw.fmt
    # p - 1 random bits, of which a random number is shifted out: all subnormal binades alike.
    shift = draws.below(draw.key, 4, draw.shape, fmt.p - 1) + (65 - fmt.p)
    steps = (draws.raw(draw.key, 0, draw.shape) >> shift.astype(np.uint64)) | np.uint64(1)
    subnormal = steps.astype(np.float64) * fmt.eta
    small = draws.log_uniform(draw.key, 1, draw.shape, fmt.emin - 3, fmt.emin + 3)
    about_u = draws.log_uniform(draw.key, 2, draw.shape, -fmt.p - 6, -fmt.p + 6)
    sizes = np.choose(kinds(draw, 3), (subnormal, small, about_u))
    return draws.signs(draw.key, 3, draw.shape) * sizes


def large_offset(draw: Draw) -> Reals:
    """±c + a few, with c beyond the range of exp and the format's grid at c still fine enough."""
    lowest = int(draw.exp.vanish).bit_length()
    highest = max(lowest + 1, draw.fmt.p - 4)
    offset = draws.log_uniform(draw.key, 0, draw.column, lowest, highest)
    signed = np.where(kinds(draw, 2) == 0, -offset, offset)
    return signed + 4.0 * draws.gaussian(draw.key, 1, draw.shape)


def exp_range(draw: Draw) -> Reals:
    """A top value less 0 ... -ln eta; rows ascending, descending and unsorted."""
    depth = draws.unit(draw.key, 0, draw.shape) * -draw.exp.eta
    if draw.n > 1:
        depth = np.where(is_hot(draw), 0.0, depth)
    ascending = -np.sort(-depth, axis=-1)
    kind = kinds(draw, 9)
    depth = np.choose(kind % 3, (ascending, ascending[:, ::-1], depth))
    high = np.full(draw.column, max(draw.exp.largest - 10.0, 0.0))
    tops = (np.zeros(draw.column), draws.gaussian(draw.key, 1, draw.column), high)
    return np.asarray(np.choose(kind // 3, tops) - depth)


def ties(draw: Draw) -> Reals:
    """Three values; the greatest stands at two coordinates or more (n >= 2)."""
    top = 4.0 * draws.gaussian(draw.key, 0, draw.column)
    steps = np.abs(draws.gaussian(draw.key, 1, (draw.rows, 2)))
    middle = top - steps[:, :1]
    choice = draws.below(draw.key, 2, draw.shape, 3)
    here = hot(draw)
    coordinates = np.arange(draw.n)
    choice[(coordinates == here) | (coordinates == (here + 1) % draw.n)] = 0
    return np.choose(choice, (top, middle, middle - steps[:, 1:]))


def one_hot_extreme(draw: Draw) -> Reals:
    """One coordinate above the others by more than exp can span: the outputs are 1 and 0."""
    lowest = int(2 * draw.exp.vanish).bit_length()
    height = draws.log_uniform(draw.key, 0, draw.column, lowest, draw.fmt.emax - 1)
    zero = np.zeros(draw.column)
    kind = kinds(draw, 3)
    high = np.choose(kind, (height, height, zero))
    low = np.choose(kind, (-height, zero, -height))
    return np.where(is_hot(draw), high, low)


def subnormal_outputs(draw: Draw) -> Reals:
    """Gaps whose exp is subnormal in the format; in every other row no coordinate is on top."""
    width = draw.exp.normal - draw.exp.eta + 2.0
    deep = draw.exp.normal + 1.0 - draws.unit(draw.key, 0, draw.shape) * width
    top = is_hot(draw) & (kinds(draw, 2) == 0) & (draw.n > 1)
    return np.where(top, 0.0, deep)


def signed_zeros(draw: Draw) -> Reals:
    """+0 and -0; in every other row powers of two among them."""
    power = draws.scaled(np.ones(draw.shape), draws.below(draw.key, 0, draw.shape, 7) - 3)
    keep = (kinds(draw, 2) == 0) & (draws.below(draw.key, 1, draw.shape, 2) == 0)
    return draws.signs(draw.key, 2, draw.shape) * np.where(keep, power, 0.0)


def near_overflow(draw: Draw) -> Reals:
    """Near the largest number: of one sign; of both, at a quarter of it; one among small ones."""
    near = draw.fmt.largest * (0.5 + 0.5 * draws.unit(draw.key, 0, draw.shape))
    mixed = 0.25 * near * draws.signs(draw.key, 1, draw.shape)
    sign = draws.signs(draw.key, 2, draw.column)
    one = np.where(is_hot(draw), sign * near, draws.gaussian(draw.key, 3, draw.shape))
    return np.choose(kinds(draw, 3), (sign * near, mixed, one))


def all_negative(draw: Draw) -> Reals:
    """Below zero: just below, in all binades, and so far that every exp is 0."""
    small = draws.gaussian(draw.key, 0, draw.shape)
    lowest = int(draw.exp.vanish).bit_length()
    spread = draws.log_uniform(draw.key, 1, draw.shape, -draw.fmt.p, lowest)
    offset = draws.log_uniform(draw.key, 2, draw.column, lowest, lowest + 3)
    return np.choose(kinds(draw, 3), (-np.abs(small), -spread, -offset - np.abs(4.0 * small)))


def one_hot(draw: Draw) -> Reals:
    """One coordinate is ±1 or ±a power of two, the others are 0."""
    exponent = np.choose(kinds(draw, 3), [np.full(draw.column, k) for k in (0, 3, -3)])
    height = draws.scaled(draws.signs(draw.key, 0, draw.column), exponent)
    return np.where(is_hot(draw), height, 0.0)


def constant(draw: Draw) -> Reals:
    """All coordinates equal: any number, a power of two, or a large number."""
    sign = draws.signs(draw.key, 0, draw.column)
    any_number = draws.gaussian(draw.key, 1, draw.column)
    power = draws.scaled(sign, draws.below(draw.key, 2, draw.column, 9) - 4)
    large = sign * draws.log_uniform(draw.key, 3, draw.column, 8, 13)
    return np.broadcast_to(np.choose(kinds(draw, 3), (any_number, power, large)), draw.shape)


def integers(draw: Draw) -> Reals:
    """Whole numbers from -8 to 8."""
    return (draws.below(draw.key, 0, draw.shape, 17) - 8).astype(np.float64)


# The order matters: large n take four neighbours at a time, and one of any four is normal,
# exp_range, log_uniform or large_offset, where every coordinate of the output is worth something.
_IN_ORDER = (
    Regime("normal", normal, "a wrong formula, sign, axis or index; a missing factor"),
    Regime("tiny", tiny, "flush to zero, exp(x) of expm1 quality only, absolute thresholds"),
    Regime("one_hot_extreme", one_hot_extreme, "inf - inf and 0 * inf; outputs not exactly 0, 1"),
    Regime("ties", ties, "a maximum counted once, equal inputs with unequal outputs"),
    Regime("exp_range", exp_range, "a clipped exponent, a bad rescaling of a running maximum"),
    Regime("signed_zeros", signed_zeros, "1/x or sign tricks at zero, exp(0) other than 1"),
    Regime("near_overflow", near_overflow, "sums or squares of inputs taken before they shrink"),
    Regime("constant", constant, "the count of coordinates off by one, padding that is counted"),
    Regime("log_uniform", log_uniform, "an added epsilon, a defect at one scale only"),
    Regime("one_hot", one_hot, "a dropped tail, an index off by one, a row taken for a column"),
    Regime("subnormal_outputs", subnormal_outputs, "flush to zero, lost gradual underflow"),
    Regime("all_negative", all_negative, "a maximum that starts from 0, 0/0 when all exp vanish"),
    Regime("large_offset", large_offset, "no shift by the maximum, a shift in the wrong order"),
    Regime("raw_bits", raw_bits, "whatever nobody thought of, over the whole format"),
    Regime("integers", integers, "any error at all where sums and products are exact"),
)

REGIMES: Mapping[str, Regime] = MappingProxyType({regime.name: regime for regime in _IN_ORDER})
