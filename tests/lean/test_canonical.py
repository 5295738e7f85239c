"""Canonical tokens: what does not change them, what does, and which names they use."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.lean.canonical import Canonical, canonical
from harness.lean.scan import scan_text


def of(source: str) -> Canonical:
    return canonical(scan_text(source, "a.lean").declarations[-1])


def text(source: str) -> str:
    return " ".join(of(source).tokens)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("theorem a (x y : T) : p x y := h", "( #0 : T ) ( #1 : T ) : p #0 #1"),
        (
            "theorem a {x} [F x] [h : G x] : p x h := k",
            "{ #0 : } [ : F #0 ] [ #1 : G #0 ] : p #0 #1",
        ),
        ("theorem a : ∀ x y : T, p x y := h", ": ∀ #0 #1 : T , p #0 #1"),
        ("theorem a : ∀ (x y : T) {z}, p x z := h", ": ∀ ( #0 : T ) ( #1 : T ) { #2 } , p #0 #2"),
        ("theorem a : {n : ℕ} → Vec n := h", ": { #0 : ℕ } → Vec #0"),
        ("theorem a : (∑ i, f i) = i := h", ": ( ∑ #0 , f #0 ) = i"),
        ("theorem a : f (fun x => x) x = 1 := h", ": f ( fun #0 => #0 ) x = 1"),
        ("theorem a : ⟨fun x => x, x⟩ = b := h", ": ⟨ fun #0 => #0 , x ⟩ = b"),
        ("theorem a : {x : T | p x} = x := h", ": { #0 : T | p #0 } = x"),
        ("theorem a : {x // p x} = x := h", ": { #0 // p #0 } = x"),
        ("theorem a : ∑ i ∈ s with p i, f i = 1 := h", ": ∑ #0 ∈ s with p #0 , f #0 = 1"),
        ("theorem a : ∑ i : T with p i, f i = 1 := h", ": ∑ #0 : T with p #0 , f #0 = 1"),
        ("theorem a : ∀ᶠ x in f, p x := h", ": ∀ ᶠ #0 in f , p #0"),
        ("theorem a : ∀ ε > 0, ∃! δ, p ε δ := h", ": ∀ #0 > 0 , ∃ ! #1 , p #0 #1"),
        ("theorem a : let x := y; x = 1 := h", ": let #0 := y ; #0 = 1"),
        (
            "theorem a (x : T) : x.coords i = (f x).foo := h",
            "( #0 : T ) : #0.coords i = ( f #0 ) . foo",
        ),
        ("theorem a.{u} (x : Type u) : p := h", ".{ u } ( #0 : Type u ) : p"),
        ("def a (x : T) := f x", "( #0 : T ) := f #0"),
        ("def a (x : T) : S where\n  y := x", "( #0 : T ) : S where y := #0"),
        ("structure A (x : T) extends B x where\n  y : x", "( #0 : T ) extends B #0 where y : #0"),
    ],
)
def test_tokens(source: str, expected: str) -> None:
    assert text(source) == expected


PLAIN = "theorem a {n : ℕ} (x y : Vec n) : f (fun i => x i) = ∑ j : Fin n, y j := by simp"


@pytest.mark.parametrize(
    "other",
    [
        "theorem a {n : ℕ} (x : Vec n) (y : Vec n) : f (fun i => x i) = ∑ j : Fin n, y j := rfl",
        "theorem a {m : ℕ} (u v : Vec m) : f (fun k => u k) = ∑ i : Fin m, v i := by simp",
        "lemma a\n  {n : ℕ}\n  (x y:Vec n): -- why\n  f (fun i=>x i)/- so -/=∑ j:Fin n,y j:=by "
        " ring",
        "/-- doc -/ @[simp] private theorem a {n : ℕ} (x y : Vec n) :"
        " f (fun i => x i) = ∑ j : Fin n, y j := by simp",
        "variable {n : ℕ} (x y : Vec n)\n"
        "theorem a : f (fun i => x i) = ∑ j : Fin n, y j := by simp",
    ],
)
def test_what_changes_nothing(other: str) -> None:
    assert text(other) == text(PLAIN)
    assert text(other.replace("\n", "\r\n")) == text(PLAIN)


@pytest.mark.parametrize(
    "other",
    [
        "theorem a (n : ℕ) (x y : Vec n) : f (fun i => x i) = ∑ j : Fin n, y j := by simp",
        "theorem a {n : ℕ} (x y : Vec n) : f (fun i => y i) = ∑ j : Fin n, x j := by simp",
        "theorem a {n : ℕ} (x y : Vec n) : f (fun i => x i) = ∑ j : Fin n, x j := by simp",
        "theorem a {n : ℕ} (x y : Vec n) : g (fun i => x i) = ∑ j : Fin n, y j := by simp",
        "theorem a {n : ℕ} (x y : Vec n) : f (fun i => x i) ≤ ∑ j : Fin n, y j := by simp",
        "theorem a {n : ℕ} (x y z : Vec n) : f (fun i => x i) = ∑ j : Fin n, y j := by simp",
    ],
)
def test_what_is_a_change(other: str) -> None:
    assert text(other) != text(PLAIN)


def test_attributes_and_docstrings_inside_are_dropped() -> None:
    plain = "structure A where\n  x : T\n  y : T"
    assert text("structure A where\n  /-- doc -/\n  @[simp, foo (a)] x : T\n  y : T") == text(plain)


def test_names_are_those_that_nothing_binds() -> None:
    found = of("def a (x : T) := f (x.coords) (y.z) .w (g x).k fun x => x")
    assert found.names == {"T", "f", "y.z", "g"}
    assert found.fields == {"coords", "w", "k"}


def test_the_proof_of_a_theorem_is_not_used() -> None:
    assert "h" not in of("theorem a : p := h").names
    assert "h" in of("def a : p := h").names


def test_deep_nesting_takes_no_stack() -> None:
    assert len(of("def a := " + "(x : " * 3000 + "y" + ")" * 3000).tokens) > 9000


PIECES = [
    *("x ", "y ", "fun ", "=> ", "∑ ", "∀ ", "λ ", "let ", ":= ", ", ", ": ", "∈ ", "with ", "| "),
    *(
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "⟨",
        "⟩",
        "⦃",
        "⦄",
        "→ ",
        "x.y ",
        ".z ",
        "// ",
        "@[",
        "in ",
        "_ ",
    ),
]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_body_has_canonical_tokens(body: str) -> None:
    for declaration in scan_text(f"def a {body} := {body}", "a.lean").declarations:
        canonical(declaration)


@settings(deadline=None, max_examples=100)
@given(st.permutations(["p", "q", "r", "s"]))
def test_renaming_bound_names_changes_nothing(fresh: list[str]) -> None:
    shape = (
        "theorem a {{{0} : ℕ}} ({1} : Vec {0}) (h : ∀ {2} ∈ S {1}, f {2} = {1}) :"
        " (∑ {2} : Fin {0}, {1} {2}) = ∃ {3} > 0, g {3} (fun {2} => {2} {3}) := h"
    )
    assert text(shape.format(*fresh)) == text(shape.format("n", "x", "i", "ε"))
