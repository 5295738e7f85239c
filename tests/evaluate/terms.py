"""Terms by hand: short names for nodes, and the softmax definitions in both their forms."""

from __future__ import annotations

from harness.statement.term import (
    Binary,
    Call,
    Coord,
    Definition,
    FinLiteral,
    Max,
    Sum,
    Tabulate,
    Term,
    Unary,
    Var,
)
from harness.statement.types import REAL, FinType, Length, LinearType, Type, VecType

N, N1 = Length(("n",)), Length(("n",), 1)
VEC, FIN = VecType(N), FinType(N)
FUNCTIONAL = LinearType(VEC, REAL)
A, B, C = (Var(name, REAL) for name in "abc")
X, Y, DX = (Var(name, VEC) for name in ("x", "y", "dx"))
I, J, K = (Var(name, FIN) for name in "ijk")  # noqa: E741


def add(a: Term, b: Term) -> Term:
    return Binary("add", a, b)


def sub(a: Term, b: Term) -> Term:
    return Binary("sub", a, b)


def mul(a: Term, b: Term) -> Term:
    return Binary("mul", a, b)


def div(a: Term, b: Term) -> Term:
    return Binary("div", a, b)


def exp(a: Term) -> Term:
    return Unary("exp", a)


def log(a: Term) -> Term:
    return Unary("log", a)


def at(vector: Term, index: Term | int, length: Length = N) -> Term:
    """A coordinate; an int is a numeral index."""
    return Coord(vector, FinLiteral(index, length) if isinstance(index, int) else index)


def total(index: Var, body: Term) -> Term:
    return Sum(index, body)


def vector(index: Var, body: Term) -> Term:
    assert isinstance(index.type, FinType)
    return Tabulate(index, body, VecType(index.type.length))


def call(constant: str, *arguments: Term, result: Type = VEC) -> Term:
    return Call(constant, arguments, result)


def definition(
    constant: str, params: tuple[Var, ...], body: Term, index: Var | None = None
) -> Definition:
    """The equation `constant params (index) = body`."""
    return Definition(constant, params, index, body, VEC if index else REAL)


SUM_EXP = definition("sumExp", (X,), total(J, exp(at(X, J))))
AS_WRITTEN = definition("softmaxVec", (X,), div(exp(at(X, I)), call("sumExp", X, result=REAL)), I)
DOT = definition("dotCLM", (Y, X), total(J, mul(at(Y, J), at(X, J))))

_SHIFTED_X = vector(K, sub(at(X, K), Max(X)))
SHIFTED = definition(
    "softmaxVec", (X,), div(exp(at(_SHIFTED_X, I)), call("sumExp", _SHIFTED_X, result=REAL)), I
)
_Y_I = at(call("softmaxVec", X), I)
_S = call("dotCLM", call("softmaxVec", X), DX, result=REAL)
FACTORED = definition("softmaxJvp", (X, DX), mul(_Y_I, sub(at(DX, I), _S)), I)
EXPANDED = definition("softmaxJvp", (X, DX), sub(mul(_Y_I, at(DX, I)), mul(_Y_I, _S)), I)


def equations(*definitions: Definition) -> dict[str, Definition]:
    return {d.constant: d for d in definitions}


SOFTMAX = equations(SUM_EXP, SHIFTED, DOT, FACTORED)
