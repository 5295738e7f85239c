"""The scanner on whole files: what it finds, what it lists as unread, and that it never raises."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import InputError
from harness.lean.scan import scan_directory, scan_text

FILE = """\
module

public import Mathlib

/-! # A file as people write it -/

@[expose] public section

namespace Wild
open Real in
/-- Uses `open ... in`. -/
theorem one : exp 0 = 1 := exp_zero

variable {n : ℕ}

set_option maxHeartbeats 400000 in
-- slow
@[simp]
lemma two (x : Fin n → ℝ) : ∑ i, x i = ∑ j, x j := by
  open Finset in
  rfl

macro "frob" : command => `(theorem frobbed : True := trivial)

def quotes : List String := ["theorem fake : p", r#"def "fake""#, s!"{1 + 1} }"]
def chars : List Char := ['"', '\\'', 'λ']

mutual
  def even : ℕ → Bool
    | 0 => true
    | n + 1 => odd n
  def odd : ℕ → Bool
    | 0 => false
    | n + 1 => even n
end

structure Point where
  /-- abscissa -/
  x : ℝ
  y : ℝ
  deriving Repr

instance : Inhabited Point where
  default := ⟨0, 0⟩

/- theorem commented : False := sorry -/

private theorem three : ∀ n : ℕ, 0 ≤ n
  | 0 => le_rfl
  | _ + 1 => Nat.zero_le _

end Wild
"""


def test_a_file_as_people_write_it() -> None:
    scan = scan_text(FILE, "Wild.lean")
    assert [(one.kind, one.name) for one in scan.declarations] == [
        ("theorem", "Wild.one"),
        ("theorem", "Wild.two"),
        ("def", "Wild.quotes"),
        ("def", "Wild.chars"),
        ("def", "Wild.even"),
        ("def", "Wild.odd"),
        ("structure", "Wild.Point"),
        ("instance", ""),
        ("theorem", "Wild.three"),
    ]
    assert scan.unread == ()
    assert scan.flags == ()


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark_change_nothing(newline: str, mark: str) -> None:
    plain = scan_text(FILE, "Wild.lean")
    other = scan_text(mark + FILE.replace("\n", newline), "Wild.lean")
    assert other.unread == plain.unread
    for one, two in zip(other.declarations, plain.declarations, strict=True):
        assert (one.name, one.place, one.docstring) == (two.name, two.place, two.docstring)
        assert (one.first_line, one.last_line) == (two.first_line, two.last_line)
        assert one.body_text.replace("\r\n", "\n") == two.body_text


@pytest.mark.parametrize(
    ("source", "place", "reason"),
    [
        ("def a := b\n\nfrobnicate c", "a.lean:3:1", "unknown command `frobnicate`"),
        ("⟨a⟩", "a.lean:1:1", "not a command"),
        ("def a := (b\ndef c := d", "a.lean:1:1", "a bracket in this command stays open"),
        ("def a := b\n/- open", "a.lean:2:1", "this comment is never closed"),
        ('def a := "open', "a.lean:1:10", "this string is never closed"),
        ("theorem : p := h", "a.lean:1:1", "`theorem` without a name"),
        ("def a := b\n#exit\ndef c := d", "a.lean:2:1", "Lean reads nothing behind `#exit`"),
        ("@[simp]", "a.lean:1:7", "not a command"),
    ],
)
def test_what_cannot_be_read_is_listed_with_its_place(source: str, place: str, reason: str) -> None:
    unread = scan_text(source, "a.lean").unread
    assert (str(unread[0].place), unread[0].reason) == (place, reason)


def test_unread_shows_the_line() -> None:
    (unread,) = scan_text("def a := b\r\n\r\nfrobnicate c\r\n", "a.lean").unread
    assert unread.text == "frobnicate c"


def test_declarations_around_unread_ones_are_found() -> None:
    source = "def a := (b\ntheorem : p := h\n\nfrobnicate\n\ntheorem c : p := h"
    assert [one.name for one in scan_text(source, "a.lean").declarations] == ["a", "c"]


