"""Traversal: parts in their order, and rebuilding a term from changed parts."""

from __future__ import annotations

from hypothesis import given, settings

from harness.statement.term import Forall, Term, Var
from harness.statement.traverse import bound_by, mapped, parts, subterms
from tests.statement.lean_texts import STATEMENTS
from tests.statement.scopes import statement
from tests.statement.typed_terms import TYPED_STATEMENTS


@settings(max_examples=40)
@given(TYPED_STATEMENTS)
def test_mapping_the_identity_gives_the_same_term(term: Forall) -> None:
    for below in subterms(term):
        assert mapped(below, lambda part: part) == below
    changed: list[Term] = []

    def change(part: Term) -> Term:
        changed.append(part)
        return part

    mapped(term.body, change)
    assert tuple(changed) == parts(term.body)


def test_subterms_come_in_the_order_of_writing() -> None:
    term = statement(STATEMENTS["dotCLM_apply"])
    names = [below.name for below in subterms(term) if isinstance(below, Var)]
    assert names == ["y", "x", "y", "j", "x", "j"]
    assert [var.name for below in subterms(term) for var in bound_by(below)] == [
        "n",
        "y",
        "x",
        "j",
    ]
