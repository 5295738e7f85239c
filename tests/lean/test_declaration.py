"""Finding a declaration by name."""

from __future__ import annotations

import pytest

from harness.errors import InputError
from harness.lean.declaration import find_declaration
from harness.lean.scan import scan_text

KNOWN = (
    *scan_text("namespace A\ndef total := 1\nprivate def part := 1\nend A", "a.lean").declarations,
    *scan_text("namespace A\ndef part := 2\nend A\nexample : p := h", "b.lean").declarations,
)


def test_by_full_name_with_or_without_root() -> None:
    assert find_declaration("A.total", KNOWN).body_text == "1"
    assert find_declaration("_root_.A.total", KNOWN).name == "A.total"


def test_the_named_file_first_then_what_is_not_private() -> None:
    assert find_declaration("A.part", KNOWN).file == "b.lean"
    assert find_declaration("A.part", KNOWN, file="a.lean").file == "a.lean"


@pytest.mark.parametrize(
    ("name", "hint"),
    [("A.totl", "A.total"), ("total", "A.total"), ("B.part", "A.part")],
)
def test_an_unknown_name_is_an_input_error_with_a_suggestion(name: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        find_declaration(name, KNOWN)
    assert caught.value.message == f"no declaration '{name}' in the Lean source"
    assert caught.value.hint == f"did you mean '{hint}'?"


def test_nothing_near_gives_no_suggestion() -> None:
    with pytest.raises(InputError) as caught:
        find_declaration("zzz", KNOWN)
    assert caught.value.hint == ""
