"""Substitution: no capture, reductions, sizes in types, and the names that occur."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.statement.compare import same_proposition
from harness.statement.substitute import constants_of, free_vars, substitute, unused
from harness.statement.term import (
    Apply,
    Binary,
    Call,
    Coord,
    Forall,
    Lambda,
    NatCast,
    Num,
    Sum,
    Tabulate,
    Term,
    Unary,
    Var,
)
from harness.statement.type_of import type_of
from harness.statement.types import NAT, REAL, FinType, FunType, Length, LinearType, VecType
from tests.statement.lean_texts import STATEMENTS
from tests.statement.scopes import statement
from tests.statement.typed_terms import TYPED_STATEMENTS

N = Length(("n",))
VEC, FIN = VecType(N), FinType(N)
X, Y, C = Var("x", VEC), Var("y", VEC), Var("c", REAL)
K, J = Var("i", FIN), Var("j", FIN)
XI = Coord(X, K)


def test_free_and_bound() -> None:
    term = Sum(K, Binary("mul", XI, C))
    assert free_vars(term) == {X, C}
    assert substitute(term, {K: J, C: Num(Fraction(2))}) == Sum(
        K, Binary("mul", XI, Num(Fraction(2)))
    )


def test_a_bound_name_gives_way_to_a_value() -> None:
    term = Sum(K, Binary("mul", XI, C))
    other = Var("i_1", FIN)
    assert substitute(term, {C: Coord(Y, K)}) == Sum(
        other, Binary("mul", Coord(X, other), Coord(Y, K))
    )


def test_the_new_bound_name_is_not_one_of_the_body() -> None:
    term = Sum(K, Binary("mul", Coord(X, Var("i_1", FIN)), Binary("mul", XI, C)))
    result = substitute(term, {C: Coord(Y, K)})
    assert isinstance(result, Sum)
    assert result.index.name == "i_2"
    assert free_vars(result) == {X, Y, K, Var("i_1", FIN)}


def test_functions_meet_their_arguments() -> None:
    double = Tabulate(J, Binary("add", Coord(Y, J), Coord(Y, J)), VEC)
    assert substitute(XI, {X: double}) == Binary("add", Coord(Y, K), Coord(Y, K))
    f = Var("f", LinearType(VEC, REAL))
    v = Var("v", VEC)
    call = Lambda(v, Call("dot", (Y, v), REAL), LinearType(VEC, REAL))
    assert substitute(Apply(f, X), {f: call}) == Call("dot", (Y, X), REAL)


def test_reductions_go_on_inside() -> None:
    rows = Var("g", FunType(FIN, LinearType(VEC, REAL)))
    v = Var("v", VEC)
    row = Lambda(v, Coord(v, J), LinearType(VEC, REAL))
    assert substitute(Apply(Coord(rows, K), X), {rows: Tabulate(J, row, rows.type)}) == XI


def test_sizes_are_replaced_in_types_too() -> None:
    size = Var("n", NAT)
    three = Length((), 3)
    index = Var("i", FinType(three))
    term = Sum(K, Binary("mul", XI, NatCast(N)))
    expected = Binary("mul", Coord(Var("x", VecType(three)), index), NatCast(three))
    assert substitute(term, {size: NatCast(three)}) == Sum(index, expected)
    longer = NatCast(Length(("m",), 1))
    assert type_of(substitute(X, {size: longer})) == VecType(Length(("m",), 1))
    assert type_of(substitute(X, {size: Var("k", NAT)})) == VecType(Length(("k",)))


def test_a_size_is_not_captured() -> None:
    term = Forall((Var("m", NAT),), Call("f", (NatCast(Length(("m", "n"))),), REAL))
    result = substitute(term, {Var("n", NAT): NatCast(Length(("m",)))})
    assert result == Forall((Var("m_1", NAT),), Call("f", (NatCast(Length(("m", "m_1"))),), REAL))


def test_constants_in_order_of_appearance() -> None:
    term = statement(STATEMENTS["softmaxJvp_apply"])
    assert constants_of(term) == ("softmaxJvp", "softmaxVec", "dotCLM")


def test_unused_names() -> None:
    assert unused("x", set()) == "x"
    assert unused("x", {"x", "x_1"}) == "x_2"


@settings(max_examples=40)
@given(TYPED_STATEMENTS, st.integers(0, 10_000))
def test_substituting_for_nothing_changes_nothing(term: Forall, seed: int) -> None:
    assert substitute(term, {}) == term
    assert not free_vars(term)
    stranger: Term = Var(f"z{seed}", REAL)
    assert substitute(term, {Var("absent", REAL): stranger}) == term


@settings(max_examples=40)
@given(TYPED_STATEMENTS)
def test_there_and_back(term: Forall) -> None:
    open_term = term.body
    c, other = Var("c", REAL), Var("other", REAL)
    there = substitute(open_term, {c: other})
    assert other not in free_vars(open_term)
    assert c not in free_vars(there)
    assert same_proposition(Forall((), substitute(there, {other: c})), Forall((), open_term))
    assert free_vars(there) == {other if var == c else var for var in free_vars(open_term)}


@settings(max_examples=40)
@given(TYPED_STATEMENTS)
def test_values_with_every_bound_name_are_not_captured(term: Forall) -> None:
    value = Unary("exp", Coord(X, Var("b0", FinType(Length(("n",), 1)))))
    c = Var("c", REAL)
    result = substitute(term.body, {c: value})
    expected = free_vars(term.body) - {c}
    if c in free_vars(term.body):
        expected |= free_vars(value)
    assert free_vars(result) == expected
