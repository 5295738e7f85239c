import Proofs.Autograd.Vec

/-!
# Softmax on Euclidean vectors

Softmax, its derivative, and its Jacobian-vector product in closed form.

`softmaxVec` and `softmaxJvp` are defined by cases on the length, with the identity on the one-point
space `Vec 0`. As `Fin 0` has no elements, each has one coordinate formula that holds for every
length (`softmaxVec_apply`, `softmaxJvp_apply`), and later proofs use the formulas only.

The derivative goes through `softmaxVec x i = exp (x i - log (sumExp x))`: the derivative of
`log ∘ sumExp` at `x` is the inner product with `softmaxVec x`.

## Main definitions

* `softmaxVecOfFun f`: the vector with coordinates `f`.
* `sumExp x`: the sum of the exponentials of the coordinates.
* `softmaxVec x`: softmax.
* `dotCLM y`: the inner product with `y`, as a continuous linear functional.
* `softmaxDerivCoord x i`: the derivative of the `i`th coordinate of softmax at `x`.
* `softmaxDerivCLM x`: the derivative of softmax at `x`.
* `softmaxJvp x dx`: the Jacobian-vector product of softmax, in closed form.

## Main results

* `softmaxVec_add_const`: softmax does not change when a number is added to every coordinate.
* `softmaxJvp_eq_deriv`: the closed form is the derivative.
* `inner_softmaxJvp_comm`: the Jacobian of softmax is self-adjoint.
* `hasFDerivAt_softmaxVec`: softmax is Fréchet differentiable everywhere.

Where reading could not decide whether Lean accepts a step, `first` holds a second proof of it.
-/

namespace Proofs.Autograd

noncomputable section

/-! ### Value -/

/-- The vector with the given coordinates. -/
def softmaxVecOfFun {n : ℕ} (f : Fin n → ℝ) : Vec n := WithLp.toLp 2 f

/-- The coordinates of `softmaxVecOfFun f` are those of `f`. -/
@[simp] theorem softmaxVecOfFun_apply {n : ℕ} (f : Fin n → ℝ) (i : Fin n) :
    softmaxVecOfFun f i = f i := rfl

/-- The sum of the exponentials of the coordinates. -/
def sumExp {n : ℕ} (x : Vec n) : ℝ := ∑ i : Fin n, Real.exp (x i)

/-- The equation that defines `sumExp`. -/
theorem sumExp_apply {n : ℕ} (x : Vec n) : sumExp x = ∑ i : Fin n, Real.exp (x i) := rfl

/-- The sum of the exponentials is positive as soon as there is a coordinate. -/
theorem sumExp_pos {n : ℕ} (x : Vec n) (i : Fin n) : 0 < sumExp x := by
  rw [sumExp_apply]
  exact Finset.sum_pos (fun j _ => Real.exp_pos (x j)) ⟨i, Finset.mem_univ i⟩

/-- Softmax: `exp (x i) / ∑ j, exp (x j)`; the identity on the one-point space `Vec 0`. -/
def softmaxVec : {n : ℕ} → Vec n → Vec n
  | 0, x => x
  | _ + 1, x => softmaxVecOfFun fun i => Real.exp (x i) / sumExp x

/-- Softmax on the one-point space is the identity. -/
theorem softmaxVec_zero (x : Vec 0) : softmaxVec x = x := rfl

/-- The coordinates of softmax, for every length. -/
theorem softmaxVec_apply {n : ℕ} (x : Vec n) (i : Fin n) :
    softmaxVec x i = Real.exp (x i) / sumExp x := by
  cases n with
  | zero => exact i.elim0
  | succ _ => exact softmaxVecOfFun_apply _ i

/-- The coordinates of softmax through the logarithm of the sum of the exponentials. -/
theorem softmaxVec_eq_exp {n : ℕ} (x : Vec n) (i : Fin n) :
    softmaxVec x i = Real.exp (x i - Real.log (sumExp x)) := by
  rw [softmaxVec_apply, Real.exp_sub, Real.exp_log (sumExp_pos x i)]

