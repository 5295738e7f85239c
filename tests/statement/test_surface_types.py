"""Types and numbers as surface trees."""

from __future__ import annotations

from fractions import Fraction

import pytest

from harness.statement.compare import same_signature
from harness.statement.elaborate import elaborate_signature
from harness.statement.parse import parse_type
from harness.statement.printer import show_signature, show_term
from harness.statement.term import Num
from tests.statement.scopes import SCOPE, TYPES


@pytest.mark.parametrize("name", TYPES)
def test_signatures_survive_printing(name: str) -> None:
    signature = SCOPE.signatures[name]
    text = show_signature(signature)
    assert same_signature(elaborate_signature(name, parse_type(text)), signature)


def test_numbers_print_exactly() -> None:
    texts = [show_term(Num(Fraction(text))) for text in ("3", "0.5", "1/3", "-2", "0.0625")]
    assert texts == ["3", "0.5", "1 / 3", "-2", "0.0625"]
