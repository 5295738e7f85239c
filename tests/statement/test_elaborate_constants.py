"""Constants: names, sizes, arguments by name, and what is left out."""

from __future__ import annotations

import pytest

from harness.errors import InputError
from harness.statement.compare import same_proposition
from harness.statement.elaborate import Scope, elaborate, elaborate_signature
from harness.statement.parse import parse, parse_type
from harness.statement.printer import show_term
from tests.statement.scopes import SCOPE, statement

BINDERS = (
    "∀ {n : ℕ} (x y : Vec n) (f : Fin n → ℝ) (g : Fin n → Vec n →L[ℝ] ℝ) (i : Fin n) "
    "(l : Vec n →L[ℝ] Vec n) (F : Vec n → Vec n) (c : ℝ), "
)


def test_sizes_that_are_arguments_are_checked_and_never_passed() -> None:
    ones = elaborate_signature("ones", parse_type("(n : ℕ) → Vec n"))
    scope = Scope({**SCOPE.signatures, "ones": ones})
    term = elaborate(parse("∀ {n : ℕ} (i : Fin (n + 1)), ones (n + 1) i = 1"), scope)
    assert "ones i = 1" in show_term(term)
    with pytest.raises(InputError, match="has type Fin n, but Fin"):
        elaborate(parse("∀ {n : ℕ} (i : Fin n), ones (n + 1) i = 1"), scope)


def same(one: str, other: str) -> bool:
    return same_proposition(statement(BINDERS + one), statement(BINDERS + other))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Proofs.Autograd.softmaxVec x = x", "softmaxVec x = x"),
        ("Autograd.softmaxVec x = x", "softmaxVec x = x"),
        ("_root_.Proofs.Autograd.softmaxVec x = x", "softmaxVec x = x"),
        ("_root_.ContinuousLinearMap.pi g x = f", "ContinuousLinearMap.pi g x = f"),
        ("@softmaxVec n x = x", "softmaxVec x = x"),
        ("softmaxVec (n := n) x = x", "softmaxVec x = x"),
        ("softmaxVec (x := y) = x", "softmaxVec y = x"),
        ("softmaxJvp (dx := y) x = x", "softmaxJvp x y = x"),
    ],
)
def test_ways_to_give_arguments(text: str, expected: str) -> None:
    assert same(text, expected), show_term(statement(BINDERS + text))


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("softmaxVec (y := x) = x", "`softmaxVec` has no argument named `y`", "n, x"),
        ("softmaxVec (n := n) (n := n) x = x", "given twice", ""),
        ("softmaxVec (n := 3) x = x", "`x` has type Vec n, but Vec 3 is needed here", ""),
        ("@softmaxVec = x", "`@softmaxVec` needs the size `n`", ""),
        ("softmaxVec = softmaxVec", "cannot infer the length `n` of `softmaxVec`", "(n := …)"),
    ],
)
def test_wrong_arguments(text: str, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        statement(BINDERS + text)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.place is not None
