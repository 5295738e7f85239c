"""Specs drafted from what Lean said, where no text says it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.errors import InputError
from harness.lean.draft_facts import draft_of_facts, fact_named, link, read_facts
from harness.lean.evidence_model import DeclarationFacts
from harness.specs.load import load_spec
from harness.specs.model import DefSpec, TheoremSpec
from tests.lean_evidence.conftest import Crosscheck, Project


def fact(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "name": name,
        "found": True,
        "kind": "theorem",
        "type": "∀ (x : ℝ),\n  0 < Real.exp x",
        "doc": "It is positive. Always.",
        "module": "Their.Positive",
        "range": None,
        "nameRange": None,
        "axioms": [],
        "usesSorry": False,
        "mirror": None,
        **changes,
    }


def facts(*found: dict[str, Any]) -> tuple[DeclarationFacts, ...]:
    return tuple(DeclarationFacts.model_validate(one) for one in found)


def export_file(folder: Path, *found: dict[str, Any], **more: Any) -> Path:
    path = folder / "export.json"
    data = {"lean": "4.31.0", "module": "Their", "declarations": list(found), **more}
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_a_theorem(tmp_path: Path) -> None:
    made = draft_of_facts("pos", facts(fact("Their.pos"), fact("Their.other")))
    path = tmp_path / "pos.yaml"
    path.write_text(made.text, encoding="utf-8")
    spec = load_spec(path)
    assert isinstance(spec, TheoremSpec)
    assert (spec.name, spec.file) == ("Their.pos", "Their/Positive.lean")
    assert (spec.statement, spec.summary) == ("∀ (x : ℝ), 0 < Real.exp x", "It is positive.")
    assert spec.fingerprint is None  # no text that a person could have read
    assert spec.lean1 is not None
    assert made.todo == ("provenance.requirement", "provenance.text")


def test_a_definition_and_its_lemma(tmp_path: Path) -> None:
    known = facts(
        fact("Their.twice", kind="def", type="ℝ → ℝ"),
        fact("Their.twice_apply", type="∀ (x : ℝ), twice x = x + x"),
    )
    path = tmp_path / "twice.yaml"
    path.write_text(draft_of_facts("Their.twice", known).text, encoding="utf-8")
    spec = load_spec(path)
    assert isinstance(spec, DefSpec)
    assert (spec.type, spec.equation.lemma) == ("ℝ → ℝ", "Their.twice_apply")
    assert spec.equation.statement == "∀ (x : ℝ), twice x = x + x"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Their.pos2", "Lean was not asked for a declaration 'Their.pos2'"),
        ("same", "'same' may be A.same, B.same"),
        ("C.c", "C.c is inductive"),
    ],
)
def test_what_cannot_be_drafted(name: str, said: str) -> None:
    known = facts(fact("A.same"), fact("B.same"), fact("C.c", kind="inductive"))
    with pytest.raises(InputError) as caught:
        draft_of_facts(name, known)
    assert said in caught.value.message
    assert caught.value.hint


def test_what_the_exporter_printed_is_read(tmp_path: Path) -> None:
    missing = {"name": "Their.gone", "found": False}
    assert [one.name for one in read_facts(export_file(tmp_path, fact("A.a"), missing))] == ["A.a"]


def test_what_was_constructed_or_is_something_else_is_refused(
    tmp_path: Path, project: Project
) -> None:
    with pytest.raises(InputError, match="written by hand"):
        read_facts(export_file(tmp_path, fact("A.a"), constructed=True))
    with pytest.raises(InputError, match="constructed by hand"):
        read_facts(project.write_evidence())
    (tmp_path / "text").write_text("no", encoding="utf-8")
    with pytest.raises(InputError, match="not JSON"):
        read_facts(tmp_path / "text")
    with pytest.raises(InputError, match="cannot be read"):
        read_facts(tmp_path / "gone")


def test_new_takes_what_the_source_does_not_show(
    crosscheck: Crosscheck, project: Project, tmp_path: Path
) -> None:
    file = export_file(tmp_path, fact("Their.pos"), fact("Proofs.Autograd.sumExp"))
    words = ("--lean", project.lean, "--specs", project.specs, "--evidence", file)
    found = crosscheck("new", "Their.pos", *words)
    assert found.code == 0, found.err
    assert 'statement: "∀ (x : ℝ), 0 < Real.exp x"' in found.out
    both = crosscheck("new", "sumExp", *words)  # the source has it: its text, and Lean's type
    assert "\nfingerprint: scan1:" in both.out
    known = fact_named("Proofs.Autograd.sumExp", read_facts(file))
    assert known is not None
    assert both.out.endswith(f"{link(known)}\n")
    assert crosscheck("new", "Their.pos", *words[:4]).code == 2
