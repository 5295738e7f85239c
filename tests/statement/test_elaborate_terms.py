"""The dispatch: connectives, casts, ascriptions, and what is no term."""

from __future__ import annotations

import pytest

from harness.errors import InputError
from harness.statement.compare import same_proposition
from harness.statement.term import Logic, Relation
from tests.statement.scopes import statement


@pytest.mark.parametrize(
    ("text", "op", "parts"),
    [
        ("1 = 1 ∧ 2 = 2", "∧", 2),
        ("1 = 1 ∨ 2 = 2", "∨", 2),
        ("1 = 1 → 2 = 2", "→", 2),
        ("1 = 1 ↔ 2 = 2", "↔", 2),
        ("¬1 = 1", "¬", 1),
    ],
)
def test_connectives(text: str, op: str, parts: int) -> None:
    body = statement(text).body
    assert isinstance(body, Logic)
    assert body.op == op
    assert len(body.parts) == parts
    assert all(isinstance(part, Relation) for part in body.parts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("∀ n : ℕ, ↑n = (1 : ℝ)", "∀ n : ℕ, (n : ℝ) = 1"),
        ("∀ (n : ℕ) (c : ℝ), c = n", "∀ (n : ℕ) (c : ℝ), c = ↑n"),
        ("∀ c : ℝ, (c : ℝ) = ((2 : ℝ) : ℝ)", "∀ c : ℝ, c = 2"),
        ("∀ c : ℝ, (c = c : Prop)", "∀ c : ℝ, c = c"),
    ],
)
def test_casts_and_ascriptions(text: str, expected: str) -> None:
    assert same_proposition(statement(text), statement(expected))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("∀ c : ℝ, ↑c = c", "`↑` casts ℕ to ℝ, not ℝ"),
        ("∀ n : ℕ, ℝ → n = n", "a type where a term is expected"),
        ("∀ n : ℕ, Vec n", "a type where a term is expected"),
        ("∀ n : ℕ, Vec n →L[ℝ] ℝ", "is a type, and a term is expected"),
        ("∀ n : ℕ, 1 = 1 ∧ n", "`n` has type ℕ, but Prop is needed here"),
        ("∀ n : ℕ, {k : ℕ} →L[ℝ] n", "is a type, and a term is expected"),
    ],
)
def test_what_is_no_term(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        statement(text)
    assert message in caught.value.message
    assert caught.value.place is not None
