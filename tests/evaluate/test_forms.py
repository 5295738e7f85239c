"""Forms: which equations unfold a constant, for every consistent choice among the allowed ones."""

from __future__ import annotations

import numpy as np
import pytest

from harness.errors import InputError
from harness.evaluate.arithmetic import DEFAULT_FORMS, named
from harness.evaluate.forms import Form, FormTable, equation_sets, own_equations, reached_by
from harness.evaluate.oracle import bound, greatest
from tests.evaluate.terms import (
    AS_WRITTEN,
    DOT,
    DX,
    EXPANDED,
    FACTORED,
    SHIFTED,
    SUM_EXP,
    I,
    X,
    at,
    call,
    definition,
)

# The same map under another name, each defined by the other in one of its forms.
OTHER = definition("softmaxDerivCLM", (X, DX), EXPANDED.body, I)
BY_JVP = definition("softmaxDerivCLM", (X, DX), at(call("softmaxJvp", X, DX), I), I)
BY_OTHER = definition("softmaxJvp", (X, DX), at(call("softmaxDerivCLM", X, DX), I), I)

TABLE: FormTable = {
    "sumExp": (Form("", SUM_EXP),),
    "dotCLM": (Form("", DOT),),
    "softmaxVec": (Form("as_written", AS_WRITTEN), Form("shifted", SHIFTED)),
    "softmaxJvp": (Form("factored", FACTORED), Form("expanded", BY_OTHER)),
    "softmaxDerivCLM": (Form("expanded", OTHER), Form("factored", BY_JVP)),
}


def test_a_constant_without_forms_has_its_own_equation() -> None:
    assert equation_sets(TABLE, "dotCLM", DEFAULT_FORMS) == [{"dotCLM": DOT}]
    assert own_equations(TABLE)["softmaxVec"] is AS_WRITTEN


def test_only_allowed_forms_unfold() -> None:
    (shifted,) = equation_sets(TABLE, "softmaxVec", DEFAULT_FORMS)
    assert shifted == {"softmaxVec": SHIFTED, "sumExp": SUM_EXP}
    naive = frozenset({"as_written", "factored"})
    (written,) = equation_sets(TABLE, "softmaxVec", naive)
    assert written["softmaxVec"] is AS_WRITTEN


def test_every_choice_of_a_form_gives_a_set() -> None:
    sets = equation_sets(TABLE, "softmaxJvp", DEFAULT_FORMS)
    assert len(sets) == 2
    by_form = {s["softmaxJvp"] is FACTORED: s for s in sets}
    assert "softmaxDerivCLM" not in by_form[True]
    assert by_form[False]["softmaxDerivCLM"] is OTHER


def test_forms_do_not_mix_into_a_circle() -> None:
    """softmaxJvp by softmaxDerivCLM and softmaxDerivCLM by softmaxJvp would unfold for ever."""
    for target in ("softmaxJvp", "softmaxDerivCLM"):
        for found in equation_sets(TABLE, target, DEFAULT_FORMS):
            circle = found.get("softmaxJvp") is BY_OTHER
            assert not (circle and found.get("softmaxDerivCLM") is BY_JVP)


def test_an_arithmetic_without_any_form_of_a_constant_is_bad_input() -> None:
    with pytest.raises(InputError, match="none of the forms as_written, shifted"):
        equation_sets(TABLE, "softmaxVec", frozenset({"factored"}))


def test_what_unfolding_meets() -> None:
    equations = equation_sets(TABLE, "softmaxJvp", DEFAULT_FORMS)[0]
    assert {"softmaxJvp", "softmaxVec", "sumExp"} <= set(reached_by(["softmaxJvp"], equations))
    assert reached_by(["unknown"], equations) == ()


def test_the_bound_allows_each_form() -> None:
    random = np.random.default_rng(3)
    arguments = (random.normal(size=(6, 4)), random.normal(size=(6, 4)))
    bounds = [
        bound(found["softmaxJvp"], found, arguments, named("ieee"), "float64")
        for found in equation_sets(TABLE, "softmaxJvp", DEFAULT_FORMS)
    ]
    both = greatest(bounds)
    assert all((both.error >= each.error).all() for each in bounds)
    assert any((both.error > each.error).any() for each in bounds)


def test_a_row_is_out_of_range_when_one_form_leaves_it() -> None:
    forms = [AS_WRITTEN, SHIFTED]
    x = np.array([[1000.0, 0.0], [1.0, 0.0]])
    bounds = [
        bound(f, {"softmaxVec": f, "sumExp": SUM_EXP}, (x,), named("ieee"), "float32")
        for f in forms
    ]
    assert [b.out_of_range.tolist() for b in bounds] == [[True, False], [False, False]]
    assert greatest(bounds).out_of_range.tolist() == [True, False]
