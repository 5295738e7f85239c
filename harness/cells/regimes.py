"""The fifteen regimes of the first vector argument: what its numbers look like and what that finds.

A regime makes (rows, n) float64 numbers; rounding to the format happens once, in `inputs`. Rows of
one array take the kinds of their regime in turn, from a drawn start. Sizes are taken from the
format and from the range of exp over it, so that a regime means the same in all four formats.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from harness.cells import draws
from harness.cells.draws import Source
from harness.cells.maker import Maker, Numbers, Shape
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
_LN_2 = 0.6931471805599453


@dataclass(frozen=True)
class Draw:
    """What a regime is asked for: `rows` vectors of n >= 1 numbers of a format.

    partner: the first vector of the statement, shape (rows, n), for regimes that relate to it.
    """

    source: Source
    rows: int
    n: int
    fmt: Format
    partner: Numbers | None = None

    @property
    def make(self) -> Maker:
        """What arrays are made with."""
        return self.source.make

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


Generator = Callable[[Draw], Numbers]


@dataclass(frozen=True)
class Regime:
    """A named way to make numbers. catches: the defects that show here, in a line."""

    name: str
    make: Generator
    catches: str


def kinds(draw: Draw, count: int, *, lane: int = 90) -> Numbers:
    """The kind of each row, shape (rows, 1): 0 ... count - 1 in turn from a drawn start."""
    start = draws.below(draw.source, lane, (1, 1), count)
    return (draw.make.arange(draw.rows)[:, None] + start) % count


def hot(draw: Draw) -> Numbers:
    """One coordinate of each row, shape (rows, 1): the last, the first, the middle, a drawn one."""
    drawn = draws.below(draw.source, 91, draw.column, draw.n)
    fixed = (draw.make.full(draw.column, k) for k in (draw.n - 1, 0, draw.n // 2))
    return draw.make.choose(kinds(draw, 4, lane=92), (*fixed, drawn))


def is_hot(draw: Draw) -> Numbers:
    """Where the coordinate of `hot` is, shape (rows, n)."""
    return draw.make.arange(draw.n) == hot(draw)


def normal(draw: Draw) -> Numbers:
    """Bell-shaped numbers of size 1."""
    return draws.gaussian(draw.source, 0, draw.shape)


def log_uniform(draw: Draw) -> Numbers:
    """Both signs, from below u to the last whole binade in which exp is finite."""
    top = int(draw.exp.largest).bit_length() - 1
    sizes = draws.log_uniform(draw.source, 0, draw.shape, -draw.fmt.p - 4, top)
    return draws.signs(draw.source, 1, draw.shape) * sizes


def raw_bits(draw: Draw) -> Numbers:
    """Uniform bit patterns of the format; those of NaN and inf lose a bit of their exponent."""
    fmt, make = draw.fmt, draw.make
    width = (2 * fmt.emax + 1).bit_length() + fmt.p
    words = draws.raw(draw.source, 0, draw.shape)
    words = words if width == 64 else make.shifted(words, 64 - width)
    lowest_exponent_bit = 1 << (fmt.p - 1)
    inf = (1 << (width - 1)) - lowest_exponent_bit
    words = make.where((words & inf) == inf, words ^ lowest_exponent_bit, words)
    if width == 64:
        return make.of_bits(words)
    exponents, fractions = (words & inf) >> (fmt.p - 1), words & (lowest_exponent_bit - 1)
    shift = 1023 - fmt.emax
    sizes = make.of_bits(((exponents + shift) << 52) | (fractions << (53 - fmt.p)))
    sizes = make.where(exponents == 0, make.reals(fractions) * fmt.eta, sizes)
    return make.where(words >> (width - 1) == 0, sizes, -sizes)


def tiny(draw: Draw) -> Numbers:
    """Subnormal numbers; numbers about the smallest normal one; numbers about u."""
    fmt = draw.fmt
    # p - 1 random bits, of which a random number is shifted out: all subnormal binades alike.
    shift = draws.below(draw.source, 4, draw.shape, fmt.p - 1) + (65 - fmt.p)
    steps = draw.make.shifted(draws.raw(draw.source, 0, draw.shape), shift) | 1
    subnormal = draw.make.reals(steps) * fmt.eta
    small = draws.log_uniform(draw.source, 1, draw.shape, fmt.emin - 3, fmt.emin + 3)
    about_u = draws.log_uniform(draw.source, 2, draw.shape, -fmt.p - 6, -fmt.p + 6)
    sizes = draw.make.choose(kinds(draw, 3), (subnormal, small, about_u))
    return draws.signs(draw.source, 3, draw.shape) * sizes


def large_offset(draw: Draw) -> Numbers:
    """±c + a few, with c beyond the range of exp and the format's grid at c still fine enough."""
    lowest = int(draw.exp.vanish).bit_length()
    highest = max(lowest + 1, draw.fmt.p - 4)
    offset = draws.log_uniform(draw.source, 0, draw.column, lowest, highest)
    signed = draw.make.where(kinds(draw, 2) == 0, -offset, offset)
    return signed + 4.0 * draws.gaussian(draw.source, 1, draw.shape)


