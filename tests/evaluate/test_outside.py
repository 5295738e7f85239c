"""The bound of a theorem: errors of calls, propagated outside of them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from harness.evaluate.outside import propagated, theorem_bound
from harness.evaluate.steps import Unsaid
from harness.specs.load import load_specs
from harness.statement.printer import show_term
from harness.statement.term import (
    Binary,
    Call,
    Coord,
    Forall,
    Logic,
    Num,
    Power,
    Relation,
    Sum,
    Tabulate,
    Term,
    Unary,
    Var,
)
from harness.statement.types import REAL, FinType, Length, VecType

LIBRARY = load_specs(Path(__file__).resolve().parents[2] / "specs")
N = Length(("n",))
X, INDEX, A = Var("x", VecType(N)), Var("i", FinType(N)), Var("a", REAL)
CALL = Call("f", (A,), REAL)


@pytest.mark.parametrize("name", [one for one in LIBRARY.statements if "_" in one])
def test_every_theorem_of_the_theory_has_one(name: str) -> None:
    text = show_term(theorem_bound(LIBRARY.statements[name]))
    assert "E (" in text


def test_an_inner_product() -> None:
    statement = LIBRARY.statements["Proofs.Autograd.inner_softmaxJvp_comm"]
    text = show_term(theorem_bound(statement))
    assert "E (softmaxJvp x dx) i" in text and "∑" in text


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (A, "0"),
        (Binary("mul", A, CALL), "|a| * E (f a)"),
        (Binary("mul", CALL, CALL), "|f a| * E (f a) + |f a| * E (f a) + E (f a) * E (f a)"),
        (Power(CALL, 2), "|f a| * E (f a) + |f a| * E (f a) + E (f a) * E (f a)"),
        (Binary("div", A, CALL), "|a / f a| * E (f a) / (|f a| - E (f a))"),
        (Unary("exp", CALL), "Real.exp (f a + E (f a)) - Real.exp (f a)"),
        (Unary("log", CALL), "-Real.log (1 - E (f a) / f a)"),
        (Unary("sqrt", CALL), "E (f a) / (Real.sqrt (f a) + Real.sqrt (f a - E (f a)))"),
        (Unary("abs", CALL), "E (f a)"),
        (Sum(INDEX, Coord(X, INDEX)), "0"),
        (Unary("exp", A), "0"),
    ],
)
def test_propagation(term: Term, text: str) -> None:
    assert show_term(propagated(term)) == text


def test_hypotheses_do_not_count_and_vectors_are_taken_at_a_coordinate() -> None:
    zero = Num(Fraction(0))
    call = Call("g", (X,), VecType(N))
    doubled = Tabulate(INDEX, Binary("mul", Coord(call, INDEX), Num(Fraction(2))), VecType(N))
    body = Logic("→", (Relation("<", zero, A, REAL), Relation("=", call, doubled, VecType(N))))
    assert show_term(theorem_bound(Forall((X, A), body))) == "E (g x) i + 2 * E (g x) i"


def test_another_shape_is_unsaid() -> None:
    with pytest.raises(Unsaid, match="of the shape Logic"):
        theorem_bound(Forall((A,), Logic("∨", (Relation("=", A, A, REAL),) * 2)))
