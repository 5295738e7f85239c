"""Surface nodes: places do not count, children come in the order of writing."""

from __future__ import annotations

from harness.statement.parse import parse
from harness.statement.printer import show
from harness.statement.syntax import (
    Binder,
    Binding,
    Identifier,
    Infix,
    Position,
    children,
    failure,
)


def test_places_do_not_count() -> None:
    here, there = Position("a", 1, 1, "x"), Position("b", 2, 3, "  x")
    assert Identifier("x", place=here) == Identifier("x", place=there)
    assert hash(Identifier("x", place=here)) == hash(Identifier("x", place=there))
    assert parse("x +\n y") == parse("x + y", line=9)


def test_children_in_the_order_of_writing() -> None:
    tree = parse("∀ (x : a) y, let z : b := c; |d| = (e : f) + g (h := k) (l m).n ∧ ¬o")
    names: list[str] = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        names += [node.name] if isinstance(node, Identifier) else []
        waiting += reversed(list(children(node)))
    assert names == list("abcdefgklmo")


def test_failures_carry_place_and_line() -> None:
    tree = parse("x = y", file="f", line=2, column=4)
    assert isinstance(tree, Infix)
    error = failure(tree.right, "no", "do")
    assert str(error) == "f:2:8: no (do)"
    assert error.source == "   x = y"


def test_a_binder_alone_is_shown_too() -> None:
    tree = parse("∀ {n : ℕ} (x y : Vec n), p")
    assert isinstance(tree, Binding)
    assert [show(binder) for binder in tree.binders] == ["{n : ℕ}", "(x y : Vec n)"]
    assert show(Binder(("x",), None)) == "x"
