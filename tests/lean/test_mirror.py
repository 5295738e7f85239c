"""The mirror check: clean source is the same as its specs; each tampered source is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from harness.lean.declaration import Declaration, find_declaration
from harness.lean.fingerprint import fingerprint
from harness.lean.mirror import Finding, MirrorResult, mirror
from harness.lean.project import find_lean
from harness.lean.scan import scan_directory, scan_text
from harness.specs.load import load_specs
from harness.specs.locate import find_specs

COMMON = (
    "schema: 1\nrole: required\nsummary: s\nfile: A.lean\nprovenance: {requirement: R-1, text: t}\n"
)
SPECS = {
    "Vec": """\
name: P.A.Vec
kind: abbrev
type: "(n : ℕ) → Type"
value: "EuclideanSpace ℝ (Fin n)"
""",
    "total": """\
name: P.A.total
kind: def
type: "{n : ℕ} → Vec n → ℝ"
equation:
  statement: "∀ {n : ℕ} (x : Vec n), total x = ∑ i : Fin n, Real.exp (x i)"
  lemma: P.A.total_apply
facts:
  - {statement: "∀ x : Vec 0, total x = 0", lemma: P.A.total_zero}
""",
    "total_le": """\
name: P.A.total_le
kind: theorem
statement: "∀ {n : ℕ} (x dx : Vec n), total x ≤ total dx ∧ 0 < total x"
""",
}
SOURCE = """\
namespace P.A

abbrev Vec (n : ℕ) : Type := EuclideanSpace ℝ (Fin n)

variable {n : ℕ}

/-- The total. -/
def total (x : Vec n) : ℝ := ∑ i, Real.exp (x i)

@[simp] theorem total_apply (y : Vec n) : total y = ∑ j : Fin n, Real.exp (y j) := rfl

theorem total_zero (x : Vec 0) : total x = 0 := by simp

lemma total_le : ∀ (x : Vec n) {y : Vec n}, -- in any order
    total (n := n) x ≤ total y ∧ total x > 0 := by
  exact proof

