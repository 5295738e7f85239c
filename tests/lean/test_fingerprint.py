"""Fingerprints: what a changed source may change, and what it must."""

from __future__ import annotations

import re

import pytest

from harness.errors import InputError
from harness.lean.declaration import Declaration
from harness.lean.fingerprint import fingerprint, reached_names
from harness.lean.scan import scan_text

SOURCE = """\
namespace A

/-- Vectors. -/
abbrev Vec (n : ℕ) : Type := EuclideanSpace ℝ (Fin n)

def total {n : ℕ} (x : Vec n) : ℝ := ∑ i : Fin n, Real.exp (x i)

def ratio {n : ℕ} (x : Vec n) (i : Fin n) : ℝ := Real.exp (x i) / total x

theorem total_pos {n : ℕ} (x : Vec n) : 0 ≤ total x := by
  positivity

theorem ratio_le {n : ℕ} (x : Vec n) (i : Fin n) : ratio x i ≤ 1 := by
  simpa using total_pos x

end A
"""


def declarations(source: str, file: str = "A.lean") -> tuple[Declaration, ...]:
    return scan_text(source, file).declarations


def prints(source: str) -> dict[str, str]:
    known = declarations(source)
    return {one.name: fingerprint(one.name, known) for one in known}


def changed(old: str, new: str) -> set[str]:
    """The declarations of SOURCE whose fingerprint changes when `old` is replaced."""
    assert old in SOURCE
    before, after = prints(SOURCE), prints(SOURCE.replace(old, new))
    return {name.removeprefix("A.") for name in before if after.get(name) != before[name]}


def test_the_form() -> None:
    values = prints(SOURCE)
    assert len(set(values.values())) == len(values) == 5
    assert all(re.fullmatch(r"scan1:[0-9a-f]{64}", value) for value in values.values())


def test_the_scheme_is_pinned() -> None:
    """Stored fingerprints must stay valid: a change of the scheme needs a new prefix."""
    known = declarations("namespace A\ndef f (x : ℕ) : ℕ := g x\ndef g (x : ℕ) := x + 1\nend A")
    expected = "scan1:9bb11affdbe976420b8994f955572c7ab7422801fec2bbe805e88688d9a692c6"
    assert fingerprint("A.f", known) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("positivity", "exact le_of_lt (by simp)"),
        ("/-- Vectors. -/", "/-- Columns. -/ @[simp]"),
        ("{n : ℕ} (x : Vec n) : 0 ≤ total x", "{m : ℕ} (y : Vec m) :\n    0 ≤ total y"),
        ("∑ i : Fin n, Real.exp (x i)", "∑ j : Fin n, /- terms -/ Real.exp (x j)"),
        ("\n", "\r\n"),
        ("theorem total_pos", "lemma total_pos"),
        ("theorem total_pos", "@[simp] protected theorem total_pos"),
        ("theorem ratio_le {n : ℕ} (x : Vec n)", "variable {n : ℕ} (x : Vec n)\ntheorem ratio_le"),
        ("0 ≤ total x", "0 ≤ total x -- always\n"),
    ],
)
def test_what_is_no_change(old: str, new: str) -> None:
    assert changed(old, new) == set()


@pytest.mark.parametrize(
    ("old", "new", "which"),
    [
        ("0 ≤ total x", "0 < total x", {"total_pos"}),
        ("ratio x i ≤ 1", "ratio x i ≤ 2", {"ratio_le"}),
        ("(x i) / total x", "(x i) * total x", {"ratio", "ratio_le"}),
        ("Real.exp (x i)\n", "Real.exp (x i) + 1\n", {"total", "ratio", "total_pos", "ratio_le"}),
        ("(Fin n)\n", "(Fin (n + 1))\n", {"Vec", "total", "ratio", "total_pos", "ratio_le"}),
        ("abbrev Vec", "def Vec", {"Vec", "total", "ratio", "total_pos", "ratio_le"}),
        ("theorem total_pos {n : ℕ}", "theorem total_pos (n : ℕ)", {"total_pos"}),
        ("total_pos {n", "total_nonneg {n", {"total_pos"}),
        ("namespace A\n", "namespace A\nnamespace B\n", None),
    ],
)
def test_what_is_a_change(old: str, new: str, which: set[str] | None) -> None:
    everything = {name.removeprefix("A.") for name in prints(SOURCE)}
    assert changed(old, new) == (everything if which is None else which)


