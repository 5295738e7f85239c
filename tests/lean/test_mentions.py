"""What a declaration's text names, and what must be proved again."""

from __future__ import annotations

from harness.lean.mentions import mentions, touched_by
from harness.lean.scan import scan_text

TEXT = """
namespace A
def f (n : Nat) : Nat := n
def g (n : Nat) : Nat := f n + 1
theorem f_eq (n : Nat) : f n = n := rfl
theorem g_eq (n : Nat) : g n = n + 1 := by simp [g, f_eq]
theorem last (n : Nat) : g n = g n := by rw [g_eq]
end A
theorem outside : A.f 0 = 0 := A.f_eq 0
"""
DECLARATIONS = scan_text(TEXT, "A.lean").declarations
FOUND = mentions(DECLARATIONS)
THEOREMS = [one.name for one in DECLARATIONS if one.kind == "theorem"]


def test_signatures_and_proofs_are_read() -> None:
    assert FOUND["A.g"] == ("A.f",)
    assert FOUND["A.g_eq"] == ("A.f_eq", "A.g")
    assert FOUND["outside"] == ("A.f", "A.f_eq")
    assert FOUND["A.f"] == ()


def test_definitions_hand_a_change_on_and_theorems_do_not() -> None:
    assert touched_by("A.f", FOUND, THEOREMS) == ("A.f_eq", "A.g", "A.g_eq", "A.last", "outside")
    assert touched_by("A.f_eq", FOUND, THEOREMS) == ("A.g_eq", "outside")
    assert touched_by("A.last", FOUND, THEOREMS) == ()
