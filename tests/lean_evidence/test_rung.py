"""*Proved* is computed: from facts that suffice, and from nothing else."""

from __future__ import annotations

import re
from typing import Any

import pytest

from harness.lean.evidence_model import Evidence
from harness.lean.rung import ALLOWED_AXIOMS, NO_EVIDENCE, Proof, lean1_of, proof_of
from tests.lean_evidence.conftest import Project

UNEQUAL = {"mirror": {"name": "Mirror.x", "alphaEqual": False, "reducibleDefEq": False}}
REDUCIBLE = {"mirror": {"name": "Mirror.x", "alphaEqual": False, "reducibleDefEq": True}}


def proof(ours: Project, name: str, **changes: dict[str, Any]) -> Proof:
    return proof_of(ours.library().by_name(name), ours.evidence(**changes))


def test_clean_evidence_proves_everything(ours: Project) -> None:
    evidence = ours.evidence()
    assert {proof_of(spec, evidence) for spec in ours.library().specs} == {Proof("proved")}


def test_without_evidence_nothing_is_known(ours: Project) -> None:
    assert proof_of(ours.library().by_name("sumExp"), None) == NO_EVIDENCE
    assert NO_EVIDENCE.state == "no evidence"


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"usesSorry": True}, "rests on `sorry`"),
        ({"axioms": ["propext", "sorryAx"]}, "rests on `sorry`"),
        ({"axioms": ["propext", "cheat"]}, "rests on the axiom cheat"),
        ({"axioms": ["b", "a", "Quot.sound"]}, "rests on the axioms a, b"),
        ({"axioms": ["Lean.ofReduceBool"]}, "rests on the axiom Lean.ofReduceBool"),
        ({"kind": "axiom"}, "is axiom in Lean, not theorem"),
        ({"kind": "def"}, "is def in Lean, not theorem"),
        ({"mirror": None}, "Mirror.lean does not restate"),
        (UNEQUAL, "states something else than the spec"),
    ],
)
def test_what_keeps_a_theorem_from_being_proved(
    ours: Project, facts: dict[str, Any], reason: str
) -> None:
    found = proof(ours, "softmaxJvp_eq_deriv", softmaxJvp_eq_deriv=facts)
    assert found.state == "not proved"
    assert reason in found.reason
    assert proof(ours, "inner_softmaxJvp_comm", softmaxJvp_eq_deriv=facts).state == "proved"


def test_a_reducible_difference_is_said(ours: Project) -> None:
    found = proof(ours, "softmaxJvp_eq_deriv", softmaxJvp_eq_deriv=REDUCIBLE)
    assert found == Proof(
        "proved",
        "Proofs.Autograd.softmaxJvp_eq_deriv says the same once abbreviations are unfolded",
    )


@pytest.mark.parametrize("axioms", [[], ["propext"], sorted(ALLOWED_AXIOMS)])
def test_lean_s_own_axioms_are_allowed(ours: Project, axioms: list[str]) -> None:
    facts = {"axioms": axioms}
    assert proof(ours, "softmaxVec_zero", softmaxVec_zero=facts).state == "proved"


@pytest.mark.parametrize("lemma", ["softmaxVec_apply", "softmaxVec_zero"])
def test_a_definition_is_proved_by_its_lemmas(ours: Project, lemma: str) -> None:
    found = proof(ours, "softmaxVec", **{lemma: {"usesSorry": True}})
    assert found == Proof("not proved", f"Proofs.Autograd.{lemma} rests on `sorry`")
    assert proof(ours, "softmaxVec", **{lemma: UNEQUAL}).state == "not proved"


def test_a_definition_itself_must_be_one(ours: Project) -> None:
    found = proof(ours, "softmaxVec", softmaxVec={"kind": "opaque"})
    assert found == Proof("not proved", "Proofs.Autograd.softmaxVec is opaque in Lean, not def")
    assert proof(ours, "softmaxVec", softmaxVec={"axioms": ["cheat"]}).state == "not proved"


def test_an_abbreviation_is_proved_by_its_restatement(ours: Project) -> None:
    assert proof(ours, "Vec").state == "proved"
    assert proof(ours, "Vec", Vec_value={"axioms": ["sorryAx"]}).state == "not proved"
    assert proof(ours, "Vec", Vec={"kind": "def"}).state == "not proved"


def test_a_declaration_that_the_evidence_lacks(ours: Project) -> None:
    evidence = ours.evidence()
    less = [one for one in evidence.declarations if one.name != "Proofs.Autograd.sumExp_apply"]
    evidence = evidence.model_copy(update={"declarations": less})
    reason = "the evidence does not have Proofs.Autograd.sumExp_apply"
    for name in ("sumExp", "sumExp_apply"):
        assert proof_of(ours.library().by_name(name), evidence) == Proof("not proved", reason)


def test_the_digest_of_an_elaborated_type(ours: Project) -> None:
    name = "Proofs.Autograd.sumExp"

    def digest(evidence: Evidence) -> str | None:
        return lean1_of(name, evidence)

    clean = digest(ours.evidence())
    assert clean
    assert re.fullmatch(r"lean1:[0-9a-f]{64}", clean)
    assert digest(ours.evidence(sumExp={"type": "another"})) != clean
    assert digest(ours.evidence(sumExp={"kind": "abbrev"})) != clean
    assert digest(ours.evidence(sumExp={"doc": "another"})) == clean
    assert lean1_of("Proofs.Autograd.absent", ours.evidence()) is None
