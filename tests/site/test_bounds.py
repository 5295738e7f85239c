"""The formulas of a page."""

from __future__ import annotations

from harness.site.bounds import bound_records, drawn, licences, licensed
from tests.site.reports import library


def test_a_constant_has_a_formula_for_each_form() -> None:
    found = drawn(library(), "Proofs.Autograd.softmaxJvp", "softmaxJvp")
    records = bound_records(found)
    assert [record.form for record in records] == ["expanded, shifted", "factored, shifted"]
    assert records[1].where.keys() == {"ρ1 i", "ε1"}
    assert records[1].steps[-1].is_result_of == ["softmaxJvp x dx i"]
    assert licensed(library(), "softmaxJvp") == {"expanded": "Proofs.Autograd.softmaxJvp_eq_deriv"}


def test_one_way_has_no_name() -> None:
    (record,) = bound_records(drawn(library(), "Proofs.Autograd.sumExp", "sumExp"))
    assert (record.form, record.formula) == ("", "∑ j : Fin n, Real.exp (x j) * (2 * K + h)")


def test_a_theorem_has_the_bound_of_its_sides() -> None:
    found = drawn(library(), "Proofs.Autograd.inner_softmaxJvp_comm", "")
    assert found.outside is not None and not found.derived
    name = "Proofs.Autograd.softmaxJvp_eq_deriv"
    assert licences(library(), name) == {"softmaxJvp": "expanded", "softmaxDerivCLM": "factored"}


def test_a_type_has_nothing() -> None:
    found = drawn(library(), "Proofs.Autograd.Vec", "")
    assert (found.statement, found.derived, found.outside) == (None, (), None)