def test_a_folder_is_read_in_order_without_lake(tmp_path: Path) -> None:
    for name in ("B.lean", "A/C.lean", "A/B.lean", ".lake/packages/X.lean", "A/note.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"def {path.stem} := 1", encoding="utf-8")
    scans = scan_directory(tmp_path)
    assert [scan.file for scan in scans] == ["A/B.lean", "A/C.lean", "B.lean"]
    assert [scan.declarations[0].place.file for scan in scans] == [scan.file for scan in scans]


def test_a_single_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "A.lean"
    path.write_text("def a := 1", encoding="utf-8")
    assert [scan.file for scan in scan_directory(path)] == ["A.lean"]


def test_what_is_no_text_is_listed(tmp_path: Path) -> None:
    (tmp_path / "A.lean").write_bytes(b"def a := \xff")
    (tmp_path / "B.lean").write_text("def b := 1", encoding="utf-8")
    bad, good = scan_directory(tmp_path)
    assert bad.declarations == ()
    assert bad.unread[0].reason == "not UTF-8: byte 0xff at offset 9"
    assert good.declarations[0].name == "b"


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_what_cannot_be_opened_is_listed(tmp_path: Path) -> None:
    (tmp_path / "A.lean").symlink_to(tmp_path / "nowhere")
    (scan,) = scan_directory(tmp_path)
    assert scan.unread[0].reason == "cannot be read: No such file or directory"


def test_a_missing_folder_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder or file"):
        scan_directory(tmp_path / "nowhere")


LEANISH = [
    *"ab1 ().{}[]⟨⟩:=|,'\"«»\n-/∀∑λℝ#",
    *("\n\n", ":=", "=>", " : ", "/-", "-/", "/--", "--", "@[", "`", 'r"', 's!"', "\ntheorem "),
    *("\ndef ", "\nlemma", "\nend", "\nnamespace A", "\nsection", "\nmutual", "\nvariable "),
    *(
        "\nopen A in ",
        "\nstructure",
        "\ninstance",
        "\nalias",
        "private ",
        " where ",
        " in ",
        "sorry",
    ),
    *(
        "\nalias ⟨a, b⟩ := ",
        "let ",
        "match ",
        "deriving ",
        "\nclass",
        "inductive",
        "#exit",
        "_root_.",
    ),
]


@settings(deadline=None, max_examples=400)
@given(st.lists(st.sampled_from(LEANISH), max_size=50).map("".join))
def test_random_text_is_scanned_without_an_exception(source: str) -> None:
    scan = scan_text(source, "a.lean")
    for one in scan.declarations:
        assert 1 <= one.first_line <= one.place.line <= one.last_line
        for excerpt in (one.signature, one.type, one.body):
            assert excerpt is None or excerpt.text in source


WORDS = st.sampled_from(["alpha", "β'", "x₁", "Foo.bar", "«a b»", "goo!"])
BODIES = st.sampled_from(
    [
        "1",
        "by\n  simp\n\n  exact h",
        "fun x => (x, [x])",
        's!"theorem {x} : p"',
        "by\n  -- theorem no : p := h\n  open A in\n  sorry",
        "match x with\n  | 0 => 1\n  | _ => 2",
        "⟨'(', \"{\"⟩",
    ]
)
BINDERS = st.sampled_from(
    ["", "{n : ℕ} ", "(x : f (n := 3)) ", "[Fact p] ", "⦃x y : T⦄ (h : x = y) "]
)
TYPES = st.sampled_from(["p", "∀ x : T, p x", "let y := 1; y = 1", "0 ≤ |x|", "a →L[ℝ] b"])
HEADS = st.sampled_from(
    ["", "@[simp] ", "/-- theorem doc : p -/\n", "private ", "@[a, b]\nprotected "]
)


@st.composite
def declaration_texts(draw: st.DrawFn) -> tuple[str, str, str, str, str]:
    """Text, keyword, name, type and body of one declaration."""
    keyword = draw(st.sampled_from(["theorem", "lemma", "def", "abbrev", "opaque"]))
    name, kind, body = draw(WORDS), draw(TYPES), draw(BODIES)
    text = f"{draw(HEADS)}{keyword} {name} {draw(BINDERS)}:\n    {kind} := {body}"
    return text, keyword, name, kind, body


@settings(deadline=None, max_examples=150)
@given(st.lists(declaration_texts(), min_size=1, max_size=6), st.sampled_from(["\n", "\n\n"]))
def test_concatenated_declarations_are_found_exactly(
    parts: list[tuple[str, str, str, str, str]], gap: str
) -> None:
    scan = scan_text(gap.join(part[0] for part in parts), "a.lean")
    assert scan.unread == ()
    assert [(one.keyword, one.name, one.type_text, one.body_text) for one in scan.declarations] == [
        part[1:] for part in parts
    ]