def exp_range(draw: Draw) -> Numbers:
    """A top value less 0 ... -ln eta; rows ascending, descending and unsorted.

    The top is 0, a small number, or up to where n of its exponentials are the largest number.
    """
    kind = kinds(draw, 9)
    depth = draws.unit(draw.source, 0, draw.shape) * -draw.exp.eta
    on_top = is_hot(draw) & ((kind // 3 == 2) | (draw.n > 1))
    depth = draw.make.where(on_top, 0.0, depth)
    falling = -draw.make.ascending(-depth)
    depth = draw.make.choose(kind % 3, (falling, draw.make.backwards(falling), depth))
    ceiling = draw.exp.largest - _LN_2 * (draw.n - 1).bit_length()
    below = draws.unit(draw.source, 2, draw.column)
    high = ceiling - min(10.0, max(1.0, ceiling)) * (below * below)
    zero = draw.make.full(draw.column, 0.0)
    tops = (zero, draws.gaussian(draw.source, 1, draw.column), high)
    return draw.make.choose(kind // 3, tops) - depth


def ties(draw: Draw) -> Numbers:
    """Three values; the greatest stands at two coordinates or more (n >= 2)."""
    top = 4.0 * draws.gaussian(draw.source, 0, draw.column)
    steps = abs(draws.gaussian(draw.source, 1, (draw.rows, 2)))
    middle = top - steps[:, :1]
    choice = draws.below(draw.source, 2, draw.shape, 3)
    here, coordinates = hot(draw), draw.make.arange(draw.n)
    on_top = (coordinates == here) | (coordinates == (here + 1) % draw.n)
    choice = draw.make.where(on_top, 0, choice)
    return draw.make.choose(choice, (top, middle, middle - steps[:, 1:]))


def one_hot_extreme(draw: Draw) -> Numbers:
    """One coordinate above the others by more than exp can span: the outputs are 1 and 0."""
    lowest = int(2 * draw.exp.vanish).bit_length()
    height = draws.log_uniform(draw.source, 0, draw.column, lowest, draw.fmt.emax - 1)
    zero = draw.make.full(draw.column, 0.0)
    kind = kinds(draw, 3)
    high = draw.make.choose(kind, (height, height, zero))
    low = draw.make.choose(kind, (-height, zero, -height))
    return draw.make.where(is_hot(draw), high, low)


def subnormal_outputs(draw: Draw) -> Numbers:
    """Gaps whose exp is subnormal in the format; in every other row no coordinate is on top."""
    width = draw.exp.normal - draw.exp.eta + 2.0
    deep = draw.exp.normal + 1.0 - draws.unit(draw.source, 0, draw.shape) * width
    top = is_hot(draw) & (kinds(draw, 2) == 0) & (draw.n > 1)
    return draw.make.where(top, 0.0, deep)


def signed_zeros(draw: Draw) -> Numbers:
    """+0 and -0; in every other row powers of two among them."""
    ones = draw.make.full(draw.shape, 1.0)
    power = draws.scaled(draw.make, ones, draws.below(draw.source, 0, draw.shape, 7) - 3)
    keep = (kinds(draw, 2) == 0) & (draws.below(draw.source, 1, draw.shape, 2) == 0)
    return draws.signs(draw.source, 2, draw.shape) * draw.make.where(keep, power, 0.0)


def near_overflow(draw: Draw) -> Numbers:
    """Near the largest number: of one sign; of both, at a quarter of it; one among small ones."""
    near = draw.fmt.largest * (0.5 + 0.5 * draws.unit(draw.source, 0, draw.shape))
    mixed = 0.25 * near * draws.signs(draw.source, 1, draw.shape)
    sign = draws.signs(draw.source, 2, draw.column)
    one = draw.make.where(is_hot(draw), sign * near, draws.gaussian(draw.source, 3, draw.shape))
    return draw.make.choose(kinds(draw, 3), (sign * near, mixed, one))


def all_negative(draw: Draw) -> Numbers:
    """Below zero: just below, in all binades, and so far that every exp is 0."""
    small = draws.gaussian(draw.source, 0, draw.shape)
    lowest = int(draw.exp.vanish).bit_length()
    spread = draws.log_uniform(draw.source, 1, draw.shape, -draw.fmt.p, lowest)
    offset = draws.log_uniform(draw.source, 2, draw.column, lowest, lowest + 3)
    return draw.make.choose(kinds(draw, 3), (-abs(small), -spread, -offset - abs(4.0 * small)))


def one_hot(draw: Draw) -> Numbers:
    """One coordinate is ±1 or ±a power of two, the others are 0."""
    exponents = [draw.make.full(draw.column, k) for k in (0, 3, -3)]
    exponent = draw.make.choose(kinds(draw, 3), exponents)
    height = draws.scaled(draw.make, draws.signs(draw.source, 0, draw.column), exponent)
    return draw.make.where(is_hot(draw), height, 0.0)


def constant(draw: Draw) -> Numbers:
    """All coordinates equal: any number, a power of two, or a large number."""
    sign = draws.signs(draw.source, 0, draw.column)
    any_number = draws.gaussian(draw.source, 1, draw.column)
    power = draws.scaled(draw.make, sign, draws.below(draw.source, 2, draw.column, 9) - 4)
    large = sign * draws.log_uniform(draw.source, 3, draw.column, 8, 13)
    chosen = draw.make.choose(kinds(draw, 3), (any_number, power, large))
    return draw.make.spread(chosen, draw.shape)


def integers(draw: Draw) -> Numbers:
    """Whole numbers from -8 to 8."""
    return draw.make.reals(draws.below(draw.source, 0, draw.shape, 17) - 8)


# The order matters: large n take four neighbours at a time, and one of any four is normal,
# exp_range, log_uniform or large_offset, where every coordinate of the output is worth something.
_IN_ORDER = (
    Regime("normal", normal, "a wrong formula, sign, axis or index; a missing factor"),
    Regime("tiny", tiny, "flush to zero, exp(x) of expm1 quality only, absolute thresholds"),
    Regime("one_hot_extreme", one_hot_extreme, "inf - inf and 0 * inf; outputs not exactly 0, 1"),
    Regime("ties", ties, "a maximum counted once, equal inputs with unequal outputs"),
    Regime(
        "exp_range", exp_range, "a clipped argument or exponent, a running maximum rescaled badly"
    ),
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
