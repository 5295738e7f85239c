"""What the judges look up in a library of specs."""

import dataclasses
import pickle
import time

import pytest

from harness.errors import InputError
from harness.specs.library import SpecLibrary
from harness.specs.load import load_specs
from harness.specs.locate import find_specs
from harness.statement.substitute import constants_of
from harness.statement.term import HasFDerivAt
from tests.specs.conftest import Change

SPECS = find_specs(None).path


def test_names_may_be_short_or_full(library: SpecLibrary) -> None:
    spec = library.by_name("softmaxVec")
    assert spec.name == "Proofs.Autograd.softmaxVec"
    assert library.by_name("Proofs.Autograd.softmaxVec") is spec
    assert library.by_name("_root_.Proofs.Autograd.softmaxVec") is spec


def test_an_unknown_name(library: SpecLibrary) -> None:
    with pytest.raises(InputError, match="no spec is named 'softmaxVek'") as caught:
        library.by_name("softmaxVek")
    assert caught.value.hint == "did you mean 'softmaxVec'?"


def test_words_select_by_name_and_by_file(library: SpecLibrary) -> None:
    file = SPECS / "softmax" / "sumExp.yaml"
    chosen = library.select(["softmaxVec", str(file), "sumExp"])
    assert [spec.short_name for spec in chosen] == ["softmaxVec", "sumExp"]
    assert library.select([]) == library.specs
    with pytest.raises(InputError, match="is none of the specs") as caught:
        library.select([str(SPECS / "spec.schema.json")])
    assert "--specs" in caught.value.hint


def test_every_constant_is_unfolded_once(library: SpecLibrary) -> None:
    constants = {
        "softmaxVecOfFun",
        "sumExp",
        "softmaxVec",
        "dotCLM",
        "softmaxDerivCoord",
        "softmaxDerivCLM",
        "softmaxJvp",
        "ContinuousLinearMap.pi",
    }
    assert set(library.definitions) == constants == set(library.scope.signatures)
    assert library.unfolded["ContinuousLinearMap.pi"] == "Proofs.Autograd.pi_apply_vec"
    assert library.unfolded["sumExp"] == "Proofs.Autograd.sumExp"
    for constant, definition in library.definitions.items():
        assert definition.constant == constant
        assert set(constants_of(definition.body)) <= constants - {constant}


def test_forms_of_the_base_equations(library: SpecLibrary) -> None:
    assert {name: form for name, form in library.base_forms.items() if form} == {
        "softmaxVec": "as_written",
        "softmaxJvp": "factored",
        "softmaxDerivCLM": "expanded",
        "softmaxDerivCoord": "expanded",
    }


def test_statements_of_theorems_and_equations_of_defs(library: SpecLibrary) -> None:
    derivative = library.statement(library.by_name("hasFDerivAt_softmaxVec"))
    assert isinstance(derivative.body, HasFDerivAt)
    equation = library.statement(library.by_name("sumExp"))
    assert equation == library.statement(library.by_name("sumExp_apply"))
    assert [len(facts) for facts in library.facts.values()].count(1) == 2
    with pytest.raises(InputError, match="has no statement"):
        library.statement(library.by_name("Vec"))


def test_places_point_into_the_files(library: SpecLibrary) -> None:
    spec = library.by_name("softmaxVec")
    place = library.place(spec, "facts", 0, "statement")
    lines = (SPECS / "softmax" / "softmaxVec.yaml").read_text(encoding="utf-8").split("\n")
    assert lines[place.line - 1][place.column - 1 :] == '∀ x : Vec 0, softmaxVec x = x"'


def test_the_digest_follows_the_texts_and_nothing_else(
    changed: Change, library: SpecLibrary
) -> None:
    folder = changed("sumExp", "\n", "\r\n")
    assert load_specs(folder).digest == library.digest
    changed("sumExp", "summary: The sum", "summary: A sum")
    assert load_specs(folder).digest != library.digest


def test_a_library_can_be_sent_to_another_process(library: SpecLibrary) -> None:
    again = pickle.loads(pickle.dumps(library))
    assert dataclasses.asdict(again)["digest"] == library.digest
    assert again.definitions == library.definitions


def test_loading_is_quick() -> None:
    started = time.process_time()
    load_specs(SPECS)
    assert time.process_time() - started < 1.0
