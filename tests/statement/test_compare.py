"""Comparison: what does not count (names, grouping, synonyms) and what does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from harness.statement.compare import same_proposition, same_signature, same_types
from harness.statement.elaborate import elaborate_signature
from harness.statement.parse import parse_type
from harness.statement.substitute import rewritten
from harness.statement.term import Forall
from harness.statement.types import REAL, FinType, Length, VecType
from tests.statement.scopes import statement
from tests.statement.typed_terms import TYPED_STATEMENTS

PLAIN = "∀ {n : ℕ} (x : Vec n) (i : Fin n), softmaxVec x i = Real.exp (x i) / sumExp x"


@pytest.mark.parametrize(
    "text",
    [
        "∀ {m : Nat} (y : Vec m) (k : Fin m), softmaxVec y k = Real.exp (y k) / sumExp y",
        "∀ (n : ℕ) (x : EuclideanSpace ℝ (Fin n)) ⦃i : Fin n⦄, "
        "(softmaxVec (n := n) x).ofLp i = Real.exp (x.ofLp i) / @sumExp n x",
        "∀ {n : ℕ}, ∀ x : Proofs.Autograd.Vec n, ∀ (i : Fin n), "
        "let y := x; softmaxVec y i = (Real.exp (y i) / sumExp y : ℝ)",
    ],
)
def test_ways_to_say_the_same(text: str) -> None:
    assert same_proposition(statement(text), statement(PLAIN))


@pytest.mark.parametrize(
    "text",
    [
        "∀ {n : ℕ} (i : Fin n) (x : Vec n), softmaxVec x i = Real.exp (x i) / sumExp x",
        "∀ {n : ℕ} (x : Vec (n + 1)) (i : Fin (n + 1)), softmaxVec x i = Real.exp (x i) / sumExp x",
        "∀ {n : ℕ} (x : Vec n) (i : Fin n), Real.exp (x i) / sumExp x = softmaxVec x i",
        "∀ {n : ℕ} (x y : Vec n) (i : Fin n), softmaxVec x i = Real.exp (x i) / sumExp x",
        "∀ {n : ℕ} (x : Vec n) (i : Fin n), softmaxVec x i ≤ Real.exp (x i) / sumExp x",
        "∀ {n : ℕ} (x : Vec n) (i j : Fin n), softmaxVec x i = Real.exp (x j) / sumExp x",
        "∀ {n : ℕ} (x : Vec n) (i : Fin n), "
        "0 < sumExp x → softmaxVec x i = Real.exp (x i) / sumExp x",
    ],
)
def test_other_statements(text: str) -> None:
    assert not same_proposition(statement(text), statement(PLAIN))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("∀ a b : ℝ, a > b", "∀ a b : ℝ, b < a", True),
        ("∀ a b : ℝ, a ≥ b", "∀ a b : ℝ, b ≤ a", True),
        ("∀ a b : ℝ, a ≠ b", "∀ a b : ℝ, ¬a = b", True),
        ("∀ a b : ℝ, a ≥ b", "∀ a b : ℝ, b < a", False),
        ("∀ a b : ℝ, a = b", "∀ a b : ℝ, b = a", False),
        ("∀ a b : ℝ, a < b", "∀ a b : ℝ, b < a", False),
        ("∀ m n : ℕ, m < n", "∀ m n : ℕ, (m : ℝ) < n", False),
    ],
)
def test_relations(one: str, other: str, same: bool) -> None:
    assert same_proposition(statement(one), statement(other)) is same


@settings(max_examples=40)
@given(TYPED_STATEMENTS)
def test_names_do_not_count_and_numbers_do(term: Forall) -> None:
    renamed = rewritten(term, {}, lambda name: f"{name}'")
    assert isinstance(renamed, Forall)
    assert renamed != term
    assert same_proposition(renamed, term)
    assert not same_proposition(Forall(term.variables[1:], term.body), term)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("{n : ℕ} → Vec n → Vec n", "∀ {m : ℕ} (x : Vec m), Vec m", True),
        ("{n : ℕ} → Vec n → Fin n → ℝ", "∀ {n : ℕ} (x : Vec n) (i : Fin n), ℝ", True),
        ("{n : ℕ} → Vec n →L[ℝ] Vec n", "{n : ℕ} → EuclideanSpace ℝ (Fin n) →L[ℝ] Vec n", True),
        ("(n : ℕ) → Vec n", "(m : ℕ) → Vec m", True),
        ("{n : ℕ} → Vec n → Vec n", "(n : ℕ) → Vec n → Vec n", False),
        ("{n : ℕ} → Vec n → Vec n", "{n : ℕ} → Vec n →L[ℝ] Vec n", False),
        ("{n : ℕ} → Vec n → ℝ", "{n : ℕ} → (Fin n → ℝ) → ℝ", False),
        ("{m n : ℕ} → Vec m → Vec n", "{m n : ℕ} → Vec n → Vec m", False),
    ],
)
def test_signatures(one: str, other: str, same: bool) -> None:
    left = elaborate_signature("f", parse_type(one))
    right = elaborate_signature("g", parse_type(other))
    assert same_signature(left, right) is same


def test_lists_of_types() -> None:
    m, n = Length(("m",)), Length(("n",))
    assert same_types([VecType(m), FinType(m)], [VecType(n), FinType(n)])
    assert not same_types([VecType(m), FinType(n)], [VecType(n), FinType(n)])
    assert not same_types([VecType(m)], [VecType(m), REAL])
