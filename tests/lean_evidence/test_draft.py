"""Specs drafted from declarations, ours and anybody's: what is known is filled in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import InputError
from harness.lean.declaration import Declaration
from harness.lean.draft import draft
from harness.lean.scan import scan_directory, scan_text
from harness.lean.sketch import Draft
from harness.specs.load import load_spec, load_specs
from harness.specs.model import DefSpec, TheoremSpec
from harness.specs.yaml_load import parse_document
from harness.statement.compare import same_proposition
from tests.lean_evidence.conftest import ROOT, Project

THEIRS = """\
module

public import Mathlib

/-! # Means -/

@[expose] public section

namespace Stats
variable {n : ℕ}

/-- The mean of the coordinates; zero for the empty vector. It is not weighted. -/
noncomputable def mean (x : Fin n → ℝ) : ℝ := (∑ i, x i) / n

@[simp] lemma mean_def (x : Fin n → ℝ) : mean x = (∑ i, x i) / n := rfl

/-- Adding a number: "c" shifts the mean. -/
theorem mean_add [NeZero n] (x : Fin n → ℝ) -- all coordinates
    (c : ℝ) : mean (fun i => x i + c) = mean x + c := by
  sorry

def other : ℕ → ℕ
  | 0 => 1
  | k + 1 => k
instance : Inhabited ℕ := ⟨1⟩
private theorem hidden : 1 = 1 := rfl
theorem untyped := 1
end Stats
theorem bare : 1 = 1 := rfl
"""


def declarations(text: str = THEIRS) -> tuple[Declaration, ...]:
    return scan_text(text, "Stats/Mean.lean").declarations


def loaded(made: Draft, folder: Path) -> DefSpec | TheoremSpec:
    path = folder / "draft.yaml"
    path.write_text(made.text, encoding="utf-8")
    spec = load_spec(path)
    assert isinstance(spec, DefSpec | TheoremSpec)
    return spec


def test_a_theorem_of_somebody_else(tmp_path: Path) -> None:
    made = draft("mean_add", declarations())
    spec = loaded(made, tmp_path)
    assert isinstance(spec, TheoremSpec)
    assert (spec.name, spec.file) == ("Stats.mean_add", "Stats/Mean.lean")
    assert spec.statement == (
        "∀ {n : ℕ} [NeZero n] (x : Fin n → ℝ) (c : ℝ), mean (fun i => x i + c) = mean x + c"
    )
    assert spec.summary == 'Adding a number: "c" shifts the mean.'
    assert made.todo == ("provenance.requirement", "provenance.text")
    assert made.uses == ("Stats.mean",)


def test_a_definition_with_the_lemma_that_states_it(tmp_path: Path) -> None:
    spec = loaded(draft("Stats.mean", declarations()), tmp_path)
    assert isinstance(spec, DefSpec)
    assert spec.type == "{n : ℕ} → (x : Fin n → ℝ) → ℝ"
    assert spec.equation.lemma == "Stats.mean_def"
    assert spec.equation.statement == "∀ {n : ℕ} (x : Fin n → ℝ), mean x = (∑ i, x i) / n"
    assert spec.summary == "The mean of the coordinates"


def test_a_definition_without_one_says_what_to_write(tmp_path: Path) -> None:
    made = draft("other", declarations())
    assert made.todo[:3] == ("summary", "equation.statement", "provenance.requirement")
    assert made.lemma == "theorem other_apply : the equation := by intros; rfl"
    spec = loaded(made, tmp_path)
    assert isinstance(spec, DefSpec)
    assert spec.equation.statement.startswith("TODO")
    assert spec.summary.startswith("TODO")


def test_a_number_that_is_one_term_gives_its_equation(tmp_path: Path) -> None:
    text = "/-- S. -/\ndef A.top {n : ℕ} (x y : Fin n → ℝ) (c : ℝ) : ℝ := c + -- more\n  x 0\n"
    made = draft("A.top", scan_text(text, "A.lean").declarations)
    spec = loaded(made, tmp_path)
    assert isinstance(spec, DefSpec)
    said = "∀ {n : ℕ} (x y : Fin n → ℝ) (c : ℝ), top x y c = c + x 0"
    assert spec.equation.statement == said
    assert made.lemma == f"theorem top_apply : {said} := by intros; rfl"
    assert made.todo == ("provenance.requirement", "provenance.text")


def test_the_generated_mirror_is_no_other_declaration(ours: Project) -> None:
    known = [one for scan in scan_directory(ours.lean) for one in scan.declarations]
    assert draft("softmaxVec_apply", known).name == "Proofs.Autograd.softmaxVec_apply"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Stats.hidden", "Stats.hidden is private"),
        ("Stats.untyped", "Stats.untyped has no type"),
        ("bare", "bare is not in a namespace"),
        ("Stats.maen", "no declaration 'Stats.maen'"),
    ],
)
def test_what_no_spec_can_mirror(name: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        draft(name, declarations())
    assert said in caught.value.message
    assert caught.value.hint


def test_a_name_that_may_be_several() -> None:
    both = (*declarations(), *scan_text("theorem T.mean_add : 1 = 1 := rfl", "T.lean").declarations)
    with pytest.raises(InputError, match=r"'mean_add' may be Stats\.mean_add, T\.mean_add"):
        draft("mean_add", both)
    assert draft("T.mean_add", both).name == "T.mean_add"


@pytest.mark.parametrize("kind", ["instance", "structure", "class", "axiom", "inductive"])
def test_other_kinds_are_refused(kind: str) -> None:
    text = f"{kind} A.thing : ℕ where\n  x : ℕ\n"
    with pytest.raises(InputError, match=f"A.thing is {kind}"):
        draft("A.thing", scan_text(text, "A.lean").declarations)


def test_a_draft_of_ours_says_what_our_spec_says(ours: Project, tmp_path: Path) -> None:
    known = [one for scan in scan_directory(ROOT / "lean") for one in scan.declarations]
    folder = tmp_path / "specs"
    folder.mkdir()
    library = ours.library()
    for spec in library.specs:
        made = draft(spec.name, known)
        text = made.text
        if isinstance(spec, TheoremSpec) and spec.unfolds:  # what a person adds
            constant, kind = spec.unfolds.constant, spec.unfolds.type
            text += f'unfolds: {{constant: {constant}, type: "{kind}"}}\n'
        (folder / f"{spec.short_name}.yaml").write_text(text, encoding="utf-8")
    drafted = load_specs(folder)
    assert set(drafted.statements) == set(library.statements)
    for name, statement in library.statements.items():
        assert same_proposition(statement, drafted.statements[name])
    assert {one.name: one.fingerprint for one in drafted.specs} == {
        one.name: one.fingerprint for one in library.specs
    }


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_draft_is_yaml_or_refused(docstring: str, statement: str) -> None:
    text = f"/-- {docstring} -/\ntheorem A.t : {statement} := rfl\n"
    known = scan_text(text, "A.lean").declarations
    if not known or known[0].name != "A.t":
        return
    try:
        made = draft("A.t", known)
    except InputError:
        return
    try:
        data = parse_document(made.text.encode("utf-8"), "draft.yaml").data
    except InputError as error:
        assert "found the character" in error.message or "the text holds" in error.message
        return
    assert data["name"] == "A.t"
    assert data["kind"] == "theorem"
