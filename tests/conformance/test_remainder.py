"""The remainder enclosure: it holds the right derivative and excludes one of the wrong order."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from harness.conformance import consistency
from harness.conformance.claim import claim_of
from harness.conformance.consistency import check_consistency
from harness.conformance.form_table import form_table
from harness.conformance.remainder import remainders
from harness.conformance.verdict import Verdict
from harness.conformance.workbench import Workbench
from harness.evaluate.balls import Scene, precision
from harness.evaluate.oracle import balls_of
from harness.specs.load import load_specs
from harness.specs.locate import find_specs
from harness.statement.substitute import substitute
from harness.statement.term import (
    Binary,
    Coord,
    HasFDerivAt,
    Lambda,
    Num,
    Power,
    Sum,
    Tabulate,
    Term,
    Unary,
    Var,
)
from harness.statement.types import FinType, VecType

LIBRARY = load_specs(find_specs(None).path)
BENCH = Workbench(form_table(LIBRARY), "quick", 1)
CLAIM = claim_of(LIBRARY.statement(LIBRARY.by_name("hasFDerivAt_softmaxVec")))


INPUT = ([0.25, 1.5, -0.75], [1.0, -2.25, 0.5])


def answers(term):
    numbers = {v: balls_of(np.array(one)) for v, one in zip(CLAIM.sampled, INPUT, strict=True)}
    with precision(256):
        return list(remainders(BENCH, term, Scene(numbers, {"n": 3})))


def doubled(derivative: Lambda) -> Lambda:
    kind = derivative.var.type
    assert isinstance(kind, VecType)
    index = Var("k", FinType(kind.length))
    twice = Binary("mul", Num(Fraction(2)), Coord(derivative.body, index))
    return replace(derivative, body=Tabulate(index, twice, kind))


def with_bend(derivative: Lambda, bend: Term) -> Lambda:
    """The same derivative, and `bend` more in each coordinate."""
    kind = derivative.var.type
    assert isinstance(kind, VecType)
    index = Var("k", FinType(kind.length))
    more = Binary("add", Coord(derivative.body, index), bend)
    return replace(derivative, body=Tabulate(index, more, kind))


def homogeneous(v: Var) -> Term:
    """Σ|v| - |Σ v|: 0 on the axes, positively homogeneous, not linear."""
    assert isinstance(v.type, VecType)
    j = Var("j", FinType(v.type.length))
    return Binary("sub", Sum(j, Unary("abs", Coord(v, j))), Unary("abs", Sum(j, Coord(v, j))))


def quadratic(v: Var) -> Term:
    """(Σ v)² - Σ v²: 0 on the axes only, of second order."""
    assert isinstance(v.type, VecType)
    j = Var("j", FinType(v.type.length))
    return Binary("sub", Power(Sum(j, Coord(v, j)), 2), Sum(j, Power(Coord(v, j), 2)))


def difference(term: HasFDerivAt) -> Lambda:
    """(f (x + h v) - f x) / h for h = 2^-20, where the derivative is expected."""
    v = term.derivative.var
    kind = v.type
    assert isinstance(kind, VecType) and isinstance(term.point, Var)
    j, k = (Var(name, FinType(kind.length)) for name in "jk")
    step = Binary("mul", Num(Fraction(1, 2**20)), Coord(v, j))
    moved = Tabulate(j, Binary("add", Coord(term.point, j), step), kind)
    here = substitute(term.function.body, {term.function.var: term.point})
    there = substitute(term.function.body, {term.function.var: moved})
    gap = Binary("sub", Coord(there, k), Coord(here, k))
    return replace(
        term.derivative, body=Tabulate(k, Binary("mul", Num(Fraction(2**20)), gap), kind)
    )


def refutation(derivative: Lambda) -> str:
    """What the consistency check says of the statement with another derivative."""
    term = replace(CLAIM.derivatives[0], derivative=derivative)
    result = check_consistency(BENCH, "told", replace(CLAIM, derivatives=(term,)))
    return result.violation.message if result.violation else ""


def test_the_right_derivative_is_consistent_and_the_result_says_what_was_judged() -> None:
    result = check_consistency(BENCH, "told", CLAIM)
    assert result.verdict is Verdict.CONFORMS and result.cases > 50
    assert "linearity" in result.notes[0] and "remainder" in result.notes[0]


def test_a_derivative_that_is_only_homogeneous_is_refuted() -> None:
    term = CLAIM.derivatives[0]
    bent = with_bend(term.derivative, homogeneous(term.derivative.var))
    found = answers(replace(term, derivative=bent))
    along_axes = found[2:]  # the sampled direction comes first
    assert any(found[:2]) and not any(along_axes)
    assert refutation(bent)


def test_a_derivative_that_is_right_on_the_axes_only_is_refuted() -> None:
    term = CLAIM.derivatives[0]
    bent = with_bend(term.derivative, quadratic(term.derivative.var))
    found = answers(replace(term, derivative=bent))
    assert any(found[:2]) and not any(found[2:])
    assert refutation(bent)


def test_a_finite_difference_that_poses_as_a_derivative_is_refuted() -> None:
    term = CLAIM.derivatives[0]
    posing = difference(term)
    assert any(answers(replace(term, derivative=posing)))
    assert refutation(posing)


def test_linearity_alone_refutes_what_is_not_linear() -> None:
    term = CLAIM.derivatives[0]
    numbers = {v: balls_of(np.array(one)) for v, one in zip(CLAIM.sampled, INPUT, strict=True)}
    scene = Scene(numbers, {"n": 3})
    for bend in (homogeneous, quadratic):
        bent = replace(term, derivative=with_bend(term.derivative, bend(term.derivative.var)))
        with precision(256):
            found = list(consistency._linear(BENCH, bent, scene))
        assert any(answer and "is not linear" in answer for answer in found)
    with precision(256):
        assert set(consistency._linear(BENCH, term, scene)) == {""}


def test_the_derivative_of_softmax_is_enclosed_in_every_direction() -> None:
    found = answers(CLAIM.derivatives[0])
    assert len(found) == 6 and set(found) == {""}


def test_twice_the_derivative_is_refuted() -> None:
    term = CLAIM.derivatives[0]
    found = answers(replace(term, derivative=doubled(term.derivative)))
    assert any(answer and "Taylor" in answer for answer in found)
