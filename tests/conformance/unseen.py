"""Statements that no spec of the project makes, each with a false twin, and their specs.

They show that the checks judge the language and not the thirteen declarations.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from harness.specs.library import SpecLibrary
from harness.specs.load import load_specs
from harness.specs.locate import find_specs

TWINS: dict[str, tuple[str, str]] = {
    "hypothesis": (
        "∀ {n : ℕ} (x : Vec n) (c : ℝ), 0 < c → c * sumExp x = ∑ i, c * Real.exp (x i)",
        "∀ {n : ℕ} (x : Vec n) (c : ℝ), 0 < c → sumExp x = ∑ i, c * Real.exp (x i)",
    ),
    "two_hypotheses": (
        "∀ {n : ℕ} (x : Vec (n + 1)) (c : ℝ), 0 ≤ c → c < 1 → c * sumExp x < sumExp x",
        "∀ {n : ℕ} (x : Vec (n + 1)) (c : ℝ), 0 ≤ c → c < 1 → sumExp x < c * sumExp x",
    ),
    "hypothesis_on_vectors": (
        "∀ {n : ℕ} (x y : Vec n), x = y → softmaxVec x = softmaxVec y",
        "∀ {n : ℕ} (x y : Vec n), x = y → softmaxVec x = y",
    ),
    "hypothesis_that_calls": (
        "∀ {n : ℕ} (x dx : Vec n), dotCLM (softmaxVec x) dx = 0 → "
        "softmaxJvp x dx = softmaxVecOfFun (fun i => softmaxVec x i * dx i)",
        "∀ {n : ℕ} (x dx : Vec n), dotCLM (softmaxVec x) dx ≠ 0 → "
        "softmaxJvp x dx = softmaxVecOfFun (fun i => softmaxVec x i * dx i)",
    ),
    "at_least": (
        "∀ {n : ℕ} (x : Vec n) (i : Fin n), 0 ≤ softmaxVec x i",
        "∀ {n : ℕ} (x : Vec n) (i : Fin n), softmaxVec x i ≤ 0",
    ),
    "both": (
        "∀ {n : ℕ} (x : Vec n) (i : Fin n), 0 ≤ softmaxVec x i ∧ softmaxVec x i ≤ 1",
        "∀ {n : ℕ} (x : Vec n) (i : Fin n), 0 ≤ softmaxVec x i ∧ 1 ≤ softmaxVec x i",
    ),
    "norm": (
        "∀ {n : ℕ} (x : Vec n), ‖softmaxVec x‖ ≤ 1",
        "∀ {n : ℕ} (x : Vec n), ‖softmaxVec x‖ ≥ 1",
    ),
    "length_above_zero": (
        "∀ {n : ℕ} (x : Vec (n + 1)), ∑ i, softmaxVec x i = 1",
        "∀ {n : ℕ} (x : Vec (n + 1)), ∑ i, softmaxVec x i = n + 1",
    ),
    "first_coordinate": (
        "∀ {n : ℕ} (x : Vec (n + 1)), softmaxVec x 0 = Real.exp (x 0) / sumExp x",
        "∀ {n : ℕ} (x : Vec (n + 1)), softmaxVec x 0 = Real.exp (x 0)",
    ),
    "length_fixed": (
        "∀ x : Vec 3, sumExp x = Real.exp (x 0) + Real.exp (x 1) + Real.exp (x 2)",
        "∀ x : Vec 3, sumExp x = Real.exp (x 0) + Real.exp (x 1) + Real.exp (x 1)",
    ),
    "two_lengths": (
        "∀ {m n : ℕ} (x : Vec m) (y : Vec n), "
        "sumExp x * sumExp y = ∑ i, ∑ j, Real.exp (x i) * Real.exp (y j)",
        "∀ {m n : ℕ} (x : Vec m) (y : Vec n), "
        "sumExp x + sumExp y = ∑ i, ∑ j, Real.exp (x i) * Real.exp (y j)",
    ),
    "call_under_a_sum": (
        "∀ {n : ℕ} (x dx : Vec n), ∑ i, softmaxDerivCoord x i dx = 0",
        "∀ {n : ℕ} (x dx : Vec n), ∑ i, softmaxDerivCoord x i dx = ∑ i, dx i",
    ),
    "argument_that_depends_on_the_index": (
        "∀ {n : ℕ} (x dx : Vec n), "
        "∑ i, softmaxDerivCoord x i (softmaxVecOfFun fun k => dx k + x i) = 0",
        "∀ {n : ℕ} (x dx : Vec n), "
        "∑ i, softmaxDerivCoord x i (softmaxVecOfFun fun k => dx k * x i) = 0",
    ),
    "call_at_an_index_under_a_sum": (
        "∀ {n : ℕ} (x dx : Vec n) (i : Fin n), "
        "∑ j, softmaxDerivCoord x j dx * softmaxDerivCoord x i dx = 0",
        "∀ {n : ℕ} (x dx : Vec n) (i : Fin n), "
        "∑ j : Fin n, softmaxDerivCoord x i dx * softmaxDerivCoord x i dx = 0",
    ),
    "vector_that_depends_on_a_free_index": (
        "∀ {n : ℕ} (x : Vec n) (i : Fin n), "
        "softmaxVec (softmaxVecOfFun fun j => x j + x i) = softmaxVec x",
        "∀ {n : ℕ} (x : Vec n) (i : Fin n), "
        "softmaxVec (softmaxVecOfFun fun j => x j * x i) = softmaxVec x",
    ),
    "tabulated_call": (
        "∀ {n : ℕ} (x dx : Vec n), "
        "softmaxVecOfFun (fun i => softmaxDerivCoord x i dx) = softmaxJvp x dx",
        "∀ {n : ℕ} (x dx : Vec n), "
        "softmaxVecOfFun (fun i => softmaxDerivCoord dx i x) = softmaxJvp x dx",
    ),
    "sum_of_vectors": (
        "∀ {n : ℕ} (x dx δ : Vec n), softmaxJvp x (dx + δ) = softmaxJvp x dx + softmaxJvp x δ",
        "∀ {n : ℕ} (x dx δ : Vec n), softmaxJvp x (dx + δ) = softmaxJvp x dx - softmaxJvp x δ",
    ),
    "sum_of_vectors_above_zero": (
        "∀ {n : ℕ} (x y : Vec (n + 1)), dotCLM (x + y) x = dotCLM x x + dotCLM y x",
        "∀ {n : ℕ} (x y : Vec (n + 1)), dotCLM (x + y) x = dotCLM x x - dotCLM y x",
    ),
    "multiple_of_a_vector": (
        "∀ {n : ℕ} (x dx : Vec n) (c : ℝ), softmaxJvp x (c • dx) = c • softmaxJvp x dx",
        "∀ {n : ℕ} (x dx : Vec n) (c : ℝ), softmaxJvp (c • x) dx = c • softmaxJvp x dx",
    ),
    "nested": (
        "∀ {n : ℕ} (x : Vec n) (i : Fin n), "
        "softmaxVec (softmaxVec x) i = Real.exp (softmaxVec x i) / sumExp (softmaxVec x)",
        "∀ {n : ℕ} (x : Vec n) (i : Fin n), "
        "softmaxVec (softmaxVec x) i = Real.exp (softmaxVec x i) / sumExp x",
    ),
    "two_indices": (
        "∀ {n : ℕ} (x : Vec n) (i j : Fin n), "
        "softmaxVec x i * Real.exp (x j) = softmaxVec x j * Real.exp (x i)",
        "∀ {n : ℕ} (x : Vec n) (i j : Fin n), "
        "softmaxVec x i * Real.exp (x i) = softmaxVec x j * Real.exp (x j)",
    ),
    "equal_maps": (
        "∀ {n : ℕ} (x y : Vec n), dotCLM (x + y) = dotCLM x + dotCLM y",
        "∀ {n : ℕ} (x y : Vec n), dotCLM (x + y) = dotCLM x - dotCLM y",
    ),
    "variable_that_is_a_map": (
        "∀ {n : ℕ} (f : Vec n →L[ℝ] ℝ) (x y : Vec n), f (x + y) = f x + f y",
        "∀ {n : ℕ} (f : Vec n →L[ℝ] ℝ) (x y : Vec n), f (x + y) = f x - f y",
    ),
    "rows_of_maps": (
        "∀ {n : ℕ} (f : Fin n → Vec n →L[ℝ] ℝ) (x y : Vec n), ContinuousLinearMap.pi f (x + y) = "
        "ContinuousLinearMap.pi f x + ContinuousLinearMap.pi f y",
        "∀ {n : ℕ} (f : Fin n → Vec n →L[ℝ] ℝ) (x y : Vec n), ContinuousLinearMap.pi f (x + y) = "
        "ContinuousLinearMap.pi f x - ContinuousLinearMap.pi f y",
    ),
    "logarithm": (
        "∀ {n : ℕ} (x : Vec n) (i : Fin n), Real.log (softmaxVec x i) = x i - Real.log (sumExp x)",
        "∀ {n : ℕ} (x : Vec n) (i : Fin n), Real.log (softmaxVec x i) = x i + Real.log (sumExp x)",
    ),
    "constant_vector": (
        "∀ {n : ℕ} (i : Fin n), softmaxVec (0 : Vec n) i = 1 / n",
        "∀ {n : ℕ} (i : Fin n), softmaxVec (0 : Vec n) i = 1 / (n + 1)",
    ),
    "let": (
        "∀ {n : ℕ} (x : Vec n), let y := softmaxVec x; ‖y‖ ^ 2 = dotCLM y y",
        "∀ {n : ℕ} (x : Vec n), let y := softmaxVec x; ‖y‖ ^ 2 = dotCLM y x",
    ),
    "absolute_value": (
        "∀ {n : ℕ} (x : Vec n) (i : Fin n), |-softmaxVec (-x) i| = softmaxVec (-x) i",
        "∀ {n : ℕ} (x : Vec n) (i : Fin n), |-softmaxVec (-x) i| = softmaxVec x i",
    ),
    "no_vector": (
        "∀ c : ℝ, Real.exp c * Real.exp (-c) = 1",
        "∀ c : ℝ, Real.exp c * Real.exp c = 1",
    ),
    "derivative_of_a_real_function": (
        "∀ {n : ℕ} (x : Vec n), HasFDerivAt sumExp (sumExp x • dotCLM (softmaxVec x)) x",
        "∀ {n : ℕ} (x : Vec n), HasFDerivAt sumExp (dotCLM (softmaxVec x)) x",
    ),
    "derivative_of_a_map": (
        "∀ {n : ℕ} (y x : Vec n), HasFDerivAt (fun z => dotCLM y z) (dotCLM y) x",
        "∀ {n : ℕ} (y x : Vec n), HasFDerivAt (fun z => dotCLM y z) (dotCLM x) x",
    ),
    "derivative_of_a_composition": (
        "∀ {n : ℕ} (x y : Vec n), HasFDerivAt (fun z => softmaxVec (z + y)) "
        "(softmaxDerivCLM (x + y)) x",
        "∀ {n : ℕ} (x y : Vec n), HasFDerivAt (fun z => softmaxVec (z + y)) (softmaxDerivCLM x) x",
    ),
}

BASIS = (
    "Vec",
    "sumExp",
    "softmaxVec",
    "softmaxVecOfFun",
    "softmaxVec_add_const",
    "dotCLM",
    "softmaxJvp",
    "softmaxDerivCoord",
    "softmaxDerivCLM",
    "softmaxJvp_eq_deriv",
    "softmaxDerivCoord_eq_softmaxJvp",
    "pi_apply_vec",
)
"""The project's specs that define constants or license forms."""

_THEOREM = """\
schema: 1
name: Proofs.Autograd.{name}
kind: theorem
role: support
file: Proofs/Autograd/Unseen.lean
summary: A statement for a test.
statement: "{statement}"
provenance: {{requirement: TEST-01, text: The checks are general.}}
"""


def library_with(folder: Path, theorems: Mapping[str, str]) -> SpecLibrary:
    """The project's definitions, and specs of these theorems, written to a folder and loaded."""
    for name in BASIS:
        shutil.copy(find_specs(None).path / "softmax" / f"{name}.yaml", folder)
    for name, statement in theorems.items():
        text = _THEOREM.format(name=name, statement=statement)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_specs(folder)


def twins() -> dict[str, str]:
    """Names of theorems -> statements, the false ones with `_wrong` at the end."""
    right = {name: pair[0] for name, pair in TWINS.items()}
    return {**right, **{f"{name}_wrong": pair[1] for name, pair in TWINS.items()}}
