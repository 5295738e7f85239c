"""What a statement speaks of: witnesses for hypotheses, and where Lean's conventions are met."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.conformance.form_table import form_table
from harness.conformance.vacuity import Footing, footing
from harness.report.footing import footing_lines
from harness.report.records import footing_record
from harness.statement.elaborate import elaborate
from harness.statement.parse import parse
from tests.lean_evidence.conftest import Crosscheck, Project


def found(ours: Project, text: str) -> Footing:
    library = ours.library()
    return footing(elaborate(parse(text), library.scope), form_table(library))


def told(seen: Footing) -> str:
    return " ".join(
        " ".join(line.plain for line in footing_lines(footing_record(seen), 100)).split()
    )


@pytest.mark.parametrize(
    ("text", "operation", "n"),
    [
        ("∀ {n : ℕ} (x : Vec n), sumExp x * (1 / sumExp x) = 1", "1 / sumExp x", 0),
        ("∀ {n : ℕ} (x : Vec n) (i : Fin n), x i / x i = 1", "x i / x i", 1),
        ("∀ {n : ℕ} (x : Vec n), 1 / (n : ℝ) = 1 / (n : ℝ)", "1 / (n : ℝ)", 0),
        (
            "∀ {n : ℕ} (x : Vec n), Real.log (sumExp x) = Real.log (sumExp x)",
            "Real.log (sumExp x)",
            0,
        ),
        ("∀ (a : ℝ), Real.exp (Real.log a) = a", "Real.log a", 1),
        ("∀ (a : ℝ), Real.sqrt a * Real.sqrt a = a", "Real.sqrt a", 1),
    ],
)
def test_a_convention_of_lean_is_met(ours: Project, text: str, operation: str, n: int) -> None:
    seen = found(ours, text)
    assert [one.operation for one in seen.conventions] == [operation]
    assert seen.conventions[0].case.n == n
    assert f"! {operation} at n = {n}" in told(seen)
    assert "there Lean has a convention" in told(seen)


@pytest.mark.parametrize(
    "text",
    [
        "∀ {n : ℕ} (x : Vec n) (i : Fin n), softmaxVec x i = Real.exp (x i) / sumExp x",
        "∀ {n : ℕ} (x : Vec n) (i : Fin n), Real.log (Real.exp (x i)) = x i",
        "∀ (a : ℝ), Real.sqrt (a ^ 2) = |a|",
        "∀ (a : ℝ), 0 < a → Real.exp (Real.log a) = a",
        "∀ (a b : ℝ), b ≠ 0 → a / b * b = a",
    ],
)
def test_guarded_operations_meet_none(ours: Project, text: str) -> None:
    seen = found(ours, text)
    assert seen.conventions == ()
    assert "met at none of these inputs" in told(seen)


def test_a_division_inside_of_a_definition_is_seen(ours: Project) -> None:
    """softmaxVec is unfolded: what it divides by is met, too, here at the empty vector only."""
    seen = found(ours, "∀ {n : ℕ} (x : Vec n), dotCLM x x / sumExp x = dotCLM x x / sumExp x")
    assert [one.case.n for one in seen.conventions] == [0]


def test_conventions_in_a_derivative_are_seen(ours: Project) -> None:
    text = (
        "∀ {n : ℕ} (x : Vec n), HasFDerivAt "
        "(fun z : Vec n => Real.log (sumExp z)) (dotCLM (softmaxVec x)) x"
    )
    seen = found(ours, text)
    assert [(one.operation, one.case.n) for one in seen.conventions] == [("Real.log (sumExp z)", 0)]


def test_a_witness_for_the_hypotheses(ours: Project) -> None:
    seen = found(ours, "∀ {n : ℕ} (x : Vec n) (i : Fin n), 0 < x i → 0 ≤ x i")
    assert seen.hypotheses == 1
    assert seen.witness is not None
    assert seen.witness.n >= 1
    numbers = seen.witness.inputs["x"]
    assert isinstance(numbers, list)
    assert all(float.fromhex(number) > 0 for number in numbers)
    assert "1 hypothesis, satisfiable: by n = " in told(seen)


def test_hypotheses_that_nothing_satisfies(ours: Project) -> None:
    seen = found(ours, "∀ (a : ℝ), a < a → a = a + 1")
    assert (seen.hypotheses, seen.witness) == (1, None)
    assert "perhaps nothing: 1 hypothesis, and none of" in told(seen)


def test_hypotheses_that_only_the_empty_vector_satisfies(ours: Project) -> None:
    seen = found(ours, "∀ {n : ℕ} (x : Vec n) (i : Fin n), x i < x i → x i = 0")
    assert seen.witness is not None
    assert seen.witness.n == 0
    assert "satisfied by n = 0, x = [] only" in told(seen)


def test_no_hypotheses(ours: Project) -> None:
    seen = found(ours, "∀ (a : ℝ), a = a")
    assert seen.hypotheses == 0
    assert "every input: it has no hypotheses" in told(seen)


def test_what_cannot_be_evaluated_says_so(ours: Project) -> None:
    seen = found(ours, "∀ (a b : ℝ), a = b ∨ a ≠ b")
    assert seen.outside
    assert "not sampled: " in told(seen)


def test_check_warns(crosscheck: Crosscheck, tmp_path: Path) -> None:
    lean = tmp_path / "lean"
    specs = tmp_path / "specs"
    lean.mkdir()
    specs.mkdir()
    (lean / "X.lean").write_text(
        "theorem X.guarded (a : ℝ) (h : 0 < a) : a / a = 1 := div_self h.ne'\n"
        "theorem X.met (a b : ℝ) : a / b = a * (1 / b) := by ring\n",
        encoding="utf-8",
    )
    for name in ("guarded", "met"):
        assert crosscheck("new", name, "--lean", lean, "--out", specs / f"{name}.yaml").code == 0
    words = ("--specs", specs, "--lean", lean, "--effort", "quick", "--json", "out.json")
    said = " ".join(crosscheck("check", *words).out.split())
    assert "guarded speaks of 1 hypothesis, satisfiable: by n = " in said
    assert "met speaks of ! " in said
    assert "there Lean has a convention, x / 0 = 0" in said
    guarded, met = json.loads(Path("out.json").read_text("utf-8"))["declarations"]
    assert guarded["footing"]["conventions"] == []
    assert float.fromhex(guarded["footing"]["witness"]["inputs"]["a"]) > 0
    assert met["footing"]["conventions"][0]["operation"] in ("a / b", "1 / b")


def test_explain_shows_it(crosscheck: Crosscheck) -> None:
    shown = crosscheck("explain", "softmaxVec")
    assert shown.code == 0
    assert "Speaks of\n  every input: it has no hypotheses" in shown.out
    assert "Speaks of" not in crosscheck("explain", "Vec").out
