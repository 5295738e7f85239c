import Mathlib

/-!
# Euclidean vectors

`Vec n` is `ℝⁿ` with the Euclidean inner product. Its elements are structures
`WithLp 2 (Fin n → ℝ)`, and `x i` elaborates to `x.ofLp i`.

## Main definitions

* `Vec n`: the vectors of length `n`.
* `evalCLM i`: the coordinate `x ↦ x i`, as a continuous linear functional.
* `assembleCLM f`: the continuous linear map into `Vec n` whose coordinates are the functionals `f`.

## Main results

* `inner_eq_sum`: the inner product is the sum of the products of the coordinates.
* `pi_apply_vec`: the coordinates of `ContinuousLinearMap.pi` on vectors.
* `hasFDerivAt_of_coord`: a map into `Vec n` is differentiated coordinate by coordinate.
-/

namespace Proofs.Autograd

noncomputable section

/-- Vectors of length `n` over `ℝ`, with the Euclidean norm and inner product. -/
abbrev Vec (n : ℕ) : Type := EuclideanSpace ℝ (Fin n)

/-- The inner product of two vectors is the sum of the products of their coordinates. -/
theorem inner_eq_sum {n : ℕ} (a b : Vec n) : inner ℝ a b = ∑ i : Fin n, a i * b i := by
  simp [PiLp.inner_apply, mul_comm]

/-- The `i`th coordinate, as a continuous linear functional. -/
def evalCLM {n : ℕ} (i : Fin n) : Vec n →L[ℝ] ℝ := EuclideanSpace.proj (𝕜 := ℝ) i

/-- `evalCLM i` reads the `i`th coordinate. -/
@[simp] theorem evalCLM_apply {n : ℕ} (i : Fin n) (x : Vec n) : evalCLM i x = x i := rfl

/-- The coordinates of `ContinuousLinearMap.pi` on vectors. -/
@[simp] theorem pi_apply_vec {n : ℕ} (f : Fin n → Vec n →L[ℝ] ℝ) (x : Vec n) (i : Fin n) :
    (ContinuousLinearMap.pi f x) i = f i x := rfl

/-- The continuous linear map into `Vec n` whose `i`th coordinate is the functional `f i`. -/
def assembleCLM {m n : ℕ} (f : Fin n → Vec m →L[ℝ] ℝ) : Vec m →L[ℝ] Vec n :=
  (EuclideanSpace.equiv (Fin n) ℝ).symm.toContinuousLinearMap.comp (ContinuousLinearMap.pi f)

/-- The coordinates of `assembleCLM`. -/
@[simp] theorem assembleCLM_apply {m n : ℕ} (f : Fin n → Vec m →L[ℝ] ℝ) (v : Vec m) (i : Fin n) :
    assembleCLM f v i = f i v := rfl

/-- A coordinate is its own derivative. -/
theorem hasFDerivAt_coord {n : ℕ} (x : Vec n) (i : Fin n) :
    HasFDerivAt (fun z : Vec n => z i) (evalCLM i) x :=
  (evalCLM i).hasFDerivAt

/-- A map into `Vec n` is differentiable when each of its coordinates is, and its derivative has the
derivatives of the coordinates as its coordinates. -/
theorem hasFDerivAt_of_coord {m n : ℕ} {f : Vec m → Vec n} {f' : Fin n → Vec m →L[ℝ] ℝ}
    {x : Vec m} (h : ∀ i : Fin n, HasFDerivAt (fun z : Vec m => f z i) (f' i) x) :
    HasFDerivAt f (assembleCLM f') x := by
  have hpi : HasFDerivAt (fun (z : Vec m) (i : Fin n) => f z i) (ContinuousLinearMap.pi f') x :=
    (hasFDerivAt_pi (𝕜 := ℝ) (φ := fun (i : Fin n) (z : Vec m) => f z i) (φ' := f') (x := x)).2 h
  have hcomp := (EuclideanSpace.equiv (Fin n) ℝ).symm.toContinuousLinearMap.hasFDerivAt.comp x hpi
  exact hcomp.congr_of_eventuallyEq (Filter.Eventually.of_forall fun _ => PiLp.ext fun _ => rfl)

end

end Proofs.Autograd
