"""Vector algebra is arithmetic of coordinates and of values."""

from __future__ import annotations

import pytest

from harness.statement.compare import same_proposition
from harness.statement.printer import show_term
from tests.statement.scopes import statement

BINDERS = (
    "∀ {m n : ℕ} (x y : Vec n) (w : Vec (m + 2)) (z : Vec m) (f : Fin n → ℝ) (c : ℝ) (i : Fin n) "
    "(l : Vec n →L[ℝ] ℝ) (F G : Vec n → Vec n), "
)


def same(one: str, other: str) -> bool:
    return same_proposition(statement(BINDERS + one), statement(BINDERS + other))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(x + y) i = c", "x i + y i = c"),
        ("(x - c • y) i = c", "x i - c * y i = c"),
        ("(-x) i = c", "-x i = c"),
        ("(f + f) i = c", "f i + f i = c"),
        ("(l - l) x = c", "l x - l x = c"),
        ("(2 • l) x = c", "2 * l x = c"),
        ("(n • x) i = c", "n * x i = c"),
        ("c • c = c", "c * c = c"),
        ("(F + G) x i = c", "F x i + G x i = c"),
        ("(0 : Vec n) i = c", "(0 : ℝ) = c"),
        ("(∑ j, f j • x) i = c", "∑ j, f j * x i = c"),
        ("(∑ j : Fin n, f j • l) x = c", "∑ j, f j * l x = c"),
        ("softmaxVec (x + y) = x", "softmaxVec (WithLp.toLp 2 fun j => x j + y j) = x"),
        ("x + y = 0", "x + y = WithLp.toLp 2 (fun _ => 0)"),
        ("(fun j => f j + 1) = f", "(fun j : Fin n => f j + 1) = f"),
    ],
)
def test_vector_algebra_is_by_coordinates(text: str, expected: str) -> None:
    assert same(text, expected), show_term(statement(BINDERS + text))
