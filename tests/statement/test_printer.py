"""Printing: what is printed parses back, with the parentheses that Lean's precedences ask for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from harness.statement.compare import same_proposition
from harness.statement.elaborate import elaborate
from harness.statement.parse import parse
from harness.statement.printer import show, show_term
from harness.statement.syntax import Node
from harness.statement.term import Forall, Max, Var
from harness.statement.types import Length, VecType
from tests.statement.lean_texts import STATEMENTS
from tests.statement.scopes import SCOPE, statement
from tests.statement.surface_trees import TREES
from tests.statement.typed_terms import TYPED_STATEMENTS


@given(TREES)
def test_surface_trees_survive_printing(tree: Node) -> None:
    assert parse(show(tree)) == tree


@settings(max_examples=40)
@given(TYPED_STATEMENTS)
def test_terms_survive_printing_and_elaboration(term: Forall) -> None:
    back = elaborate(parse(show_term(term)), SCOPE)
    assert same_proposition(back, term), show_term(back)


@pytest.mark.parametrize("name", STATEMENTS)
def test_statements_of_the_theory_survive(name: str) -> None:
    tree = parse(STATEMENTS[name])
    assert parse(show(tree)) == tree
    term = elaborate(tree, SCOPE)
    assert same_proposition(statement(show_term(term)), term)


@pytest.mark.parametrize(
    "text",
    [
        "∑ i : Fin n, x i * y i - c = 0",
        "(a + b) * -c ^ 2 / (d - e - (f - g))",
        "-(-x) = (-x) ^ 2",
        "∀ {n : ℕ} (x y : Vec n), p → ¬(a = b) ∧ c",
        "∀ x : Vec 0, f x = x",
        "f (fun i : Fin n => x i) (g := 1) @h |(x - |y|)| ‖z‖",
        "(∑ i, x i) * 2 + ∑ i, ∑ j, y i j",
        "let y : ℝ := x; y ^ 2",
        "(f x).ofLp = (x).ofLp",
        "Fin n → Vec m →L[ℝ] (Fin n → ℝ)",
        "(Fin n → ℝ) → Vec n",
    ],
)
def test_no_more_parentheses_than_needed(text: str) -> None:
    assert show(parse(text)) == text


def test_what_is_outside_of_the_language_is_still_readable() -> None:
    assert show_term(Max(Var("x", VecType(Length(("n",)))))) == "max x"
    maps = statement("∀ {n : ℕ} (x : Vec n), dotCLM x + dotCLM x = 0")
    assert "(fun v : Vec n => dotCLM x v + dotCLM x v)" in show_term(maps)
