"""Names, binders, type and body of one declaration."""

from __future__ import annotations

import pytest

from harness.lean.commands import KINDS, head_of
from harness.lean.signature import Header, Source, read_binders, read_header
from harness.lean.tokens import significant, tokenize


def source_of(text: str) -> Source:
    return Source("a.lean", text, significant(tokenize(text)))


def header(text: str) -> tuple[Source, Header]:
    source = source_of(text)
    stop = len(source.tokens)
    head = head_of(source.tokens, 0, stop)
    return source, read_header(source, head, stop, KINDS[source.tokens[head].text])


def parts(text: str) -> tuple[str, str, str, str]:
    """Name, type, kind of the body, body."""
    source, found = header(text)
    kind = source.excerpt(*found.type)
    body = source.excerpt(*found.body)
    return found.name, kind.text if kind else "", found.body_kind, body.text if body else ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("theorem a : p := h", ("a", "p", ":=", "h")),
        ("theorem a.{u, v} (x : T) : p x := h", ("a", "p x", ":=", "h")),
        (
            "theorem a (h : f (n := 3) = 1) : g (n := 2) = 1 := rfl",
            ("a", "g (n := 2) = 1", ":=", "rfl"),
        ),
        ("theorem a (x : ℕ := 5) : p := h", ("a", "p", ":=", "h")),
        ("theorem a : let x := 5; x = 5 := rfl", ("a", "let x := 5; x = 5", ":=", "rfl")),
        ("theorem a : have := b; c := d", ("a", "have := b; c", ":=", "d")),
        (
            "theorem a : ∀ n, p n\n  | 0 => h\n  | n + 1 => g",
            ("a", "∀ n, p n", "|", "| 0 => h\n  | n + 1 => g"),
        ),
        ("theorem a : p n | 0 => h", ("a", "p n", "|", "| 0 => h")),
        ("theorem a : 0 ≤ |x| := h", ("a", "0 ≤ |x|", ":=", "h")),
        ("theorem a :\n    |x + y| ≤ |x| := h", ("a", "|x + y| ≤ |x|", ":=", "h")),
        ("theorem a : ∀ n, |f n| ≤ 1\n  | 0 => h", ("a", "∀ n, |f n| ≤ 1", "|", "| 0 => h")),
        (
            "theorem a : match x with | 0 => p | _ => q := h",
            ("a", "match x with | 0 => p | _ => q", ":=", "h"),
        ),
        ("def a := 1", ("a", "", ":=", "1")),
        ("def a x y : ℕ := x", ("a", "ℕ", ":=", "x")),
        (
            "def a : {n : ℕ} → Vec n → Vec n\n  | 0, x => x",
            ("a", "{n : ℕ} → Vec n → Vec n", "|", "| 0, x => x"),
        ),
        ("def a : T where\n  x := 1", ("a", "T", "where", "x := 1")),
        ("def a : T := g where\n  g := 1", ("a", "T", ":=", "g where\n  g := 1")),
        ("instance : Foo A := b", ("", "Foo A", ":=", "b")),
        (
            "instance (priority := 100) foo [Bar A] : Foo A where\n  x := 1",
            ("foo", "Foo A", "where", "x := 1"),
        ),
        ("instance {A} [Bar A] : Foo A := b", ("", "Foo A", ":=", "b")),
        ("axiom a : p", ("a", "p", "", "")),
        ("opaque a : T", ("a", "T", "", "")),
        ("opaque a : T := b", ("a", "T", ":=", "b")),
        ("structure A (x : T) extends B, C where\n  y : ℕ", ("A", "", "where", "y : ℕ")),
        (
            "structure A : Type u where\n  mk ::\n  y : ℕ",
            ("A", "Type u", "where", "mk ::\n  y : ℕ"),
        ),
        ("class inductive A : Prop | x | y", ("A", "Prop", "|", "| x | y")),
        ("inductive A | x : A | y", ("A", "", "|", "| x : A | y")),
        ("inductive A where\n  | x", ("A", "", "where", "| x")),
        ("example (x : T) : p := h", ("", "p", ":=", "h")),
        ("example : 1 = 1 := rfl", ("", "1 = 1", ":=", "rfl")),
        ("lemma «a b» : p := h", ("«a b»", "p", ":=", "h")),
        ("theorem a : ∃ x : T, p x := h", ("a", "∃ x : T, p x", ":=", "h")),
        ("theorem a /- (x := 1) -/ : p -- := no\n  := h", ("a", "p", ":=", "h")),
        ("theorem a : p :=", ("a", "p", ":=", "")),
    ],
)
def test_parts(text: str, expected: tuple[str, str, str, str]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("theorem", "`theorem` without a name"),
        ("theorem : p := h", "`theorem` without a name"),
        ("theorem a := h", "`theorem` without a `:` before its body"),
        ("structure where", "`structure` without a name"),
    ],
)
def test_what_cannot_be_right_is_said(text: str, problem: str) -> None:
    assert header(text)[1].problem == problem


def binders(text: str) -> list[tuple[str, tuple[str, ...], str | None]]:
    source = source_of(text)
    found, _ = read_binders(source, 0, len(source.tokens))
    return [(one.kind, one.names, one.type.text if one.type else None) for one in found]


def test_binders_of_every_kind() -> None:
    text = "{n : ℕ} (x dx : Vec n) ⦃y : T⦄ {{z w : T}} [Fact p] [h : Bar A] a _ (b) {c} (d := 5)"
    assert binders(text) == [
        ("implicit", ("n",), "ℕ"),
        ("explicit", ("x", "dx"), "Vec n"),
        ("strict", ("y",), "T"),
        ("strict", ("z", "w"), "T"),
        ("instance", (), "Fact p"),
        ("instance", ("h",), "Bar A"),
        ("bare", ("a",), None),
        ("bare", ("_",), None),
        ("explicit", ("b",), None),
        ("implicit", ("c",), None),
        ("explicit", ("d",), ":= 5"),
    ]


def test_a_default_belongs_to_the_type() -> None:
    assert binders("(h : p := by simp) (f : Fin n → ℝ)") == [
        ("explicit", ("h",), "p := by simp"),
        ("explicit", ("f",), "Fin n → ℝ"),
    ]


def test_binders_end_where_the_type_begins() -> None:
    source = source_of("(x : T) : p x")
    _, behind = read_binders(source, 0, len(source.tokens))
    assert source.tokens[behind].text == ":"


def test_an_open_binder_reaches_to_the_end() -> None:
    assert binders("(x : f (y") == [("explicit", ("x",), "f (y")]


def test_excerpts_know_their_place() -> None:
    source, found = header("/-- d -/\ntheorem a\n    (x : T) :\n  p := h")
    kind = source.excerpt(*found.type)
    assert kind is not None
    assert (str(kind.place), kind.text) == ("a.lean:4:3", "p")
    assert str(found.binders[0].source.place) == "a.lean:3:5"
    assert found.binders[0].source.text == "(x : T)"
