"""The summary in Markdown: what it says, and that nothing in it is obeyed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from harness.conformance.verdict import Case, Verdict
from harness.report.markdown import code, markdown_text, plain
from tests.report.samples import violation
from tests.site.reports import bad, good, material, results

GITHUB = MarkdownIt("gfm-like", {"html": False, "linkify": False})


def test_a_good_run() -> None:
    text = markdown_text(good()[0].trace, "All conform.")
    assert text.startswith("### ✅ crosscheck\n\n**All conform.**\n\nLean: no toolchain")
    assert "Findings" not in text
    assert "| softmaxVec | mirrored | ✓ 0.71 | ✓ 0.71 |" in text
    assert "effort default, seed 1" in text


def test_a_bad_run_shows_the_findings_with_their_inputs() -> None:
    text = markdown_text(bad()[0].trace, "softmaxVec violates.")
    assert text.startswith("### ❌ crosscheck")
    assert "- **dotCLM**, Lean side: it changed" in text
    assert "- **softmaxVec** violates, definition check, numpy float32 on cpu: " in text
    assert "  - `x = [0x1.8p+6, 0x1p+0]`" in text
    assert "✗ violates float32" in text


@given(st.text())
def test_plain_text_is_only_text(text: str) -> None:
    tokens = GITHUB.parse(f"x {plain(text)} x")
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    kinds = {child.type for child in tokens[1].children or []}
    assert kinds <= {"text", "text_special"}
    assert "<" not in plain(text) and "|" not in plain(text) and "@" not in plain(text)


@given(st.text(min_size=1))
def test_code_is_only_code(text: str) -> None:
    tokens = GITHUB.parse(f"x {code(text)} x")
    kinds = [child.type for child in tokens[1].children or []]
    assert kinds == ["text", "code_inline", "text"]


@pytest.mark.parametrize(
    "words", ["</details><script>alert(1)</script>", "a | b\n# c", "@everyone"]
)
def test_a_hostile_message_stays_a_message(words: str) -> None:
    found = results(
        verdict=Verdict.VIOLATES,
        violation=violation(message=words, case=Case("c", 0, 1, {words: ["0x1p+0"]})),
    )
    text = markdown_text(material(found).trace, words)
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(text)
    every = [*tokens, *(child for token in tokens for child in token.children or [])]
    elements = {
        element
        for token in every
        if token.type in ("html_block", "html_inline")
        for element in re.findall(r"<[^>]*>", token.content)
    }
    assert elements <= {"<details>", "</details>", "<summary>", "</summary>", "<sub>", "</sub>"}
    assert [token.tag for token in tokens if token.type == "heading_open"] == ["h3", "h4"]
    spoken = [token.content for token in every if token.type == "text"]
    assert "@everyone" not in text.replace(f"`{words} = [0x1p+0]`", "") and spoken
