"""MathML from terms: structure, parentheses where they are needed, and nothing but elements."""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree

import pytest

from harness.evaluate.first_order import first_order
from harness.site.mathml import (
    bound_math,
    bound_text,
    equation_math,
    gap_math,
    shown,
    statement_math,
    term_math,
)
from harness.statement.term import (
    Binary,
    Call,
    Coord,
    FinLiteral,
    Lambda,
    Logic,
    NatCast,
    Num,
    Power,
    Relation,
    Term,
    Unary,
    Var,
)
from harness.statement.types import REAL, FinType, FunType, Length, VecType
from tests.evaluate.formula_values import sets_of
from tests.site.reports import library

N = Length(("n",))
X, INDEX = Var("x", VecType(N)), Var("i", FinType(N))
A, B = Var("a", REAL), Var("b", REAL)


def read(markup: object) -> str:
    """The letters of a formula, in order; XML that does not parse is an error."""
    return "".join(ElementTree.fromstring(f"<r>{markup}</r>").itertext())


@pytest.mark.parametrize("name", list(library().statements))
def test_every_statement_is_typeset(name: str) -> None:
    for formula in statement_math(library().statements[name]):
        element = ElementTree.fromstring(str(formula))
        assert element.tag == "math"
        assert element.get("alttext")
        used = {one.tag for one in element.iter()}
        # Of MathML Core, and nothing that carries a style or a script.
        assert used <= set(
            [
                "math",
                "mrow",
                "mi",
                "mn",
                "mo",
                "msub",
                "msup",
                "mfrac",
                "msqrt",
                "munder",
                "mspace",
                "mtext",
            ]
        )
        allowed = {"alttext", "display", "class", "stretchy", "fence", "width", "form"}
        assert {key for one in element.iter() for key in one.attrib} <= allowed


def test_a_whole_statement() -> None:
    quantifiers, body = statement_math(library().statements["Proofs.Autograd.softmaxJvp"])
    assert read(quantifiers) == "∀n∈ℕ,x,dx∈ℝn,i∈Finn"
    assert read(body) == "softmaxJvp(x,dx)i=softmaxVec(x)i⋅(dxi−dotCLM(softmaxVec(x),dx))"


def test_a_derivative() -> None:
    statement = library().statements["Proofs.Autograd.hasFDerivAt_softmaxVec"]
    assert read(statement_math(statement)[-1]) == "D[softmaxVec](x)=softmaxDerivCLM(x)"


def test_functions_that_only_call_are_their_constants() -> None:
    kind = FunType(VecType(N), REAL)
    once, twice = Call("f", (A, X), REAL), Call("f", (Call("g", (X,), REAL), X), REAL)
    assert read(shown(Lambda(X, Call("f", (X,), REAL), kind))) == "f"
    assert read(shown(Lambda(X, once, kind))) == "f(a)"
    assert read(shown(Lambda(X, twice, kind))) == "x↦f(g(x),x)"


def test_the_gap_of_a_theorem() -> None:
    assert read(gap_math(A)) == "|left−right|≤a"


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (Binary("sub", A, Binary("sub", A, B)), "a−(a−b)"),
        (Binary("sub", Binary("sub", A, B), B), "a−b−b"),
        (Binary("mul", Binary("add", A, B), A), "(a+b)⋅a"),
        (Binary("mul", Num(Fraction(2)), A), "2\u2062a"),
        (Unary("neg", Binary("add", A, B)), "−(a+b)"),
        (Power(Unary("neg", A), 2), "(−a)2"),
        (Unary("log", A), "log(a)"),
        (Unary("sqrt", A), "a"),
        (Unary("abs", Coord(X, INDEX)), "|xi|"),
        (Num(Fraction(-1, 3)), "−13"),
        (Coord(X, FinLiteral(0, N)), "x0"),
        (Binary("mul", NatCast(Length(("n",), 1)), A), "(n+1)⋅a"),
        (Coord(Var("v3", VecType(N)), INDEX), "v3,i"),
        (Relation("≤", A, B, REAL), "a≤b"),
        (Logic("∧", (Relation("=", A, B, REAL), Relation("<", A, B, REAL))), "a=b∧a<b"),
        (Logic("¬", (Relation("=", A, B, REAL),)), "¬(a=b)"),
    ],
)
def test_terms(term: Term, text: str) -> None:
    assert read(shown(term)) == text
    assert read(term_math(term)) == text


def test_hypotheses_are_lines() -> None:
    from harness.statement.term import Forall

    positive = Relation("<", Num(Fraction(0)), A, REAL)
    body = Logic("→", (positive, Relation("=", A, B, REAL)))
    lines = statement_math(Forall((A, B), body))
    assert [read(line) for line in lines] == ["∀a,b∈ℝ", "0<a⇒", "a=b"]


def test_names_are_escaped() -> None:
    odd = Var("<img onerror=x>", REAL)
    made = str(equation_math(odd, odd))
    assert "<img" not in made and "&lt;img onerror=x&gt;" in made


def test_a_bound_may_end_its_line_between_summands() -> None:
    formula = first_order("softmaxJvp", sets_of("softmaxJvp")[1])
    made = str(bound_math(formula.left, formula.right))
    assert made.count("<math") == 3
    assert read(made).replace(" ", "").startswith("|computed−softmaxJvp(x,dx)i|≤u⋅(|softmaxVec(x)i")
    assert bound_text(formula.left, formula.right).startswith(
        "|computed - softmaxJvp x dx i| ≤ u *"
    )
    one = bound_math(formula.left, A)
    assert str(one).count("<math") == 1