end P.A
"""


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    folder = tmp_path / "specs"
    folder.mkdir()
    for name, text in SPECS.items():
        (folder / f"{name}.yaml").write_text(COMMON + text, encoding="utf-8")
    return folder


def declarations(source: str, file: str = "A.lean") -> tuple[Declaration, ...]:
    return scan_text(source, file).declarations


def mirrored(specs: Path, name: str, known: tuple[Declaration, ...]) -> MirrorResult:
    library = load_specs(specs)
    return mirror(library.by_name(name), library, known)


def bad(result: MirrorResult) -> list[Finding]:
    return [finding for finding in result.findings if finding.state != "same"]


@pytest.mark.parametrize("name", list(SPECS))
def test_a_source_that_says_it_in_other_words_is_the_same(specs: Path, name: str) -> None:
    result = mirrored(specs, name, declarations(SOURCE))
    assert bad(result) == []
    assert result.state == "same"
    assert len(result.findings) >= 3
    assert result.declaration is not None
    assert result.declaration.name == f"P.A.{name}"
    assert result.flags == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "what", "state"),
    [
        ("total_le", "total x > 0", "total x ≥ 0", "statement", "differs"),
        ("total_le", "total (n := n) x ≤ total y", "total y ≤ total x", "statement", "differs"),
        ("total_le", "lemma total_le :", "def total_le :", "kind", "differs"),
        ("total_le", "lemma total_le", "lemma total_lt", "declaration", "missing"),
        ("total_le", "∀ (x : Vec n)", "∃ (x : Vec n)", "statement", "unreadable"),
        ("total_le", "total (n := n) x", "totl x", "statement", "unreadable"),
        ("total_le", "lemma total_le", "lemma total_le [Fact p]", "statement", "unreadable"),
        ("total_le", ":= by\n  exact proof", ":= sorry", None, "same"),
        ("total", "def total (x : Vec n) : ℝ", "def total (x : Vec n) : Vec n", "type", "differs"),
        ("total", "def total (x", "def total (m : ℕ) (x", "type", "differs"),
        ("total", "def total (x : Vec n) : ℝ", "def total (x : Vec n)", "type", "unreadable"),
        ("total", "def total", "abbrev total", "kind", "differs"),
        ("total", "Real.exp (y j)", "Real.exp (- y j)", "equation", "differs"),
        ("total", "theorem total_apply", "theorem total_ap", "equation", "missing"),
        (
            "total",
            "theorem total_apply (y : Vec n) :",
            "def total_apply (y : Vec n) :",
            "equation",
            "differs",
        ),
        ("total", "total x = 0", "total x = 1", "fact 1", "differs"),
        ("total", "theorem total_zero", "theorem total_nil", "fact 1", "missing"),
        ("Vec", "EuclideanSpace ℝ (Fin n)", "EuclideanSpace ℝ (Fin (n + 1))", "value", "differs"),
        ("Vec", "EuclideanSpace ℝ (Fin n)", "ℝ ^ n [", "value", "unreadable"),
        ("Vec", "Vec (n : ℕ)", "Vec (n m : ℕ)", "type", "differs"),
        (
            "Vec",
            "abbrev Vec (n : ℕ) : Type := EuclideanSpace ℝ (Fin n)",
            "abbrev Vec (k : ℕ) : Type :=\n EuclideanSpace ℝ (Fin k)",
            None,
            "same",
        ),
    ],
)
def test_a_tampered_source_is_found(
    specs: Path, name: str, old: str, new: str, what: str | None, state: str
) -> None:
    assert old in SOURCE
    result = mirrored(specs, name, declarations(SOURCE.replace(old, new)))
    assert result.state == state
    assert [finding.what for finding in bad(result)][:1] == ([what] if what else [])
    assert all(finding.message for finding in bad(result))


def test_a_difference_shows_both_texts_in_the_names_of_the_spec(specs: Path) -> None:
    result = mirrored(specs, "total_le", declarations(SOURCE.replace("total x > 0", "total y > 0")))
    (finding,) = bad(result)
    assert finding.message == "P.A.total_le states another proposition than the spec"
    assert str(finding.place) == "A.lean:14:7"
    assert finding.detail.splitlines() == [
        "spec: ∀ {n : ℕ} (x dx : Vec n), total x ≤ total dx ∧ 0 < total x",
        "Lean: ∀ {n : ℕ} (x dx : Vec n), total x ≤ total dx ∧ total dx > 0",
        "diff: ∀ {n : ℕ} (x dx : Vec n), total x ≤ total dx ∧ [-0 < -]total [-x-]{+dx > 0+}",
    ]


def test_what_cannot_be_read_points_into_the_lean_file(specs: Path) -> None:
    result = mirrored(specs, "total_le", declarations(SOURCE.replace("total y ∧", "totl y ∧")))
    (finding,) = bad(result)
    assert finding.message == "unknown name `totl` (did you mean 'total'?)"
    assert str(finding.place) == "A.lean:15:24"
    source, caret = finding.detail.splitlines()
    assert source[caret.index("^") :].startswith("totl y")


def test_a_missing_declaration_comes_with_a_suggestion(specs: Path) -> None:
    result = mirrored(specs, "total_le", declarations(SOURCE.replace("total_le", "total_lee")))
    assert result.findings[0].message == (
        "no declaration 'P.A.total_le' in the Lean source (did you mean 'P.A.total_lee'?)"
    )
    assert (result.declaration, result.fingerprint, result.suspect) == (None, None, False)


def test_a_declaration_in_another_file_is_told(specs: Path) -> None:
    result = mirrored(specs, "total_le", declarations(SOURCE, "B.lean"))
    (finding,) = bad(result)
    assert (finding.what, finding.message) == ("file", "the spec says file A.lean, Lean has B.lean")


def names_told(result: MirrorResult) -> list[str]:
    return [finding.message for finding in result.findings if finding.what == "names"]


def test_a_name_that_means_something_else_in_lean_is_told(specs: Path) -> None:
    inner = "def P.A.B.total := 1\nnamespace P.A.B\nlemma _root_.P.A.total_le : 0 < total x := h\n"
    source = SOURCE.replace("lemma total_le :", "lemma elsewhere :") + inner
    result = mirrored(specs, "total_le", declarations(source))
    assert names_told(result) == ["`total` means P.A.B.total here, which has no spec"]


def test_a_namesake_elsewhere_changes_nothing(specs: Path) -> None:
    source = "def Q.total := 1\nopen Q\n" + SOURCE
    assert bad(mirrored(specs, "total_le", declarations(source))) == []


def test_a_name_that_lean_could_not_find_is_told(specs: Path) -> None:
    outside = "open P.A (Vec)\nlemma P.total_le {n : ℕ} (x : Vec n) : 0 < total x := h\n"
    path = specs / "total_le.yaml"
    path.write_text(path.read_text("utf-8").replace("P.A.total_le", "P.total_le"), encoding="utf-8")
    result = mirrored(specs, "total_le", declarations(SOURCE + outside))
    assert names_told(result) == ["`total` cannot mean P.A.total here"]


def test_flags_of_the_declaration_and_its_lemmas_are_told(specs: Path) -> None:
    source = SOURCE.replace("by simp", "by sorry").replace("rfl", "by native_decide")
    result = mirrored(specs, "total", declarations(source))
    assert [flag.word for flag in result.flags] == ["native_decide", "sorry"]
    assert result.state == "same"


def test_a_link_is_suspect_when_the_reviewed_source_was_another(specs: Path) -> None:
    known = declarations(SOURCE)
    assert not mirrored(specs, "total_le", known).suspect  # nobody has reviewed it yet
    path = specs / "total_le.yaml"
    reviewed = fingerprint("P.A.total_le", known)
    path.write_text(f'{path.read_text("utf-8")}fingerprint: "{reviewed}"\n', encoding="utf-8")
    result = mirrored(specs, "total_le", known)
    assert (result.suspect, result.fingerprint, result.stored) == (False, reviewed, reviewed)
    proof = declarations(SOURCE.replace("exact proof", "simp"))
    assert not mirrored(specs, "total_le", proof).suspect
    beneath = declarations(SOURCE.replace("∑ i, Real.exp (x i)", "∑ i, Real.exp (2 * x i)"))
    changed = mirrored(specs, "total_le", beneath)
    assert (changed.suspect, changed.state) == (True, "same")


def test_this_project_mirrors_its_lean_source_and_a_changed_copy_does_not(tmp_path: Path) -> None:
    library = load_specs(find_specs(None).path)
    copy = tmp_path / "lean"
    shutil.copytree(find_lean(None), copy, ignore=shutil.ignore_patterns(".lake"))

    def not_the_same() -> list[str]:
        known = [one for scan in scan_directory(copy) for one in scan.declarations]
        results = [mirror(spec, library, known) for spec in library.specs]
        return [result.name for result in results if result.state != "same"]

    assert len(library.specs) >= 13
    assert not_the_same() == []
    spec = library.by_name("inner_softmaxJvp_comm")
    known = [one for scan in scan_directory(copy) for one in scan.declarations]
    statement = find_declaration(spec.name, known).type_text
    path = copy / spec.file
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(statement, statement.replace("=", "≤")), encoding="utf-8")
    assert not_the_same() == [spec.name]
