"""Balls: enclosures of exact facts, every node kind, and derivatives that no formula gave."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.evaluate.balls import Balls, Scene, magnitude, precision, solve_sizes
from harness.statement.term import (
    Apply,
    Coord,
    Definition,
    Lambda,
    Max,
    NatCast,
    Num,
    Power,
    Term,
    Unary,
    Var,
)
from harness.statement.types import FinType, FunType
from tests.evaluate.terms import (
    AS_WRITTEN,
    FIN,
    FUNCTIONAL,
    N1,
    SOFTMAX,
    SUM_EXP,
    A,
    I,
    J,
    N,
    X,
    Y,
    add,
    at,
    call,
    div,
    equations,
    exp,
    mul,
    sub,
    total,
    vector,
)

flint = pytest.importorskip("flint")
arb, fmpq = flint.arb, flint.fmpq


def ball(number: Fraction | float) -> Any:
    exact = Fraction(number)
    return arb(fmpq(exact.numerator, exact.denominator))


def evaluated(body: Term, known: dict[str, Definition] | None = None, **arguments: Any) -> Any:
    """A term at exact numbers; lists are vectors."""
    names = {"a": A, "x": X, "y": Y, "l": Var("l", FUNCTIONAL)}
    names["r"] = Var("r", FunType(FIN, FUNCTIONAL))
    bindings = {names[name]: nested(value) for name, value in arguments.items()}
    vectors = [value for value in arguments.values() if isinstance(value, list)]
    sizes = {"n": len(vectors[0])} if vectors else {}
    return Balls(known or {}).evaluate(body, Scene(bindings, sizes))


def nested(value: Any) -> Any:
    return [nested(part) for part in value] if isinstance(value, list) else ball(value)


def encloses(found: Any, exact: Fraction | float) -> bool:
    exact = Fraction(exact)
    return bool((found * exact.denominator - exact.numerator).contains(0))


rationals = st.fractions(-100, 100, max_denominator=1000)


@given(a=rationals, x=st.lists(rationals, min_size=1, max_size=4))
def test_rational_arithmetic_is_enclosed(a: Fraction, x: list[Fraction]) -> None:
    with precision(96):
        body = add(Power(sub(A, at(X, 0)), 3), total(J, mul(at(X, J), Num(Fraction(1, 3)))))
        assert encloses(evaluated(body, a=a, x=x), (a - x[0]) ** 3 + sum(x) / 3)
        assert encloses(evaluated(Max(X), x=x), max(x))
        assert encloses(evaluated(mul(NatCast(N), Unary("abs", A)), a=a, x=x), len(x) * abs(a))
        if x[0]:
            assert encloses(evaluated(div(A, at(X, 0)), a=a, x=x), a / x[0])


@given(a=st.fractions(0, 50, max_denominator=100))
def test_inverse_functions_meet(a: Fraction) -> None:
    with precision(128):
        assert encloses(evaluated(Unary("log", exp(A)), a=a), a)
        assert encloses(evaluated(Power(Unary("sqrt", A), 2), a=a), a)
        assert encloses(evaluated(mul(exp(A), exp(Unary("neg", A))), a=a), 1)


def test_precision_is_restored() -> None:
    before = flint.ctx.prec
    with pytest.raises(RuntimeError), precision(1024):
        assert flint.ctx.prec == 1024
        raise RuntimeError
    assert flint.ctx.prec == before


@pytest.mark.parametrize("exponent, expected", [(0, 1), (1, 0), (2, 0), (3, 0), (6, 0)])
def test_powers_of_a_ball_around_zero(exponent: int, expected: int) -> None:
    """FLINT's own power is NaN where the midpoint is 0 and the radius is not."""
    around = arb(0, 1e-20)
    got = Balls({}).evaluate(Power(A, exponent), Scene({A: around}, {}))
    assert got.is_finite() and encloses(got, expected)


def test_no_coordinates() -> None:
    assert encloses(evaluated(total(J, at(X, J)), x=[]), 0)
    assert encloses(evaluated(Max(X), x=[]), 0)
    assert evaluated(vector(J, at(X, J)), x=[]) == []


def test_vectors_rows_and_maps() -> None:
    x: list[Any] = [1, 2]
    doubled = vector(I, add(at(X, I), at(X, I)))
    assert [float(b.mid()) for b in evaluated(doubled, x=x)] == [2, 4]
    rows = [[1, 2], [3, 4]]
    second = Apply(at(Var("r", FunType(FIN, FUNCTIONAL)), 1), X)
    assert encloses(evaluated(second, r=rows, x=x), 11)
    v = Var("v", X.type)
    coefficients = Lambda(v, total(J, mul(at(Y, J), at(v, J))), FUNCTIONAL)
    assert [float(b.mid()) for b in evaluated(coefficients, y=[5, 7])] == [5, 7]
    assert encloses(evaluated(Apply(coefficients, X), y=[5, 7], x=x), 19)


