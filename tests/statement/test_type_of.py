"""The type of every part of a term."""

from __future__ import annotations

from hypothesis import given, settings

from harness.statement.term import Forall
from harness.statement.traverse import subterms
from harness.statement.type_of import type_of
from harness.statement.types import PROP
from tests.statement.typed_terms import TYPED_STATEMENTS


@settings(max_examples=40)
@given(TYPED_STATEMENTS)
def test_every_part_has_a_type(term: Forall) -> None:
    assert type_of(term) == PROP
    assert [str(type_of(below)) for below in subterms(term)]
