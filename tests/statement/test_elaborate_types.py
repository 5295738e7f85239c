"""Types and lengths: synonyms, ℕ-terms, and what is no type of the language."""

from __future__ import annotations

import pytest

from harness.errors import InputError
from harness.statement.types import (
    REAL,
    FinType,
    FunType,
    Length,
    LinearType,
    Type,
    VecType,
)
from tests.statement.scopes import statement

N = Length(("n",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Real", REAL),
        ("Vec 3", VecType(Length((), 3))),
        ("Vec (n + 1)", VecType(Length(("n",), 1))),
        ("Vec (Nat.succ n)", VecType(Length(("n",), 1))),
        ("Vec n.succ", VecType(Length(("n",), 1))),
        ("Vec (1 + 2 * (n + 1) : ℕ)", VecType(Length(("n", "n"), 3))),
        ("Proofs.Autograd.Vec n", VecType(N)),
        ("Autograd.Vec n", VecType(N)),
        ("_root_.Proofs.Autograd.Vec n", VecType(N)),
        ("EuclideanSpace ℝ (Fin n)", VecType(N)),
        ("(Vec n : Type)", VecType(N)),
        ("Fin n → ℝ", FunType(FinType(N), REAL)),
        ("(i : Fin n) → ℝ", FunType(FinType(N), REAL)),
        ("Vec n → Vec n", FunType(VecType(N), VecType(N))),
        ("Vec n →L[ℝ] Vec 2", LinearType(VecType(N), VecType(Length((), 2)))),
        ("Fin n → Vec n →L[ℝ] ℝ", FunType(FinType(N), LinearType(VecType(N), REAL))),
        ("Vec n →L[ℝ] Fin n → ℝ", LinearType(VecType(N), FunType(FinType(N), REAL))),
    ],
)
def test_types(text: str, expected: Type) -> None:
    (_, var) = statement(f"∀ {{n : ℕ}} (v : {text}), 1 = 1").variables
    assert var.type == expected


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("Vek n", "unknown name `Vek`", "did you mean 'Vec'?"),
        ("Vec", "`Vec` is an incomplete type", "Vec n"),
        ("Fin n n", "`Fin n n` is an incomplete type", "Fin n"),
        ("Vec x", "`x` has type ℝ, but ℕ is needed here", ""),
        ("Vec (n - 1)", "`-` of natural numbers is outside", ""),
        ("Vec (n * n)", "a product of sizes is outside", ""),
        ("Vec 2.5", "2.5 is no natural number", ""),
        ("Vec 99999999999", "99999999999 is larger than", ""),
        ("Vec (1000 * n)", "the length `1000 * n` is too large", ""),
        ("Fin n → ℕ", "a function to ℕ is outside", ""),
        ("ℕ → ℝ", "a function of ℕ is outside", ""),
        ("Fin n →L[ℝ] ℝ", "a linear map starts from a Vec, not from Fin n", ""),
        ("Vec n →L[ℝ] Fin n", "a linear map goes to ℝ", ""),
        ("EuclideanSpace ℝ ℕ", "is outside", "EuclideanSpace ℝ (Fin n)"),
        ("(i : Fin n) → Vec i", "unknown name `i`", ""),
        ("{n : ℕ} → Vec n", "an argument needs a type", ""),
    ],
)
def test_what_is_no_type(text: str, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        statement(f"∀ {{n : ℕ}} (x : ℝ) (v : {text}), 1 = 1")
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.place is not None
