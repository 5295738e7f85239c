"""Signatures: sizes, arguments and results of constants, and types that no constant has."""

from __future__ import annotations

import pytest

from harness.errors import InputError
from harness.statement.elaborate import elaborate_signature
from harness.statement.parse import parse_type
from harness.statement.term import (
    Signature,
)
from harness.statement.types import (
    NAT,
    REAL,
    UNIVERSE,
    FinType,
    FunType,
    Length,
    LinearType,
    VecType,
)

N = Length(("n",))


VEC, FIN = VecType(N), FinType(N)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "softmaxVec",
            "{n : ℕ} → Vec n → Vec n",
            Signature("softmaxVec", "Proofs.Autograd.softmaxVec", ("n",), (("", VEC),), VEC),
        ),
        (
            "Proofs.Autograd.dot",
            "∀ {n : ℕ} (y : Vec n), Vec n →L[ℝ] ℝ",
            Signature("dot", "Proofs.Autograd.dot", ("n",), (("y", VEC),), LinearType(VEC, REAL)),
        ),
        (
            "ContinuousLinearMap.pi",
            "{n : ℕ} → (Fin n → Vec n →L[ℝ] ℝ) → Vec n →L[ℝ] (Fin n → ℝ)",
            Signature(
                "ContinuousLinearMap.pi",
                "ContinuousLinearMap.pi",
                ("n",),
                (("", FunType(FIN, LinearType(VEC, REAL))),),
                LinearType(VEC, FunType(FIN, REAL)),
            ),
        ),
        (
            "_root_.row",
            "{n : ℕ} → Vec n → Fin n → ℝ",
            Signature("row", "row", ("n",), (("", VEC),), FunType(FIN, REAL)),
        ),
        (
            "at",
            "{n : ℕ} → Vec n → (i : Fin n) → ℝ",
            Signature("at", "Proofs.Autograd.at", ("n",), (("", VEC), ("i", FIN)), REAL),
        ),
        ("Vec", "ℕ → Type", Signature("Vec", "Proofs.Autograd.Vec", (), (("", NAT),), UNIVERSE)),
    ],
)
def test_signatures(name: str, text: str, expected: Signature) -> None:
    assert elaborate_signature(name, parse_type(text)) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{x : Vec 0} → ℝ", "an implicit argument of type Vec 0"),
        ("∀ x, ℝ", "the argument `x` has no type"),
        ("Vec n → ℝ", "unknown name `n`"),
        ("ℝ → Prop", "a constant with values in Prop"),
        ("Prop → ℝ", "a variable of type Prop"),
        ("ℝ → 3", "expected a type, found `3`"),
        ("(ℕ → ℝ) → ℝ", "a function of ℕ"),
    ],
)
def test_wrong_signatures(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        elaborate_signature("f", parse_type(text))
    assert message in caught.value.message
    assert caught.value.place is not None
