"""The steps that people read give the very numbers of the walk."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from harness.evaluate.charge import SLACK
from harness.evaluate.steps import Unsaid, derive
from harness.statement.printer import show_term
from harness.statement.term import Call, Coord, Definition, Unary, Var
from harness.statement.types import REAL, FinType, Length, VecType
from tests.evaluate.formula_values import (
    ROUGH,
    WAYS,
    inputs,
    last_error,
    sets_of,
    symbols,
    walked_bound,
)

N = Length(("n",))
X, INDEX = Var("x", VecType(N)), Var("i", FinType(N))


@pytest.mark.parametrize(("constant", "equations"), WAYS)
@pytest.mark.parametrize("n", [1, 3, 17])
def test_the_last_error_is_the_bound_of_the_walk(
    constant: str, equations: Mapping[str, Definition], n: int
) -> None:
    given = inputs(equations[constant], n)
    walked = walked_bound(constant, equations, given, "float32")
    derivation = derive(constant, "", equations)
    said = last_error(derivation, {**given, **symbols(ROUGH, "float32", n)}, equations, n)
    nodes = len(derivation.steps)
    # Apart from the walk's allowance for its own rounding, once a node, and what it cannot hold.
    assert (said <= walked * (1 + 1e-12)).all()
    assert (walked <= said * SLACK ** (4 * nodes) + 1e-300).all()


def test_equal_nodes_are_one_step() -> None:
    equations = sets_of("softmaxJvp")[1]
    derivation = derive("softmaxJvp", "factored", equations)
    named_steps = {text: step for step in derivation.steps for text in step.is_result_of}
    assert set(named_steps) == {"softmaxVec x i", "dotCLM (softmaxVec x) dx", "softmaxJvp x dx i"}
    assert [step.rule for step in derivation.steps].count("exp") == 1
    assert show_term(derivation.steps[1].error) == "u * |x i - v1|"
    assert show_term(derivation.steps[0].error) == "0"  # the maximum of exact numbers


def test_what_has_no_rule_is_unsaid() -> None:
    odd = Definition("odd", (X,), None, Unary("odd", Coord(X, INDEX)), REAL)
    with pytest.raises(Unsaid, match="no step for odd"):
        derive("odd", "", {"odd": odd})
    lost = Definition("lost", (X,), None, Call("none", (X,), REAL), REAL)
    with pytest.raises(Unsaid, match="none has no equation"):
        derive("lost", "", {"lost": lost})
