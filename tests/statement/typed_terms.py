"""Hypothesis strategies: random elaborated statements over a few variables of every type."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from harness.statement.term import (
    Apply,
    Binary,
    Call,
    Coord,
    FinLiteral,
    Forall,
    HasFDerivAt,
    Lambda,
    Logic,
    NatCast,
    Num,
    Power,
    Relation,
    Sum,
    Tabulate,
    Term,
    Unary,
    Var,
)
from harness.statement.types import (
    NAT,
    REAL,
    FinType,
    FunType,
    Length,
    LinearType,
    Type,
    VecType,
)

N = Length(("n",), 1)
INDEX, VECTOR = FinType(N), VecType(N)
COORDINATES = FunType(INDEX, REAL)
FUNCTIONAL = LinearType(VECTOR, REAL)
ROWS = FunType(INDEX, FUNCTIONAL)
VARIABLES = (
    Var("n", NAT),
    Var("x", VECTOR),
    Var("y", VECTOR),
    Var("f", COORDINATES),
    Var("g", ROWS),
    Var("l", FUNCTIONAL),
    Var("F", FunType(VECTOR, VECTOR)),
    Var("c", REAL),
    Var("k", INDEX),
)


@st.composite
def statements(draw: st.DrawFn) -> Forall:
    """A statement whose bound names are unique and whose bodies use what is in force."""
    names = iter(f"b{count}" for count in range(10_000))

    def new(kind: Type) -> Var:
        return Var(next(names), kind)

    def one(kind: Type, scope: tuple[Var, ...]) -> Term:
        return draw(st.sampled_from([var for var in scope if var.type == kind]))

    def index(scope: tuple[Var, ...]) -> Term:
        return FinLiteral(0, N) if draw(st.booleans()) else one(INDEX, scope)

    def real(scope: tuple[Var, ...], depth: int) -> Term:
        leaves = ["number", "cast", "variable", "coordinate"]
        inner = ["unary", "binary", "power", "sum", "sumExp", "dot", "functional"]
        match draw(st.sampled_from(leaves if depth == 0 else leaves + 3 * inner)):
            case "number":
                return Num(Fraction(draw(st.sampled_from(["0", "1", "12", "0.5", "1.25"]))))
            case "cast":
                return NatCast(draw(st.sampled_from([Length(("n",)), N, Length((), 3)])))
            case "coordinate":
                kind = draw(st.sampled_from([VECTOR, COORDINATES]))
                return Coord(one(kind, scope), index(scope))
            case "unary":
                op = draw(st.sampled_from(["neg", "exp", "log", "sqrt", "abs"]))
                return Unary(op, real(scope, depth - 1))
            case "binary":
                op = draw(st.sampled_from(["add", "sub", "mul", "div"]))
                return Binary(op, real(scope, depth - 1), real(scope, depth - 1))
            case "power":
                return Power(real(scope, depth - 1), draw(st.integers(0, 9)))
            case "sum":
                at = new(INDEX)
                return Sum(at, real((*scope, at), depth - 1))
            case "sumExp":
                return Call("sumExp", (vector(scope, depth - 1),), REAL)
            case "dot":
                sides = vector(scope, depth - 1), vector(scope, depth - 1)
                return Call("dotCLM", sides, REAL)
            case "functional":
                row = one(FUNCTIONAL, scope) if draw(st.booleans()) else Coord(one(ROWS, scope), k)
                return Apply(row, vector(scope, depth - 1))
        return one(REAL, scope)

    k = VARIABLES[-1]

    def vector(scope: tuple[Var, ...], depth: int) -> Term:
        forms = ["softmax", "of function", "tabulate", "apply"] if depth else []
        match draw(st.sampled_from(["variable", *forms])):
            case "softmax":
                return Call("softmaxVec", (vector(scope, depth - 1),), VECTOR)
            case "of function":
                return Call("softmaxVecOfFun", (function(scope, depth - 1),), VECTOR)
            case "tabulate":
                at = new(INDEX)
                return Tabulate(at, Unary("exp", real((*scope, at), depth - 1)), VECTOR)
            case "apply":
                return Apply(one(FunType(VECTOR, VECTOR), scope), vector(scope, depth - 1))
        return one(VECTOR, scope)

    def function(scope: tuple[Var, ...], depth: int) -> Term:
        if draw(st.booleans()):
            return one(COORDINATES, scope)
        at = new(INDEX)
        return Tabulate(at, Unary("neg", real((*scope, at), depth)), COORDINATES)

    def relation(scope: tuple[Var, ...], depth: int) -> Term:
        match draw(st.sampled_from(["real", "vector", "function", "index", "size", "derivative"])):
            case "vector":
                return Relation("=", vector(scope, depth), vector(scope, depth), VECTOR)
            case "function":
                return Relation("≠", function(scope, depth), function(scope, depth), COORDINATES)
            case "index":
                return Relation("=", k, index(scope), INDEX)
            case "size":
                return Relation("<", NatCast(Length((), 0)), NatCast(Length(("n", "n"), 2)), NAT)
            case "derivative":
                at, v = new(VECTOR), new(VECTOR)
                of = Lambda(at, vector((*scope, at), depth), FunType(VECTOR, VECTOR))
                arguments = (vector(scope, depth), v)
                linear = Call("softmaxDerivCLM", arguments, VECTOR)
                map_ = Lambda(v, linear, LinearType(VECTOR, VECTOR))
                return HasFDerivAt(of, map_, vector(scope, depth))
        op = draw(st.sampled_from(["=", "≠", "<", "≤", ">", "≥"]))
        return Relation(op, real(scope, depth), real(scope, depth), REAL)

    def proposition(scope: tuple[Var, ...], depth: int) -> Term:
        if depth == 0 or draw(st.booleans()):
            return relation(scope, draw(st.integers(0, 2)))
        op = draw(st.sampled_from(["∧", "∨", "→", "↔", "¬"]))
        parts = (proposition(scope, depth - 1), proposition(scope, depth - 1))
        return Logic(op, parts[:1] if op == "¬" else parts)

    return Forall(VARIABLES, proposition(VARIABLES, 2))


TYPED_STATEMENTS = statements()
