"""File names of pages are safe and different, whatever the declarations are called."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from harness.site.names import page_names

SAFE = re.compile(r"[A-Za-z0-9_-]+\.html")


@given(st.lists(st.text(min_size=1), unique=True))
def test_names_are_safe_and_different(names: list[str]) -> None:
    found = page_names(names)
    assert list(found) == names
    assert all(SAFE.fullmatch(name) for name in found.values())
    assert len({name.lower() for name in found.values()}) == len(names)


def test_a_plain_name_is_kept() -> None:
    assert page_names(["A.softmaxVec"]) == {"A.softmaxVec": "softmaxVec.html"}


def test_paths_reserved_names_and_twins_get_a_digest() -> None:
    names = ["A.../../etc/passwd", "A.con", "A.x", "B.X", "A.«a/b»", "A.日本", "A.b" + "c" * 300]
    found = page_names(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_]+-[0-9a-f]{10}\.html", one) for one in found.values())
    assert all(len(one) < 64 for one in found.values())
