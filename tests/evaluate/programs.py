"""Straightforward programs for a definition: numpy scalars of a batch, one operation at a time.

Independent of the walk: loops over indices, no error bookkeeping. A `Machine` says how single
operations round; each of them obeys some arithmetic that the walk knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.evaluate.formats import Format, round_to, ulp
from harness.statement.term import (
    Apply,
    Binary,
    Call,
    Coord,
    Definition,
    FinLiteral,
    Lambda,
    Max,
    NatCast,
    Num,
    Power,
    Sum,
    Tabulate,
    Term,
    Unary,
    Var,
)
from harness.statement.types import FinType, LinearType, coordinate_length

Array = NDArray[Any]
ORDERS = ("sequential", "reversed", "pairwise", "random")


@dataclass(frozen=True)
class Machine:
    """How one program rounds.

    dtype: what numpy computes in; fmt: where that is wider, the format after every operation.
    order: of sums; accumulator: the format of sums (default: as everything else). exp_off: exp and
    log are off by up to this many ulp, on purpose, but exact at 0 (0: numpy's own). reciprocal:
    a / b is a * (1 / b). fused: a product and the addition after it round once.
    exp2: exp is exp2 of a rounded product. flush: subnormal results may become zero.
    """

    dtype: type[np.floating]
    fmt: Format
    random: np.random.Generator
    order: str = "sequential"
    accumulator: Format | None = None
    exp_off: float = 0.0
    reciprocal: bool = False
    fused: bool = False
    exp2: bool = False
    flush: bool = False

    def number(self, value: Fraction, rows: int) -> Array:
        """A numeral, rounded once."""
        return np.full(rows, self.rounded(_longdouble(value)), dtype=self.dtype)

    def rounded(self, values: Array) -> Array:
        """A result as the machine keeps it."""
        if self.dtype != FORMATS_OF[self.fmt.name] or values.dtype != self.dtype:
            wide = values if values.dtype == np.longdouble else values.astype(np.float64)
            values = round_to(wide, self.fmt).astype(self.dtype)
        return self._flushed(values, self.fmt).astype(self.dtype)

    def _flushed(self, values: Array, fmt: Format) -> Array:
        if not self.flush:
            return values
        small = abs(values) < fmt.smallest_normal
        gone = small & (self.random.random(values.shape) < 0.5)
        return np.where(gone, values * 0, values)

    def divide(self, a: Array, b: Array) -> Array:
        """a / b, perhaps by a reciprocal."""
        if self.reciprocal:
            return self.rounded(a * self.rounded(self.dtype(1) / b))
        return self.rounded(a / b)

    def exp(self, a: Array) -> Array:
        """exp a: numpy's own, or the exact one moved away, or by exp2."""
        if self.exp2:
            turned = self.rounded(a * self.dtype(np.log2(np.e)))
            return self.rounded(np.exp2(turned))
        if self.exp_off:
            return self._moved(np.exp(a.astype(np.longdouble)), a == 0)
        return self.rounded(np.exp(a))

    def log(self, a: Array) -> Array:
        """log a, likewise."""
        if self.exp_off:
            return self._moved(np.log(a.astype(np.longdouble)), a == 1)
        return self.rounded(np.log(a))

    def _moved(self, exact: Array, fixed: Array) -> Array:
        finite = np.where(np.isfinite(exact), exact, 0)
        # Rounding adds half an ulp; a whole one where it crosses a power of two.
        off = self.random.choice([1.0 - self.exp_off, self.exp_off - 1.0, 0.3], exact.shape)
        moved = exact + np.where(fixed, 0, off * ulp(finite, self.fmt))
        return round_to(moved, self.fmt).astype(self.dtype)

    def total(self, summands: Sequence[Array], rows: int) -> Array:
        """The sum, in this machine's order and accumulator."""
        parts = list(summands)
        if not parts:
            return np.zeros(rows, dtype=self.dtype)
        if self.accumulator:
            parts = [self._accumulated(part.astype(np.float64)) for part in parts]
        if self.order == "reversed":
            parts.reverse()
        elif self.order != "sequential":
            parts = [parts[k] for k in self.random.permutation(len(parts))]
        while len(parts) > 1:
            at = 0
            if self.order == "pairwise":
                at = int(self.random.integers(len(parts) - 1))
            both = parts.pop(at) + parts.pop(at)
            parts.insert(at, self._accumulated(both) if self.accumulator else self.rounded(both))
        return self.rounded(parts[0]) if self.accumulator else parts[0]

    def _accumulated(self, values: Array) -> Array:
        assert self.accumulator
        return self._flushed(round_to(values, self.accumulator), self.accumulator)

    def fma(self, a: Array, b: Array, c: Array) -> Array:
        """a * b + c with one rounding (for formats whose products fit longdouble)."""
        total = c.astype(np.longdouble) + a.astype(np.longdouble) * b
        return round_to(total, self.fmt).astype(self.dtype)


FORMATS_OF: Mapping[str, Any] = {
    "float64": np.float64,
    "float32": np.float32,
    "float16": np.float16,
    "bfloat16": None,
    "exact": np.longdouble,
}
"""What numpy computes in natively, by format."""


def _longdouble(value: Fraction) -> Array:
    high = float(value)
    return np.array(np.longdouble(high) + np.longdouble(float(value - Fraction(high))))


def nearly_exact() -> Machine:
    """A machine with much smaller errors than those to be judged (longdouble, unrounded)."""
    fmt = Format("exact", p=np.finfo(np.longdouble).nmant + 1, emin=-16382, emax=16383)
    return Machine(np.longdouble, fmt, np.random.default_rng(0))


@dataclass
class Program:
    """Runs definitions on a machine. Vectors are lists of arrays (rows,), matrices of vectors."""

    machine: Machine
    equations: Mapping[str, Definition]
    rows: int

    def run(self, definition: Definition, arguments: Sequence[Any], sizes: dict[str, int]) -> Any:
        """The right side of an equation: an array, or a list over its coordinate."""
        env: dict[Var, Any] = dict(zip(definition.params, arguments, strict=True))
        if definition.index is None:
            return self.real(definition.body, env, sizes)
        return self._each(definition.index, definition.body, env, sizes)

    def real(self, term: Term, env: dict[Var, Any], sizes: dict[str, int]) -> Array:
        """A term of type ℝ."""
        m = self.machine

        def at(below: Term) -> Array:
            return self.real(below, env, sizes)

        match term:
            case Num(value):
                return m.number(value, self.rows)
            case NatCast(length):
                return m.number(Fraction(length.at(sizes)), self.rows)
            case Unary("neg", operand):
                return -at(operand)
            case Unary("abs", operand):
                return abs(at(operand))
            case Unary("exp", operand):
                return m.exp(at(operand))
            case Unary("log", operand):
                return m.log(at(operand))
            case Unary("sqrt", operand):
                return m.rounded(np.sqrt(at(operand)))
            case Binary("div", left, right):
                return m.divide(at(left), at(right))
            case Binary("add", Binary("mul", a, b), c) if m.fused:
                return m.fma(at(a), at(b), at(c))
            case Binary("sub", Binary("mul", a, b), c) if m.fused:
                return m.fma(at(a), at(b), -at(c))
            case Binary(op, left, right):
                return m.rounded(_BINARY[op](at(left), at(right)))
            case Power(_, 0):
                return m.number(Fraction(1), self.rows)
            case Power(base, exponent):
                power = factor = at(base)
                for _ in range(exponent - 1):
                    power = m.rounded(power * factor)
                return power
            case Sum(index, Binary("mul", left, right)) if m.fused:
                lefts = self._each(index, left, env, sizes)
                rights = self._each(index, right, env, sizes)
                sum_so_far = np.zeros(self.rows, dtype=m.dtype)
                for a, b in zip(lefts, rights, strict=True):
                    sum_so_far = m.fma(a, b, sum_so_far)
                return sum_so_far
            case Sum(index, body):
                return m.total(self._each(index, body, env, sizes), self.rows)
            case Max(vector):
                parts = self.any(vector, env, sizes)
                zero = np.zeros(self.rows, dtype=m.dtype)
                return np.max(np.stack(parts), axis=0) if parts else zero
            case Apply(linear, argument):
                row, vector = self.any(linear, env, sizes), self.any(argument, env, sizes)
                products = [m.rounded(a * b) for a, b in zip(row, vector, strict=True)]
                return m.total(products, self.rows)
        found: Array = self.any(term, env, sizes)
        return found

    def any(self, term: Term, env: dict[Var, Any], sizes: dict[str, int]) -> Any:
        """A term of any type."""
        match term:
            case Var():
                return env[term]
            case FinLiteral(value):
                return value
            case Coord(vector, index):
                return self.any(vector, env, sizes)[self.any(index, env, sizes)]
            case Tabulate(index, body):
                return self._each(index, body, env, sizes)
            case Call(constant, arguments):
                values = [self.any(a, env, sizes) for a in arguments]
                return self.run(self.equations[constant], values, {"m": len(values[0])})
            case Lambda(var, body, LinearType()):
                n = coordinate_length(var.type).at(sizes)
                units = np.eye(n, dtype=self.machine.dtype)
                ones = np.ones(self.rows, dtype=self.machine.dtype)
                return [self.real(body, {**env, var: [e * ones for e in u]}, sizes) for u in units]
        return self.real(term, env, sizes)

    def _each(
        self, index: Var, body: Term, env: dict[Var, Any], sizes: dict[str, int]
    ) -> list[Any]:
        assert isinstance(index.type, FinType)
        size = index.type.length.at(sizes)
        return [self.any(body, {**env, index: k}, sizes) for k in range(size)]


_BINARY: Mapping[str, Callable[[Array, Array], Array]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
}
