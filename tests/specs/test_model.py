"""The model of a spec: what each kind holds, and that nothing else gets in."""

from typing import Any

import pytest
from pydantic import ValidationError

from harness.specs.model import KINDS, DefSpec, TheoremSpec

COMMON: dict[str, Any] = {
    "schema": 1,
    "name": "Proofs.Autograd.f'",
    "role": "support",
    "file": "Proofs/Autograd/Softmax.lean",
    "summary": " one line ",
    "provenance": {"requirement": "SOFTMAX-01", "text": "what it requires"},
}
DEF = {
    **COMMON,
    "kind": "def",
    "type": "ℝ",
    "equation": {"statement": "f' = 0", "lemma": "Proofs.Autograd.f'_apply"},
}
THEOREM = {**COMMON, "kind": "theorem", "statement": "0 = 0"}


def test_names_are_short_or_full() -> None:
    spec = DefSpec.model_validate(DEF)
    assert (spec.short_name, spec.namespace) == ("f'", "Proofs.Autograd")
    assert spec.summary == "one line"


def test_optional_keys_are_absent() -> None:
    spec, theorem = DefSpec.model_validate(DEF), TheoremSpec.model_validate(THEOREM)
    assert (spec.fingerprint, spec.facts, spec.equation.form) == (None, (), None)
    assert (theorem.unfolds, theorem.rewrite) == (None, ())


def test_specs_do_not_change() -> None:
    spec = DefSpec.model_validate(DEF)
    with pytest.raises(ValidationError):
        spec.summary = "another"


@pytest.mark.parametrize("claim", ["proved", "tolerance", "implementation", "statement"])
def test_a_spec_claims_nothing_else(claim: str) -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        DefSpec.model_validate({**DEF, claim: "x"})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "f"),
        ("name", "A..b"),
        ("name", "A.b c"),
        ("name", "A.b\n"),
        ("file", "/Proofs/A.lean"),
        ("file", "../A.lean"),
        ("file", "Proofs\\A.lean"),
        ("file", "Proofs/A.olean"),
        ("fingerprint", "scan1:" + "0" * 63),
        ("fingerprint", "scan1:" + "A" * 64),
        ("summary", "two\nlines"),
        ("summary", "  "),
        ("type", ""),
        ("schema", 2),
    ],
)
def test_values_that_are_refused(key: str, value: object) -> None:
    with pytest.raises(ValidationError):
        DefSpec.model_validate({**DEF, key: value})


def test_each_kind_is_the_word_of_its_model() -> None:
    for kind, model in KINDS.items():
        assert model.model_json_schema()["properties"]["kind"]["const"] == kind
