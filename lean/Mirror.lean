import Proofs.Autograd.Softmax
import Proofs.Autograd.Vec

/-!
# The specs, restated

Generated from the spec files by `crosscheck lean mirror`; do not edit. Each theorem states what a
spec says, in the words of the spec, and is closed by the declaration that the spec names.
-/

open Proofs.Autograd

namespace Mirror

noncomputable section

/-- Stated by Vec. -/
theorem Vec_value :
    ∀ (n : ℕ), @_root_.Proofs.Autograd.Vec n = EuclideanSpace ℝ (Fin n) := by
  intros; with_reducible rfl

/-- Stated by dotCLM_apply and dotCLM. -/
theorem dotCLM_apply :
    ∀ {n : ℕ} (y x : Vec n), dotCLM y x = ∑ j : Fin n, y j * x j :=
  @_root_.Proofs.Autograd.dotCLM_apply

/-- Stated by hasFDerivAt_softmaxVec. -/
theorem hasFDerivAt_softmaxVec :
    ∀ {n : ℕ} (x : Vec n), HasFDerivAt (softmaxVec : Vec n → Vec n) (softmaxDerivCLM x) x :=
  @_root_.Proofs.Autograd.hasFDerivAt_softmaxVec

/-- Stated by inner_softmaxJvp_comm. -/
theorem inner_softmaxJvp_comm :
    ∀ {n : ℕ} (x dx δ : Vec n), inner ℝ (softmaxJvp x dx) δ = inner ℝ dx (softmaxJvp x δ) :=
  @_root_.Proofs.Autograd.inner_softmaxJvp_comm

/-- Stated by pi_apply_vec. -/
theorem pi_apply_vec :
    ∀ {n : ℕ} (f : Fin n → Vec n →L[ℝ] ℝ) (x : Vec n) (i : Fin n),
      (ContinuousLinearMap.pi f x) i = f i x :=
  @_root_.Proofs.Autograd.pi_apply_vec

/-- Stated by softmaxDerivCLM_apply and softmaxDerivCLM. -/
theorem softmaxDerivCLM_apply :
    ∀ {n : ℕ} (x dx : Vec n) (i : Fin n), softmaxDerivCLM x dx i = softmaxDerivCoord x i dx :=
  @_root_.Proofs.Autograd.softmaxDerivCLM_apply

/-- Stated by softmaxDerivCoord_apply and softmaxDerivCoord. -/
theorem softmaxDerivCoord_apply :
    ∀ {n : ℕ} (x : Vec n) (i : Fin n) (dx : Vec n),
      softmaxDerivCoord x i dx = softmaxVec x i * dx i - softmaxVec x i * dotCLM (softmaxVec x)
      dx :=
  @_root_.Proofs.Autograd.softmaxDerivCoord_apply

/-- Stated by softmaxDerivCoord_eq_softmaxJvp. -/
theorem softmaxDerivCoord_eq_softmaxJvp :
    ∀ {n : ℕ} (x : Vec n) (i : Fin n) (dx : Vec n), softmaxDerivCoord x i dx = softmaxJvp x dx i :=
  @_root_.Proofs.Autograd.softmaxDerivCoord_eq_softmaxJvp

/-- Stated by softmaxJvp_apply and softmaxJvp. -/
theorem softmaxJvp_apply :
    ∀ {n : ℕ} (x dx : Vec n) (i : Fin n),
      softmaxJvp x dx i = softmaxVec x i * (dx i - dotCLM (softmaxVec x) dx) :=
  @_root_.Proofs.Autograd.softmaxJvp_apply

/-- Stated by softmaxJvp_eq_deriv. -/
theorem softmaxJvp_eq_deriv :
    ∀ {n : ℕ} (x dx : Vec n), softmaxJvp x dx = softmaxDerivCLM x dx :=
  @_root_.Proofs.Autograd.softmaxJvp_eq_deriv

/-- Stated by softmaxJvp_zero and softmaxJvp. -/
theorem softmaxJvp_zero :
    ∀ x dx : Vec 0, softmaxJvp x dx = dx :=
  @_root_.Proofs.Autograd.softmaxJvp_zero

/-- Stated by softmaxVecOfFun_apply and softmaxVecOfFun. -/
theorem softmaxVecOfFun_apply :
    ∀ {n : ℕ} (f : Fin n → ℝ) (i : Fin n), softmaxVecOfFun f i = f i :=
  @_root_.Proofs.Autograd.softmaxVecOfFun_apply

/-- Stated by softmaxVec_add_const. -/
theorem softmaxVec_add_const :
    ∀ {n : ℕ} (x : Vec n) (c : ℝ), softmaxVec (softmaxVecOfFun fun i => x i + c) = softmaxVec x :=
  @_root_.Proofs.Autograd.softmaxVec_add_const

/-- Stated by softmaxVec_apply and softmaxVec. -/
theorem softmaxVec_apply :
    ∀ {n : ℕ} (x : Vec n) (i : Fin n), softmaxVec x i = Real.exp (x i) / sumExp x :=
  @_root_.Proofs.Autograd.softmaxVec_apply

/-- Stated by softmaxVec_zero and softmaxVec. -/
theorem softmaxVec_zero :
    ∀ x : Vec 0, softmaxVec x = x :=
  @_root_.Proofs.Autograd.softmaxVec_zero

/-- Stated by sumExp_apply and sumExp. -/
theorem sumExp_apply :
    ∀ {n : ℕ} (x : Vec n), sumExp x = ∑ i : Fin n, Real.exp (x i) :=
  @_root_.Proofs.Autograd.sumExp_apply

-- The type of dotCLM.
example :
    {n : ℕ} → Vec n → Vec n →L[ℝ] ℝ :=
  @_root_.Proofs.Autograd.dotCLM

-- The type of softmaxDerivCLM.
example :
    {n : ℕ} → Vec n → Vec n →L[ℝ] Vec n :=
  @_root_.Proofs.Autograd.softmaxDerivCLM

-- The type of softmaxDerivCoord.
example :
    {n : ℕ} → Vec n → Fin n → Vec n →L[ℝ] ℝ :=
  @_root_.Proofs.Autograd.softmaxDerivCoord

-- The type of softmaxJvp.
example :
    {n : ℕ} → Vec n → Vec n → Vec n :=
  @_root_.Proofs.Autograd.softmaxJvp

-- The type of softmaxVec.
example :
    {n : ℕ} → Vec n → Vec n :=
  @_root_.Proofs.Autograd.softmaxVec

-- The type of softmaxVecOfFun.
example :
    {n : ℕ} → (Fin n → ℝ) → Vec n :=
  @_root_.Proofs.Autograd.softmaxVecOfFun

-- The type of sumExp.
example :
    {n : ℕ} → Vec n → ℝ :=
  @_root_.Proofs.Autograd.sumExp

end

end Mirror
