"""Every way to make the Lean side say what is not so: each is red, and its clean twin is green.

Evidence here is constructed; the commands are told to take it, in these tests only.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.commands.lean_side import find_evidence
from harness.errors import AbsentError, InputError
from harness.lean.rung import proof_of
from tests.lean_evidence.conftest import Crosscheck, Project, replaced

pytestmark = pytest.mark.usefixtures("believe", "no_tools")

Tamper = Callable[[Project], None]
TRACE = ("trace", "--require-lean")


def sources(project: Project) -> tuple[str, ...]:
    return ("--specs", str(project.specs), "--lean", str(project.lean))


def statement_in_yaml_only(project: Project) -> None:
    for name in ("sumExp", "sumExp_apply"):
        replaced(project.specs / "softmax" / f"{name}.yaml", "Real.exp (x i)", "Real.exp (-x i)")
    project.remirror()


def statement_in_lean_only(project: Project) -> None:
    replaced(
        project.softmax,
        "sumExp x = ∑ i : Fin n, Real.exp (x i) := rfl",
        "sumExp x = ∑ i : Fin n, Real.exp (x i) + 0 := by simp [sumExp]",
    )


def definition_beneath_a_theorem(project: Project) -> None:
    """The theorems keep their words: `sumExp` means something else, and its lemma with it."""
    replaced(
        project.softmax,
        "def dotCLM {n : ℕ} (y : Vec n) : Vec n →L[ℝ] ℝ := ∑ j : Fin n, y j • evalCLM j",
        "def dotCLM {n : ℕ} (y : Vec n) : Vec n →L[ℝ] ℝ := ∑ j : Fin n, (2 * y j) • evalCLM j",
    )


def sorry_added(project: Project) -> None:
    replaced(project.softmax, "Real.exp (x i) := rfl", "Real.exp (x i) := by sorry")


def axiom_added(project: Project) -> None:
    replaced(
        project.softmax,
        "/-- The equation that defines `sumExp`. -/",
        "axiom cheat : False\n\n/-- The equation that defines `sumExp`. -/",
    )


def theorem_renamed(project: Project) -> None:
    replaced(project.softmax, "softmaxVec_add_const", "softmaxVec_add_number")


def other_toolchain(project: Project) -> None:
    replaced(project.lean / "lean-toolchain", "v4.31.0", "v4.32.0")


def other_mathlib(project: Project) -> None:
    replaced(project.lean / "lake-manifest.json", "fabf563a7c95", "000000000000")


def evidence_edited(project: Project) -> None:
    path = project.lean / "evidence.json"
    data = json.loads(path.read_text("utf-8"))
    data["declarations"][0]["axioms"] = ["propext"]
    path.write_text(json.dumps(data), encoding="utf-8")


def evidence_truncated(project: Project) -> None:
    path = project.lean / "evidence.json"
    path.write_text(path.read_text("utf-8")[:-300], encoding="utf-8")


def evidence_removed(project: Project) -> None:
    (project.lean / "evidence.json").unlink()


def mirror_stale(project: Project) -> None:
    replaced(project.lean / "Mirror.lean", "softmaxVec x = x", "softmaxVec x = x + 0")


# How, the exit code of `trace`, that of `trace --require-lean`, what is said.
TAMPERED = [
    (statement_in_yaml_only, 1, 3, "states another proposition than the spec"),
    (statement_in_lean_only, 1, 3, "states another proposition than the spec"),
    (definition_beneath_a_theorem, 1, 3, "the definition of Proofs.Autograd.dotCLM changed"),
    (sorry_added, 0, 3, "Proofs/Autograd/Softmax.lean has changed"),
    (axiom_added, 0, 3, "Proofs/Autograd/Softmax.lean has changed"),
    (theorem_renamed, 1, 3, "no declaration 'Proofs.Autograd.softmaxVec_add_const'"),
    (other_toolchain, 0, 3, "it was made by leanprover/lean4:v4.31.0, the project pins"),
    (other_mathlib, 0, 3, "lake-manifest.json has changed"),
    (evidence_edited, 2, 2, "was changed after it was written"),
    (evidence_truncated, 2, 2, "the file seems to be cut off"),
    (evidence_removed, 0, 3, ""),
    (mirror_stale, 0, 3, "Mirror.lean has changed"),
]
IDS = [how.__name__ for how, *_ in TAMPERED]


def test_the_clean_twin_is_proved(project: Project, crosscheck: Crosscheck) -> None:
    path = project.write_evidence()
    for words in (TRACE, ("trace", "--evidence", path)):
        found = crosscheck(*words, *sources(project))
        assert found.code == 0, found.err
        assert "11 of 11 proved, by evidence of Lean" in " ".join(found.out.split())
        assert "11 mirrored, 11 proved with evidence" in found.last
        assert "not against forgery" in " ".join(found.out.split())


@pytest.mark.parametrize(("how", "code", "required", "said"), TAMPERED, ids=IDS)
def test_tampered(
    project: Project, crosscheck: Crosscheck, how: Tamper, code: int, required: int, said: str
) -> None:
    project.write_evidence()
    how(project)
    found = crosscheck("trace", *sources(project))
    assert found.code == code, found.out + found.err
    assert said in " ".join((found.out + found.err).split())
    assert "→ proved" not in found.out
    demanded = crosscheck(*TRACE, *sources(project))
    assert (demanded.code, demanded.err.count("\n")) == (required, 1)


@pytest.mark.parametrize(
    "how",
    [
        statement_in_yaml_only,
        definition_beneath_a_theorem,
        sorry_added,
        other_toolchain,
        other_mathlib,
        mirror_stale,
    ],
)
def test_evidence_that_was_named_and_has_lapsed_is_refused(project: Project, how: Tamper) -> None:
    path = project.write_evidence()
    assert find_evidence(path, project.library(), project.lean) is not None
    how(project)
    with pytest.raises(InputError, match="this evidence has lapsed: ") as caught:
        find_evidence(path, project.library(), project.lean)
    assert (caught.value.exit_code, caught.value.hint) == (2, "run `crosscheck lean export`")
    with pytest.raises(AbsentError, match="this evidence has lapsed: "):
        find_evidence(None, project.library(), project.lean, required=True)
    found = find_evidence(None, project.library(), project.lean)
    assert found is not None
    assert found[0].holding is None


def renewed(project: Project) -> None:
    """A person accepts the new text."""
    from harness.cli import main

    assert main(["review", "--all", *sources(project)]) == 0


# How, what Lean would say of it once it is built and exported again, the reason.
REBUILT: list[tuple[Tamper, dict[str, Any], str]] = [
    (sorry_added, {"sumExp_apply": {"usesSorry": True}}, "sumExp_apply rests on `sorry`"),
    (axiom_added, {"sumExp_apply": {"axioms": ["cheat"]}}, "rests on the axiom cheat"),
    (
        mirror_stale,
        {"softmaxVec_zero": {"mirror": None}},
        "Mirror.lean does not restate Proofs.Autograd.softmaxVec_zero",
    ),
    (
        statement_in_lean_only,
        {
            "sumExp_apply": {
                "mirror": {"name": "Mirror.x", "alphaEqual": False, "reducibleDefEq": False}
            }
        },
        "Proofs.Autograd.sumExp_apply states something else than the spec",
    ),
]


@pytest.mark.parametrize(
    ("how", "facts", "reason"), REBUILT, ids=lambda one: getattr(one, "__name__", "")
)
def test_a_new_export_does_not_prove_what_was_tampered_with(
    project: Project, crosscheck: Crosscheck, how: Tamper, facts: dict[str, Any], reason: str
) -> None:
    how(project)
    project.remirror()
    clean = {proof_of(spec, project.evidence()).state for spec in project.library().specs}
    assert clean == {"proved"}
    project.write_evidence(**facts)
    found = crosscheck("trace", *sources(project))
    assert found.code == 1
    assert reason in " ".join(found.out.split())
    demanded = crosscheck(*TRACE, *sources(project))
    assert demanded.code == 3
    assert reason in demanded.err


@pytest.mark.parametrize(("how", "word"), [(sorry_added, "sorry"), (axiom_added, "axiom")])
def test_what_no_proof_may_rest_on_is_told_without_lean(
    project: Project, crosscheck: Crosscheck, how: Tamper, word: str
) -> None:
    """An axiom that no shown declaration names, too: only Lean knows what rests on it."""
    quick = ("check", "sumExp_apply", "--effort", "quick", "--backend", "numpy")
    for words in (("trace",), quick):
        assert "beware" not in crosscheck(*words, *sources(project)).out
    how(project)
    for words in (("trace",), quick):
        found = crosscheck(*words, *sources(project))
        place = f"{word} (Proofs/Autograd/Softmax.lean:"
        assert f"beware    {place}" in found.out
        own = f"the Lean text has {place}" in found.out
        assert own == (word == "sorry")  # the axiom is not in the text of the declaration


def test_a_difference_is_shown_once_in_the_matrix(project: Project, crosscheck: Crosscheck) -> None:
    definition_beneath_a_theorem(project)
    found = crosscheck("trace", *sources(project))
    assert found.out.count("+def Proofs.Autograd.dotCLM") == 1
    assert "as shown above" in found.out


def test_a_suggestion_is_no_restatement(project: Project, crosscheck: Crosscheck) -> None:
    theorem_renamed(project)
    said = " ".join(crosscheck("trace", *sources(project)).out.split())
    assert "did you mean 'Proofs.Autograd.softmaxVec_add_number'?" in said


def test_a_renamed_theorem_is_missing_from_a_new_export(project: Project) -> None:
    from harness.lean.evidence_model import Export
    from harness.lean.export import assemble
    from tests.lean_evidence.conftest import export_data

    theorem_renamed(project)
    data = export_data(project.library())
    gone = "Proofs.Autograd.softmaxVec_add_const"
    data["declarations"] = [one for one in data["declarations"] if one["name"] != gone]
    with pytest.raises(InputError, match=f"do not agree on {gone}"):
        assemble(
            Export.model_validate(data),
            project.library(),
            project.lean,
            mathlib="",
            crosscheck="",
            made="",
        )


def test_a_changed_proof_is_not_suspect(project: Project, crosscheck: Crosscheck) -> None:
    replaced(project.softmax, "Real.exp (x i) := rfl", "Real.exp (x i) := by rfl")
    found = crosscheck("trace", *sources(project))
    assert found.code == 0
    assert "suspect" not in found.out


def test_a_changed_definition_is_suspect_until_it_is_reviewed(
    project: Project, crosscheck: Crosscheck
) -> None:
    definition_beneath_a_theorem(project)
    found = crosscheck("trace", "dotCLM_apply", *sources(project))
    assert found.code == 1
    assert "-def Proofs.Autograd.dotCLM" in found.out
    assert "(2 * y j) • evalCLM j" in found.out
    checked = crosscheck(
        "check", "dotCLM_apply", "--effort", "quick", "--backend", "numpy", *sources(project)
    )
    assert checked.code == 1
    assert "is suspect: the Lean text changed since it was reviewed" in checked.out
    assert "the definition of Proofs.Autograd.dotCLM changed" in " ".join(checked.out.split())
    renewed(project)
    assert crosscheck("trace", *sources(project)).code == 0


def test_check_shows_the_evidence(project: Project, crosscheck: Crosscheck) -> None:
    words = ("check", "sumExp", "--effort", "quick", "--backend", "numpy", "--dtype", "float32")
    without = crosscheck(*words, "--require-lean", *sources(project))
    assert without.code == 3
    project.write_evidence()
    found = crosscheck(*words, "--require-lean", "--json", "out.json", *sources(project))
    assert found.code == 0, found.err
    assert "by Lean 4.31.0, Mathlib fabf563a7c95: holds" in " ".join(found.out.split())
    data = json.loads(Path("out.json").read_text("utf-8"))
    assert data["evidence"]["lapsed"] == []
    assert {one["lean"]["proved"] for one in data["declarations"]} == {"proved"}
    assert found.last.endswith("1 proved, by its evidence.")


def test_an_elaborated_type_that_changes_makes_a_link_suspect(
    project: Project, crosscheck: Crosscheck
) -> None:
    """Such as by another instance or notation, which the scanner cannot see."""
    project.write_evidence()
    renewed(project)  # there is evidence: the digests of the types are stored, too
    assert "lean1: lean1:" in (project.specs / "softmax" / "sumExp.yaml").read_text("utf-8")
    assert crosscheck(*TRACE, *sources(project)).code == 0
    project.write_evidence(sumExp={"type": "what another instance gives"})
    found = crosscheck("trace", "sumExp", *sources(project))
    assert found.code == 1
    said = " ".join(found.out.split())
    assert "Lean gives it another type than when it was reviewed" in said
    assert "-the type of Proofs.Autograd.sumExp +what another instance gives" in said
    checked = crosscheck(
        "check", "sumExp", "--effort", "quick", "--backend", "numpy", *sources(project)
    )
    assert checked.code == 1
    assert "-the type of Proofs.Autograd.sumExp +what another instance gives" in " ".join(
        checked.out.split()
    )
