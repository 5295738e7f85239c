"""The end of elaboration: unique names, known lengths, one spelling of eta."""

from __future__ import annotations

import pytest

from harness.errors import InputError
from harness.statement.printer import show_term
from harness.statement.substitute import lengths_in
from harness.statement.term import Call, Relation
from harness.statement.traverse import bound_by, subterms
from harness.statement.type_of import type_of
from tests.statement.scopes import statement


def test_copies_of_a_binder_get_names_of_their_own() -> None:
    term = statement("∀ {n : ℕ} (x : Vec n), let s := ∑ i, x i; s * s = s")
    assert "(∑ i : Fin n, x i) * (∑ i_1 : Fin n, x i_1) = ∑ i_2 : Fin n, x i_2" in show_term(term)


def test_no_unknown_length_is_left() -> None:
    term = statement(
        "∀ {n : ℕ} (x : Vec (n + 1)) (h : 0 < n), softmaxVec (softmaxVecOfFun fun i => x i) = x"
    )
    for below in subterms(term):
        kinds = [type_of(below), *(var.type for var in bound_by(below))]
        for length in [length for kind in kinds for length in lengths_in(kind)]:
            assert set(length.variables) <= {"n"}


def test_sizes_are_renamed_everywhere() -> None:
    term = statement("∀ {n : ℕ} (x : Vec n), 1 = 1 → ∀ {n : ℕ} (y : Vec n), ∑ i, y i = ∑ i, x i")
    assert show_term(term) == (
        "∀ {n : ℕ} (x : Vec n) {n_1 : ℕ} (y : Vec n_1), "
        "1 = 1 → ∑ i : Fin n_1, y i = ∑ i_1 : Fin n, x i_1"
    )


def test_eta_is_written_one_way() -> None:
    term = statement("∀ {n : ℕ} (f : Fin n → ℝ) (x : Vec n), softmaxVecOfFun (fun i => f i) = x")
    assert isinstance(term.body, Relation)
    assert term.body.left == Call(
        "softmaxVecOfFun", (term.variables[1],), type_of(term.variables[2])
    )


def test_a_term_deeper_than_its_text_is_refused() -> None:
    lets = "".join(f"let a{k + 1} := 1 + (1 + (1 + a{k})); " for k in range(60))
    with pytest.raises(InputError, match="nested"):
        statement(f"∀ a0 : ℝ, {lets}a60 = 0")
