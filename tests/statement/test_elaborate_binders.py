"""`fun`, `∑` and let: where the type of a bound name comes from, and what bodies may be."""

from __future__ import annotations

import pytest

from harness.errors import InputError
from harness.statement.compare import same_proposition
from harness.statement.printer import show_term
from tests.statement.scopes import statement

BINDERS = "∀ {n : ℕ} (x y : Vec n) (f : Fin n → ℝ) (F : Vec n → Fin n → ℝ) (c : ℝ), "


def same(one: str, other: str) -> bool:
    return same_proposition(statement(BINDERS + one), statement(BINDERS + other))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("∑ i, x i = c", "∑ i : Fin n, x i = c"),
        ("∑ i, ∑ j, x i * y j = c", "∑ (i : Fin n) (j : Fin n), x i * y j = c"),
        ("(∑ i : Fin n, 1 : ℝ) = c", "∑ i : Fin n, (1 : ℝ) = c"),
        ("f = fun i => x i", "f = fun i : Fin n => x i"),
        ("F = fun z i => z i + c", "F = fun (z : Vec n) (i : Fin n) => z i + c"),
        ("F = fun z => (fun i => z i)", "F = fun z => z.ofLp"),
        ("f = fun _ => n", "f = fun _ => (n : ℝ)"),
        ("(c = c : Prop) ∧ ¬c < c", "c = c ∧ ¬c < c"),
        ("let g := fun z : Vec n => z + y; g x = y", "x + y = y"),
        ("(let z := x; z + z) = y", "x + x = y"),
    ],
)
def test_binders(text: str, expected: str) -> None:
    assert same(text, expected), show_term(statement(BINDERS + text))


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("∑ i, c = c", "cannot infer the range of `i`", "∑ i : Fin n"),
        ("∑ i : Vec n, c = c", "a sum over Vec n is outside", "Fin n"),
        ("∑ i : Fin n, 1 = c", "a sum of natural numbers", "(1 : ℝ)"),
        ("∑ i : Fin n, c = c = c", "relations do not chain", "∧"),
        ("(fun i => c) = (fun i => c)", "cannot infer the type of `i`", "fun i : Fin n"),
        ("x = fun i => c", "`fun` is a function, but Vec n is needed", "WithLp.toLp 2"),
        ("dotCLM x = fun i => c", "`fun` is a function, but Vec n →L[ℝ] ℝ is needed", ""),
        ("(fun i : Fin n => n) = f", "functions to ℕ are outside", ""),
        ("(fun i : Fin n => i) = f", "functions to Fin n are outside", ""),
        ("(fun i : Fin n => c = c) = f", "functions to Prop are outside", ""),
        ("(fun k : ℕ => c) = f", "a function of ℕ is outside", ""),
        (
            "softmaxVecOfFun (fun i : Vec n => c) = x",
            "`i` has type Vec n, but the argument here",
            "",
        ),
        ("c = c ∧ x", "`x` has type Vec n, but Prop is needed here", ""),
        ("(c : Vec n) = x", "`c` has type ℝ, but Vec n is needed here", ""),
        ("Fin n → ℝ", "a type where a term is expected", ""),
        ("Vec n →L[ℝ] ℝ", "is a type, and a term is expected", ""),
    ],
)
def test_wrong_bodies_and_binders(text: str, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        statement(BINDERS + text)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.place is not None
