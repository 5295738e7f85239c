"""The walk over terms: values against numpy, every kind of index, and hand-written bounds."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from harness.evaluate.arithmetic import Arithmetic, named, with_fields
from harness.evaluate.oracle import Argument, bound, reference
from harness.evaluate.value import FLOAT64, Value, exact
from harness.evaluate.walk import Binding, Frame, IndexAxis, walk_for
from harness.statement.term import (
    Apply,
    Call,
    Coord,
    Definition,
    Lambda,
    Max,
    NatCast,
    Num,
    Power,
    Sum,
    Tabulate,
    Term,
    Unary,
    Var,
)
from harness.statement.types import REAL, FinType, FunType, Length, VecType
from tests.evaluate.terms import (
    DX,
    FIN,
    FUNCTIONAL,
    N1,
    SOFTMAX,
    VEC,
    A,
    I,
    J,
    K,
    N,
    X,
    Y,
    add,
    at,
    call,
    definition,
    div,
    equations,
    exp,
    mul,
    sub,
    total,
    vector,
)

Array = NDArray[np.float64]
Z = Var("z", VecType(N1))
ROWS = Var("r", FunType(FIN, FUNCTIONAL))
RANDOM = np.random.default_rng(5)


def values(body: Term, index: Var | None = None, **arrays: Array) -> Array:
    """The values of a term over the named variables, rows first (float64, no rounding charged)."""
    known = {"a": A, "x": X, "y": Y, "dx": DX, "z": Z, "r": ROWS, "l": Var("l", FUNCTIONAL)}
    params = tuple(known[name] for name in arrays)
    main = definition("main", params, body, index)
    got = reference(main, {"main": main}, tuple(arrays.values()), "float32", tier="float64")
    assert not got.out_of_range.any()
    return np.asarray(got.value)


def drawn(*shape: int) -> Array:
    return RANDOM.normal(size=shape)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_coordinates_at_an_index_and_at_a_numeral(n: int) -> None:
    x = drawn(3, n)
    assert np.array_equal(values(at(X, I), I, x=x), x)
    assert np.array_equal(values(at(X, n - 1), x=x), x[:, -1])
    assert np.array_equal(values(at(X, 0), I, x=x), np.repeat(x[:, :1], n, axis=1))


@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_sums_inside_and_outside_of_the_index(n: int) -> None:
    x, y = drawn(3, n), drawn(3, n)
    body = total(J, mul(at(X, J), at(Y, I)))
    assert values(body, I, x=x, y=y) == pytest.approx(x.sum(axis=1, keepdims=True) * y)
    nested = total(I, total(J, mul(at(X, I), at(Y, J))))
    assert values(nested, x=x, y=y) == pytest.approx(x.sum(axis=1) * y.sum(axis=1))


def test_the_diagonal_of_a_vector_that_depends_on_its_index() -> None:
    """(fun j => x i * y j) i: the vector varies with i, and so does the coordinate."""
    x, y = drawn(3, 4), drawn(3, 4)
    inner = vector(J, mul(at(X, I), at(Y, J)))
    assert values(Coord(inner, I), I, x=x, y=y) == pytest.approx(x * y)
    assert values(at(inner, 2), I, x=x, y=y) == pytest.approx(x * y[:, 2:3])
    both = total(K, mul(Coord(inner, K), Coord(inner, I)))
    expected = (x * y.sum(axis=1, keepdims=True)) * (x * y)
    assert values(both, I, x=x, y=y) == pytest.approx(expected)


def test_a_tabulated_constant() -> None:
    x = drawn(2, 3)
    assert values(total(I, at(vector(J, at(X, 1)), I)), x=x) == pytest.approx(3 * x[:, 1])


def test_the_maximum() -> None:
    x = drawn(5, 4)
    assert np.array_equal(values(Max(X), x=x), x.max(axis=1))
    assert np.array_equal(values(Max(vector(J, at(X, I))), I, x=x), x)
    assert values(Max(X), x=drawn(5, 0)).tolist() == [0.0] * 5


def test_lengths_that_differ() -> None:
    """z : Vec (n + 1) next to x : Vec n, and the cast of n."""
    long = Var("j", FinType(N1))
    x, z = drawn(3, 2), drawn(3, 3)
    body = add(total(long, at(Z, long)), mul(NatCast(N), total(J, at(X, J))))
    assert values(body, x=x, z=z) == pytest.approx(z.sum(axis=1) + 2 * x.sum(axis=1))
    assert values(at(Z, 0, N1), x=drawn(3, 0), z=z[:, :1]) == pytest.approx(z[:, 0])


def test_powers_and_signs() -> None:
    x = drawn(3, 2)
    assert values(Power(at(X, I), 3), I, x=x) == pytest.approx(x**3)
    assert values(Power(at(X, I), 1), I, x=x) == pytest.approx(x)
    assert values(mul(Power(at(X, I), 0), at(X, I)), I, x=x) == pytest.approx(x)
    assert values(Unary("abs", Unary("neg", at(X, I))), I, x=x) == pytest.approx(abs(x))


def test_a_functional_and_rows_apply_as_sums_of_products() -> None:
    x, row, rows = drawn(3, 4), drawn(3, 4), drawn(3, 4, 4)
    applied = Apply(Var("l", FUNCTIONAL), X)
    assert values(applied, l=row, x=x) == pytest.approx((row * x).sum(axis=1))
    each = Apply(Coord(ROWS, I), X)
    assert values(each, I, r=rows, x=x) == pytest.approx(np.einsum("bij,bj->bi", rows, x))


def test_the_coefficients_of_a_lambda() -> None:
    """(fun v => ∑ j, y j * v j) x, with y from outside: also under an index, and for n = 0."""
    v = Var("v", VEC)
    linear = Lambda(v, total(J, mul(at(Y, J), at(v, J))), FUNCTIONAL)
    for n in (0, 1, 4):
        x, y = drawn(3, n), drawn(3, n)
        expected = (x * y).sum(axis=1)
        assert values(Apply(linear, X), y=y, x=x) == pytest.approx(expected)
        got = values(mul(Apply(linear, X), at(X, I)), I, y=y, x=x)
        assert got == pytest.approx(expected[:, None] * x)


def test_a_name_bound_again_inside_of_its_scope() -> None:
    """Substitution leaves such terms; after the inner sum the name means the outer index again."""
    x, y = drawn(3, 4), drawn(3, 4)
    body = total(J, mul(total(J, at(Y, J)), at(X, J)))
    assert values(body, x=x, y=y) == pytest.approx(y.sum(axis=1) * x.sum(axis=1))
    f = definition("f", (X,), total(J, at(X, J)))
    shadowed = vector(J, mul(at(X, J), call("f", vector(J, at(X, J)), result=REAL)))
    main = definition("main", (X,), total(J, at(shadowed, J)))
    got = reference(main, equations(f, main), (x,), "float32", tier="float64")
    assert got.value == pytest.approx(x.sum(axis=1) ** 2)


def test_a_call_under_two_indices_of_one_name_is_not_remembered_wrongly() -> None:
    """f (x j) under ∑ j, ∑ k and under ∑ i, ∑ j: one term at one depth, along another axis."""
    f = definition("f", (A,), exp(A))
    same = call("f", at(X, J), result=REAL)
    first = total(J, total(K, mul(same, at(Y, K))))
    second = total(I, total(J, mul(mul(same, at(X, J)), at(Y, I))))
    main = definition("main", (X, Y), sub(first, second))
    x, y = drawn(3, 4), drawn(3, 4)
    got = reference(main, equations(f, main), (x, y), "float32", tier="float64")
    expected = (np.exp(x) * (1 - x)).sum(axis=1) * y.sum(axis=1)
    assert got.value == pytest.approx(expected)


def test_calls_are_unfolded_at_the_size_of_their_argument() -> None:
    f = definition("f", (X,), mul(NatCast(N), at(X, I)), I)
    body = total(I, at(call("f", X), I))
    long = Var("j", FinType(N1))
    longer = Sum(long, at(Call("f", (Z,), VecType(N1)), long))
    main = definition("main", (X, Z), add(body, longer))
    x, z = drawn(2, 3), drawn(2, 4)
    got = reference(main, equations(f, main), (x, z), "float32", tier="float64")
    assert got.value == pytest.approx(3 * x.sum(axis=1) + 4 * z.sum(axis=1))


def test_a_constant_without_equation_is_named() -> None:
    main = definition("main", (X,), at(call("mystery", X), 0))
    with pytest.raises(LookupError, match="'mystery' has no equation"):
        reference(main, {"main": main}, (drawn(1, 2),), "float32")


def test_a_hook_gives_the_value_of_a_call() -> None:
    seen: list[str] = []

    def hook(term: Call, arguments: tuple[Binding, ...], depth: int) -> Value | None:
        seen.append(term.constant)
        if term.constant != "given":
            return None
        (argument,) = arguments
        assert isinstance(argument, Value)
        return Value(argument.value * 2, argument.error + 0.25, depth, 1)

    unfolded = definition("sumOf", (X,), total(J, at(X, J)))
    rounding = named("ieee").for_dtype("float64")
    walk, _ = walk_for(equations(unfolded), rounding, 2, called=hook, carrier=FLOAT64)
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    frame = Frame({X: exact(x, 0, 1)}, {"n": 2})
    got = walk.real(call("sumOf", call("given", X), result=REAL), frame, 0)
    assert got.value.tolist() == [6.0, 14.0]
    assert got.error == pytest.approx(0.5, rel=1e-6, abs=0)
    assert seen == ["given", "sumOf"]  # arguments first, each once


def test_an_index_argument_runs_over_its_range() -> None:
    coordinate = definition("c", (X, I), mul(at(X, I), total(J, at(X, J))))
    x = drawn(3, 4)
    arguments: tuple[Argument, ...] = (x, range(4))
    got = reference(coordinate, {"c": coordinate}, arguments, "float32", tier="float64")
    assert got.value == pytest.approx(x * x.sum(axis=1, keepdims=True))
    walk, _ = walk_for({}, named("ieee").for_dtype("float32"), 3)
    one = walk.unfold(coordinate, (exact(x, 0, 1), 2), {}, 0)
    assert one.value == pytest.approx(x[:, 2] * x.sum(axis=1))
    spread = walk.unfold(coordinate, (exact(x, 0, 1).at_depth(1), IndexAxis(1, 4)), {}, 1)
    assert spread.value.shape == (3, 4)


def test_one_bad_row_does_not_touch_another() -> None:
    main = definition("main", (X,), div(exp(at(X, I)), total(J, exp(at(X, J)))), I)
    x = np.array([[1.0, 2.0], [1000.0, 0.0], [np.nan, 0.0], [1.0, 2.0]])
    found = bound(main, {"main": main}, (x,), named("as_written"), "float32")
    assert found.out_of_range.tolist() == [False, True, True, False]
    alone = bound(main, {"main": main}, (x[:1],), named("as_written"), "float32")
    assert np.array_equal(found.error[[0, 3]], np.repeat(alone.error, 2, axis=0))


# What it must reproduce: the bounds that a person derives for softmax.


def allowed(
    main: Definition, arguments: tuple[Argument, ...], arithmetic: Arithmetic, dtype: str
) -> Array:
    found = bound(main, SOFTMAX, arguments, arithmetic, dtype)
    assert not found.out_of_range.any()
    return np.asarray(found.error, dtype=np.float64)


@pytest.mark.parametrize("dtype, u", [("float64", 2.0**-53), ("float32", 2.0**-24)])
@pytest.mark.parametrize("spread", [0.1, 3.0, 20.0])
@pytest.mark.parametrize("n", [2, 3, 8, 65, 1000])
def test_softmax_has_the_bound_of_the_textbook(dtype: str, u: float, spread: float, n: int) -> None:
    """y u (D_i + ∑ y_j D_j + 4K + h + 2), to first order, where no operation is exact."""
    x = np.random.default_rng(n).normal(0, spread, (8, n)).astype(dtype).astype(np.float64)
    arithmetic = with_fields(named("ieee"), {"exact": False})
    distance = x.max(axis=1, keepdims=True) - x
    y = np.exp(-distance) / np.exp(-distance).sum(axis=1, keepdims=True)
    mean = (y * distance).sum(axis=1, keepdims=True)
    hand = y * u * (distance + mean + 4 * 4 + (n - 1) + 2)
    walked = allowed(SOFTMAX["softmaxVec"], (x,), arithmetic, dtype)
    assert walked == pytest.approx(hand, rel=1e-3, abs=20 * 2.0**-149)
    assert (mean <= math.log(n) + 1e-9).all()


def test_exact_operations_take_their_terms_out_of_the_bound() -> None:
    """Ties of a power of two: exp 0 = 1, the sum and the division are exact."""
    for n in (1, 2, 8, 64):
        ties = np.full((1, n), 0.3, dtype=np.float32).astype(np.float64)
        assert not allowed(SOFTMAX["softmaxVec"], (ties,), named("ieee"), "float32").any()
    three = np.full((1, 3), 0.3, dtype=np.float32).astype(np.float64)
    got = allowed(SOFTMAX["softmaxVec"], (three,), named("ieee"), "float32")
    assert got == pytest.approx(2 * 2.0**-24 / 3, rel=1e-6, abs=0)  # the division alone


def test_the_derivative_has_the_bound_of_the_textbook() -> None:
    """y (dx - s): the relative errors of y, of both operations, and the error of s."""
    n, u = 8, 2.0**-24
    random = np.random.default_rng(8)
    x = random.normal(0, 2, (5, n)).astype(np.float32).astype(np.float64)
    dx = random.normal(0, 1, (5, n)).astype(np.float32).astype(np.float64)
    arithmetic = with_fields(named("ieee"), {"exact": False})
    distance = x.max(axis=1, keepdims=True) - x
    y = np.exp(-distance) / np.exp(-distance).sum(axis=1, keepdims=True)
    of_y = distance + (y * distance).sum(axis=1, keepdims=True) + 16 + (n - 1) + 2
    s = (y * dx).sum(axis=1, keepdims=True)
    of_s = (y * abs(dx) * (of_y + 1 + n - 1)).sum(axis=1, keepdims=True)
    hand = u * y * (abs(dx - s) * (of_y + 1 + 1) + of_s)
    walked = allowed(SOFTMAX["softmaxJvp"], (x, dx), arithmetic, "float32")
    assert walked == pytest.approx(hand, rel=1e-3, abs=0)


def test_one_cast_at_the_end_for_half_formats() -> None:
    x = np.array([[0.25, -1.5, 3.0]])
    single = allowed(SOFTMAX["softmaxVec"], (x,), named("ieee"), "float32")
    y = reference(SOFTMAX["softmaxVec"], SOFTMAX, (x,), "float32").value
    for dtype, u, eta in (("float16", 2.0**-11, 2.0**-24), ("bfloat16", 2.0**-8, 2.0**-133)):
        half = allowed(SOFTMAX["softmaxVec"], (x,), named("ieee"), dtype)
        assert half == pytest.approx(single + u * (y + single) + eta / 2, rel=1e-6, abs=0)


def test_numerals_are_rounded() -> None:
    main = definition("main", (A,), mul(A, Num(Fraction(1, 10))))
    got = bound(main, {"main": main}, (np.array([2.0, 0.0]),), named("ieee"), "float32")
    assert got.error.tolist() == [
        pytest.approx(2 * 0.1 * 2 * 2.0**-24, rel=1e-6, abs=0),
        got.error[1],
    ]
    assert got.error[1] <= 2.0**-149


def test_a_shift_that_cancels_is_exact() -> None:
    main = definition("main", (X,), sub(at(X, I), Max(X)), I)
    x = np.array([[1e30, 1e30, 1.0]])
    got = bound(
        main, {"main": main}, (x.astype(np.float32).astype(float),), named("ieee"), "float32"
    )
    assert got.error[0, :2].tolist() == [0, 0]
    assert got.error[0, 2] > 0


def test_tabulate_of_a_function_type() -> None:
    kind = FunType(FinType(Length(("n",))), REAL)
    x = drawn(2, 3)
    doubled = Tabulate(J, add(at(X, J), at(X, J)), kind)
    assert values(at(doubled, I), I, x=x) == pytest.approx(2 * x)
