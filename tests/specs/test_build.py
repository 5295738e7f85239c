"""Specs that do not fit together are refused, at the place in the file concerned."""

from pathlib import Path

import pytest

from harness.errors import InputError
from harness.specs.load import load_specs
from tests.specs.conftest import Change

TWICE = """\
unfolds:
  constant: softmaxVecOfFun
  type: "{n : ℕ} → (Fin n → ℝ) → Vec n"
provenance:
"""


def failure(folder: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        load_specs(folder)
    return caught.value


@pytest.mark.parametrize(
    ("name", "old", "new", "at", "message", "hint"),
    [
        ("sumExp", "Real.exp", "Real.exq", "Real.exq", "Real.exq", "Real.exp"),
        ("softmaxVec", "/ sumExp x", "/ sumExq x", "sumExq", "sumExq", "sumExp"),
        ("softmaxVec", "/ sumExp x", "/ sumExp i", "i\"", "Fin n", ""),
        ("softmaxVec", "/ sumExp x", "/ sumExp x)", ")\"", "`)`", ""),
        ("softmaxVec", "softmaxVec x = x", "softmaxVec x = y", "y", "y", ""),
        ("softmaxDerivCoord", "* dotCLM", "* dotCLN", "dotCLN", "dotCLN", "dotCLM"),
        ("softmaxDerivCLM", "softmaxDerivCLM x dx i =", "softmaxJvp x dx i =", "∀",
         "the left side is softmaxJvp, not softmaxDerivCLM", "softmaxDerivCLM"),
        ("softmaxVecOfFun", "softmaxVecOfFun f i =", "f i =", "∀", "the left side", "f x ="),
        ("sumExp", "→ Vec n →", "→ Vek n →", "Vek", "Vek", "Vec"),
        ("pi_apply_vec", "f i x", "f x i", "", "", ""),
        ("sumExp_apply", "name: Proofs.Autograd.sumExp_apply", "name: Proofs.Autograd.sumExp",
         "Proofs.Autograd.sumExp", "has a spec already, in", "remove"),
        ("softmaxVec_zero", "softmaxVec x = x", "x = softmaxVec x", "∀",
         "softmaxVec_zero states something else", "the same"),
        ("softmaxJvp_zero", "dx = dx", "dx = x", "∀", "states something else", "the same"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_placed(
    changed: Change, name: str, old: str, new: str, at: str, message: str, hint: str
) -> None:
    error = failure(changed(name, old, new))
    assert message in error.message
    assert hint in error.hint
    assert error.place is not None
    assert error.source is not None
    assert error.source[error.place.column - 1 :].startswith(at)
    assert Path(error.place.file).stem in (name, name.removesuffix("_zero"))


def test_a_definition_in_a_circle(changed: Change) -> None:
    """sumExp and softmaxVec by way of each other, in both their specs and lemmas."""
    for name in ("sumExp", "sumExp_apply"):
        folder = changed(name, "∑ i : Fin n, Real.exp (x i)", "∑ i : Fin n, softmaxVec x i")
    error = failure(folder)
    assert "in a circle: softmaxVec → sumExp → softmaxVec" in error.message
    assert error.place is not None


def test_a_constant_has_one_type(changed: Change) -> None:
    error = failure(changed("softmaxVecOfFun_apply", "provenance:\n", TWICE))
    assert "softmaxVecOfFun has a type already" in error.message
    assert error.place is not None
    assert error.hint
