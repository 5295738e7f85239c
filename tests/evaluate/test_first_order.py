"""The one-line formula is the bound of the walk where u is small."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from harness.evaluate.charge import SLACK
from harness.evaluate.first_order import first_order, shown
from harness.evaluate.formats import FORMATS
from harness.statement.term import Coord, Definition, Term, Var
from tests.evaluate.formula_values import (
    ROUGH,
    WAYS,
    head_of,
    inputs,
    sets_of,
    symbols,
    value_of,
    walked_bound,
)

U = FORMATS["float64"].u


def indices_of(name: Term) -> tuple[Var, ...]:
    """The indices of a coordinate, outermost first."""
    if not isinstance(name, Coord):
        return ()
    assert isinstance(name.index, Var)
    return (*indices_of(name.vector), name.index)


@pytest.mark.parametrize(("constant", "equations"), WAYS)
@pytest.mark.parametrize("n", [1, 3, 17])
def test_u_times_the_formula_is_the_bound_of_the_walk(
    constant: str, equations: Mapping[str, Definition], n: int
) -> None:
    definition = equations[constant]
    given = inputs(definition, n)
    walked = walked_bound(constant, equations, given, "float64")
    formula = first_order(constant, equations)
    values = {**given, **symbols(ROUGH, "float64", n)}
    for one in formula.where:
        found = value_of(one.meaning, values, equations, n, indices_of(one.name))
        values[head_of(one.name)] = found
    free = [param for param in definition.params if param not in given]
    free += [definition.index] if definition.index else []
    said = U * value_of(formula.right, values, equations, n, tuple(free))
    # Products of errors and the bound's allowance for itself are all that is missing.
    assert (said <= walked * (1 + 1e-12)).all()
    assert (walked <= said * SLACK**100 + 1e-300).all()
    assert (np.asarray(walked) > 0).any() or constant == "softmaxVecOfFun"


def test_the_formula_of_softmax_is_the_known_one() -> None:
    (equations,) = sets_of("softmaxVec")
    each = "|x {0} - max x| + 2 * K"
    share = (
        f"(∑ j : Fin n, Real.exp (x j - max x) * ({each.format('j')} + h)) / "
        "(∑ j : Fin n, Real.exp (x j - max x))"
    )
    assert shown(first_order("softmaxVec", equations)) == (
        f"|computed - softmaxVec x i| ≤ u · (|softmaxVec x i| * ({each.format('i')} + {share} + 2))"
    )


def test_what_is_called_keeps_its_name() -> None:
    _, factored = sets_of("softmaxJvp")
    formula = first_order("softmaxJvp", factored)
    assert shown(formula).startswith(
        "|computed - softmaxJvp x dx i| ≤ u · (|softmaxVec x i| * ε1 + "
        "|softmaxVec x i * (dx i - dotCLM (softmaxVec x) dx)| * (ρ1 i + 2))"
    )
    assert [one.relative for one in formula.where] == [True, False]


def test_what_is_only_copied_has_no_error() -> None:
    (equations,) = sets_of("softmaxVecOfFun")
    assert shown(first_order("softmaxVecOfFun", equations)).endswith("≤ u · (0)")