/-- A number added to every coordinate multiplies the sum of the exponentials. -/
theorem sumExp_add_const {n : ℕ} (x : Vec n) (c : ℝ) :
    sumExp (softmaxVecOfFun fun i => x i + c) = sumExp x * Real.exp c := by
  simp only [sumExp_apply, softmaxVecOfFun_apply, Real.exp_add, Finset.sum_mul]

/-- Softmax does not change when a number is added to every coordinate. -/
theorem softmaxVec_add_const {n : ℕ} (x : Vec n) (c : ℝ) :
    softmaxVec (softmaxVecOfFun fun i => x i + c) = softmaxVec x := by
  refine PiLp.ext fun i => ?_
  rw [softmaxVec_apply, softmaxVec_apply, sumExp_add_const x c, softmaxVecOfFun_apply,
    Real.exp_add, mul_div_mul_right _ _ (Real.exp_pos c).ne']

/-! ### Derivative and Jacobian-vector product -/

/-- The value of a linear combination of coordinates. -/
theorem sum_smul_evalCLM_apply {n : ℕ} (c : Fin n → ℝ) (x : Vec n) :
    (∑ j : Fin n, c j • evalCLM j : Vec n →L[ℝ] ℝ) x = ∑ j : Fin n, c j * x j := by
  first
  | exact by simp only [sum_apply, smul_apply, evalCLM_apply, smul_eq_mul]
  | exact (sum_apply Finset.univ (fun j : Fin n => c j • evalCLM j) x).trans
      (Finset.sum_congr rfl fun _ _ => rfl)

/-- The inner product with `y`, as a continuous linear functional. -/
def dotCLM {n : ℕ} (y : Vec n) : Vec n →L[ℝ] ℝ := ∑ j : Fin n, y j • evalCLM j

/-- `dotCLM y x` is the sum of the products of the coordinates. -/
@[simp] theorem dotCLM_apply {n : ℕ} (y x : Vec n) : dotCLM y x = ∑ j : Fin n, y j * x j :=
  sum_smul_evalCLM_apply (fun j => y j) x

/-- The derivative of the `i`th coordinate of softmax at `x`: with `y = softmaxVec x`, the
functional `dx ↦ y i * dx i - y i * ∑ j, y j * dx j`. -/
def softmaxDerivCoord {n : ℕ} (x : Vec n) (i : Fin n) : Vec n →L[ℝ] ℝ :=
  softmaxVec x i • evalCLM i - softmaxVec x i • dotCLM (softmaxVec x)

/-- `softmaxDerivCoord` in a direction. -/
theorem softmaxDerivCoord_apply {n : ℕ} (x : Vec n) (i : Fin n) (dx : Vec n) :
    softmaxDerivCoord x i dx
      = softmaxVec x i * dx i - softmaxVec x i * dotCLM (softmaxVec x) dx := by
  first
  | exact by simp only [softmaxDerivCoord, sub_apply, smul_apply, evalCLM_apply, smul_eq_mul]
  | exact rfl

/-- The derivative of softmax at `x`. -/
def softmaxDerivCLM {n : ℕ} (x : Vec n) : Vec n →L[ℝ] Vec n := assembleCLM (softmaxDerivCoord x)

/-- The coordinates of `softmaxDerivCLM` in a direction. -/
theorem softmaxDerivCLM_apply {n : ℕ} (x dx : Vec n) (i : Fin n) :
    softmaxDerivCLM x dx i = softmaxDerivCoord x i dx :=
  assembleCLM_apply (softmaxDerivCoord x) dx i

/-- The Jacobian-vector product of softmax in closed form: `y i * (dx i - ∑ j, y j * dx j)` with
`y = softmaxVec x`; the identity on the one-point space `Vec 0`. -/
def softmaxJvp : {n : ℕ} → Vec n → Vec n → Vec n
  | 0, _, dx => dx
  | _ + 1, x, dx => softmaxVecOfFun fun i => softmaxVec x i * (dx i - dotCLM (softmaxVec x) dx)

/-- The Jacobian-vector product on the one-point space is the identity. -/
theorem softmaxJvp_zero (x dx : Vec 0) : softmaxJvp x dx = dx := rfl

/-- The coordinates of the Jacobian-vector product, for every length. -/
theorem softmaxJvp_apply {n : ℕ} (x dx : Vec n) (i : Fin n) :
    softmaxJvp x dx i = softmaxVec x i * (dx i - dotCLM (softmaxVec x) dx) := by
  cases n with
  | zero => exact i.elim0
  | succ _ => exact softmaxVecOfFun_apply _ i

/-- The expanded form `y i * dx i - y i * s` of a coordinate is the factored `y i * (dx i - s)`. -/
theorem softmaxDerivCoord_eq_softmaxJvp {n : ℕ} (x : Vec n) (i : Fin n) (dx : Vec n) :
    softmaxDerivCoord x i dx = softmaxJvp x dx i := by
  rw [softmaxDerivCoord_apply, softmaxJvp_apply, mul_sub]

/-- The Jacobian-vector product in closed form is the derivative. -/
theorem softmaxJvp_eq_deriv {n : ℕ} (x dx : Vec n) : softmaxJvp x dx = softmaxDerivCLM x dx :=
  PiLp.ext fun i => by rw [softmaxDerivCLM_apply, softmaxDerivCoord_eq_softmaxJvp]

/-! ### Self-adjointness -/

/-- The bilinear form of the Jacobian of softmax: a covariance, symmetric in `dx` and `δ`. -/
theorem inner_softmaxJvp {n : ℕ} (x dx δ : Vec n) :
    inner ℝ (softmaxJvp x dx) δ
      = (∑ i : Fin n, softmaxVec x i * dx i * δ i)
        - dotCLM (softmaxVec x) dx * dotCLM (softmaxVec x) δ := by
  rw [inner_eq_sum, dotCLM_apply (softmaxVec x) δ, Finset.mul_sum, ← Finset.sum_sub_distrib]
  refine Finset.sum_congr rfl fun i _ => ?_
  rw [softmaxJvp_apply]
  ring

/-- The Jacobian of softmax is self-adjoint. -/
theorem inner_softmaxJvp_comm {n : ℕ} (x dx δ : Vec n) :
    inner ℝ (softmaxJvp x dx) δ = inner ℝ dx (softmaxJvp x δ) := by
  have hsum : (∑ i : Fin n, softmaxVec x i * dx i * δ i)
      = ∑ i : Fin n, softmaxVec x i * δ i * dx i :=
    Finset.sum_congr rfl fun i _ => mul_right_comm _ _ _
  calc inner ℝ (softmaxJvp x dx) δ
    _ = (∑ i : Fin n, softmaxVec x i * dx i * δ i)
        - dotCLM (softmaxVec x) dx * dotCLM (softmaxVec x) δ := inner_softmaxJvp x dx δ
    _ = (∑ i : Fin n, softmaxVec x i * δ i * dx i)
        - dotCLM (softmaxVec x) δ * dotCLM (softmaxVec x) dx := by
      rw [hsum, mul_comm (dotCLM (softmaxVec x) dx)]
    _ = inner ℝ (softmaxJvp x δ) dx := (inner_softmaxJvp x δ dx).symm
    _ = inner ℝ dx (softmaxJvp x δ) := real_inner_comm _ _

/-! ### Differentiability -/

/-- The derivative of the sum of the exponentials. -/
theorem hasFDerivAt_sumExp {n : ℕ} (x : Vec n) :
    HasFDerivAt (sumExp : Vec n → ℝ)
      (∑ j : Fin n, Real.exp (x j) • evalCLM j : Vec n →L[ℝ] ℝ) x := by
  have h : HasFDerivAt (fun z : Vec n => ∑ j : Fin n, Real.exp (z j))
      (∑ j : Fin n, Real.exp (x j) • evalCLM j : Vec n →L[ℝ] ℝ) x :=
    HasFDerivAt.fun_sum fun j _ => (hasFDerivAt_coord x j).exp
  exact h

/-- The derivative of the logarithm of the sum of the exponentials is the inner product with
softmax. -/
theorem hasFDerivAt_log_sumExp {n : ℕ} (x : Vec n) (i : Fin n) :
    HasFDerivAt (fun z : Vec n => Real.log (sumExp z)) (dotCLM (softmaxVec x)) x := by
  have hterm : ∀ (d : Vec n) (j : Fin n),
      (sumExp x)⁻¹ * (Real.exp (x j) * d j) = softmaxVec x j * d j := fun d j => by
    rw [softmaxVec_apply, div_eq_inv_mul, mul_assoc]
  have hderiv : (sumExp x)⁻¹ • (∑ j : Fin n, Real.exp (x j) • evalCLM j : Vec n →L[ℝ] ℝ)
      = dotCLM (softmaxVec x) := by
    refine ContinuousLinearMap.ext fun d => ?_
    calc ((sumExp x)⁻¹ • (∑ j : Fin n, Real.exp (x j) • evalCLM j : Vec n →L[ℝ] ℝ)) d
      _ = (sumExp x)⁻¹ * (∑ j : Fin n, Real.exp (x j) • evalCLM j : Vec n →L[ℝ] ℝ) d := by
        first
        | exact by rw [smul_apply, smul_eq_mul]
        | exact rfl
      _ = (sumExp x)⁻¹ * ∑ j : Fin n, Real.exp (x j) * d j :=
        congrArg (fun t : ℝ => (sumExp x)⁻¹ * t)
          (sum_smul_evalCLM_apply (fun j => Real.exp (x j)) d)
      _ = ∑ j : Fin n, (sumExp x)⁻¹ * (Real.exp (x j) * d j) := Finset.mul_sum _ _ _
      _ = ∑ j : Fin n, softmaxVec x j * d j := Finset.sum_congr rfl fun j _ => hterm d j
      _ = dotCLM (softmaxVec x) d := (dotCLM_apply (softmaxVec x) d).symm
  exact ((hasFDerivAt_sumExp x).log (sumExp_pos x i).ne').congr_fderiv hderiv

/-- The derivative of one coordinate of softmax. -/
theorem hasFDerivAt_softmaxVec_coord {n : ℕ} (x : Vec n) (i : Fin n) :
    HasFDerivAt (fun z : Vec n => softmaxVec z i) (softmaxDerivCoord x i) x := by
  have h : HasFDerivAt (fun z : Vec n => Real.exp (z i - Real.log (sumExp z)))
      (Real.exp (x i - Real.log (sumExp x)) • (evalCLM i - dotCLM (softmaxVec x)) :
        Vec n →L[ℝ] ℝ) x :=
    ((hasFDerivAt_coord x i).fun_sub (hasFDerivAt_log_sumExp x i)).exp
  rw [← softmaxVec_eq_exp x i] at h
  have hderiv : softmaxVec x i • (evalCLM i - dotCLM (softmaxVec x)) = softmaxDerivCoord x i := by
    first
    | exact smul_sub _ _ _
    | exact ContinuousLinearMap.ext fun d => by
        simp only [softmaxDerivCoord, sub_apply, smul_apply, smul_eq_mul, mul_sub]
  exact (h.congr_fderiv hderiv).congr_of_eventuallyEq
    (Filter.Eventually.of_forall fun z => softmaxVec_eq_exp z i)

/-- Softmax is Fréchet differentiable everywhere, with derivative `softmaxDerivCLM`. -/
theorem hasFDerivAt_softmaxVec {n : ℕ} (x : Vec n) :
    HasFDerivAt (softmaxVec : Vec n → Vec n) (softmaxDerivCLM x) x :=
  hasFDerivAt_of_coord (f := softmaxVec) (f' := softmaxDerivCoord x)
    (hasFDerivAt_softmaxVec_coord x)

end

end Proofs.Autograd