def test_calls_unfold_at_the_size_of_their_argument() -> None:
    with precision(96):
        longer = vector(Var("j", FinType(N1)), Num(Fraction(0)))
        body = call("sumExp", longer)
        assert encloses(evaluated(body, equations(SUM_EXP), x=[1, 2]), 3)
        y = evaluated(call("softmaxVec", X), equations(SUM_EXP, AS_WRITTEN), x=[0, 0, 0, 0])
        assert all(encloses(part, Fraction(1, 4)) for part in y)
    with pytest.raises(LookupError, match="'softmaxVec' has no equation"):
        evaluated(call("softmaxVec", X), x=[1])


def test_a_name_bound_again_inside_of_its_scope() -> None:
    body = total(J, mul(total(J, at(Y, J)), at(X, J)))
    assert encloses(evaluated(body, x=[1, 2, 4], y=[8, 16, 32]), 7 * 56)
    tabulated = vector(J, Coord(vector(J, at(X, J)), J))
    assert [float(b.mid()) for b in evaluated(tabulated, x=[1, 2])] == [1, 2]


def test_undefined_results_are_not_finite() -> None:
    with precision(96):
        for body in (div(A, A), Unary("log", A), Unary("sqrt", sub(A, Num(Fraction(1))))):
            assert not evaluated(body, a=0).is_finite()


def test_the_scale_is_that_of_the_largest_summand() -> None:
    balls = Balls({})
    scene = Scene({X: nested([1e10, -1e10, 1.0])}, {"n": 3})
    found = balls.evaluate(total(J, at(X, J)), scene)
    assert encloses(found, 1)
    assert balls.scale == pytest.approx(1e10)


def test_magnitude_of_numbers_and_series() -> None:
    assert magnitude(arb(-3)) == 3
    assert magnitude(arb("nan")) == float("inf")
    assert magnitude(flint.arb_series([arb(-2), arb(9)])) == 2


# Derivatives: the coefficient of t at (x + t v), as `HasFDerivAt` is judged.


def along(body: Term, x: list[float], v: list[float], known: dict[str, Definition]) -> Any:
    cap = flint.ctx.cap
    flint.ctx.cap = 2
    try:
        with precision(128):
            pairs = zip(x, v, strict=True)
            moving = [flint.arb_series([ball(a), ball(b)]) for a, b in pairs]
            return Balls(known).evaluate(body, Scene({X: moving}, {"n": len(x)}))[1]
    finally:
        flint.ctx.cap = cap


def test_the_derivative_of_a_polynomial_and_of_exp() -> None:
    cube = Power(at(X, 0), 3)
    assert encloses(along(cube, [2.0, 0.0], [1.0, 0.0], {}), 12)
    assert encloses(along(cube, [2.0, 0.0], [0.0, 1.0], {}), 0)
    product = mul(at(X, 0), at(X, 1))
    assert encloses(along(product, [2.0, 3.0], [5.0, 7.0], {}), 2 * 7 + 3 * 5)
    with precision(128):
        assert along(exp(at(X, 0)), [1.0], [2.0], {}).overlaps(2 * arb(1).exp())


def test_the_derivative_of_softmax_is_its_jvp() -> None:
    x, v = [0.5, -1.0, 2.0], [1.0, 0.25, -2.0]
    for k in range(3):
        moved = along(at(call("softmaxVec", X), k), x, v, SOFTMAX)
        with precision(128):
            jvp = evaluated(call("softmaxJvp", X, Y), SOFTMAX, x=x, y=v)
            assert moved.overlaps(jvp[k])
            assert magnitude(moved - jvp[k]) < 1e-30


def test_the_derivative_of_an_absolute_value_and_of_a_maximum() -> None:
    magnitude_of_first = Unary("abs", at(X, 0))
    assert encloses(along(magnitude_of_first, [-2.0], [3.0], {}), -3)
    assert encloses(along(magnitude_of_first, [2.0], [3.0], {}), 3)
    assert not along(magnitude_of_first, [0.0], [3.0], {}).is_finite()
    assert encloses(along(Max(X), [1.0, 5.0], [2.0, 3.0], {}), 3)
    mixed = Max(vector(J, Num(Fraction(1))))
    assert encloses(evaluated(mixed, x=[7, 7]), 1)


def test_sizes_of_arguments() -> None:
    sizes: dict[str, int] = {}
    solve_sizes(FunType(FIN, FUNCTIONAL), nested([[1, 2, 3]] * 3), sizes)
    assert sizes == {"n": 3}
    solve_sizes(FUNCTIONAL, nested([1, 2]), sizes)
    assert sizes == {"n": 3}  # what is known stays