def test_definitions_may_use_each_other() -> None:
    source = "mutual\ndef f (n : ℕ) := g n\ndef g (n : ℕ) := f n + h\nend\ndef h := 1"
    before = prints(source)
    after = prints(source.replace("h := 1", "h := 2"))
    assert all(before[name] != after[name] for name in ("f", "g", "h"))
    assert before["f"] != before["g"]


def test_a_recursive_definition_does_not_reach_itself() -> None:
    assert reached_names("f", declarations("def f : ℕ → ℕ\n  | 0 => 0\n  | n + 1 => f n")) == ()


@pytest.mark.parametrize(
    ("use", "reached"),
    [
        ("namespace A.B\ndef u := f\nend A.B", ("A.B.f",)),
        ("namespace A\ndef u := f\nend A", ("A.f",)),
        ("def u := f", ("f",)),
        ("def u := A.B.f", ("A.B.f",)),
        ("namespace A\ndef u := B.f\nend A", ("A.B.f",)),
        ("namespace A\ndef u := _root_.f\nend A", ("f",)),
        ("open A.B\ndef u := g", ("A.B.g",)),
        ("open A\ndef u := B.g", ("A.B.g",)),
        ("namespace A\nopen B\ndef u := g\nend A", ("A.B.g",)),
        ("open A.B (g)\ndef u := g f", ("A.B.g", "f")),
        ("open A in\ndef v := f\ndef u := f", ("f",)),
        ("open A\ndef u := f", ("A.f", "f")),
        ("def u := A.f.field", ("A.f",)),
        ("def u (x : T) := x.g", ("A.B.g",)),
        ("namespace A.B\ndef u := p\nend A.B", ()),
        ("namespace A.B\ndef u := B.p\nend A.B", ("A.B.p",)),
        ("def u (f : T) := f", ()),
        ("theorem u : q := f", ()),
        ("def u := A.t", ()),
    ],
)
def test_names_are_resolved_as_lean_does(use: str, reached: tuple[str, ...]) -> None:
    source = (
        "def f := 1\nnamespace A\ndef f := 2\ntheorem t : p := h\nnamespace B\n"
        "def f := 3\ndef g := 4\nprotected def p := 5\nend B\nend A\n"
    )
    known = declarations(source + use)
    name = next(one.name for one in known if one.name.endswith("u"))
    assert reached_names(name, known) == reached


def test_private_definitions_are_seen_in_their_own_file_only() -> None:
    one = declarations("private def f := 1\ndef u := f", "one.lean")
    two = declarations("private def f := 2\ndef v := f", "two.lean")
    other = declarations("private def f := 3\ndef v := f", "two.lean")
    assert fingerprint("u", one + two) == fingerprint("u", one + other)
    assert fingerprint("v", one + two) != fingerprint("v", one + other)


def test_of_two_declarations_the_one_in_the_named_file_is_taken() -> None:
    both = declarations("def f := 1", "one.lean") + declarations("def f := 2", "two.lean")
    assert fingerprint("f", both, file="two.lean") != fingerprint("f", both, file="one.lean")


def test_an_unknown_name_is_an_input_error_with_a_suggestion() -> None:
    with pytest.raises(InputError, match=r"no declaration 'A\.totl'.*did you mean 'A\.total'"):
        fingerprint("A.totl", declarations(SOURCE))
    with pytest.raises(InputError, match=r"did you mean 'A\.total'"):
        fingerprint("total", declarations(SOURCE))
