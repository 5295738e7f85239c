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

Where reading could not decide whether Lean accepts a step, `first` holds a second proof of it.
-/

namespace Proofs.Autograd

noncomputable section

/-- Vectors of length `n` over `ℝ`, with the Euclidean norm and inner product. -/
abbrev Vec (n : ℕ) : Type := EuclideanSpace ℝ (Fin n)

/-- The inner product of two vectors is the sum of the products of their coordinates. -/
theorem inner_eq_sum {n : ℕ} (a b : Vec n) : inner ℝ a b = ∑ i : Fin n, a i * b i := by
  first
  | exact (PiLp.inner_apply (𝕜 := ℝ) a b).trans
      (Finset.sum_congr rfl fun i _ => Real.inner_apply (a i) (b i))
  | exact by simp [PiLp.inner_apply, mul_comm]

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
  first
  | -- The coordinates as one map into `Fin n → ℝ`, and from there to `Vec n`.
    have hpi : HasFDerivAt (fun (z : Vec m) (i : Fin n) => f z i) (ContinuousLinearMap.pi f') x :=
      (hasFDerivAt_pi (𝕜 := ℝ) (φ := fun (i : Fin n) (z : Vec m) => f z i) (φ' := f') (x := x)).2 h
    have hequiv : HasFDerivAt (fun g : Fin n → ℝ => (EuclideanSpace.equiv (Fin n) ℝ).symm g)
        (EuclideanSpace.equiv (Fin n) ℝ).symm.toContinuousLinearMap (fun i : Fin n => f x i) :=
      (EuclideanSpace.equiv (Fin n) ℝ).symm.toContinuousLinearMap.hasFDerivAt
    exact (hequiv.comp x hpi).congr_of_eventuallyEq
      (Filter.Eventually.of_forall fun _ => PiLp.ext fun _ => rfl)
  | exact hasFDerivWithinAt_univ.1 (hasFDerivWithinAt_euclidean.2 fun i =>
      hasFDerivWithinAt_univ.2 ((h i).congr_fderiv (ContinuousLinearMap.ext fun _ => rfl)))

end

end Proofs.Autograd
