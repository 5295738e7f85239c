"""The remainder enclosure: it holds the right derivative and excludes one of the wrong order."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from harness.conformance.claim import claim_of
from harness.conformance.remainder import remainders
from harness.conformance.run import form_table
from harness.conformance.workbench import Workbench
from harness.evaluate.balls import Scene, precision
from harness.evaluate.oracle import balls_of
from harness.specs.load import load_specs
from harness.specs.locate import find_specs
from harness.statement.term import Binary, Coord, Lambda, Num, Tabulate, Var
from harness.statement.types import FinType, VecType

LIBRARY = load_specs(find_specs(None).path)
BENCH = Workbench(form_table(LIBRARY), "quick", 1)
CLAIM = claim_of(LIBRARY.statement(LIBRARY.by_name("hasFDerivAt_softmaxVec")))


def answers(term):
    rng = np.random.default_rng(5)
    numbers = {v: balls_of(rng.normal(size=3)) for v in CLAIM.sampled}
    with precision(256):
        return list(remainders(BENCH, term, Scene(numbers, {"n": 3})))


def doubled(derivative: Lambda) -> Lambda:
    kind = derivative.var.type
    assert isinstance(kind, VecType)
    index = Var("k", FinType(kind.length))
    twice = Binary("mul", Num(Fraction(2)), Coord(derivative.body, index))
    return replace(derivative, body=Tabulate(index, twice, kind))


def test_the_derivative_of_softmax_is_enclosed_in_every_direction() -> None:
    found = answers(CLAIM.derivatives[0])
    assert len(found) == 6 and set(found) == {""}


def test_twice_the_derivative_is_refuted() -> None:
    term = CLAIM.derivatives[0]
    found = answers(replace(term, derivative=doubled(term.derivative)))
    assert any(answer and "Taylor" in answer for answer in found)
