"""Terms in ball arithmetic (FLINT/Arb): every result encloses the exact real number.

One input at a time; vectors are lists. Every constant is unfolded by the equations handed in. The
same evaluator runs on `arb_series`, which gives derivatives without any formula for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flint import arb, ctx, fmpq

from harness.evaluate.scope import free_indices, result_sizes, solve_size
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
from harness.statement.types import (
    FinType,
    LinearType,
    Type,
    VecType,
    coordinate_length,
    is_coordinates,
)

Ball = Any
"""flint.arb, or flint.arb_series where a derivative is wanted."""


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """FLINT's working precision, which is global, for the time of a block."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


@dataclass(frozen=True)
class Scene:
    """What is bound while one equation is evaluated, and the calls and sums already known there."""

    bindings: dict[Var, Any]
    sizes: dict[str, int]
    known: dict[tuple[Term, tuple[int, ...]], Any] = field(default_factory=dict)


class Balls:
    """Evaluates terms at one input. `scale` grows to the largest summand met (a float)."""

    def __init__(self, equations: Mapping[str, Definition]) -> None:
        self.equations = equations
        self.scale = 0.0
        # Unfolded calls by the identity of their arguments, which are kept so that it stays theirs.
        self._unfolded: dict[tuple[object, ...], tuple[list[Any], Any]] = {}

    def evaluate(self, term: Term, scene: Scene) -> Any:
        """A ball, a list of balls (vector, coefficients) or a list of lists (rows)."""
        if isinstance(term, Var):
            return scene.bindings[term]
        if not isinstance(term, Call | Sum | Max):
            return self._node(term, scene)
        key = (term, tuple(scene.bindings[v] for v in free_indices(term)))
        if key not in scene.known:
            scene.known[key] = self._node(term, scene)
        return scene.known[key]

    def _node(self, term: Term, scene: Scene) -> Any:
        match term:
            case Num(value):
                return arb(fmpq(value.numerator, value.denominator))
            case NatCast(length):
                return arb(length.at(scene.sizes))
            case FinLiteral(value):
                return value
            case Unary(op, operand):
                return _UNARY[op](self.evaluate(operand, scene))
            case Binary(op, left, right):
                return self._binary(op, self.evaluate(left, scene), self.evaluate(right, scene))
            case Power(base, exponent):
                return _power(self.evaluate(base, scene), exponent)
            case Sum(index, body):
                return self._sum(list(self._range(index, body, scene)))
            case Max(vector):
                return _greatest(self.evaluate(vector, scene))
            case Coord(vector, index):
                return self.evaluate(vector, scene)[self.evaluate(index, scene)]
            case Tabulate(index, body):
                return list(self._range(index, body, scene))
            case Apply(linear, argument):
                row, vector = self.evaluate(linear, scene), self.evaluate(argument, scene)
                return self._sum([a * b for a, b in zip(row, vector, strict=True)])
            case Lambda(var, body, LinearType()):
                return self._coefficients(var, body, scene)
            case Call(constant, arguments, kind):
                definition = self.equations.get(constant)
                if definition is None:
                    raise LookupError(f"'{constant}' has no equation that unfolds it")
                values = [self.evaluate(a, scene) for a in arguments]
                identity = (a if isinstance(a, int) else id(a) for a in values)
                key = (constant, *identity)
                if key not in self._unfolded:
                    sizes = result_sizes(definition.type, kind, scene.sizes)
                    self._unfolded[key] = (values, self.unfold(definition, values, sizes))
                return self._unfolded[key][1]
        raise AssertionError(f"no ball for {term}")

    def unfold(self, definition: Definition, arguments: list[Any], sizes: dict[str, int]) -> Any:
        """The right side of an equation: a ball, or the list over its coordinate."""
        scene = Scene({}, dict(sizes))
        for param, argument in zip(definition.params, arguments, strict=True):
            scene.bindings[param] = argument
            solve_sizes(param.type, argument, scene.sizes)
        if definition.index is None:
            return self.evaluate(definition.body, scene)
        return list(self._range(definition.index, definition.body, scene))

    def _range(self, index: Var, body: Term, scene: Scene) -> Iterator[Any]:
        assert isinstance(index.type, FinType)
        # A term in the body may bind the same name: substitution does not rename such a one.
        outer = scene.bindings.get(index)
        for k in range(index.type.length.at(scene.sizes)):
            scene.bindings[index] = k
            yield self.evaluate(body, scene)
        scene.bindings[index] = outer

    def _sum(self, summands: list[Ball]) -> Ball:
        total = arb(0)
        for summand in summands:
            self._see(summand)
            total = total + summand
        return total

    def _binary(self, op: str, left: Ball, right: Ball) -> Ball:
        if op in ("add", "sub"):
            self._see(left)
            self._see(right)
        return _BINARY[op](left, right)

    def _see(self, ball: Ball) -> None:
        size = magnitude(ball)
        if size > self.scale:
            self.scale = size

    def _coefficients(self, var: Var, body: Term, scene: Scene) -> list[Ball]:
        assert isinstance(var.type, VecType)
        n = var.type.length.at(scene.sizes)
        result = []
        for k in range(n):
            unit = [arb(1) if j == k else arb(0) for j in range(n)]
            result.append(self.evaluate(body, Scene({**scene.bindings, var: unit}, scene.sizes)))
        return result


