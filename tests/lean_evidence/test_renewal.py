"""A value is renewed in its line: everything else in the file stays, byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import InputError
from harness.lean.renewal import with_value
from harness.specs.yaml_load import parse_document
from tests.lean_evidence.conftest import ROOT

OLD, NEW = f"scan1:{'a' * 64}", f"scan1:{'b' * 64}"


def renewed(text: str, key: str = "fingerprint") -> str:
    return with_value(text.encode("utf-8"), "a.yaml", key, NEW).decode("utf-8")


@pytest.mark.parametrize(
    "line",
    [
        "fingerprint: {}",
        'fingerprint: "{}"',
        "fingerprint: '{}'",
        "fingerprint:   {}   # read by A. Person",
        '"fingerprint": {}',
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_only_the_value_changes(line: str, ending: str) -> None:
    template = ending.join(["# a comment", "name: A.b  # ∀", line, "summary: s", ""])
    assert renewed(template.format(OLD)) == template.format(NEW)


def test_a_byte_order_mark_stays() -> None:
    assert renewed(f"\ufefffingerprint: {OLD}\n") == f"\ufefffingerprint: {NEW}\n"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("name: A.b\n", "name: A.b\nfingerprint: {}\n"),
        ("name: A.b", "name: A.b\nfingerprint: {}\n"),
        ("name: A.b\r\n", "name: A.b\r\nfingerprint: {}\r\n"),
        ("name: >-\n  A\n  b\n", "name: >-\n  A\n  b\nfingerprint: {}\n"),
    ],
)
def test_a_missing_key_is_added_at_the_end(text: str, after: str) -> None:
    assert renewed(text) == after.format(NEW)


@pytest.mark.parametrize(
    "text",
    [
        f"fingerprint:\n  {OLD}\n",
        f"fingerprint: >-\n  {OLD}\n",
        f"{{name: A.b, fingerprint: {OLD}}}\n",
        "{name: A.b}\n",
        "name: A.b\n...\n",
    ],
)
def test_what_cannot_be_renewed_in_place_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="cannot be renewed in place") as caught:
        renewed(text)
    assert caught.value.place is not None


def test_a_key_of_a_lower_level_is_another_key() -> None:
    text = f"provenance:\n  fingerprint: {OLD}\n"
    assert renewed(text) == f"{text}fingerprint: {NEW}\n"


@pytest.mark.parametrize("path", sorted((ROOT / "specs").rglob("*.yaml")), ids=lambda p: p.stem)
def test_our_specs_can_be_renewed_and_back(path: object) -> None:
    from pathlib import Path

    raw = Path(str(path)).read_bytes()
    stored = str(parse_document(raw, "a.yaml").data["fingerprint"])
    there = with_value(raw, "a.yaml", "fingerprint", NEW)
    assert there != raw
    assert with_value(there, "a.yaml", "fingerprint", stored) == raw


@given(
    st.lists(st.sampled_from(["# c", "name: A.b", "", 'text: "fingerprint: no"', "list: [1]"])),
    st.booleans(),
)
def test_other_lines_never_change(lines: list[str], present: bool) -> None:
    lines = list(dict.fromkeys(lines))
    text = "\n".join([*lines, f"fingerprint: {OLD}" if present else "kind: def", ""])
    after = renewed(text).split("\n")
    assert [line for line in after if NEW not in line] == [
        line for line in text.split("\n") if OLD not in line
    ]
    assert sum(NEW in line for line in after) == 1
