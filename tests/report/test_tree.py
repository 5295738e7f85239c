"""Terms as trees."""

from __future__ import annotations

from pathlib import Path

from harness.report.tree import tree_lines
from harness.specs.library import SpecLibrary
from harness.specs.load import load_specs
from harness.statement.elaborate import elaborate
from harness.statement.parse import parse

LIBRARY: SpecLibrary = load_specs(Path(__file__).resolve().parents[2] / "specs")


def tree(text: str) -> list[str]:
    return tree_lines(elaborate(parse(text), LIBRARY.scope))


def test_a_statement() -> None:
    text = "∀ {n : ℕ} (x : Vec n) (i : Fin n), softmaxVec x i = Real.exp (x i - 2) / sumExp x"
    assert tree(text) == [
        "∀ (n : ℕ) (x : Vec n) (i : Fin n)",
        "└─ =  of type ℝ",
        "   ├─ softmaxVec x i",
        "   └─ /",
        "      ├─ Real.exp",
        "      │  └─ -",
        "      │     ├─ x i",
        "      │     └─ 2",
        "      └─ sumExp x",
    ]


def test_precedence_shows() -> None:
    left = tree("∀ a b c : ℝ, (a - b) - c = 0")
    right = tree("∀ a b c : ℝ, a - (b - c) = 0")
    assert left != right
    assert left[3:6] == ["   │  ├─ -", "   │  │  ├─ a", "   │  │  └─ b"]


def test_every_statement_of_ours_has_a_tree() -> None:
    for statement in LIBRARY.statements.values():
        lines = tree_lines(statement)
        assert len(lines) > 2
        assert not [line for line in lines if "Term" in line or "harness" in line]
