"""Definitions: the equation of a constant read left to right, and what is no definition."""

from __future__ import annotations

import pytest

from harness.errors import InputError
from harness.statement.define import definition_of
from harness.statement.term import Apply, Coord, Var
from harness.statement.types import REAL, FinType, FunType, Length, LinearType, VecType
from tests.statement.lean_texts import STATEMENTS
from tests.statement.scopes import SCOPE, statement

N = Length(("n",))
VEC, FIN = VecType(N), FinType(N)
X, DX, K = Var("x", VEC), Var("dx", VEC), Var("i", FIN)


@pytest.mark.parametrize(
    ("name", "constant", "params", "index"),
    [
        ("sumExp_apply", "sumExp", (X,), None),
        ("softmaxVec_apply", "softmaxVec", (X,), K),
        ("softmaxDerivCoord_apply", "softmaxDerivCoord", (X, K, DX), None),
        ("softmaxDerivCLM_apply", "softmaxDerivCLM", (X, DX), K),
        ("softmaxJvp_apply", "softmaxJvp", (X, DX), K),
    ],
)
def test_the_equations_of_the_theory(
    name: str, constant: str, params: tuple[Var, ...], index: Var | None
) -> None:
    definition = definition_of(statement(STATEMENTS[name]), SCOPE.signatures[constant])
    assert definition.constant == constant
    assert definition.params == params
    assert definition.index == index


def test_the_rows_of_pi_stay_applied() -> None:
    f = Var("f", FunType(FIN, LinearType(VEC, REAL)))
    definition = definition_of(statement(STATEMENTS["pi_apply_vec"]))
    assert definition.params == (f, X)
    assert definition.index == K
    assert definition.body == Apply(Coord(f, K), X)
    assert definition.type == FunType(FIN, REAL)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("∀ {n : ℕ} (x : Vec n), 0 < sumExp x", "one equation without hypotheses", "f x"),
        ("∀ x : Vec 0, 0 = 1 → sumExp x = 0", "one equation without hypotheses", ""),
        ("∀ {n : ℕ} (x : Vec n), 1 = sumExp x", "is not a constant", "on the left"),
        ("∀ {n : ℕ} (x : Vec n), softmaxVec x = x", "of type Vec n", "softmaxVec x i = …"),
        ("∀ {n : ℕ} (x : Vec n), dotCLM x x = 0", "`x` on the left side is no variable", ""),
        ("∀ {n : ℕ} (x : Vec n), sumExp (-x) = 0", "on the left side is no variable", ""),
        ("∀ {n : ℕ} (x : Vec (n + 1)), softmaxVec x 0 = 1", "`0` on the left side", "distinct"),
        ("∀ {n : ℕ} (x : Vec n) (c : ℝ), sumExp x = c", "the right side uses c", ""),
        ("∀ {n : ℕ} (x : Vec n) (c : ℝ), sumExp x = 0", "c do not occur", "remove"),
        ("∀ {n : ℕ} (x : Vec n), sumExp x = sumExp x", "defined by itself", ""),
    ],
)
def test_what_is_no_definition(text: str, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        definition_of(statement(text))
    assert message in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("constant", "text"),
    [
        ("softmaxVec", "∀ (x : Vec 0) (i : Fin 0), softmaxVec x i = x i"),
        ("softmaxVec", "∀ {n : ℕ} (x : Vec (n + 1)) (i : Fin (n + 1)), softmaxVec x i = x i"),
        (
            "assembleCLM",
            "∀ {n : ℕ} (f : Fin n → Vec n →L[ℝ] ℝ) (v : Vec n) (i : Fin n), "
            "assembleCLM f v i = f i v",
        ),
    ],
)
def test_an_equation_for_some_sizes_is_no_definition(constant: str, text: str) -> None:
    with pytest.raises(InputError, match="not for every size"):
        definition_of(statement(text), SCOPE.signatures[constant])
    general = statement(STATEMENTS["assembleCLM_apply"])
    assert definition_of(general, SCOPE.signatures["assembleCLM"]).constant == "assembleCLM"
