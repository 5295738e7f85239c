"""Arithmetic and relations: what does not type, and what goes with what."""

from __future__ import annotations

import pytest

from harness.errors import InputError
from harness.statement.compare import same_proposition
from harness.statement.term import NatCast, Relation
from harness.statement.types import Length
from tests.statement.scopes import statement

BINDERS = (
    "∀ {m n : ℕ} (x y : Vec n) (w : Vec (m + 2)) (z : Vec m) (f : Fin n → ℝ) (c : ℝ) (i : Fin n) "
    "(l : Vec n →L[ℝ] ℝ) (F G : Vec n → Vec n), "
)


def relation(text: str) -> Relation:
    body = statement(BINDERS + text).body
    assert isinstance(body, Relation)
    return body


def same(one: str, other: str) -> bool:
    return same_proposition(statement(BINDERS + one), statement(BINDERS + other))


N = NatCast(Length(("n",)))


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("x * y = x", "`*` is on numbers, not on Vec n", "c • x"),
        ("x + c = x", "`c` has type ℝ, but Vec n is needed here", ""),
        ("x + z = x", "`z` has type Vec m, but Vec n is needed here", ""),
        ("c = x", "`x` has type Vec n, but ℝ is needed here", ""),
        ("x + 1 = x", "the numeral 1 cannot have type Vec n", ""),
        ("i + 1 = i", "arithmetic on Fin n", ""),
        ("x • y = x", "`x` has type Vec n, but ℝ is needed here", ""),
        ("c ^ c = c", "`c` is no exponent", "numeral"),
        ("c ^ 1001 = c", "the exponent 1001 is larger", ""),
        ("x ^ 2 = x", "`^` is on real numbers, not on Vec n", ""),
        ("n - 1 = n", "`-` of natural numbers is outside", ""),
        ("1 / 2 = 1", "`/` of natural numbers is outside", "(1 / 2 : ℝ)"),
        ("-1 = 1", "natural numbers have no sign", "(-1 : ℝ)"),
        ("x ≤ y", "`≤` compares numbers, not values of type Vec n", ""),
        ("(c = c) = (c = c)", "`=` between propositions", "↔"),
        ("1e999999 = c", "has more than", ""),
        ("c = 1" + "0" * 500, "has more than", ""),
    ],
)
def test_what_does_not_type(text: str, message: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        relation(text)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.place is not None
    assert caught.value.place.column > len(BINDERS)
