"""Numerals: their types, and indices that must be in range."""

from __future__ import annotations

from fractions import Fraction

import pytest

from harness.errors import InputError
from harness.statement.term import Binary, FinLiteral, NatCast, Num, Power, Relation, Term
from harness.statement.types import NAT, REAL, FinType, Length, Type
from tests.statement.scopes import statement

BINDERS = (
    "∀ {m n : ℕ} (x y : Vec n) (w : Vec (m + 2)) (z : Vec m) (f : Fin n → ℝ) (c : ℝ) (i : Fin n) "
    "(l : Vec n →L[ℝ] ℝ) (F G : Vec n → Vec n), "
)


def relation(text: str) -> Relation:
    body = statement(BINDERS + text).body
    assert isinstance(body, Relation)
    return body


N = NatCast(Length(("n",)))


@pytest.mark.parametrize(
    ("text", "left", "kind"),
    [
        ("n + 1 = c", Binary("add", N, Num(Fraction(1))), REAL),
        ("((n + 1 : ℕ) : ℝ) = c", NatCast(Length(("n",), 1)), REAL),
        ("↑(n + 1) = c", NatCast(Length(("n",), 1)), REAL),
        ("(n + 1 : ℝ) = 2", Binary("add", N, Num(Fraction(1))), REAL),
        ("Nat.cast n = c", N, REAL),
        ("n + 1 = 2", NatCast(Length(("n",), 1)), NAT),
        ("2 * 3 = 6", NatCast(Length((), 6)), NAT),
        ("0.5 = c", Num(Fraction(1, 2)), REAL),
        ("0.5 = 1", Num(Fraction(1, 2)), REAL),
        ("(1e-3 : ℝ) = 1", Num(Fraction(1, 1000)), REAL),
        ("(2 : ℝ) ^ 10 = c", Power(Num(Fraction(2)), 10), REAL),
        ("c ^ (2 : ℕ) = c", None, REAL),
        ("i = i", None, FinType(Length(("n",)))),
        ("0 < n", NatCast(Length()), NAT),
    ],
)
def test_numbers(text: str, left: Term | None, kind: Type) -> None:
    found = relation(text)
    assert found.type == kind
    assert left is None or found.left == left


def test_an_index_numeral_must_be_in_range_for_every_size() -> None:
    found = relation("w 1 = c")
    assert FinLiteral(1, Length(("m",), 2)) in vars(found.left).values()
    for text in ("w 2 = c", "x 0 = c"):
        with pytest.raises(InputError, match="is no index in Fin"):
            relation(text)
