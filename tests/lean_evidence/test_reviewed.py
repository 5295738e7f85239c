"""What was reviewed is kept word for word, and counts only for the fingerprint that it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import InputError
from harness.lean.declaration import Declaration
from harness.lean.reviewed import (
    Reviewed,
    nothing_reviewed,
    parts_of,
    read_reviewed,
    reviewed_text,
    with_link,
)
from harness.lean.scan import scan_directory, scan_text
from tests.lean_evidence.conftest import ROOT, Project

SOURCE = """\
namespace A
variable {n : ℕ} (x : Fin n → ℝ)
/-- A comment. -/
@[simp] def total : ℝ :=
  ∑ i, x i
def other : ℕ := 2
theorem total_eq (y : Fin n → ℝ) : total y = ∑ j, y j := by
  simp [other]
end A
"""


def declarations(text: str = SOURCE) -> tuple[Declaration, ...]:
    return scan_text(text, "A.lean").declarations


def test_the_parts_are_the_declaration_and_what_it_reaches() -> None:
    parts = parts_of("A.total_eq", declarations())
    assert list(parts) == ["A.total_eq", "A.total"]
    assert parts["A.total_eq"].lines == (
        "variable {n : ℕ}",
        "theorem A.total_eq (y : Fin n → ℝ) : total y = ∑ j, y j",
    )
    assert parts["A.total"].lines == (
        "variable {n : ℕ} (x : Fin n → ℝ)",
        "def A.total : ℝ := ∑ i, x i",
    )


def test_a_proof_and_a_comment_are_not_in_it() -> None:
    changed = SOURCE.replace("simp [other]", "rfl").replace("A comment", "Another")
    assert [one.digest for one in parts_of("A.total_eq", declarations(changed)).values()] == [
        one.digest for one in parts_of("A.total_eq", declarations()).values()
    ]
    body = SOURCE.replace("∑ i, x i", "∑ i, x i + 0")
    assert (
        parts_of("A.total_eq", declarations(body))["A.total"]
        != parts_of("A.total_eq", declarations())["A.total"]
    )


def test_the_record_is_read_back(tmp_path: Path) -> None:
    assert read_reviewed(tmp_path) == nothing_reviewed()
    made = with_link(nothing_reviewed(), "A.total_eq", declarations())
    (tmp_path / "reviewed.json").write_text(reviewed_text(made), encoding="utf-8")
    assert read_reviewed(tmp_path) == made
    assert reviewed_text(read_reviewed(tmp_path)) == reviewed_text(made)


def test_texts_that_no_link_has_are_dropped() -> None:
    made = with_link(nothing_reviewed(), "A.total", declarations())
    later = with_link(made, "A.total", declarations(SOURCE.replace("∑ i, x i", "0")))
    assert len(later.texts) == 2
    assert reviewed_text(later).count("def A.total") == 1


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"schema": 2, "links": {}, "texts": {}}', '{"schema": 1}']
)
def test_a_broken_record_is_an_input_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "reviewed.json").write_text(text)
    with pytest.raises(InputError, match="not a record of reviews") as caught:
        read_reviewed(tmp_path)
    assert "crosscheck review --all" in caught.value.hint


def test_our_record_is_that_of_our_specs(ours: Project) -> None:
    """A spec's fingerprint and its entry are written by one review; by hand they part."""
    reviewed = read_reviewed(ROOT / "specs")
    specs = {spec.name: spec.fingerprint for spec in ours.library().specs}
    assert {name: entry.fingerprint for name, entry in reviewed.links.items()} == specs
    known = [one for scan in scan_directory(ROOT / "lean") for one in scan.declarations]
    for spec in ours.library().specs:
        parts = parts_of(spec.name, known, file=spec.file)
        assert reviewed.links[spec.name].parts == {
            name: part.digest for name, part in parts.items()
        }


def test_the_model_is_closed() -> None:
    with pytest.raises(ValueError, match="extra"):
        Reviewed.model_validate({"schema": 1, "links": {}, "texts": {}, "more": 1})
