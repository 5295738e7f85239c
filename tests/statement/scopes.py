"""The constants of the softmax theory, typed, and short ways to read a statement in tests."""

from __future__ import annotations

from harness.statement.elaborate import Scope, elaborate, elaborate_signature
from harness.statement.parse import parse, parse_type
from harness.statement.term import Forall

TYPES = {
    "softmaxVecOfFun": "{n : ℕ} → (f : Fin n → ℝ) → Vec n",
    "sumExp": "{n : ℕ} → (x : Vec n) → ℝ",
    "softmaxVec": "{n : ℕ} → (x : Vec n) → Vec n",
    "dotCLM": "{n : ℕ} → (y : Vec n) → Vec n →L[ℝ] ℝ",
    "evalCLM": "{n : ℕ} → (i : Fin n) → Vec n →L[ℝ] ℝ",
    "assembleCLM": "{m n : ℕ} → (f : Fin n → Vec m →L[ℝ] ℝ) → Vec m →L[ℝ] Vec n",
    "softmaxDerivCoord": "{n : ℕ} → (x : Vec n) → (i : Fin n) → Vec n →L[ℝ] ℝ",
    "softmaxDerivCLM": "{n : ℕ} → (x : Vec n) → Vec n →L[ℝ] Vec n",
    "softmaxJvp": "{n : ℕ} → (x dx : Vec n) → Vec n",
    "ContinuousLinearMap.pi": "{n : ℕ} → (f : Fin n → Vec n →L[ℝ] ℝ) → Vec n →L[ℝ] (Fin n → ℝ)",
}


def softmax_scope() -> Scope:
    """The scope that the specs of this project have."""
    namespaces = ("Proofs.Autograd",)
    signatures = [
        elaborate_signature(name, parse_type(text), namespaces) for name, text in TYPES.items()
    ]
    return Scope({signature.name: signature for signature in signatures}, namespaces)


SCOPE = softmax_scope()


def statement(text: str) -> Forall:
    """The statement that a text says."""
    return elaborate(parse(text), SCOPE)
