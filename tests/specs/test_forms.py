"""Licensed forms are built as terms, and wrong licences are refused in their place."""

from pathlib import Path

import pytest

from harness.errors import InputError
from harness.specs.forms import Rewrite, unfold
from harness.specs.library import SpecLibrary
from harness.specs.load import load_specs
from harness.statement.elaborate import elaborate
from harness.statement.parse import parse
from harness.statement.printer import show_term
from harness.statement.substitute import constants_of
from harness.statement.term import Relation, Sum, Term
from tests.specs.conftest import Change

LICENCE = "rewrite:\n  - constant: softmaxVec\n    form: other\nprovenance:"
SHIFTED = "softmaxVecOfFun (fun i_1 : Fin n => x i_1 + -max x)"
ADD_CONST = """\
  ∀ {n : ℕ} (x : Vec n) (c : ℝ),
  softmaxVec (softmaxVecOfFun fun i => x i + c) = softmaxVec x
rewrite:
  - constant: softmaxVec
"""
TWO_VECTORS = """\
  ∀ {n : ℕ} (x dx : Vec n) (c : ℝ),
  softmaxJvp x dx = softmaxVecOfFun fun i => softmaxJvp x dx i + (c - c)
rewrite:
  - constant: softmaxJvp
"""


def rewrite(library: SpecLibrary, constant: str, form: str) -> Rewrite:
    (found,) = [r for r in library.rewrites if (r.constant, r.form) == (constant, form)]
    return found


def left_side(library: SpecLibrary, text: str) -> Term:
    body = elaborate(parse(text), library.scope).body
    assert isinstance(body, Relation)
    return body.left


def test_the_licences_of_this_theory(library: SpecLibrary) -> None:
    assert {(r.constant, r.form, r.lemma.rpartition(".")[2]) for r in library.rewrites} == {
        ("softmaxVec", "shifted", "softmaxVec_add_const"),
        ("softmaxJvp", "expanded", "softmaxJvp_eq_deriv"),
        ("softmaxDerivCLM", "factored", "softmaxJvp_eq_deriv"),
        ("softmaxDerivCoord", "factored", "softmaxDerivCoord_eq_softmaxJvp"),
    }


def test_definitions_of_forms_have_the_shape_of_base_definitions(library: SpecLibrary) -> None:
    for found in library.rewrites:
        base, form = library.definitions[found.constant], found.definition
        assert [var.type for var in form.params] == [var.type for var in base.params]
        assert (form.index is None) == (base.index is None)
        assert form.type == base.type
        assert found.constant not in constants_of(form.body)


@pytest.mark.parametrize(
    ("constant", "form", "text"),
    [
        ("softmaxVec", "shifted", f"Real.exp ({SHIFTED} i) / sumExp ({SHIFTED})"),
        ("softmaxJvp", "expanded", "softmaxDerivCLM x dx i"),
        ("softmaxDerivCLM", "factored", "softmaxJvp x dx i"),
        ("softmaxDerivCoord", "factored", "softmaxJvp x dx i"),
    ],
)
def test_what_the_forms_say(library: SpecLibrary, constant: str, form: str, text: str) -> None:
    assert show_term(rewrite(library, constant, form).definition.body) == text


def test_unfolding_takes_the_sizes_of_the_call(library: SpecLibrary) -> None:
    call = left_side(library, "∀ {m : ℕ} (u : Vec (m + 1)), sumExp u = 0")
    unfolded = unfold(call, library.definitions["sumExp"])
    assert isinstance(unfolded, Sum)
    assert str(unfolded.index.type) == "Fin (m + 1)"


def test_unfolding_does_not_capture(library: SpecLibrary) -> None:
    text = (
        "∀ {n : ℕ} (x : Vec n) (i : Fin n), softmaxVec (softmaxVecOfFun fun j => x j + x i) i = 0"
    )
    unfolded = unfold(left_side(library, text), library.definitions["softmaxVecOfFun"])
    unfolded = unfold(unfolded, library.definitions["softmaxVec"])
    expected = "∀ {n : ℕ} (x : Vec n) (i : Fin n), Real.exp (x i + x i) / 1 = 0"
    right = left_side(library, expected)
    assert show_term(unfolded).split(" / ")[0] == show_term(right).split(" / ")[0]


@pytest.mark.parametrize(
    ("name", "old", "new", "message", "hint"),
    [
        ("softmaxVec_add_const", "t: softmaxVec\n", "t: sumExp\n", "no side of the equation", ""),
        ("softmaxVec_add_const", "t: softmaxVec\n", "t: softmaxVek\n", "no spec defines", "Vec'?"),
        ("softmaxVec_add_const", "    choose: {c: neg_max}\n", "", "what to put for 'c'", "c: neg"),
        ("softmaxVec_add_const", "{c: neg_max}", "{d: neg_max}", "'choose' names 'd'", ": c"),
        ("softmaxVec_add_const", "form: shifted", "form: as_written", "has a form 'as_w", "name"),
        ("softmaxDerivCLM_apply", "provenance:", LICENCE.replace("Vec", "DerivCoord"), "circle:"
         " softmaxDerivCoord → softmaxDerivCLM → softmaxDerivCoord", "another"),
        ("hasFDerivAt_softmaxVec", "provenance:", LICENCE, "only an equation", "a = b"),
        ("softmaxVec_zero", "provenance:", LICENCE, "at special lengths only", "every n"),
        ("softmaxVec_add_const", ADD_CONST, TWO_VECTORS, "softmaxJvp has 2", "remove 'choose'"),
    ],
)  # fmt: skip
def test_wrong_licences_are_placed(
    changed: Change, name: str, old: str, new: str, message: str, hint: str
) -> None:
    with pytest.raises(InputError) as caught:
        load_specs(changed(name, old, new))
    error = caught.value
    assert message in error.message
    assert hint in error.hint
    assert error.place is not None
    assert Path(error.place.file).stem == name
    assert error.place.line > 7
