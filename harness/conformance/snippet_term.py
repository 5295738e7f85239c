"""A term as Python: numpy arrays with the batch axes first, constants called through `call`."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass

from harness.conformance.given import axes_of
from harness.statement.term import (
    Apply,
    Binary,
    Call,
    Coord,
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
from harness.statement.types import FinType, Length, Type, VecType

_OPERATORS = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
_FUNCTIONS = {"exp": "np.exp", "log": "np.log", "sqrt": "np.sqrt", "abs": "abs"}


def identifier(name: str) -> str:
    """A Lean name as a Python one: `ContinuousLinearMap.pi` is `ContinuousLinearMap_pi`."""
    word = re.sub(r"\W", "_", name)
    return f"{word}_" if keyword.iskeyword(word) or not word.isidentifier() else word


@dataclass(frozen=True)
class Python:
    """Writes terms for one input. sizes: of the ℕ variables; batch: the leading axes."""

    sizes: Mapping[str, int]
    batch: tuple[int, ...]

    def text(self, term: Term) -> str:
        """The expression; KeyError or NotImplementedError where there is none."""
        match term:
            case Var():
                return identifier(term.name)
            case FinLiteral(value):
                return str(value)
            case Num(value):
                number = str(value.numerator)
                if value.denominator == 1:
                    return number
                return f"(np.longdouble({number}) / {value.denominator})"
            case NatCast(length):
                return str(self._length(length))
            case Unary("neg", operand):
                return f"-{self._atom(operand)}"
            case Unary(op, operand):
                return f"{_FUNCTIONS[op]}({self.text(operand)})"
            case Binary(op, left, right):
                return f"{self._atom(left)} {_OPERATORS[op]} {self._atom(right)}"
            case Power(base, exponent):
                return f"{self._atom(base)} ** {exponent}"
            case Sum(index, body):
                return f"sum({self.text(body)} {self._loop(index)})"
            case Max(vector):
                return f"np.max({self.text(vector)}, axis=-1)"
            case Coord(vector, index):
                rest = ", :" * (self._rank(vector) - 1)
                return f"{self._atom(vector)}[..., {self.text(index)}{rest}]"
            case Tabulate(index, body):
                return self._stacked(self.text(body), index, self._rank(body))
            case Lambda(var, body):
                return self._coefficients(var, body)
            case Apply(linear, argument):
                return f"np.sum({self._atom(linear)} * {self._atom(argument)}, axis=-1)"
            case Call(constant, arguments):
                parts = [identifier(constant), *(self.text(a) for a in arguments)]
                return f"call({', '.join(parts)})"
        raise NotImplementedError(type(term).__name__)

    def _atom(self, term: Term) -> str:
        text = self.text(term)
        return f"({text})" if isinstance(term, Binary | Power | Unary) else text

    def _length(self, length: Length) -> int:
        return length.at(dict(self.sizes))

    def _loop(self, index: Var) -> str:
        assert isinstance(index.type, FinType)
        return f"for {identifier(index.name)} in range({self._length(index.type.length)})"

    def _stacked(self, body: str, index: Var, rank: int) -> str:
        assert isinstance(index.type, FinType)
        if self._length(index.type.length) == 0:
            return f"np.zeros({(*self.batch, 0)})"
        return f"np.stack([{body} {self._loop(index)}], axis={-1 - rank})"

    def _coefficients(self, var: Var, body: Term) -> str:
        """A linear map by its values at the unit vectors."""
        assert isinstance(var.type, VecType)
        n = self._length(var.type.length)
        name = identifier(var.name)
        if n == 0:
            return f"np.zeros({(*self.batch, 0)})"
        units = f"np.eye({n})"
        if self.batch:
            units = f"(np.broadcast_to(unit, {(*self.batch, n)}) for unit in {units})"
        return f"np.stack([{self.text(body)} for {name} in {units}], axis=-1)"

    def _rank(self, term: Term) -> int:
        """How many axes a value has after the batch."""
        match term:
            case Var(_, kind) | Tabulate(_, _, kind) | Call(_, _, kind):
                return rank_of(kind)
            case Coord(vector, _):
                return self._rank(vector) - 1
            case Lambda():
                return 1
        return 0


def rank_of(kind: Type) -> int:
    """How many axes a value of a type has after the batch."""
    return len(axes_of(kind))
