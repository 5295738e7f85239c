"""The committed tables: what they are made of, and that they speak of the catalogues."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.power.markdown import MATRIX, SUMMARY, markdown, marked, put_into
from harness.power.matrix import catalogues, suspects
from harness.power.trial import expected_of
from tests.power.samples import CLEAN

ROOT = Path(__file__).resolve().parents[2]


def between(text: str, part: str) -> str:
    first, last = marked(part)
    assert text.count(first) == text.count(last) == 1
    return text.partition(first)[2].partition(last)[0]


def test_parts_replace_what_is_between_their_markers() -> None:
    first, last = marked(SUMMARY)
    text = f"before\n{first}\nold\n{last}\nafter\n"
    made = put_into(text, {SUMMARY: "new\n", MATRIX: "many\n"})
    assert made == f"before\n{first}\n\nnew\n\n{last}\nafter\n"
    assert put_into(made, {SUMMARY: "new\n", MATRIX: "many\n"}) == made


def test_without_markers_all_parts_come() -> None:
    assert put_into("", {SUMMARY: "new\n", MATRIX: "many\n"}) == "new\n\nmany\n"


def test_a_table_has_a_line_for_each_entry() -> None:
    parts = markdown(CLEAN)
    assert "| tail | f32✓ f64✓ | D·T· | 2 | ties | value, strided | some |" in parts[MATRIX]
    assert "| alike | why alike |" in parts[MATRIX]
    assert "| some sizes, tails, blocks | 1 | 2 of 2 | 1 of 2 | – |" in parts[SUMMARY]
    for part in parts.values():
        table = [line.count("|") for line in part.splitlines() if line.startswith("|")]
        assert min(table) >= 3


@pytest.mark.parametrize("name", ["README.md", "docs/power.md"])
def test_the_committed_score_counts_the_catalogues(name: str) -> None:
    text = between((ROOT / name).read_text(encoding="utf-8"), SUMMARY)
    found = suspects(catalogues())
    count = {
        kind: sum(expected_of(one.entry) == kind for one in found)
        for kind in ("violates", "conforms", "equivalent", "unseen")
    }
    wrong, right = count["violates"], count["conforms"]
    assert f"{wrong} of {wrong} wrong implementations are killed, none by n = 0 alone" in text
    assert f"and {right} of {right} right ones are spared" in text
    assert f"{count['equivalent']} of {count['equivalent']} equivalent" in text
    pairs = sum(len(one.entry.dtypes) for one in found if expected_of(one.entry) == "violates")
    assert f"| all: found | {wrong} | {pairs} of {pairs} |" in text
    assert re.search(rf"\| right: rejected \| {right} \| 0 of \d+ \|", text)


def test_both_documents_have_the_same_summary() -> None:
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/power.md")]
    assert len({between(text, SUMMARY) for text in texts}) == 1


def test_the_committed_matrix_lists_the_catalogues() -> None:
    text = between((ROOT / "docs/power.md").read_text(encoding="utf-8"), MATRIX)
    listed = re.findall(r"^\| (\S+) \| (?:f64|f32|f16|bf16)", text, re.MULTILINE)
    found = [one.entry.name for one in suspects(catalogues())]
    assert sorted(listed) == sorted(found)
