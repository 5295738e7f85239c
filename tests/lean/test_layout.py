"""Signatures as closed propositions whose parts stand where they stand in the file."""

from __future__ import annotations

import pytest

from harness.lean.declaration import Declaration, Excerpt
from harness.lean.layout import as_arrow, closed_type, one_line, renamed
from harness.lean.scan import scan_text


def last(source: str) -> Declaration:
    return scan_text(source, "a.lean").declarations[-1]


def closed(source: str) -> Excerpt:
    found = closed_type(last(source))
    assert found is not None
    return found


def words(source: str) -> str:
    return " ".join(closed(source).text.split())


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("theorem a : p := h", "p"),
        ("theorem a : ∀ x : T, p x := h", "∀ x : T, p x"),
        ("theorem a {n : ℕ} (x y : Vec n) : p x := h", "∀ {n : ℕ} (x y : Vec n), p x"),
        ("variable {n m : ℕ} (x : Vec n)\ntheorem a : p x := h", "∀ {n : ℕ} (x : Vec n), p x"),
        ("variable {n : ℕ}\nvariable (n)\ntheorem a : p n := h", "∀ (n : ℕ), p n"),
        ("variable [Fact p]\ntheorem a : p := h", "∀ [Fact p], p"),
        ("def a (n : ℕ) : Type := b", "∀ (n : ℕ), Type"),
    ],
)
def test_binders_become_a_quantifier(source: str, expected: str) -> None:
    assert words(source) == expected


def test_a_declaration_without_a_type_has_none() -> None:
    assert closed_type(last("def a := b")) is None


@pytest.mark.parametrize(
    "source",
    [
        "theorem a (x : T) (y : S) : p x y := h",
        "@[simp] theorem long_name\n    {x : T}\n      (y : S) :\n  p x y := h",
        "variable (x : T)\n\n\ntheorem a (y : S) :\n    p x y := h",
        "theorem a (x : T) -- why\n    (y : S) : p x y := h",
        "theorem a (x : T)\r\n    (y : S) :\r\n    p x y := h",
        "section\n  theorem a : p := h\nend",
    ],
)
def test_every_part_keeps_its_place(source: str) -> None:
    found = closed(source)
    declaration = last(source)
    lines = ("\n" * (found.place.line - 1) + " " * (found.place.column - 1) + found.text).split(
        "\n"
    )
    parts = [binder.source for binder in declaration.binders]
    assert declaration.type is not None
    for part in (*parts, declaration.type):
        first = part.text.splitlines()[0]
        assert lines[part.place.line - 1][part.place.column - 1 :].startswith(first)


def test_renamed_changes_whole_identifiers_only() -> None:
    assert renamed("f n (n.succ) n' «n» -- n", {"n": "m"}) == "f m (m.succ) n' «n» -- n"


def test_a_type_as_lean_shows_it() -> None:
    found = last("def a {n : ℕ} (f : Fin n → ℝ) (x : Vec n) : ℝ := 1")
    assert as_arrow("∀ {n : ℕ} (f : Fin n → ℝ) (x : Vec n), ℝ", found) == (
        "{n : ℕ} → (f : Fin n → ℝ) → (x : Vec n) → ℝ"
    )
    assert as_arrow("ℝ", last("def a : ℝ := 1")) == "ℝ"


def test_one_line() -> None:
    assert one_line("a +  -- more\n  b /- and -/ * c") == "a + b * c"
