"""The walk is never wrong: 100,000 inputs of random trees, and programs that break their promise.

`python -m benchmarks.walk_property` runs the same attack at any length. What it found is kept, by
hand, in the tests of the rules that were wrong.
"""

from __future__ import annotations

import pytest

from tests.evaluate.attack import Score, Target, attack
from tests.evaluate.attacked import BROKEN, TARGETS
from tests.evaluate.trees import grow

ROWS = 400
TREES = 14  # for each target: 21 x 14 x 400 = 117,600 inputs, three programs each

KINDS = {
    "Num", "Var", "Coord", "FinLiteral", "NatCast", "Power", "Sum", "Max", "Tabulate", "Lambda",
    "Apply", "Call", "Binary add", "Binary sub", "Binary mul", "Binary div", "Unary neg",
    "Unary exp", "Unary log", "Unary sqrt", "Unary abs",
}  # fmt: skip


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_no_program_exceeds_its_bound(target: Target) -> None:
    score = Score()
    first = 1000 * TARGETS.index(target)
    for seed in range(first, first + TREES):
        attack(grow(seed), target, ROWS, seed, score)
    assert not score.found, str(score.found[0])
    # And the attack was one: most results are judged, some bounds are 0, some are nearly reached.
    assert score.judged > 0.4 * (score.judged + score.unbounded) > 0
    assert score.out_of_range < 0.6 * score.inputs
    assert score.worst[target.name] > 0.5
    assert score.exact > 0 or not target.arithmetic.exact


@pytest.mark.parametrize("target", BROKEN, ids=lambda target: target.name)
def test_programs_that_break_their_promise_are_found(target: Target) -> None:
    score = Score()
    for seed in range(60):
        attack(grow(seed), target, 50, seed, score)
        if score.found:
            return
    raise AssertionError(f"{target.name} stayed inside its bounds")


def test_all_kinds_of_nodes_are_grown() -> None:
    score = Score()
    target = TARGETS[0]
    for seed in range(60):
        attack(grow(seed), target, 1, seed, score)
    assert KINDS - score.kinds.keys() == set()
    assert {grow(seed).n for seed in range(30)} == {0, 1, 2, 3, 4}
