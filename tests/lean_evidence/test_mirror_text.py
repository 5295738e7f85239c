"""Mirror.lean: what the specs give is what is committed, and every statement is in it once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.errors import InputError
from harness.lean.mirror_text import exported_names, mirror_text, restatements
from harness.lean.scan import scan_text
from harness.specs.load import load_specs
from harness.specs.locate import find_specs
from tests.lean_evidence.conftest import ROOT, Project, replaced


def test_the_committed_mirror_is_up_to_date() -> None:
    committed = (ROOT / "lean" / "Mirror.lean").read_text("utf-8")
    assert committed == mirror_text(load_specs(find_specs(None).path)), "run crosscheck lean mirror"


def test_a_changed_spec_changes_the_mirror(project: Project) -> None:
    before = mirror_text(project.library())
    for name in ("sumExp", "sumExp_apply"):
        replaced(project.specs / "softmax" / f"{name}.yaml", "∑ i : Fin n,", "∑ j : Fin n,")
        replaced(project.specs / "softmax" / f"{name}.yaml", "Real.exp (x i)", "Real.exp (x j)")
    after = mirror_text(project.library())
    assert before != after
    assert (
        "sumExp x = ∑ j : Fin n, Real.exp (x j) :=\n  @_root_.Proofs.Autograd.sumExp_apply" in after
    )


def test_the_text_does_not_depend_on_order_or_place(project: Project, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere" / "specs"
    project.specs.rename(tmp_path / "moved")
    (moved / "a").mkdir(parents=True)
    for number, file in enumerate(sorted((tmp_path / "moved" / "softmax").iterdir(), reverse=True)):
        file.rename(moved / "a" / f"{number:02}.yaml")
    assert mirror_text(load_specs(moved)) == (project.lean / "Mirror.lean").read_text("utf-8")


def test_every_statement_is_restated_under_a_flat_name(ours: Project) -> None:
    library = ours.library()
    scan = scan_text(mirror_text(library), "Mirror.lean")
    assert not scan.unread
    assert not scan.flags
    theorems = {one.name: one for one in scan.declarations if one.kind == "theorem"}
    assert set(theorems) == {one.full_name for one in restatements(library)}
    assert all(re.fullmatch(r"Mirror\.\w+", name) for name in theorems)
    bodies = {one.body_text for one in theorems.values()} - {"by\n  intros; with_reducible rfl"}
    assert all(re.fullmatch(r"@_root_\.Proofs\.Autograd\.\w+", text) for text in bodies)
    examples = [one for one in scan.declarations if one.kind == "example"]
    assert len(examples) == sum(spec.kind == "def" for spec in library.specs)


def test_a_theorem_is_restated_once_for_all_specs_that_say_it(ours: Project) -> None:
    (one,) = (one for one in restatements(ours.library()) if one.name == "softmaxVec_apply")
    assert one.specs == ("Proofs.Autograd.softmaxVec_apply", "Proofs.Autograd.softmaxVec")
    assert one.text.startswith("∀ {n : ℕ} (x : Vec n) (i : Fin n), softmaxVec x i =")


def test_an_abbreviation_is_compared_by_its_value(ours: Project) -> None:
    (one,) = (one for one in restatements(ours.library()) if one.name == "Vec_value")
    assert one.text == "∀ (n : ℕ), @_root_.Proofs.Autograd.Vec n = EuclideanSpace ℝ (Fin n)"
    assert "Mirror.Vec_value" in exported_names(ours.library())


def test_evidence_needs_the_lemmas_that_have_no_spec_too(project: Project) -> None:
    (project.specs / "softmax" / "softmaxVec_zero.yaml").unlink()
    library = project.library()
    assert "Proofs.Autograd.softmaxVec_zero" not in library.files
    assert "Proofs.Autograd.softmaxVec_zero" in exported_names(library)
    assert len(exported_names(library)) == len(set(exported_names(library)))


def test_two_wordings_of_one_theorem_are_refused(project: Project) -> None:
    replaced(project.specs / "softmax" / "softmaxVec_zero.yaml", "∀ x : Vec 0", "∀ (x : Vec 0)")
    with pytest.raises(InputError, match="is worded differently in") as caught:
        restatements(project.library())
    assert caught.value.place is not None
    assert "softmaxVec.yaml" in caught.value.place.file
    assert "write ∀ (x : Vec 0)" in caught.value.hint


def test_two_theorems_with_one_last_name_are_refused(project: Project) -> None:
    spec = project.specs / "softmax" / "softmaxVec_zero.yaml"
    other = spec.with_name("other.yaml")
    other.write_text(
        spec.read_text("utf-8").replace("Autograd.softmaxVec_zero", "Other.softmaxVec_zero")
    )
    with pytest.raises(InputError, match="has another theorem with the last name"):
        restatements(project.library())


def test_a_comment_in_a_statement_is_refused(project: Project) -> None:
    spec = project.specs / "softmax" / "softmaxVec_add_const.yaml"
    replaced(spec, "∀ {n : ℕ} (x : Vec n) (c : ℝ),", "∀ {n : ℕ} (x : Vec n) /- any -/ (c : ℝ),")
    with pytest.raises(InputError, match="a comment cannot be restated") as caught:
        mirror_text(project.library())
    assert caught.value.place is not None


def test_lines_have_at_most_100_columns(ours: Project) -> None:
    lines = mirror_text(ours.library()).split("\n")
    assert max(len(line) for line in lines) <= 100
    assert not any(line.strip() in (":=", ":= by") for line in lines)
