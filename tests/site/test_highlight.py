"""Lean source in pieces: nothing is lost, and what it is is said."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harness.site.highlight import highlighted

LINES = st.lists(st.text(st.characters(exclude_characters="\n\r", codec="utf-8")))


@given(LINES)
def test_the_pieces_are_the_lines(lines: list[str]) -> None:
    found = highlighted(lines)
    assert ["".join(text for _, text in pieces) for pieces in found] == (lines or [""])


def test_what_is_what() -> None:
    lines = ["/-- Doc", "of two lines -/", 'theorem a : 1 = 1 := by sorry -- "x"']
    doc, more, code = highlighted(lines)
    assert (doc, more) == ([("doc", "/-- Doc")], [("doc", "of two lines -/")])
    marked = [(kind, text) for kind, text in code if kind]
    assert marked == [
        ("keyword", "theorem"),
        ("number", "1"),
        ("number", "1"),
        ("symbol", ":="),
        ("keyword", "by"),
        ("alarm", "sorry"),
        ("comment", '-- "x"'),
    ]
