"""What checks share is made once, and only what belongs together is shared."""

from __future__ import annotations

import numpy as np
import pytest

from harness.cells.cell import Cell
from harness.conformance.form_table import form_table
from harness.conformance.sheet import Sheet, one_cell
from harness.conformance.workbench import Workbench, arguments_of, is_sheet_of
from harness.evaluate.arithmetic import named
from harness.specs.library import SpecLibrary
from harness.statement.term import Var


@pytest.fixture
def bench(library: SpecLibrary) -> Workbench:
    return Workbench(form_table(library), "quick", 1)


def sheet(bench: Workbench, constant: str, n: int = 3) -> Sheet:
    cell = Cell(1, "float32", n, "normal", "normal", batch=(5,))
    return one_cell(bench.own[constant].params, cell)


def test_a_thing_is_made_once_for_each_key(bench: Workbench) -> None:
    made: list[str] = []

    def make() -> str:
        made.append("again")
        return str(len(made))

    assert [bench.once("a", make), bench.once("a", make), bench.once("b", make)] == ["1", "1", "2"]


def test_two_constants_over_the_same_numbers_share_sheets_and_no_references(
    bench: Workbench,
) -> None:
    softmax, total = bench.own["softmaxVec"].params, bench.own["sumExp"].params
    assert bench.sheets(softmax, "float32") is bench.sheets(softmax, "float32")
    ours, theirs = sheet(bench, "softmaxVec"), sheet(bench, "sumExp")
    assert ours.key == theirs.key and softmax == total
    assert bench.reference("softmaxVec", ours) is bench.reference("softmaxVec", theirs)
    assert bench.reference("sumExp", ours) is not bench.reference("softmaxVec", ours)


def test_a_bound_belongs_to_a_promise(bench: Workbench) -> None:
    one = sheet(bench, "softmaxVec")
    strict = bench.bound("softmaxVec", one, named("ieee"))
    assert bench.bound("softmaxVec", one, named("ieee")) is strict
    lax = bench.bound("softmaxVec", one, named("exp2"))
    assert (lax.error >= strict.error).all() and (lax.error > strict.error).any()


def test_the_first_variables_make_a_sheet_of_the_same_numbers(bench: Workbench) -> None:
    both = sheet(bench, "softmaxJvp")
    alone = bench.first(both, 1)
    assert bench.first(both, 1) is alone and bench.first(both, 2) is both
    (x,) = alone.variables
    assert np.array_equal(alone.arrays[x], both.arrays[x])
    assert np.array_equal(alone.arrays[x], sheet(bench, "softmaxVec").arrays[Var("x", x.type)])
    assert is_sheet_of(bench.own["softmaxVec"], alone)
    assert not is_sheet_of(bench.own["softmaxVec"], both)


def test_the_arguments_of_a_definition_follow_its_parameters(bench: Workbench) -> None:
    definition = bench.own["softmaxDerivCoord"]
    x, i, dx = arguments_of(definition, sheet(bench, "softmaxDerivCoord"))
    assert i == range(3)
    assert isinstance(x, np.ndarray) and isinstance(dx, np.ndarray)
    assert x.shape == dx.shape == (5, 3) and not np.array_equal(x, dx)


def test_the_reference_does_not_overflow_where_the_result_exists(bench: Workbench) -> None:
    """The own equation of softmax has exp of 88 and more; a licensed form has not."""
    cell = Cell(1, "float32", 3, "one_hot_extreme", "normal", batch=(5,))
    huge = one_cell(bench.own["softmaxVec"].params, cell)
    assert max(abs(a).max() for a in huge.arrays.values()) > 1000
    found = bench.reference("softmaxVec", huge)
    assert not found.out_of_range.any() and np.isfinite(found.value).all()
    assert np.allclose(found.value.sum(axis=-1), 1)


def test_a_scratch_bench_forgets(bench: Workbench) -> None:
    one = sheet(bench, "softmaxVec")
    kept = bench.reference("softmaxVec", one)
    other = bench.scratch()
    again = other.reference("softmaxVec", one)
    assert again is not kept and np.array_equal(again.value, kept.value)
    assert bench.reference("softmaxVec", one) is kept
