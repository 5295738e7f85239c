"""Attributes, modifiers, docstrings, line ranges, aliases and flags of declarations."""

from __future__ import annotations

import pytest

from harness.lean.declaration import Declaration, Scan
from harness.lean.scan import scan_text


def scan(source: str) -> Scan:
    return scan_text(source, "a.lean")


def only(source: str) -> Declaration:
    (declaration,) = scan(source).declarations
    return declaration


def test_all_that_stands_before_the_keyword() -> None:
    source = (
        "/-- Says\n  something. -/\n"
        '@[simp, to_additive (attr := simp, foo) "doc"] @[stacks 01AB]\n'
        "protected noncomputable def A.b (x : T) : S :=\n  f x\n-- a remark\n"
    )
    found = only("\n" + source)
    assert found.docstring == "Says\n  something."
    assert found.attributes == (
        "simp",
        'to_additive (attr := simp, foo) "doc"',
        "stacks 01AB",
    )
    assert found.modifiers == ("protected", "noncomputable")
    assert (found.kind, found.keyword, found.name) == ("def", "def", "A.b")
    assert (found.first_line, found.last_line) == (2, 6)
    assert str(found.place) == "a.lean:5:29"
    assert (found.file, found.type_text, found.body_text) == ("a.lean", "S", "f x")
    assert found.signature is not None
    assert found.signature.text == "(x : T) : S"


@pytest.mark.parametrize(
    ("source", "kind", "keyword"),
    [
        ("lemma a : p := h", "theorem", "lemma"),
        ("irreducible_def a : T := b", "def", "irreducible_def"),
        ("class inductive A | x", "class", "class inductive"),
        ("class abbrev A := B", "class", "class abbrev"),
        ("class A where x : T", "class", "class"),
        ("coinductive A | x", "inductive", "coinductive"),
        ("unsafe def a := b", "def", "def"),
        ("public meta def a := b", "def", "def"),
        ("local instance a : T := b", "instance", "instance"),
    ],
)
def test_kinds_and_keywords(source: str, kind: str, keyword: str) -> None:
    assert (only(source).kind, only(source).keyword) == (kind, keyword)


def test_a_declaration_without_docstring_or_type() -> None:
    found = only("def a := b")
    assert found.docstring is None
    assert found.type is None
    assert found.type_text == ""


def test_examples_and_unnamed_instances_have_an_empty_name() -> None:
    source = "namespace A\nexample : p := h\ninstance : Foo B := c\nend A"
    assert [one.name for one in scan(source).declarations] == ["", ""]


def test_an_alias_declares_each_of_its_names() -> None:
    source = "namespace A\n@[simp] alias ⟨b, _⟩ := c\nalias ⟨d, e⟩ := f\nalias g := h\nend A"
    found = scan(source).declarations
    assert [(one.kind, one.name, one.body_text) for one in found] == [
        ("alias", "A.b", "c"),
        ("alias", "A.d", "f"),
        ("alias", "A.e", "f"),
        ("alias", "A.g", "h"),
    ]
    assert found[0].attributes == ("simp",)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("theorem a : p := by\n  sorry", ["sorry"]),
        ("theorem a : p := by admit", ["admit"]),
        ("theorem a : p := by native_decide", ["native_decide"]),
        ("axiom a : p", ["axiom"]),
        ("private axiom a : sorry", ["axiom", "sorry"]),
        ("opaque a : T", ["opaque"]),
        ("unsafe def a := b", ["unsafe"]),
        ("def a := unsafe b", ["unsafe"]),
        ("@[implemented_by b] def a := c", ["implemented_by"]),
        ('@[extern "b", simp]\nopaque a : T', ["extern", "opaque"]),
    ],
)
def test_flags(source: str, words: list[str]) -> None:
    assert [flag.word for flag in only(source).flags] == words
    assert [flag.word for flag in scan(source).flags] == words


@pytest.mark.parametrize(
    "source",
    [
        "theorem a : p := by\n  -- sorry\n  /- admit -/ exact h",
        'def a := "sorry"',
        "/-- sorry, an axiom -/\ntheorem a : p := h",
        "theorem sorry_free : p := h",
        "def a := `sorry",
        "def a := ``sorryAx",
        "def a : Proof := .sorry",
        "theorem a (extern : T) : p := h implemented_by",
    ],
)
def test_no_flag_in_comments_strings_and_other_names(source: str) -> None:
    assert scan(source).flags == ()


def test_flags_have_their_place_and_stay_with_their_declaration() -> None:
    first, second = scan("theorem a : p := h\ntheorem b : q := by\n  sorry").declarations
    assert first.flags == ()
    assert str(second.flags[0].place) == "a.lean:3:3"


def test_flags_of_other_commands_belong_to_the_file() -> None:
    found = scan("def a := b\nattribute [implemented_by c] a")
    assert found.declarations[0].flags == ()
    assert [str(flag.place) for flag in found.flags] == ["a.lean:2:12"]
