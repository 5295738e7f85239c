"""Elements escape whatever goes into them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from harness.site.markup import joined, tag


def test_children_and_attributes_are_escaped() -> None:
    made = tag("text", "<script>", tag("b", "x"), class_="a", aria_label='"><img', gone=None)
    assert made == ('<text class="a" aria-label="&#34;&gt;&lt;img">&lt;script&gt;<b>x</b></text>')
    assert tag("rect", x=1) == '<rect x="1"/>'


@given(st.text())
def test_text_cannot_open_an_element(text: str) -> None:
    assert "<" not in joined([text])
    inside = tag("p", text, title=text)
    assert inside.count("<") == 2 and inside.count('"') == 2
    assert Markup(inside).striptags() == " ".join(Markup(joined([text])).unescape().split())