def magnitude(ball: Ball) -> float:
    """An upper bound of |ball| as a float (of a series: its constant term); inf if it overflows."""
    ball = _constant(ball)
    return float(ball.abs_upper()) if ball.is_finite() else float("inf")


def solve_sizes(kind: Type, argument: Any, sizes: dict[str, int]) -> None:
    """Fix the ℕ variables of a parameter's type by the length of its argument."""
    lengths = []
    if is_coordinates(kind):
        lengths = [(coordinate_length(kind), len(argument))]
    elif isinstance(kind, LinearType):
        lengths = [(kind.domain.length, len(argument))]
    elif isinstance(argument, list) and argument and isinstance(argument[0], list):
        domain, result = kind.domain, kind.result  # type: ignore[attr-defined]
        lengths = [(domain.length, len(argument)), (result.domain.length, len(argument[0]))]
    for length, actual in lengths:
        solve_size(length, actual, sizes)


def _power(base: Ball, exponent: int) -> Ball:
    """By squaring: FLINT's own power of a ball whose midpoint is 0 is NaN."""
    result = arb(1)
    while exponent:
        if exponent % 2:
            result = result * base
        exponent //= 2
        base = base * base if exponent else base
    return result


def _absolute(ball: Ball) -> Ball:
    """|a|; a series needs a constant term that is not 0 (NaN otherwise: there is no derivative)."""
    if isinstance(ball, arb):
        return abs(ball)
    if ball[0] > 0:
        return ball
    return -ball if ball[0] < 0 else ball * arb("nan")


def _greatest(vector: list[Ball]) -> Ball:
    if not vector:
        return arb(0)
    best = vector[0]
    for ball in vector[1:]:
        if isinstance(best, arb) and isinstance(ball, arb):
            best = best.max(ball)
        elif _constant(ball) > _constant(best):
            # Series are compared by their constant terms: the maximum is a constant of the form.
            best = ball
    return best


def _constant(ball: Ball) -> Ball:
    """The constant term of a series; a ball itself."""
    return ball if isinstance(ball, arb) else ball[0]


_UNARY: Mapping[str, Callable[[Ball], Ball]] = {
    "neg": lambda a: -a,
    "abs": _absolute,
    "exp": lambda a: a.exp(),
    "log": lambda a: a.log(),
    "sqrt": lambda a: a.sqrt(),
}
_BINARY: Mapping[str, Callable[[Ball, Ball], Ball]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
}
