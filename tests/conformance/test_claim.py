"""A statement taken apart: who is sampled, what is assumed, what is compared, what is left out."""

from __future__ import annotations

import pytest

from harness.statement.term import Call, Tabulate
from harness.statement.types import LinearType, RealType, VecType
from tests.conformance.judging import Judge


def names(variables: object) -> list[str]:
    return [v.name for v in variables]  # type: ignore[attr-defined]


def test_variables_indices_and_sampled_ones(judge: Judge) -> None:
    claim = judge.claim(
        "∀ {n : ℕ} (x : Vec n) (i j : Fin n) (c : ℝ), c * softmaxVec x i = softmaxVec x j"
    )
    assert names(claim.variables) == ["x", "i", "j", "c"]
    assert names(claim.sampled) == ["x", "c"]
    assert names(claim.indices) == ["i", "j"]
    assert claim.passed == frozenset()
    assert claim.constants == ("softmaxVec",)
    assert (len(claim.relations), claim.assumed, claim.derivatives) == (1, (), ())
    assert claim.outside == ""


def test_an_index_that_is_passed_is_known(judge: Judge) -> None:
    claim = judge.claim(
        "∀ {n : ℕ} (x dx : Vec n) (i j : Fin n), softmaxDerivCoord x i dx = softmaxJvp x dx j"
    )
    assert names(claim.passed) == ["i"]
    inner = judge.claim("∀ {n : ℕ} (x dx : Vec n), ∑ i, softmaxDerivCoord x i dx = 0")
    assert names(inner.indices) == []


def test_arrows_fill_assumptions_and_conjunctions_conclusions(judge: Judge) -> None:
    claim = judge.claim(
        "∀ {n : ℕ} (x : Vec n) (c : ℝ), 0 < c → c ≠ 1 → sumExp x < c ∧ c ≤ 3 ∧ sumExp x = c"
    )
    assert [r.op for r in claim.assumed] == ["<", "≠"]
    assert [r.op for r in claim.relations] == ["<", "≤", "="]


def test_equal_maps_are_compared_at_a_fresh_argument(judge: Judge) -> None:
    claim = judge.claim("∀ {n : ℕ} (x y : Vec n), dotCLM x = dotCLM y")
    fresh = claim.variables[-1]
    assert names(claim.sampled) == ["x", "y", fresh.name] and isinstance(fresh.type, VecType)
    (relation,) = claim.relations
    assert isinstance(relation.type, RealType)
    assert isinstance(relation.left, Call) and relation.left.arguments[-1] == fresh


def test_equal_functions_are_compared_at_a_fresh_argument(judge: Judge) -> None:
    claim = judge.claim("∀ {n : ℕ}, (fun x : Vec n => softmaxVec x) = fun x => softmaxVec x")
    (relation,) = claim.relations
    (fresh,) = claim.sampled
    assert relation.left == Call("softmaxVec", (fresh,), fresh.type)


def test_equal_variables_that_are_maps_are_applied(judge: Judge) -> None:
    claim = judge.claim("∀ {n : ℕ} (f g : Vec n →L[ℝ] ℝ), f = g")
    (relation,) = claim.relations
    f, g, v = claim.sampled
    assert isinstance(f.type, LinearType) and isinstance(v.type, VecType)
    assert relation.left != relation.right and v not in (f, g)


def test_coordinate_functions_are_compared_as_vectors(judge: Judge) -> None:
    claim = judge.claim("∀ {n : ℕ} (f : Fin n → ℝ), (fun i => 1 * f i) = f")
    assert names(claim.sampled) == ["f"]
    (relation,) = claim.relations
    assert isinstance(relation.left, Tabulate) and relation.right == claim.sampled[0]


def test_the_direction_of_a_derivative_is_sampled(judge: Judge) -> None:
    claim = judge.claim("∀ {n : ℕ} (x : Vec n), HasFDerivAt softmaxVec (softmaxDerivCLM x) x")
    (derivative,) = claim.derivatives
    assert claim.sampled[-1] == derivative.derivative.var and len(claim.sampled) == 2
    assert claim.constants == ("softmaxVec", "softmaxDerivCLM")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("sumExp x ≠ 0", "'≠' is not evaluated"),
        ("¬ sumExp x = 0", "'¬' is not evaluated"),
        ("sumExp x = 0 ∨ 0 < sumExp x", "'∨' is not evaluated"),
        ("sumExp x = 0 ↔ 0 < sumExp x", "'↔' is not evaluated"),
        ("(0 < sumExp x ∧ sumExp x < 1) → x = x", "a hypothesis that is not a comparison"),
        ("0 < sumExp x → sumExp x ≠ 0", "'≠' is not evaluated"),
        ("sumExp x = 0 ∧ ¬ sumExp x = 0", "'¬' is not evaluated"),
    ],
)
def test_what_is_not_evaluated_is_named(judge: Judge, body: str, why: str) -> None:
    assert judge.claim(f"∀ {{n : ℕ}} (x : Vec n), {body}").outside == why
