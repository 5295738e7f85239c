"""Word diffs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.lean.differences import difference, word_diff


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a = b", "a = b", "a = b"),
        ("f (x i) = y", "f (x j) = y", "f (x [-i-]{+j+}) = y"),
        ("a = b", "a = b + c", "a = b{+ + c+}"),
        ("a + b = c", "a = c", "a[- + b-] = c"),
    ],
)
def test_words(old: str, new: str, expected: str) -> None:
    assert word_diff(old, new) == expected


def test_difference_has_both_texts() -> None:
    assert difference("a", "b") == "spec: a\nLean: b\ndiff: [-a-]{+b+}"


@settings(deadline=None)
@given(st.text("ab (,)\n", max_size=20), st.text("ab (,)\n", max_size=20))
def test_both_texts_can_be_read_off(old: str, new: str) -> None:
    import re

    shown = word_diff(old, new)
    assert re.sub(r"\[-(.*?)-\]|\{\+.*?\+\}", lambda m: m[1] or "", shown, flags=re.S) == old
    assert re.sub(r"\[-.*?-\]|\{\+(.*?)\+\}", lambda m: m[1] or "", shown, flags=re.S) == new
