"""A list of what is here and what is not, as lines."""

from __future__ import annotations

from harness.report.doctor import Item, item_lines

COMMAND = "curl https://elan.lean-lang.org/elan-init.sh -sSf | sh"
ITEM = Item(what="elan", state="needed", found="not on PATH, nor in ~/.elan/bin", remedy=COMMAND)


def test_a_command_to_copy_is_one_line_at_any_width() -> None:
    lines = [line.plain for line in item_lines([ITEM], 50, commands=True)]
    assert lines[0].startswith("✗ elan") and lines[-1].endswith(f"→ {COMMAND}")
    assert max(map(len, lines[:-1])) <= 50


def test_advice_in_words_is_wrapped() -> None:
    lines = [line.plain for line in item_lines([ITEM], 50)]
    assert " ".join(" ".join(lines).split()).endswith(f"→ {COMMAND}")
    assert len(lines) >= 3
