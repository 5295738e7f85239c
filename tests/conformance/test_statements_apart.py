"""Statements at the corners of what kernels do: kernel and walk count the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest

from harness.conformance.backends import backend
from harness.conformance.claim import claim_of
from harness.conformance.fast_theorem import TheoremCheck, theorem_check, theorem_check_on
from harness.conformance.form_table import form_table
from harness.conformance.given import axes_of
from harness.conformance.workbench import Workbench
from harness.evaluate.arithmetic import named
from harness.evaluate.fast.summary import Summary
from harness.specs.library import SpecLibrary
from harness.statement.term import Call, Forall, Max, Power, Relation, Unary, Var
from harness.statement.types import NAT, REAL, FinType, VecType
from tests.conformance.random_statements import K
from tests.conformance.test_fast_theorem import ROWS, caller, rounded
from tests.conformance.test_random_statements import once, told
from tests.evaluate.terms import I, J, add, at, div, exp, mul, sub, total, vector
from tests.evaluate.trees import N1, C, N, X, Y

pytest.importorskip("llvmlite")

A, B = Var("a", FinType(N1)), Var("b", FinType(N1))
T, TS = Var("t", REAL), Var("t", VecType(N))
TOTAL = Call("sumExp", (X,), REAL)
SOFT = Call("softmaxVec", (X,), VecType(N))
Numbers = dict[Var, np.ndarray]


def check_of(
    library: SpecLibrary, relation: Relation, variables: tuple[Var, ...], dtype: str, where: str
) -> TheoremCheck:
    make: Callable[..., Any] = theorem_check
    if where != "compiled":
        pytest.importorskip("torch")
        make = partial(theorem_check_on, backend("torch", where))
    claim = claim_of(Forall((Var("n", NAT), *variables), relation))
    promised = dict.fromkeys(claim.constants, named("ieee"))
    (check,) = make(Workbench(form_table(library), "quick", 1), claim, promised, dtype)
    return check


def both(check: TheoremCheck, n: int, **given: float | np.ndarray) -> tuple[Summary, Summary]:
    """By kernel and by the walk; given: numbers of variables."""
    random, dtype = np.random.default_rng(n), check.subject.dtype
    arrays: Numbers = {}
    for v in check.claim.sampled:
        shape = (ROWS, *(length.at({"n": n}) for length in axes_of(v.type)))
        number = given.get(v.name)
        drawn = random.normal(size=shape) if number is None else np.broadcast_to(number, shape)
        arrays[v] = rounded(drawn, dtype)
    plain, place = caller(dtype=dtype), check.place

    def call(constant: str, arguments: tuple[Any, ...]) -> Any:
        kind = np.float64 if dtype == "float64" else np.float32
        here = (a if isinstance(a, int) else place.read(a).astype(kind) for a in arguments)
        return place.put(plain(constant, tuple(here)))

    return check(arrays, call), replace(check, kernel=None)(arrays, call)


@pytest.mark.parametrize(
    ("relation", "variables"),
    [
        (Relation("≤", T, TOTAL, REAL), (X, T, K)),
        (Relation("≤", at(SOFT, K), TOTAL, REAL), (X, J, K)),
        (Relation("=", vector(I, TOTAL), vector(J, TOTAL), VecType(N)), (X,)),
    ],
)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_an_index_that_a_relation_does_not_depend_on_is_counted(
    library: SpecLibrary, relation: Relation, variables: tuple[Var, ...], dtype: str
) -> None:
    check = check_of(library, relation, variables, dtype, "compiled")
    fast, slow = both(check, 3, t=-1.0)
    assert told(fast) == told(slow)
    assert slow.elements in (3 * ROWS, 9 * ROWS)
    assert check.kernel is None and "ind" in check.why


@pytest.mark.parametrize("where", ["compiled", "cpu"])
@pytest.mark.parametrize(("op", "sign"), [("≤", 1), ("<", 1), ("≥", -1), (">", -1)])
def test_sides_that_are_further_apart_than_the_range_violate(
    library: SpecLibrary, op: str, sign: int, where: str
) -> None:
    relation = Relation(op, mul(TOTAL, C), T, REAL)
    check = check_of(library, relation, (X, C, T), "float64", where)
    assert check.kernel is not None
    fast, slow = both(check, 3, c=sign * 6e306, t=sign * -1.75e308)
    assert told(fast) == told(slow)
    assert slow.violations == ROWS


@pytest.mark.parametrize("where", ["compiled", "cpu"])
def test_a_sum_of_sums_in_float64(library: SpecLibrary, where: str) -> None:
    inner = total(B, total(A, add(at(Y, K), div(at(SOFT, K), sub(at(Y, K), at(X, K))))))
    shifted = total(B, exp(sub(at(X, K), Max(X))))
    relation = Relation("≥", Power(Unary("sqrt", inner), 2), shifted, REAL)
    check = check_of(library, relation, (X, Y, K), "float64", where)
    assert check.kernel is not None
    fast, slow = both(check, 5, y=9.0)
    assert told(fast) == told(slow) and fast.looked < ROWS


@pytest.mark.parametrize("where", ["compiled", "cpu"])
def test_a_term_hundreds_of_operations_deep_in_float64(library: SpecLibrary, where: str) -> None:
    first = vector(I, mul(TOTAL, div(mul(at(X, I), C), C)))
    pushed = Call("softmaxJvp", (first, X), VecType(N))
    relation = Relation("≤", at(pushed, K), at(TS, K), REAL)
    check = check_of(library, relation, (X, C, K, TS), "float64", where)
    assert check.kernel is not None
    fast, slow = both(check, 3, c=1.25, t=9.0)
    assert told(fast) == told(slow) and fast.looked < ROWS


@pytest.mark.parametrize("where", ["compiled", "cpu"])
def test_an_exponential_of_what_is_far_below_0_has_no_bound_that_powers_bring_back(
    library: SpecLibrary, where: str
) -> None:
    gone = mul(exp(mul(C, Max(SOFT))), Power(at(Y, 0), 7))
    check = check_of(library, Relation("≤", gone, T, REAL), (X, Y, C, T), "float32", where)
    assert check.kernel is not None
    fast, slow = both(check, 3, c=-1e11, y=1e38, t=-1e-31)
    assert told(fast) == told(slow)
    assert slow.violations == ROWS


@pytest.mark.parametrize("where", ["compiled", "cpu"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_an_exponential_beyond_float64_is_out_of_range(
    library: SpecLibrary, dtype: str, where: str
) -> None:
    nothing = div(TOTAL, exp(C))
    check = check_of(library, Relation("≤", nothing, T, REAL), (X, C, T), dtype, where)
    assert check.kernel is not None
    fast, slow = both(check, 3, c=710.0, t=1.0)
    assert told(fast) == told(slow)
    assert slow.out_of_range == ROWS


@pytest.mark.parametrize("where", ["compiled", "cpu"])
def test_a_divisor_of_a_quotient_is_as_uncertain_as_the_walk_takes_it_for(
    library: SpecLibrary, where: str
) -> None:
    twice = div(TOTAL, div(TOTAL, sub(TOTAL, C)))
    check = check_of(library, Relation("≤", twice, T, REAL), (X, C, T), "float32", where)
    assert check.kernel is not None
    # Next to the sum, so that the divisor is uncertain by a small part of itself up to all of it.
    near = 3 * np.exp(0.5) * (1 + (1 + np.arange(ROWS)) * 2.0**-21)
    fast, slow = both(check, 3, x=0.5, c=near, t=1.0)
    assert told(fast) == told(slow)
    assert slow.elements and slow.unbounded and fast.looked < ROWS


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_sum_of_inputs_in_float64_in_one_pass(library: SpecLibrary) -> None:
    relation = Relation("≤", sub(total(I, at(X, I)), TOTAL), T, REAL)
    check = check_of(library, relation, (X, T), "float64", "cpu")
    (one,) = once(check)
    fast, slow = both(one, 5, t=1.0)
    assert told(fast) == told(slow) and fast.looked < ROWS


@pytest.mark.parametrize("where", ["compiled", "cpu"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_index_of_a_sum_in_an_argument_is_its_own(
    library: SpecLibrary, dtype: str, where: str
) -> None:
    """softmaxJvp sums over its direction, which sums itself."""
    direction = vector(I, total(B, total(J, mul(at(X, I), at(Y, J)))))
    first = Max(Call("softmaxJvp", (X, direction), VecType(N)))
    relation = Relation("≤", first, mul(first, C), REAL)
    check = check_of(library, relation, (X, Y, C), dtype, where)
    assert check.kernel is not None
    fast, slow = both(check, 3, c=0.99)
    assert told(fast) == told(slow)
    assert slow.violations > ROWS / 2
