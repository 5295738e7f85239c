"""Applications: constants and their arguments, coordinates, fields and maps."""

from __future__ import annotations

import pytest

from harness.errors import InputError
from harness.statement.compare import same_proposition
from harness.statement.printer import show_term
from tests.statement.scopes import statement

BINDERS = (
    "∀ {n : ℕ} (x y : Vec n) (f : Fin n → ℝ) (g : Fin n → Vec n →L[ℝ] ℝ) (i : Fin n) "
    "(l : Vec n →L[ℝ] Vec n) (F : Vec n → Vec n) (c : ℝ), "
)


def same(one: str, other: str) -> bool:
    return same_proposition(statement(BINDERS + one), statement(BINDERS + other))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "softmaxVec (softmaxVecOfFun <| fun i => x i) = x",
            "softmaxVec (softmaxVecOfFun x.ofLp) = x",
        ),
        ("softmaxVec x i = (softmaxVec x).ofLp i", "softmaxVec x i = softmaxVec x i"),
        ("x.ofLp i = x i", "x i = x i"),
        ("WithLp.ofLp x i = x i", "x i = x i"),
        ("WithLp.toLp 2 x.ofLp = x", "x = x"),
        ("softmaxVecOfFun (fun j => f j) = x", "softmaxVecOfFun f = x"),
        ("(fun z => z i) x = c", "x i = c"),
        ("(fun (z : Vec n) (j : Fin n) => z j) x i = c", "x i = c"),
        ("g i x = c", "(fun j => g j) i x = c"),
        ("l x i = F y i", "(l x).ofLp i = (F y) i"),
        ("softmaxJvp x = F", "(fun z => softmaxJvp x z) = F"),
        ("softmaxDerivCLM x = l", "(softmaxDerivCLM x : Vec n →L[ℝ] Vec n) = l"),
        ("softmaxDerivCoord x = g", "(softmaxDerivCoord x : Fin n → Vec n →L[ℝ] ℝ) = g"),
    ],
)
def test_ways_to_write_an_application(text: str, expected: str) -> None:
    assert same(text, expected), show_term(statement(BINDERS + text))


def test_other_applications_are_other_statements() -> None:
    assert not same("softmaxJvp x y = x", "softmaxJvp y x = x")
    assert not same("softmaxVec x i = c", "softmaxVec y i = c")


def test_a_linear_map_as_a_function_is_applied() -> None:
    text = "∀ {n : ℕ} (x y : Vec n), HasFDerivAt (dotCLM y) (dotCLM y) x"
    other = "∀ {n : ℕ} (x y : Vec n), HasFDerivAt (fun z => dotCLM y z) (dotCLM y) x"
    assert same_proposition(statement(text), statement(other))


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("softmaxVec c = x", "`c` has type ℝ, but Vec _ is needed here", ""),
        ("softmaxVec f = x", "has type Fin n → ℝ, but Vec", "WithLp.toLp 2 f"),
        ("softmaxVecOfFun x = x", "has type Vec n, but Fin", "x.ofLp"),
        ("softmaxVec x x = c", "`x` has type Vec n, but Fin n is needed here", ""),
        ("c x = c", "`c` of type ℝ cannot be applied to `x`", "operator"),
        ("softmaxVec x = softmaxVec", "has type Vec _ → Vec _, but Vec n", ""),
        ("x (i := i) = c", "`x` has no argument named `i`", ""),
        ("@Real.exp c = c", "`@Real.exp` is outside", "Real.exp"),
        ("x.norm = c", "the field `norm` is outside", "x.ofLp"),
        ("c.ofLp = c", "`.ofLp` is of vectors, not of ℝ", ""),
        ("Real.exp = c", "`Real.exp` needs 1 argument", ""),
        ("HasFDerivAt F g x", "a derivative is a linear map", ""),
    ],
)
def test_wrong_applications(text: str, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        statement(BINDERS + text)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.place is not None
