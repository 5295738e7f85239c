"""The oracle: its tiers agree within the errors that they state, in the shapes of calls."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from harness.evaluate.arithmetic import NAMED, named
from harness.evaluate.balls import precision
from harness.evaluate.formats import FORMATS, round_to
from harness.evaluate.oracle import (
    TIERS,
    Argument,
    balls_of,
    bound,
    exact_row,
    harness_rounding,
    reference,
    split_ball,
    tier_for,
)
from harness.evaluate.value import FLOAT64, LONGDOUBLE
from harness.statement.term import Definition, Num
from harness.statement.types import REAL
from tests.evaluate.terms import (
    AS_WRITTEN,
    DOT,
    FACTORED,
    SOFTMAX,
    SUM_EXP,
    A,
    I,
    X,
    at,
    definition,
    div,
    equations,
    mul,
    sub,
)

flint = pytest.importorskip("flint")
Array = NDArray[np.float64]
WALKED = [tier for tier in TIERS[:2] if tier == "float64" or LONGDOUBLE]


def rows(*shape: int, scale: float = 3.0, seed: int = 11) -> Array:
    drawn = np.random.default_rng(seed).normal(0, scale, shape)
    return round_to(drawn, FORMATS["float32"])


def test_the_tier_of_a_format() -> None:
    assert [tier_for(d) for d in ("float32", "float16", "bfloat16")] == ["float64"] * 3
    assert tier_for("float64") == ("longdouble" if LONGDOUBLE else "balls")


@pytest.mark.parametrize("tier", WALKED)
@pytest.mark.parametrize("scale", [0.1, 3.0, 300.0])
@pytest.mark.parametrize("name", list(SOFTMAX))
def test_tiers_agree_with_balls_within_their_errors(tier: str, scale: float, name: str) -> None:
    main = SOFTMAX[name]
    x = rows(6, 7, scale=min(scale, 90.0) if name == "sumExp" else scale)
    arguments = tuple(x + k for k, _ in enumerate(main.params))
    walked = reference(main, SOFTMAX, arguments, "float64", tier)
    exact = reference(main, SOFTMAX, arguments, "float64", "balls")
    assert walked.value.shape == exact.value.shape
    gap = abs((walked.value - exact.value) - exact.low)
    assert (gap <= walked.error + exact.error).all()
    assert (exact.error <= 1e-3 * walked.error + 5e-324).all()
    # And the errors are small: below a thousandth of the bound of the format that is judged.
    dtype = "float32" if tier == "float64" else "float64"
    allowed = bound(main, SOFTMAX, arguments, named("ieee"), dtype)
    judged = ~allowed.out_of_range
    assert (walked.error[judged] <= 1e-3 * allowed.error[judged]).all()


def test_exact_results_have_no_doubt_in_any_tier() -> None:
    """Small integers: the bound is zero, and a reference in doubt would leave it undecided."""
    x = np.array([[1.0, 2.0, -3.0], [4.0, 0.0, 5.0]])
    for tier in (*WALKED, "balls"):
        got = reference(DOT, {"dotCLM": DOT}, (x, x[::-1]), "float64", tier)
        assert got.value.tolist() == [-11.0, -11.0]
        assert not got.error.any() and not got.low.any(), tier


def test_the_harness_is_charged_for_its_own_carrier() -> None:
    assert harness_rounding(FLOAT64).working.p == 53
    if LONGDOUBLE:
        extended = harness_rounding(LONGDOUBLE).working
        assert (extended.p, extended.emax) == (64, 1023)


@pytest.mark.skipif(LONGDOUBLE is None, reason="longdouble is not 80-bit")
def test_subnormal_results_of_float64_have_a_reference_and_a_bound() -> None:
    """Half a smallest number of float64 is 0 as a float64; a bound of 0 would fail right code."""
    main = definition("main", (A,), mul(A, A))
    a = np.array([1.1e-162, 2.3e-162, 1e-170])
    allowed = bound(main, {"main": main}, (a,), named("ieee"), "float64")
    want = reference(main, {"main": main}, (a,), "float64", "longdouble")
    assert (abs(a * a - want.value) + want.error <= allowed.error).all()
    assert (allowed.error > 0).all()
    assert (want.error < allowed.error / 100).all()


def test_shapes_of_arguments() -> None:
    x = rows(5, 3)
    coordinate = definition("c", (X, I), mul(at(X, I), Num(Fraction(1, 3))))
    arguments: tuple[Argument, ...] = (x, range(3))
    for tier in (*WALKED, "balls"):
        got = reference(coordinate, {"c": coordinate}, arguments, "float64", tier)
        assert got.value.shape == (5, 3)
        assert got.value == pytest.approx(x / 3)
    allowed = bound(coordinate, {"c": coordinate}, arguments, named("ieee"), "float32")
    assert allowed.error.shape == (5, 3)
    real = definition("r", (A,), div(A, A))
    assert bound(real, {"r": real}, (x[:, 0],), named("ieee"), "float32").error.shape == (5,)


@pytest.mark.parametrize("tier", [*WALKED, "balls"])
def test_no_coordinates(tier: str) -> None:
    empty = np.zeros((4, 0))
    assert reference(SOFTMAX["softmaxVec"], SOFTMAX, (empty,), "float64", tier).value.shape == (
        4,
        0,
    )
    none = reference(SUM_EXP, {"sumExp": SUM_EXP}, (empty,), "float64", tier)
    assert none.value.tolist() == [0.0] * 4 and not none.error.any()
    allowed = bound(SUM_EXP, {"sumExp": SUM_EXP}, (empty,), named("ieee"), "float32")
    assert not allowed.error.any() and not allowed.out_of_range.any()


def test_a_row_in_balls() -> None:
    x = np.array([[0.0, 0.0], [1.0, 1.0]])
    y = exact_row(AS_WRITTEN, equations(AS_WRITTEN, SUM_EXP), (x,), 1)
    assert all(part.contains(flint.arb(0.5)) for part in y)
    by_index = definition("c", (X, I), at(X, I))
    assert len(exact_row(by_index, {"c": by_index}, (x, range(2)), 0)) == 2
    rough = exact_row(AS_WRITTEN, equations(AS_WRITTEN, SUM_EXP), (x,), 1, bits=20)
    assert float(rough[0].rad()) > float(y[0].rad())


def test_an_undefined_value_has_an_infinite_error() -> None:
    main = definition("main", (A,), div(A, sub(A, A)))
    got = reference(main, {"main": main}, (np.array([1.0]),), "float64", "balls")
    assert np.isnan(got.value[0]) and got.error[0] == np.inf


@given(
    number=st.one_of(
        st.fractions(-(10**20), 10**20),
        st.builds(lambda m, e: Fraction(m, 2**e), st.integers(1, 2**90), st.integers(1000, 1170)),
    )
)
def test_a_split_ball_still_encloses(number: Fraction) -> None:
    with precision(96):
        ball = flint.arb(flint.fmpq(number.numerator, number.denominator))
        high, low, missing = split_ball(ball)
    assert abs(Fraction(high) + Fraction(low) - number) <= Fraction(missing)
    assert missing <= abs(high) * 2.0**-90 + 1e-323


def test_a_ball_beyond_float64_is_split_into_no_information() -> None:
    with precision(96):
        assert split_ball(flint.arb(10) ** 400)[2] == float("inf")
        assert split_ball(flint.arb(0.5)) == (0.5, 0.0, 0.0)


def test_balls_of_arrays_are_exact() -> None:
    nested = balls_of(np.array([[0.1, 5e-324], [1e308, -0.0]]))
    assert [[part.is_exact() for part in row] for row in nested] == [[True] * 2] * 2
    assert float(nested[0][1].mid()) == 5e-324


@pytest.mark.parametrize("name", [name for name in NAMED if name not in ("ieee", "as_written")])
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_every_other_arithmetic_allows_what_ieee_allows(name: str, dtype: str) -> None:
    x = np.concatenate([rows(20, 5), np.zeros((1, 5)), rows(4, 5, scale=30.0)])
    x = round_to(x, FORMATS[dtype])
    main: Definition = FACTORED
    strict = bound(main, SOFTMAX, (x, x[::-1].copy()), named("ieee"), dtype)
    lax = bound(main, SOFTMAX, (x, x[::-1].copy()), named(name), dtype)
    judged = ~strict.out_of_range & ~lax.out_of_range
    assert (lax.error[judged] >= strict.error[judged] * (1 - 1e-12)).all()
    assert (lax.error[judged] > strict.error[judged] * 1.01).any()


def test_a_one_pass_softmax_meets_the_online_arithmetic() -> None:
    """Rescaled whenever a new maximum comes, with exp 3 ulp too small or too great every time."""
    n = 65
    # A new maximum at every step is the worst there is.
    x = np.sort(np.concatenate([rows(20, n, scale=4.0), rows(20, n, scale=0.01)]), axis=1)
    allowed = bound(SOFTMAX["softmaxVec"], SOFTMAX, (x,), named("online"), "float32")
    want = reference(SOFTMAX["softmaxVec"], SOFTMAX, (x,), "float32")
    strict = bound(SOFTMAX["softmaxVec"], SOFTMAX, (x,), named("ieee"), "float32")
    f = np.float32
    for way in (1, -1):

        def exp(a: NDArray[np.float32], way: int = way) -> NDArray[np.float32]:
            return (np.exp(a) * f(1 + 3 * way * 2.0**-23)).astype(f)

        singles = x.astype(f)
        top = np.full(len(x), -np.inf, dtype=f)
        sums = np.zeros(len(x), dtype=f)
        for k in range(n):
            higher = np.maximum(top, singles[:, k])
            sums = sums * exp(top - higher) + exp(singles[:, k] - higher)
            top = higher
        got = exp(singles - top[:, None]) / sums[:, None]
        missed = abs(got.astype(np.float64) - want.value)
        assert (missed + want.error <= allowed.error).all()
        assert (missed - want.error > strict.error).any()  # which is why it must be declared


@pytest.mark.parametrize("tier", WALKED)
def test_numpys_exp_and_log_are_as_good_as_the_harness_is_charged(tier: str) -> None:
    """Within K ulp of the carrier, on 500 arguments over the whole range."""
    carrier = FLOAT64 if tier == "float64" else LONGDOUBLE
    assert carrier
    allowed = 2 * harness_rounding(carrier).exp_ulp * carrier.unit
    a = np.concatenate([rows(250, scale=200.0, seed=1), rows(250, scale=1.0, seed=2)])
    with precision(160):
        for function, ball in ((np.exp, "exp"), (np.log, "log")):
            known = a if ball == "exp" else abs(a) + 2.0**-40
            for number, got in zip(
                known.tolist(), function(known.astype(carrier.dtype)), strict=True
            ):
                exact = getattr(flint.arb(number), ball)()
                ratio = flint.fmpq(*(int(part) for part in got.as_integer_ratio()))
                assert abs(flint.arb(ratio) - exact) <= abs(exact) * allowed


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("k", [0, 2, 4])
def test_a_range_of_one_value_is_that_value(tier: str, k: int) -> None:
    """With every tier: row k of the map that takes an index, and nothing of the others."""
    if tier == "longdouble" and not LONGDOUBLE:
        pytest.skip("no 80-bit longdouble here")
    term = Definition("at", (X, I, A), None, mul(at(X, I), at(A, I)), REAL)
    x, a = rows(3, 5), rows(3, 5, seed=12)
    found = reference(term, {}, (x, range(k, k + 1), a), "float32", tier)
    assert found.value.shape == (3, 1)
    assert np.asarray(found.value[:, 0], np.float64) == pytest.approx(x[:, k] * a[:, k])
    allowed = bound(term, {}, (x, range(k, k + 1), a), named("ieee"), "float32")
    everywhere = bound(term, {}, (x, range(5), a), named("ieee"), "float32")
    assert allowed.error.shape == (3, 1)
    assert (allowed.error[:, 0] == everywhere.error[:, k]).all()
