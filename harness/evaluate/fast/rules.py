"""The error rules of `charge.py` as nodes of a kernel, and the doubt about the kernel's own number.

`error` is never above what the walk charges: what a kernel finds inside its bound, the walk finds
inside, too. Each rule is below by less than `MARGIN` (the rules here drop the walk's SLACK, its
doubt about its own carrier, and second-order terms), and nothing is judged beyond `SAFE` of a
limit. Where exactness would take a longer test than it is worth, because an exponential or a
logarithm that is never exact stands behind an operand, a check says that the operand has an error,
and rows that fail it are left to the walk. `doubt` is at least the error of the kernel's own
number, by the same rules for float64.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

from harness.evaluate.arithmetic import Rounding
from harness.evaluate.fast import exponential, exponential_wide, logarithm, wide
from harness.evaluate.fast.graph import Axis, Graph, Node, below, is_const
from harness.evaluate.fast.reasons import NotCompiled
from harness.evaluate.formats import FORMATS, Format
from harness.statement.types import Length

MARGIN = 2.0**-15
"""The greatest relative distance of one rule's error below that of the walk."""

MOST_MOVED = 2.0**-16
"""Error of an exponent up to which the first term of its series is within MARGIN."""

OWN_UNIT = 2.0**-53
TINY = 2.0**-1060
"""Covers what is lost where the kernel's own products underflow."""

NEARER = 2.0**-64
"""Relative distance from a number of the format at which the walk takes a result for exact."""

SAFE = 1 - 2.0**-6
"""Share of a limit that a kernel judges; nearer to it the walk does. Limits are the end of a range
and, for the error of a divisor or of what is under a root, its size: beyond them there is no bound,
and close to them the distance below the walk's bound is multiplied, here by at most 64."""

LOG_SHARE = 0.5
"""Of that share again, the error of what is under a logarithm: beyond, its series is too short."""

OUTSIDE_SHARE = 2.0**-2
"""The same for the error of a divisor outside of calls, where the walk has no bound from 1/2 on."""

OWN_SHARE = 2.0**-20
"""What the walk charges for its own roundings may be of a divisor outside of calls; it is left out
of `error`, and more of it could end the walk's bound."""

NARROWER = 2.0**40
"""At least by how much the walk's own roundings in 64 bits exceed those of double-doubles."""


def is_paired(fmt: Format) -> bool:
    """Whether values for a format are double-doubles: float64 alone is not wide enough for it."""
    return fmt.p > FORMATS["float32"].p


@dataclass(frozen=True)
class Number:
    """value: the kernel's float64; |value + low - exact| <= doubt; error: the walk's, from below;
    low: of a double-double, else None."""

    value: Node
    error: Node
    doubt: Node
    low: Node | None = None


