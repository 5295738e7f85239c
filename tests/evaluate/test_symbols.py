"""Arithmetic on error terms leaves out what says nothing, and never what says something."""

from __future__ import annotations

from fractions import Fraction

from harness.evaluate.symbols import (
    DEPTH,
    EXP_ULP,
    ONE,
    ROUNDOFF,
    TWO,
    ZERO,
    error_of,
    is_plain,
    minus,
    not_negative,
    over,
    plus,
    size,
    times,
    total,
)
from harness.statement.printer import show_term
from harness.statement.term import Binary, Call, Coord, Num, Sum, Tabulate, Unary, Var
from harness.statement.types import REAL, FinType, Length, VecType

VECTOR = VecType(Length(("n",)))
X, INDEX = Var("x", VECTOR), Var("i", FinType(Length(("n",))))
ITEM = Coord(X, INDEX)
CALL = Call("softmaxVec", (X,), VECTOR)


def test_zeros_and_ones_are_left_out() -> None:
    assert plus() == plus(ZERO, ZERO) == ZERO
    assert plus(ZERO, ITEM) == ITEM == times(ONE, ITEM) == over(ITEM, ONE) == minus(ITEM, ZERO)
    assert times(ITEM, ZERO) == ZERO == over(ZERO, ITEM) == total(INDEX, ZERO)
    assert times() == ONE


def test_numerals_are_added_up() -> None:
    assert show_term(plus(ONE, DEPTH, plus(EXP_ULP, TWO))) == "h + K + 3"
    # A value that is a sum is not taken apart on its way through a product.
    assert show_term(times(plus(EXP_ULP, ONE), ITEM)) == "(K + 1) * x i"


def test_bars_are_left_out_where_a_term_cannot_be_negative() -> None:
    exp = Unary("exp", ITEM)
    bare = [exp, Binary("div", exp, Sum(INDEX, exp)), ROUNDOFF, error_of(CALL), Coord(X, INDEX)]
    assert [size(term) == term for term in bare] == [True, True, True, True, False]
    assert size(ITEM, {"x"}) == ITEM
    assert size(Binary("sub", exp, exp)) == Unary("abs", Binary("sub", exp, exp))
    assert size(Num(Fraction(-2))) == TWO
    assert not not_negative(Unary("log", ITEM))


def test_a_plain_call_has_variables_or_plain_calls_for_arguments() -> None:
    assert is_plain(CALL) and is_plain(Call("dotCLM", (CALL, X), REAL))
    assert not is_plain(Call("softmaxVec", (Tabulate(INDEX, ITEM, VECTOR),), VECTOR))
