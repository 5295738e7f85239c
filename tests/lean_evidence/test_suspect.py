"""A suspect link is explained: which declaration changed, and how."""

from __future__ import annotations

from harness.lean.declaration import Declaration
from harness.lean.fingerprint import fingerprint
from harness.lean.reviewed import nothing_reviewed, with_link
from harness.lean.scan import scan_text
from harness.lean.suspect import Explanation, explain
from harness.specs.model import TheoremSpec

SOURCE = """\
namespace A
def half : ℕ := 1
def total {n : ℕ} (x : Fin n → ℝ) : ℝ := ∑ i, x i
theorem total_eq {n : ℕ} (y : Fin n → ℝ) : total y = ∑ j, y j := by rfl
end A
"""


def declarations(text: str) -> tuple[Declaration, ...]:
    return scan_text(text, "A.lean").declarations


def spec(stored: str) -> TheoremSpec:
    return TheoremSpec.model_validate(
        {
            "schema": 1,
            "name": "A.total_eq",
            "kind": "theorem",
            "role": "support",
            "file": "A.lean",
            "summary": "s",
            "statement": "∀ {n : ℕ} (y : Fin n → ℝ), total y = ∑ j, y j",
            "provenance": {"requirement": "R", "text": "t"},
            "fingerprint": stored,
        }
    )


REVIEWED = with_link(nothing_reviewed(), "A.total_eq", declarations(SOURCE))
STORED = fingerprint("A.total_eq", declarations(SOURCE))


def explained(*changes: tuple[str, str]) -> Explanation:
    text = SOURCE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    assert fingerprint("A.total_eq", declarations(text)) != STORED
    return explain(spec(STORED), declarations(text), REVIEWED)


def test_a_definition_beneath_the_theorem() -> None:
    found = explained(("∑ i, x i\n", "∑ i, 2 * x i\n"))
    assert found.message == "the definition of A.total changed (A.lean:3)"
    assert found.lines == (
        "-def A.total {n : ℕ} (x : Fin n → ℝ) : ℝ := ∑ i, x i",
        "+def A.total {n : ℕ} (x : Fin n → ℝ) : ℝ := ∑ i, 2 * x i",
    )


def test_the_statement_itself_comes_first() -> None:
    found = explained(("∑ j, y j :=", "∑ j, y j + 0 :="), ("∑ i, x i\n", "∑ i, 1 * x i\n"))
    assert found.message == (
        "its own statement changed (A.lean:4); the definition of A.total changed (A.lean:3)"
    )
    assert found.lines[0].startswith("-theorem A.total_eq")


def test_what_it_rests_on_changed() -> None:
    found = explained(("∑ i, x i\n", "∑ i, half * x i\n"))
    assert "it now rests on A.half, too" in found.message
    assert "+def A.half : ℕ := 1" in found.lines
    back = with_link(
        nothing_reviewed(), "A.total_eq", declarations(SOURCE.replace("x i\n", "half * x i\n"))
    )
    stored = back.links["A.total_eq"].fingerprint
    gone = explain(spec(stored), declarations(SOURCE), back)
    assert "it no longer rests on A.half" in gone.message
    assert "-def A.half : ℕ := 1" in gone.lines


def test_without_a_record_the_covered_declarations_are_listed() -> None:
    for stored, reviewed in ((STORED, nothing_reviewed()), (f"scan1:{'0' * 64}", REVIEWED)):
        found = explain(spec(stored), declarations(SOURCE), reviewed)
        assert found.message.startswith("the text that was reviewed was not kept")
        assert found.lines == ("A.total_eq (A.lean:4)", "A.total (A.lean:3)")


def test_a_declaration_that_is_gone() -> None:
    found = explain(spec(STORED), declarations(SOURCE.replace("total_eq", "renamed")), REVIEWED)
    assert "no declaration 'A.total_eq'" in found.message
