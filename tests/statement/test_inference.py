"""Unification of lengths and types: what it learns, postpones and refuses."""

from __future__ import annotations

import pytest

from harness.errors import InputError
from harness.statement.inference import ANYTHING, Inference
from harness.statement.syntax import Identifier
from harness.statement.term import Var
from harness.statement.types import REAL, FinType, FunType, Length, LinearType, VecType

HERE = Identifier("here")


def fresh(unknowns: int = 2) -> tuple[Inference, list[str]]:
    inference = Inference(frozenset())
    names = [inference.unknown(HERE, "it", "hint").variables[0] for _ in range(unknowns)]
    return inference, names


def test_the_unknown_of_a_linear_equation_is_found() -> None:
    inference, (u, _) = fresh()
    assert inference.unify_lengths(Length((u, u), 1), Length(("n", "n"), 5))
    assert inference.length(Length((u,))) == Length(("n",), 2)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (Length((), 2), Length((), 3)),
        (Length(("n",)), Length(("m",))),
        (Length(("n",)), Length((), 3)),
        (Length(("?0",), 2), Length((), 1)),
        (Length(("?0", "?0")), Length((), 3)),
        (Length(("?0", "?0")), Length(("n",))),
    ],
)
def test_lengths_that_cannot_be_equal(left: Length, right: Length) -> None:
    inference, _ = fresh()
    assert not inference.unify_lengths(left, right)
    assert not inference.unify_lengths(right, left)


def test_unknowns_may_be_equal_to_each_other() -> None:
    inference, (u, v) = fresh()
    assert inference.unify_lengths(Length((u,), 1), Length((v,)))
    assert inference.unify_lengths(Length((u,)), Length(("n",)))
    inference.settle()
    assert inference.length(Length((v,))) == Length(("n",), 1)


def test_an_equation_with_two_unknowns_waits_for_one_of_them() -> None:
    inference, (u, v) = fresh()
    assert inference.unify_lengths(Length((u, v)), Length((), 5))
    assert inference.unify_lengths(Length((u,)), Length((), 2))
    inference.settle()
    assert inference.length(Length((v,))) == Length((), 3)


def test_what_waited_may_turn_out_wrong() -> None:
    inference, (u, v) = fresh()
    inference.unify_lengths(Length((u, v)), Length((), 5))
    inference.unify_lengths(Length((u,)), Length((), 7))
    with pytest.raises(InputError, match="no length satisfies"):
        inference.settle()


def test_what_nothing_determines_is_an_error() -> None:
    inference, _ = fresh(1)
    with pytest.raises(InputError, match="cannot infer it") as caught:
        inference.settle()
    assert caught.value.hint == "hint"


def test_types_are_unified_part_by_part() -> None:
    inference, (u, v) = fresh()
    n = Length(("n",))
    unknown = FunType(FinType(Length((u,))), LinearType(VecType(Length((v,))), REAL))
    known = FunType(FinType(n), LinearType(VecType(Length((), 3)), REAL))
    assert inference.unify(unknown, known)
    assert inference.type(unknown) == known
    assert inference.unify(ANYTHING, known)
    assert not inference.unify(VecType(n), FunType(FinType(n), REAL))


def test_unknown_lengths_are_blanks_in_messages() -> None:
    inference, (u, _) = fresh()
    assert inference.shown(VecType(Length((u,), 1))) == "Vec (_ + 1)"


def test_names_are_new_and_blanks_get_one() -> None:
    inference = Inference(frozenset({"x"}))
    names = [inference.variable(name, REAL).name for name in ("x", "y", "y", "_")]
    assert names == ["x_1", "y", "y_1", "x_2"]
    assert inference.variable("_", FinType(Length((), 1))).name == "i"


def test_large_terms_are_refused() -> None:
    inference, _ = fresh(0)
    term = Var("x", REAL)
    inference.charge(HERE, (term,) * 10)
    with pytest.raises(InputError, match="expands to more than"):
        inference.charge(HERE, (term,) * 5_001)
