"""The functions known by name: norms, inner products, derivatives, casts."""

from __future__ import annotations

import pytest

from harness.errors import InputError
from harness.statement.compare import same_proposition
from harness.statement.printer import show_term
from harness.statement.term import HasFDerivAt, Lambda
from harness.statement.types import FunType, LinearType
from tests.statement.scopes import statement

BINDERS = (
    "∀ {m n : ℕ} (x y : Vec n) (c : ℝ) (F : Vec n → Vec m) (l : Vec n →L[ℝ] Vec m) "
    "(f : Fin n → ℝ), "
)


def same(one: str, other: str) -> bool:
    return same_proposition(statement(BINDERS + one), statement(BINDERS + other))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("inner ℝ x y = c", "∑ i, x i * y i = c"),
        ("inner (𝕜 := ℝ) x y = c", "∑ i, x i * y i = c"),
        ("⟪x, y⟫_ℝ = c", "∑ i, x i * y i = c"),
        ("inner ℝ c c = c", "c * c = c"),
        ("‖x‖ = c", "Real.sqrt (∑ i, x i ^ 2) = c"),
        ("norm (x - y) = c", "Real.sqrt (∑ i, (x i - y i) ^ 2) = c"),
        ("‖c‖ = c", "|c| = c"),
        ("abs n = c", "|(n : ℝ)| = c"),
        ("Real.log (Real.sqrt (Real.exp 2)) = c", "Real.log (Real.sqrt (Real.exp (2 : ℝ))) = c"),
        ("Real.exp n = c", "Real.exp (n : ℝ) = c"),
        ("Nat.succ n = m", "n + 1 = m"),
        ("HasFDerivAt (𝕜 := ℝ) F l x", "HasFDerivAt F l x"),
        ("HasFDerivAt F (f' := l) x", "HasFDerivAt F l x"),
        ("HasFDerivAt (fun z => F z) l x", "HasFDerivAt F l x"),
        ("HasFDerivAt (fun _ : Vec n => c) 0 x", "HasFDerivAt (fun z => c) 0 x"),
    ],
)
def test_what_functions_stand_for(text: str, expected: str) -> None:
    assert same(text, expected), show_term(statement(BINDERS + text))


def test_both_sides_of_a_derivative_are_functions_of_a_vector() -> None:
    body = statement(BINDERS + "HasFDerivAt F l x").body
    assert isinstance(body, HasFDerivAt)
    assert isinstance(body.function, Lambda)
    assert isinstance(body.function.type, FunType)
    assert isinstance(body.derivative.type, LinearType)
    assert show_term(body) == "HasFDerivAt F l x"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("inner ℕ x y = c", "inner products are over ℝ"),
        ("inner ℝ x c = c", "`c` has type ℝ, but Vec n is needed here"),
        ("inner ℝ f f = c", "`inner` is of vectors, not of Fin n → ℝ"),
        ("inner x y = c", "`inner` needs 3 arguments"),
        ("‖f‖ = c", "the norm of a Fin n → ℝ is outside"),
        ("|x| = c", "`x` has type Vec n, but ℝ is needed here"),
        ("HasFDerivAt F l c", "derivatives are at vectors"),
        ("HasFDerivAt F F x", "a derivative is a linear map"),
        ("HasFDerivAt c l x", "`c` has type ℝ, but Vec n → Vec m is needed here"),
        ("HasFDerivAt (𝕜 := ℕ) F l x", "`HasFDerivAt` is over ℝ"),
        ("HasFDerivAt F l", "`HasFDerivAt` needs 3 arguments"),
        ("WithLp.toLp 1 f = x", "vectors are Euclidean"),
        ("↑x = c", "`↑` casts ℕ to ℝ, not Vec n"),
    ],
)
def test_wrong_arguments(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        statement(BINDERS + text)
    assert message in caught.value.message
    assert caught.value.place is not None
