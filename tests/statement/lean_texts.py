"""The statements of this project's theorems, as Lean says them; keys are the Lean names."""

from __future__ import annotations

STATEMENTS = {
    "softmaxVecOfFun_apply": ("∀ {n : ℕ} (f : Fin n → ℝ) (i : Fin n), softmaxVecOfFun f i = f i"),
    "dotCLM_apply": "∀ {n : ℕ} (y x : Vec n), dotCLM y x = ∑ j : Fin n, y j * x j",
    "pi_apply_vec": (
        "∀ {n : ℕ} (f : Fin n → Vec n →L[ℝ] ℝ) (x : Vec n) (i : Fin n),\n"
        "      (ContinuousLinearMap.pi f x) i = f i x"
    ),
    "softmaxJvp_eq_deriv": ("∀ {n : ℕ} (x dx : Vec n), softmaxJvp x dx = softmaxDerivCLM x dx"),
    "inner_softmaxJvp_comm": (
        "∀ {n : ℕ} (x dx δ : Vec n), inner ℝ (softmaxJvp x dx) δ = inner ℝ dx (softmaxJvp x δ)"
    ),
    "hasFDerivAt_softmaxVec": (
        "∀ {n : ℕ} (x : Vec n), HasFDerivAt (softmaxVec : Vec n → Vec n) (softmaxDerivCLM x) x"
    ),
    "sumExp_apply": "∀ {n : ℕ} (x : Vec n), sumExp x = ∑ i : Fin n, Real.exp (x i)",
    "softmaxVec_apply": (
        "∀ {n : ℕ} (x : Vec n) (i : Fin n), softmaxVec x i = Real.exp (x i) / sumExp x"
    ),
    "softmaxVec_add_const": (
        "∀ {n : ℕ} (x : Vec n) (c : ℝ), "
        "softmaxVec (softmaxVecOfFun fun i => x i + c) = softmaxVec x"
    ),
    "softmaxVec_zero": "∀ x : Vec 0, softmaxVec x = x",
    "sumExp_pos": "∀ {n : ℕ} (x : Vec n) (i : Fin n), 0 < sumExp x",
    "softmaxVec_eq_exp": (
        "∀ {n : ℕ} (x : Vec n) (i : Fin n),\n"
        "    softmaxVec x i = Real.exp (x i - Real.log (sumExp x))"
    ),
    "sumExp_add_const": (
        "∀ {n : ℕ} (x : Vec n) (c : ℝ),\n"
        "    sumExp (softmaxVecOfFun fun i : Fin n => x i + c) = sumExp x * Real.exp c"
    ),
    "softmaxDerivCoord_apply": (
        "∀ {n : ℕ} (x : Vec n) (i : Fin n) (dx : Vec n),\n"
        "    softmaxDerivCoord x i dx\n"
        "      = softmaxVec x i * dx i - softmaxVec x i * dotCLM (softmaxVec x) dx"
    ),
    "softmaxDerivCoord_eq_softmaxJvp": (
        "∀ {n : ℕ} (x : Vec n) (i : Fin n) (dx : Vec n), "
        "softmaxDerivCoord x i dx = softmaxJvp x dx i"
    ),
    "softmaxDerivCLM_apply": (
        "∀ {n : ℕ} (x dx : Vec n) (i : Fin n), softmaxDerivCLM x dx i = softmaxDerivCoord x i dx"
    ),
    "softmaxJvp_apply": (
        "∀ {n : ℕ} (x dx : Vec n) (i : Fin n),\n"
        "      softmaxJvp x dx i = softmaxVec x i * (dx i - dotCLM (softmaxVec x) dx)"
    ),
    "inner_softmaxJvp": (
        "∀ {n : ℕ} (x dx d : Vec n), inner ℝ (softmaxJvp x dx) d =\n"
        "      (∑ i : Fin n, softmaxVec x i * dx i * d i)\n"
        "        - dotCLM (softmaxVec x) dx * dotCLM (softmaxVec x) d"
    ),
    "hasFDerivAt_sumExp": (
        "∀ {n : ℕ} (x : Vec n), HasFDerivAt (sumExp : Vec n → ℝ)\n"
        "      (dotCLM (softmaxVecOfFun fun j : Fin n => Real.exp (x j))) x"
    ),
    "hasFDerivAt_logSumExp": (
        "∀ {n : ℕ} (x : Vec n) (i : Fin n),\n"
        "    HasFDerivAt (fun z : Vec n => Real.log (sumExp z)) (dotCLM (softmaxVec x)) x"
    ),
    "hasFDerivAt_softmaxVec_coord": (
        "∀ {n : ℕ} (x : Vec n) (i : Fin n),\n"
        "    HasFDerivAt (fun z : Vec n => softmaxVec z i) (softmaxDerivCoord x i) x"
    ),
    "inner_vec": "∀ {n : ℕ} (a b : Vec n), inner ℝ a b = ∑ i : Fin n, a i * b i",
    "evalCLM_apply": "∀ {n : ℕ} (i : Fin n) (x : Vec n), evalCLM i x = x i",
    "assembleCLM_apply": (
        "∀ {m n : ℕ} (f : Fin n → Vec m →L[ℝ] ℝ) (v : Vec m) (i : Fin n),\n"
        "    assembleCLM f v i = f i v"
    ),
    "hasFDerivAt_coord": (
        "∀ {n : ℕ} (x : Vec n) (i : Fin n), HasFDerivAt (fun z : Vec n => z i) (evalCLM i) x"
    ),
}
