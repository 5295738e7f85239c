"""Messages of type errors: both types, the place, and how to write the conversion."""

from __future__ import annotations

import pytest

from harness.errors import InputError
from harness.statement.context import excerpt
from harness.statement.parse import parse
from tests.statement.scopes import statement

BINDERS = "∀ {n : ℕ} (x : Vec n) (f : Fin n → ℝ) (F : Vec n → ℝ) (l : Vec n →L[ℝ] ℝ) (c : ℝ), "


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("f = x", "`x` has type Vec n, but Fin n → ℝ is needed here", "x.ofLp"),
        ("x = f", "`f` has type Fin n → ℝ, but Vec n is needed here", "WithLp.toLp 2 f"),
        ("l = F", "`F` has type Vec n → ℝ, but Vec n →L[ℝ] ℝ is needed here", "no linear map"),
        ("c = x", "`x` has type Vec n, but ℝ is needed here", ""),
        ("softmxVec x = x", "unknown name `softmxVec`", "did you mean 'softmaxVec'?"),
        ("log c = c", "unknown name `log`", "did you mean 'Real.log'?"),
        ("zzz = c", "unknown name `zzz`", "bind it with ∀"),
    ],
)
def test_type_errors(text: str, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        statement(BINDERS + text)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.source == BINDERS + text


def test_a_linear_map_is_a_function_where_one_is_needed() -> None:
    assert statement(BINDERS + "F = l")


def test_long_excerpts_are_cut() -> None:
    assert excerpt(parse("f x")) == "f x"
    assert len(excerpt(parse("f" + " x" * 100))) == 60
