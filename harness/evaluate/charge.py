"""The error rules of single operations (docs/bounds.md has the table and where each rule is from).

Each function takes values with the error of what was computed so far and returns the value of the
node with its error. E0 below is what the operands' errors become; the charge for the operation
itself comes on top: u (|v| + E0), plus half a smallest subnormal where a result can underflow.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from harness.evaluate.arithmetic import Rounding
from harness.evaluate.exactness import (
    Flags,
    is_power_of_two,
    on_one_grid,
    product_is_exact,
    sum_is_exact,
)
from harness.evaluate.formats import Format, on_grid
from harness.evaluate.value import Array, Carrier, Value

# Covers the roundings of the error computation itself, a few per node in the carrier.
SLACK = 1 + 1e-9


class Charger:
    """The rules under one `Rounding`, computed in one carrier.

    `out_of_range` is the caller's: rows where a node left the format's range are or-ed into it.
    """

    def __init__(self, rounding: Rounding, carrier: Carrier, out_of_range: Flags) -> None:
        self.rounding = rounding
        self.carrier = carrier
        self.out_of_range = out_of_range
        fmt = rounding.working
        self.wider = carrier.bits > fmt.p
        # The carrier's own number may be off too, by this share of the error charged to the code
        # (8: the harness's exp is charged 2 ulp, the code's K may be as small as a half).
        self.doubt = min(1.0, 8 * carrier.unit / fmt.u)
        self.flush = fmt.smallest_normal if rounding.flush_to_zero else 0.0
        # Products inside the error may underflow themselves; in a wide carrier this is nothing.
        self.lost = 3 * np.nextafter(carrier.dtype(0), carrier.dtype(1))
        self.underflow = (self.flush or self._times_eta(0.5, fmt)) + self.lost

    def number(self, number: Fraction, depth: int) -> Value:
        """A numeral of the statement, rounded to the format."""
        fmt = self.rounding.working
        v = _in_carrier(number, self.carrier).reshape((1,) * (1 + depth))
        error = fmt.u * abs(v) + self.underflow
        if on_grid(v, fmt).all() and Fraction(*v.item().as_integer_ratio()) == number:
            error = np.where((abs(v) >= self.flush) | (v == 0), 0, error)
        return self._checked(v, error, depth)

    def entering(self, value: Value) -> Value:
        """An argument: rounded where the working format is narrower than that of the arrays.

        Subnormal inputs may be read as zero under flush to zero. A row with an infinity or a NaN is
        out of range: a statement about real numbers says nothing about it.
        """
        fmt, output = self.rounding.working, self.rounding.output
        error = value.error
        if not fmt.holds(output):
            size = abs(value.value)
            error = error + np.where(on_grid(value.value, fmt), 0, fmt.u * size + self.underflow)
        if self.flush:
            smallest = max(self.flush, output.smallest_normal)
            error = error + np.where(abs(value.value) < smallest, abs(value.value), 0)
        return self._checked(value.value, error, value.depth, rank=value.rank)

    def add(self, a: Value, b: Value, sign: int = 1) -> Value:
        """a + b, or a - b for sign -1."""
        right = b.value if sign > 0 else -b.value
        v = a.value + right
        e0 = a.error + b.error
        # Sums do not underflow: they are multiples of the smallest subnormal.
        error = e0 + self.rounding.working.u * (abs(v) + e0) + self.flush
        if self.rounding.exact:
            error = self._exact(v, error, e0, sum_is_exact(a.value, right, v))
        return self._checked(v, error, a.depth)

    def multiply(self, a: Value, b: Value) -> Value:
        """a * b."""
        v = a.value * b.value
        both = (1 + 2 * self.doubt) * a.error * b.error
        e0 = abs(a.value) * b.error + abs(b.value) * a.error + both
        error = e0 + self.rounding.working.u * (abs(v) + e0) + self.underflow
        if self.rounding.exact:
            bits, fmt = self.carrier.bits, self.rounding.working
            certain = product_is_exact(a.value, b.value, v, bits, fmt)
            error = self._exact(v, error, a.error + b.error, certain)
        return self._checked(v, error, a.depth)

    def divide(self, a: Value, b: Value) -> Value:
        """a / b; two roundings, so that a * (1 / b) is covered too.

        There is no bound where 1 / b may overflow, and more is lost where it may be subnormal.
        """
        fmt = self.rounding.working
        room = abs(b.value) - (1 + self.doubt) * b.error
        v = a.value / b.value
        # |v| Eb alone may underflow in the carrier.
        relative = b.error / room
        e0 = (a.error / room + abs(v) * relative) * (1 + self.doubt * relative)
        error = e0 + 2 * fmt.u * (abs(v) + e0) + self.underflow
        tiny = abs(b.value) + b.error > 1 / fmt.smallest_normal
        error = error + np.where(tiny, (abs(a.value) + a.error) * self.underflow, 0)
        bounded = room * fmt.largest >= 1
        error = np.where(bounded, error, np.inf)
        if self.rounding.exact:
            # Other quotients may be exact and their reciprocals not.
            certain = is_power_of_two(b.value) & (v * b.value == a.value) | (a.value == 0)
            certain &= bounded
            if self.flush:
                certain &= ~tiny | (a.value == 0)
            error = self._exact(v, error, a.error + b.error, certain, only_certain=True)
        return self._checked(v, error, a.depth)

    def exp(self, a: Value) -> Value:
        """exp a, with K ulp of its own (1 ulp is at most 2u relative)."""
        fmt, k = self.rounding.working, self.rounding.exp_ulp
        ea = a.error
        if turns := self.rounding.exp_argument_roundings:
            ea = ea + turns * (fmt.u * (abs(a.value) + ea) + self.underflow)
        v = np.exp(a.value)
        # What exp may reach: v expm1(Ea), but not 0 times infinity far below 0. The last term
        # covers the rounding of the sum.
        far = a.value + (1 + self.doubt) * ea
        top = np.exp(far + 4 * self.carrier.unit * (abs(a.value) + ea))
        eta = self._times_eta(k, fmt) + self.flush + self.lost
        error = top * (2 * k * fmt.u - np.expm1(-ea)) + eta
        if self.rounding.exact:
            error = np.where((a.value == 0) & (a.error == 0), 0, error)
        return self._checked(v, error, a.depth)

    def log(self, a: Value) -> Value:
        """log a; no bound where the argument may be zero or negative."""
        fmt, k = self.rounding.working, self.rounding.exp_ulp
        v = np.log(a.value)
        least = a.value - self.doubt * a.error
        safe = a.error < least
        moved = -np.log1p(-np.where(safe, a.error / least, 0))
        size = abs(v) + (1 + self.doubt) * moved
        error = np.where(safe, moved + 2 * k * fmt.u * size + fmt.u, np.inf)
        return self._checked(v, error, a.depth)

    def sqrt(self, a: Value) -> Value:
        """sqrt a; no bound where the argument may be negative."""
        v = np.sqrt(a.value)
        least = a.value - self.doubt * a.error
        # The difference of two roots is that of their squares divided by their sum.
        roots = np.sqrt(least) + np.sqrt(least - a.error)
        e0 = np.where(a.error == 0, 0, np.where(a.error <= least, a.error / roots, np.inf))
        error = e0 + self.rounding.working.u * (abs(v) + e0) + self.flush
        error = np.where((a.value == 0) & (a.error == 0), 0, error)
        return self._checked(v, error, a.depth)

    def sign_free(self, a: Value, value: Array) -> Value:
        """Negation and absolute value: the error stays."""
        return Value(value, a.error, a.depth)

    def sum(self, a: Value, n: int) -> Value:
        """The sum over the innermost index, of size n, in any order that the promise allows."""
        working, accumulator = self.rounding.working, self.rounding.accumulator
        full = a.bound_last_index(n)
        values, errors = full.value, np.broadcast_to(full.error, full.value.shape)
        size = np.sum(abs(values), axis=-1)
        e0 = np.sum(errors, axis=-1)
        v = np.sum(values, axis=-1)
        error, rounds = e0, n > 1 or not accumulator.holds(working)
        # What addition may flush. Entering flushes too: summands may be normal in the wider format.
        lost = accumulator.smallest_normal if self.flush else 0.0
        if not accumulator.holds(working):
            # Each summand is rounded on its way in.
            eta = n * (lost or self._times_eta(0.5, accumulator))
            error = error + accumulator.u * (size + error) + eta
        if n > 1:
            error = error + n * lost
            error = error + self.rounding.gamma(n) * (size + (1 + self.doubt) * error)
        if rounds and not working.holds(accumulator):
            error = error + working.u * (abs(v) + error) + self.underflow
        if rounds and self.rounding.exact and np.any(e0 == 0):
            whole = on_one_grid(values, size, accumulator, max(lost, self.flush))
            error = self._exact(v, error, e0, whole, only_certain=True)
        largest = min(working.largest, accumulator.largest)
        return self._checked(v, error, full.depth, size=size, largest=largest)

    def cast(self, a: Value) -> Value:
        """The one rounding to the format of the result, when that is narrower."""
        fmt = self.rounding.output
        if fmt.holds(self.rounding.working):
            return a
        smallest = fmt.smallest_normal if self.flush else 0.0
        error = a.error + fmt.u * (abs(a.value) + a.error) + (smallest or fmt.eta / 2)
        if self.rounding.exact:
            kept = on_grid(a.value, fmt) & ((abs(a.value) >= smallest) | (a.value == 0))
            error = np.where((a.error == 0) & kept, 0, error)
        return self._checked(a.value, error, a.depth, rank=a.rank, largest=fmt.largest)

    def _exact(
        self, v: Array, error: Array, e0: Array, certain: Flags, *, only_certain: bool = False
    ) -> Array:
        """IEEE: exact operands and a result on the format's grid leave no error.

        certain: where v is the exact result, not the carrier's rounding of it.
        """
        applies = (e0 == 0) & on_grid(v, self.rounding.working)
        error = np.where(applies & certain & ((abs(v) >= self.flush) | (v == 0)), 0, error)
        if self.wider and not only_certain:
            # The true result is within the carrier's rounding of a grid point, so it rounds to it.
            near = self.carrier.unit * abs(v)
            applies &= ~certain & (abs(v) > self.flush)
            error = np.where(applies, np.minimum(near, error), error)
        return error

    def _checked(
        self,
        v: Array,
        error: Array,
        depth: int,
        *,
        rank: int = 0,
        size: Array | None = None,
        largest: float | None = None,
    ) -> Value:
        """The node; its rows leave the range where |v| (or `size`) plus the error exceeds it."""
        # Infinity times zero among the operands is NaN here: no bound.
        error = np.where(error >= 0, error * SLACK, np.inf)
        reach = abs(v if size is None else size) + np.where(error < np.inf, error, 0)
        self._leave(~(reach <= (largest or self.rounding.working.largest)))
        return Value(v, np.asarray(error, dtype=v.dtype), depth, rank)

    def _leave(self, out: Flags) -> None:
        rows = out.any(axis=tuple(range(1, out.ndim)))
        if rows.any():
            self.out_of_range |= rows

    def _times_eta(self, factor: float, fmt: Format) -> np.floating:
        """`factor` smallest subnormals, which those of a wide format are only in the carrier."""
        eta: np.floating = np.ldexp(self.carrier.dtype(factor), fmt.emin - fmt.p + 1)
        return eta


def _in_carrier(number: Fraction, carrier: Carrier) -> Array:
    """The number in the carrier, within a unit in its last place; infinite when it is too large."""
    try:
        high = float(number)
    except OverflowError:
        return np.array(np.inf if number > 0 else -np.inf, dtype=carrier.dtype)
    # A second float has what the first leaves: together they fill a longdouble.
    return np.array(carrier.dtype(high) + carrier.dtype(float(number - Fraction(high))))
