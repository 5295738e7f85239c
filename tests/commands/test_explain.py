"""`explain` tells the whole story of one declaration."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.conftest import Crosscheck


def test_a_definition(crosscheck: Crosscheck) -> None:
    found = crosscheck("explain", "softmaxVec")
    assert (found.code, found.err) == (0, "")
    for words in (
        "Proofs.Autograd.softmaxVec  def",
        "SOFTMAX-04",
        "softmaxVec : {n : ℕ} → Vec n → Vec n",
        "├─ softmaxVec x i",
        "Proofs/Autograd/Softmax.lean:",
        "def softmaxVec",
        "by Proofs.Autograd.softmaxVec_apply",
        "licensed by Proofs.Autograd.softmaxVec_add_const",
        "uses      sumExp",
        "numpy: harness.implementations.numpy_softmax:softmax_vec",
        "mirrored",
        "no evidence of a proof",
    ):
        assert words in found.out, words


def test_a_theorem(crosscheck: Crosscheck) -> None:
    found = crosscheck("explain", "Proofs.Autograd.inner_softmaxJvp_comm")
    assert found.code == 0
    assert "uses      softmaxJvp" in found.out
    assert "theorem inner_softmaxJvp_comm" in found.out


def test_a_type(crosscheck: Crosscheck) -> None:
    found = crosscheck("explain", "Vec")
    assert found.code == 0
    assert "no Python side" in found.out


@pytest.mark.parametrize("name", ["softmaxvec", "nothing_like_it", "absent.yaml"])
def test_an_unknown_name(crosscheck: Crosscheck, name: str) -> None:
    found = crosscheck("explain", name)
    assert (found.code, found.out, found.err.count("\n")) == (2, "", 1)


def test_lean_source_elsewhere(crosscheck: Crosscheck, lean: Path) -> None:
    source = lean / "Proofs" / "Autograd" / "Softmax.lean"
    text = source.read_text("utf-8")
    source.write_text(text.replace("def sumExp ", "def sumExpp "), encoding="utf-8")
    found = crosscheck("explain", "sumExp", "--lean", lean)
    assert found.code == 0
    assert "missing" in found.out