@dataclass(frozen=True)
class Rules:
    """Builds the nodes of single operations under one rounding.

    paired: values are double-doubles. sharp: sums and products that the value holds leave no doubt,
    which takes a test for each of them. outside: of calls, where the walk's carrier is no wider
    than it is charged as, so that its doubt is as large as the error. checks: truths that the
    bound rests on (range, divisors); own_checks: those that the doubt rests on. Rows where one
    fails are not judged by the kernel.
    """

    graph: Graph
    rounding: Rounding
    paired: bool = False
    sharp: bool = False
    outside: bool = False
    checks: list[Node] = field(default_factory=list)
    own_checks: list[Node] = field(default_factory=list)

    def exact(self, value: Node) -> Number:
        """A value without error."""
        return self.known(value, self.graph.const(0.0))

    def known(self, value: Node, error: Node) -> Number:
        """A number that came from elsewhere, with the error that it has."""
        zero = self.graph.const(0.0)
        return Number(value, error, zero, zero if self.paired else None)

    def difference(self, a: Number, b: Number) -> Node:
        """a - b as one float64, nothing charged."""
        if not self.paired:
            return self.graph.sub(a.value, b.value)
        return wide.add(self.graph, self._pair(a), wide.negated(self.graph, self._pair(b)))[0]

    def number(self, number: Fraction) -> Number:
        """A numeral of the statement."""
        g, fmt = self.graph, self.rounding.working
        v = float(number)
        rest = number - Fraction(v)
        low = float(rest) if self.paired else 0.0
        doubt = 0.0 if rest == Fraction(low) else (wide.UNIT if self.paired else OWN_UNIT) * abs(v)
        error = g.const(fmt.u * abs(v) + self._underflow(fmt))
        value = g.const(v)
        if rest == 0:
            error = g.const(0.0) if not v else self._unless_exact((value, g.const(0.0)), error)
        return Number(value, error, g.const(doubt), g.const(low) if self.paired else None)

    def length(self, length: Length) -> Number:
        """A length as a number."""
        g, fmt = self.graph, self.rounding.working
        v = g.param(("length", length), low=0.0, high=2.0**24)
        zero = g.const(0.0)
        error = self._unless_exact((v, zero), g.mul(g.const(fmt.u), v))
        return Number(v, error, zero, zero if self.paired else None)

    def entering(self, a: Number) -> Number:
        """An argument: rounded where the working format is narrower, flushed where promised."""
        g, fmt, output = self.graph, self.rounding.working, self.rounding.output
        size, error = g.abs(a.value), a.error
        if not fmt.holds(output):
            lost = g.fma(g.const(fmt.u), size, g.const(self._underflow(fmt)))
            on_grid = g.on_grid(a.value, fmt)
            error = g.add(error, g.select(on_grid, g.const(0.0), lost))
        if self.rounding.flush_to_zero:
            smallest = max(fmt.smallest_normal, output.smallest_normal)
            gone = g.lt(size, g.const(smallest))
            error = g.add(error, g.select(gone, size, g.const(0.0)))
        self._in_range(a.value, error, fmt.largest)
        return Number(a.value, error, a.doubt, a.low)

    def add(self, a: Number, b: Number, sign: int = 1) -> Number:
        """a + b, or a - b for sign -1."""
        g, fmt = self.graph, self.rounding.working
        low: Node | None = None
        if self.paired:
            other = self._pair(b) if sign > 0 else wide.negated(g, self._pair(b))
            v, low = wide.add(g, self._pair(a), other)
        else:
            v = g.add(a.value, b.value) if sign > 0 else g.sub(a.value, b.value)
        size, e0 = g.abs(v), g.add(a.error, b.error)
        error = g.fma(g.const(fmt.u), g.add(size, e0), e0)
        error = g.add(error, g.const(self._flush(fmt)))
        error = self._exact((v, low), e0, error)
        self._in_range(v, error, fmt.largest)
        doubt = g.add(a.doubt, b.doubt)
        held = self.paired and is_const(self._low(a), 0) and is_const(self._low(b), 0)
        if not held or (self.outside and not self.sharp):
            told = self.sharp and not self.paired
            exact = self._sum_is_exact(a.value, b.value, v, sign) if told else None
            doubt = self._doubt(v, doubt, exact=exact)
        return Number(v, error, doubt, low)

    def _sum_is_exact(self, a: Node, b: Node, total: Node, sign: int) -> Node:
        """Whether nothing was rounded off (`exactness.sum_is_exact`)."""
        g = self.graph
        right = b if sign > 0 else g.neg(b)
        part = g.sub(total, a)
        rest = g.add(g.sub(a, g.sub(total, part)), g.sub(right, part))
        return g.eq(rest, g.const(0.0))

    def _product_is_exact(self, a: Number, b: Number, product: Node) -> Node:
        """Whether nothing was rounded off; never where the rest itself may underflow."""
        g, zero = self.graph, self.graph.const(0.0)
        if self.paired:
            # The low part holds the rest, of a product of two float64 alone.
            whole = g.truth(is_const(self._low(a), 0) and is_const(self._low(b), 0))
        else:
            whole = g.eq(g.fma(a.value, b.value, g.neg(product)), zero)
        large = g.le(g.const(2.0**-900), g.abs(product))
        empty = g.either(g.eq(a.value, zero), g.eq(b.value, zero))
        return g.either(g.both(whole, large), empty)

    def multiply(self, a: Number, b: Number) -> Number:
        """a * b."""
        g, fmt = self.graph, self.rounding.working
        low: Node | None = None
        if self.paired:
            v, low = wide.multiply(g, self._pair(a), self._pair(b))
        else:
            v = g.mul(a.value, b.value)
        first, second = g.abs(a.value), g.abs(b.value)
        more = g.mul(g.const(3.0), a.error) if self.outside else a.error
        e0 = g.fma(g.add(first, more), b.error, g.mul(second, a.error))
        error = g.fma(g.const(fmt.u), g.add(g.abs(v), e0), e0)
        error = g.add(error, g.const(self._underflow(fmt)))
        error = self._exact((v, low), g.add(a.error, b.error), error)
        self._in_range(v, error, fmt.largest)
        doubt = g.fma(g.add(first, a.doubt), b.doubt, g.mul(second, a.doubt))
        exact = self._product_is_exact(a, b, v) if self.sharp else None
        return Number(v, error, self._doubt(v, doubt, tiny=True, exact=exact), low)

    def divide(self, a: Number, b: Number) -> Number:
        """a / b, two roundings. What depends on the divisor alone is computed once for it.

        Where 1 / b may be subnormal, which the walk charges more for, the walk judges.
        """
        g, fmt = self.graph, self.rounding.working
        one = g.const(1.0)
        v, low = self._quotient(a, b)
        size, divisor = g.abs(v), g.abs(b.value)
        self._require(g.le(g.add(divisor, b.error), g.const(SAFE / fmt.smallest_normal)))
        self._is_less(b, divisor)
        room = g.sub(divisor, g.mul(b.error, g.const(2.0)) if self.outside else b.error)
        self._require(g.le(one, g.mul(room, g.const(fmt.largest * SAFE))))
        inverse = g.div(one, room)
        # ((Ea + |v| Eb) / room) (1 + 2u) + 2u |v|, its factors grouped by what they depend on.
        once = g.mul(inverse, g.const(1 + 2 * fmt.u))
        if self.outside:
            once = g.fma(g.mul(inverse, inverse), b.error, inverse)
        relative = g.fma(b.error, once, g.const(2 * fmt.u))
        error = g.fma(size, relative, g.fma(a.error, once, g.const(self._underflow(fmt))))
        if self.rounding.exact and b.error.axes < error.axes and _inexact(b.error):
            self._require(g.lt(g.const(0.0), b.error))
        elif self.rounding.exact:
            # Other quotients may be exact and their reciprocals not.
            zero = g.eq(a.value, g.const(0.0))
            power = g.on_grid(b.value, Format("power", 1, -1100, 1100))
            whole = g.eq(self._low(b), g.const(0.0)) if low else g.eq(g.mul(v, b.value), a.value)
            certain = g.either(g.both(power, whole), zero)
            error = self._exact((v, low), g.add(a.error, b.error), error, certain)
        self._in_range(v, error, fmt.largest)
        own_room = g.sub(divisor, b.doubt)
        self._require_own(g.lt(g.const(2.0**-1000), own_room))
        own = g.div(g.const(1 + 2.0**-40), own_room)
        share = g.fma(b.doubt, own, g.const(wide.QUOTIENT if low else 3 * OWN_UNIT))
        inherited = g.add(a.doubt, g.const(TINY))
        doubt = g.fma(size, share, g.fma(inherited, own, g.const(TINY)))
        return Number(v, error, doubt, low)

    def _quotient(self, a: Number, b: Number) -> tuple[Node, Node | None]:
        """The reciprocal of what depends on fewer indices is computed once for all of them."""
        g, one = self.graph, self.graph.const(1.0)
        once = b.value.axes < a.value.axes
        if self.paired:
            if not once:
                return wide.divide(g, self._pair(a), self._pair(b))
            inverse = wide.divide(g, (one, g.const(0.0)), self._pair(b))
            return wide.multiply(g, self._pair(a), inverse)
        if not once:
            return g.div(a.value, b.value), None
        return g.mul(a.value, g.div(one, b.value)), None

    def exp(self, a: Number) -> Number:
        """exp a, K ulp of its own; its series in the argument's error is cut from below."""
        g, fmt, k = self.graph, self.rounding.working, self.rounding.exp_ulp
        ea = a.error
        if turns := self.rounding.exp_argument_roundings:
            off = g.fma(g.const(fmt.u), g.add(g.abs(a.value), ea), g.const(self._underflow(fmt)))
            ea = g.fma(g.const(float(turns)), off, ea)
        low: Node | None = None
        if self.paired:
            v, low = wide.exp(g, self._pair(a))
        else:
            v = g.exp(a.value)
        ends = exponential_wide if self.paired else exponential
        if self.outside and not self.paired:
            # What is clamped could get a size again by what it is multiplied by.
            v = g.select(g.lt(a.value, g.const(ends.CLAMP[0])), g.const(0.0), v)
            self._require_own(g.le(a.value, g.const(ends.CLAMP[1])))
        # exp(a + Ea) (c + 1 - exp(-Ea)) with c = 2 K u is at least exp a (c + (1 + c) Ea).
        c = 2 * k * fmt.u
        few = fmt.p >= 20
        # Larger Ea: unless what is left is far below the smallest subnormal, for the walk.
        most, gone = MOST_MOVED if few else 1.0, math.log(fmt.eta or 1e-300) - 45
        share = g.fma(ea, g.const(1 + c), g.const(c)) if few else self._far(ea, c, most)
        eta = k * fmt.eta + self._flush(fmt)
        error = g.fma(v, share, g.const(eta))
        if not is_const(ea, 0) and not (self._is_rounding(ea, a.value) and -gone * fmt.u <= most):
            far = g.le(g.fma(ea, g.const(2.0), a.value), g.const(gone))
            self._require(g.either(g.le(ea, g.const(most)), far))
        if self.rounding.exact:
            zero = g.eq(a.value, g.const(0.0))
            if not self._is_rounding(ea, a.value):
                zero = g.both(zero, g.eq(a.error, g.const(0.0)))
            error = g.select(zero, g.const(0.0), error)
        # The argument's error is at most 1 or, by the check above, all is far below 1.
        self._in_range(v, error, fmt.largest, v.high * 3 * (1 + c) + eta)
        # exp(Da) - 1 <= 1.01 Da; or all of it is below the clamp.
        if self.paired:
            # The clamps are far from the ends of float64: the walk has a wider exponent there.
            self._require_own(g.le(g.const(ends.CLAMP[0]), a.value))
            self._require_own(g.le(a.value, g.const(ends.CLAMP[1])))
        if not self._relative(a):
            below = g.le(g.add(a.value, a.doubt), g.const(ends.CLAMP[0]))
            self._require_own(g.either(g.le(a.doubt, g.const(2.0**-7)), below))
        relative = g.fma(a.doubt, g.const(1.01), g.const(ends.RELATIVE))
        return Number(v, error, g.fma(v, relative, g.const(ends.CLAMPED)), low)

    def _far(self, ea: Node, c: float, most: float) -> Node:
        """(1 + c) exp Ea - 1 by more terms, still from below, for formats with large errors.

        Beyond `most` it is that for Ea = 0: nothing is left there, but the kernel's own exponential
        ends at its clamp, which high powers of Ea would make a number again.
        """
        g = self.graph
        ea = g.select(g.le(ea, g.const(most)), ea, g.const(0.0))
        total = g.const(1 / math.factorial(8))
        for power in range(7, -1, -1):
            total = g.fma(ea, total, g.const(1 / math.factorial(power)))
        return g.fma(total, g.const(1 + c), g.const(-1.0))

    def _relative(self, a: Number) -> bool:
        """Whether the doubt is a tiny part of the number itself: harmless below the clamp, too."""
        if is_const(a.doubt, 0):
            return True
        parts = a.doubt.args if a.doubt.op == "mul" else ()
        small = any(part.op == "const" and part.high <= 2.0**-40 for part in parts)
        return small and self.graph.abs(a.value) in parts

    def log(self, a: Number) -> Number:
        """log a, K ulp of its own and u; only where the argument's error is a share of it."""
        if self.paired:
            raise NotCompiled("a logarithm in float64 is not compiled")
        g, fmt, k = self.graph, self.rounding.working, self.rounding.exp_ulp
        v = g.log(a.value)
        self._is_less(a, g.mul(a.value, g.const(LOG_SHARE)))
        self._require_own(g.le(g.const(logarithm.LEAST), a.value))
        self._require_own(g.le(a.doubt, g.mul(a.value, g.const(2.0**-7))))
        doubt = g.mul(g.const(logarithm.RELATIVE), g.abs(v))
        if not is_const(a.doubt, 0):
            # -log1p(-Da / a) <= 1.01 Da / a.
            doubt = g.add(doubt, g.fma(g.div(a.doubt, a.value), g.const(1.01), g.const(TINY)))
        # -log1p(-Ea / a) = 2 artanh(Ea / (2 a - Ea)), for the greatest a that is possible.
        most = g.add(a.value, a.doubt)
        s = g.div(a.error, g.sub(g.mul(g.const(2.0), most), a.error))
        moved = g.mul(g.mul(g.const(2.0), s), self._artanh_share(g.mul(s, s)))
        size = g.add(g.sub(g.abs(v), doubt), moved)
        error = g.fma(g.const(2 * k * fmt.u), size, g.add(moved, g.const(fmt.u)))
        # What was moved is less than 1.
        self._in_range(v, error, fmt.largest, (max(-v.low, v.high) + 1) * (1 + 2 * k * fmt.u) + 1)
        return Number(v, error, doubt)

    def _artanh_share(self, z: Node) -> Node:
        """artanh s / s, z = s^2, by the terms that MARGIN needs up to LOG_SHARE: from below."""
        g = self.graph
        total = g.const(1 / 7)
        for odd in (5, 3, 1):
            total = g.fma(total, z, g.const(1 / odd))
        return total

    def sqrt(self, a: Number) -> Number:
        """The square root; only where the argument is surely positive."""
        g, fmt = self.graph, self.rounding.working
        low: Node | None = None
        if self.paired:
            v, low = wide.sqrt(g, self._pair(a))
        else:
            v = g.sqrt(a.value)
        self._is_less(a, a.value)
        # Below, what is left of the square of a double-double's root may underflow.
        self._require_own(g.le(g.const(2.0**-900 if self.paired else 2.0**-1000), a.value))
        self._require_own(g.le(a.doubt, g.mul(a.value, g.const(0.5))))
        least = g.sub(a.value, a.error) if self.outside else a.value
        first = g.sqrt(least) if self.outside else v
        roots = g.add(first, g.sqrt(g.max(g.const(0.0), g.sub(least, a.error))))
        e0 = g.div(a.error, roots)
        error = g.add(g.fma(g.const(fmt.u), g.add(v, e0), e0), g.const(self._flush(fmt)))
        self._in_range(v, error, fmt.largest)
        doubt = g.fma(v, g.const(wide.QUOTIENT if low else 0.0), g.div(a.doubt, v))
        return Number(v, error, self._doubt(v, doubt), low)

    def _is_less(self, a: Number, size: Node) -> None:
        """Requires of a divisor, or of what is under a root, that its error is small enough."""
        g = self.graph
        share = OUTSIDE_SHARE if self.outside else SAFE
        self._require(g.le(a.error, g.mul(size, g.const(share))))
        if self.outside:
            own = OWN_SHARE / NARROWER if self.paired else OWN_SHARE
            self._require_own(g.le(a.doubt, g.mul(size, g.const(own))))

    def negate(self, a: Number) -> Number:
        """-a."""
        low = self.graph.neg(a.low) if a.low else None
        return Number(self.graph.neg(a.value), a.error, a.doubt, low)

    def magnitude(self, a: Number) -> Number:
        """|a|."""
        g = self.graph
        if a.low is None:
            return Number(g.abs(a.value), a.error, a.doubt)
        low = g.select(g.lt(a.value, g.const(0.0)), g.neg(a.low), a.low)
        return Number(g.abs(a.value), a.error, a.doubt, low)

    def sum(self, a: Number, axis: Axis) -> Number:
        """The sum over an axis in any order that the promise allows."""
        g, working, accumulator = self.graph, self.rounding.working, self.rounding.accumulator
        low: Node | None = None
        if self.paired:
            total, low = g.wide_sum(axis, a.value, self._low(a))
        else:
            total = g.reduce("sum", axis, a.value)
        size = g.reduce("sum", axis, g.abs(a.value))
        e0 = g.reduce("sum", axis, a.error)
        error, several = e0, g.param(("several", axis.length), low=0.0, high=1.0)
        count = g.param(("length", axis.length), low=0.0, high=2.0**24)
        if not accumulator.holds(working):
            # Each summand is rounded on its way in, one alone, too.
            error = g.fma(g.const(accumulator.u), g.add(size, error), error)
            error = g.fma(count, g.const(self._underflow(accumulator)), error)
            several = g.const(1.0)
        if self.rounding.flush_to_zero:
            flushed = g.param(("added", axis.length), low=0.0)
            error = g.fma(flushed, g.const(accumulator.smallest_normal), error)
        gamma = g.param(("gamma", axis.length, self.rounding), low=0.0)
        error = g.fma(gamma, g.add(size, error), error)
        if not working.holds(accumulator):
            last = g.fma(g.const(working.u), g.add(g.abs(total), error), error)
            last = g.add(last, g.const(self._underflow(working)))
            error = g.fma(several, g.sub(last, error), error) if several.op == "param" else last
        if self.rounding.exact and is_const(e0, 0):
            if self.paired:
                raise NotCompiled("a sum of exact numbers in float64 is not compiled")
            lowest = g.neg(g.reduce("max", axis, g.neg(g.lowest_bit(a.value))))
            one_grid = g.lt(size, g.mul(g.const(2.0**accumulator.p), lowest))
            least = max(accumulator.eta, self._flush(working), self._flush(accumulator))
            one_grid = g.both(one_grid, g.le(g.const(least), lowest))
            error = self._exact((total, None), e0, error, one_grid)
        elif self.rounding.exact:
            self._require(g.lt(g.const(0.0), e0))
        largest = min(working.largest, accumulator.largest)
        self._in_range(size, error, largest)
        own = g.param(("own wide" if self.paired else "own", axis.length), low=0.0, high=2.0**-20)
        doubt = g.reduce("sum", axis, a.doubt)
        doubt = g.fma(own, size, g.mul(doubt, g.const(1 + 2.0**-20)))
        return Number(total, error, doubt, low)

    def greatest(self, a: Number, axis: Axis) -> Number:
        """The maximum over an axis."""
        g = self.graph
        if self.paired and not is_const(self._low(a), 0):
            raise NotCompiled("a maximum of computed numbers in float64 is not compiled")
        value, error, doubt = (g.reduce("max", axis, p) for p in (a.value, a.error, a.doubt))
        return Number(value, error, doubt, a.low)

    def cast(self, a: Number) -> Number:
        """The one rounding to the format of the result, when that is narrower."""
        g, fmt = self.graph, self.rounding.output
        if fmt.holds(self.rounding.working):
            return a
        error = g.fma(g.const(fmt.u), g.add(g.abs(a.value), a.error), a.error)
        smallest = fmt.smallest_normal if self.rounding.flush_to_zero else fmt.eta / 2
        error = g.add(error, g.const(smallest))
        if self.rounding.exact:
            error = self._exact((a.value, a.low), a.error, error, fmt=fmt)
        self._in_range(a.value, error, fmt.largest)
        return Number(a.value, error, a.doubt, a.low)

    def _pair(self, a: Number) -> wide.Pair:
        return a.value, self._low(a)

    def _low(self, a: Number) -> Node:
        return a.low or self.graph.const(0.0)

    def _exact(
        self,
        v: tuple[Node, Node | None],
        e0: Node,
        error: Node,
        certain: Node | None = None,
        fmt: Format | None = None,
    ) -> Node:
        """IEEE: exact operands and a result on the grid leave no error."""
        g = self.graph
        if not self.rounding.exact:
            return error
        if _inexact(e0):
            self._require(g.lt(g.const(0.0), e0))
            return error
        applies = g.eq(e0, g.const(0.0))
        if certain is not None:
            applies = g.both(applies, certain)
        return self._unless_exact(v, error, applies, fmt)

    def _unless_exact(
        self,
        v: tuple[Node, Node | None],
        error: Node,
        applies: Node | None = None,
        fmt: Format | None = None,
    ) -> Node:
        g, fmt = self.graph, fmt or self.rounding.working
        value, low = v
        exact = g.truth(True)
        if low is not None and not is_const(low, 0):
            # The walk, in 64 bits, does not see what is nearer to a number of the format.
            exact = g.le(g.abs(low), g.mul(g.const(NEARER), g.abs(value)))
        if low is None or fmt.p < 53:
            exact = g.both(exact, g.on_grid(value, fmt))
        if applies is not None:
            exact = g.both(applies, exact)
        if smallest := self._flush(fmt):
            kept = g.either(g.le(g.const(smallest), g.abs(value)), g.eq(value, g.const(0.0)))
            exact = g.both(exact, kept)
        return g.select(exact, g.const(0.0), error)

    def _is_rounding(self, error: Node, value: Node) -> bool:
        """Whether an error is what one rounding of `value` leaves, 0 where that is exact."""
        if error.op != "select" or error.args[0].op not in ("on_grid", "le") or value.high > 0:
            return False
        size = self.graph.abs(value)
        return error.args[2] is self.graph.mul(self.graph.const(self.rounding.working.u), size)

    def _doubt(
        self, v: Node, inherited: Node, *, tiny: bool = False, exact: Node | None = None
    ) -> Node:
        g = self.graph
        unit = g.const(wide.UNIT if self.paired else OWN_UNIT * 1.01)
        kept, lost = g.mul(inherited, g.const(1 + 2.0**-40)), g.const(TINY if tiny else 0.0)
        if exact is None:
            return g.add(g.fma(unit, g.abs(v), kept), lost)
        return g.add(g.select(exact, g.const(0.0), g.fma(unit, g.abs(v), lost)), kept)

    def _in_range(self, v: Node, error: Node, largest: float, most: float = math.inf) -> None:
        """most: what |v| + error cannot exceed where the other checks hold, if that is known."""
        g = self.graph
        if min(max(-v.low, v.high) + error.high, most) <= largest * 2.0**-20:
            return
        self._require(g.le(g.add(g.abs(v), error), g.const(largest * SAFE)))

    def _require(self, truth: Node) -> None:
        if truth.op != "true" and truth not in self.checks:
            self.checks.append(truth)

    def _require_own(self, truth: Node) -> None:
        if truth.op != "true" and truth not in self.own_checks:
            self.own_checks.append(truth)

    def _underflow(self, fmt: Format) -> float:
        return self._flush(fmt) or fmt.eta / 2

    def _flush(self, fmt: Format) -> float:
        return fmt.smallest_normal if self.rounding.flush_to_zero else 0.0


def _inexact(error: Node) -> bool:
    """Whether an exponential or a logarithm stands behind an error, so that it is hardly ever 0."""
    return any(node.op in ("exp", "log") for node in below((error,)))
