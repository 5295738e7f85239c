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


def bounds(text: str) -> list[list[str]]:
    """The rows of the table of bounds."""
    table = text.partition("in ulp\n")[2].partition("\n\n")[0]
    return [line.split() for line in table.splitlines()]


def test_the_bound_at_an_input(crosscheck: Crosscheck, tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text('{"x": [0, 0, "0x0p+0", 0], "dtype": "float64"}')
    found = crosscheck("explain", "softmaxVec", "--at", "in.json")
    assert found.code == 0, found.err
    # Four equal numbers: every step is exact, and so must the result be.
    assert bounds(found.out) == [["i", "=", str(k), "0.25", "0", "0"] for k in range(4)]
    assert "of a call in float64, arithmetic ieee" in found.out


def test_the_bound_at_an_input_of_ours(crosscheck: Crosscheck) -> None:
    for name in ("softmaxVec", "softmaxDerivCoord", "pi_apply_vec", "dotCLM"):
        found = crosscheck("explain", name)
        for row in bounds(found.out):
            assert 0 < float(row[-2]) < 1e-4


def test_another_arithmetic_allows_more(crosscheck: Crosscheck, tmp_path: Path) -> None:
    allowed = []
    for name in ("ieee", "exp2"):
        (tmp_path / "in.json").write_text(f'{{"x": [1, 2], "arithmetic": "{name}"}}')
        (first, _) = bounds(crosscheck("explain", "softmaxVec", "--at", "in.json").out)
        allowed.append(float(first[-1]))
    assert allowed[0] < allowed[1]


def test_out_of_range_is_not_judged(crosscheck: Crosscheck, tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text('{"x": [1000]}')
    found = crosscheck("explain", "sumExp", "--at", "in.json")
    assert bounds(found.out)[0][-4:] == ["of", "range:", "not", "judged"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON"),
        ("[1]", "not an input"),
        ("{}", "'x' : Vec n is missing"),
        ('{"y": [1]}', "softmaxVec takes no 'y'"),
        ('{"x": [[1]]}', "has shape (1, 1), not (1,)"),
        ('{"x": ["z"]}', "'x' is not an array of numbers"),
        ('{"x": ["0.5"]}', "'x' is not an array of numbers"),
        ('{"x": ["a"]}', "'x' is not an array of numbers"),
        ('{"x": ["-inf"]}', "holds a number that is not real"),
        ('{"x": [1, [2]]}', "'x' is not an array of numbers"),
        ('{"x": [true]}', "'x' is not an array of numbers"),
        ('{"x": [NaN]}', "holds a number that is not real"),
        ('{"x": [1e39]}', "holds a number beyond float32"),
        ('{"x": [1], "dtype": "int8"}', "no dtype 'int8'"),
        ('{"x": [1], "arithmetic": "ieeee"}', "did you mean 'ieee'?"),
    ],
)
def test_an_input_that_does_not_fit(
    crosscheck: Crosscheck, tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "in.json").write_text(text)
    found = crosscheck("explain", "softmaxVec", "--at", "in.json")
    assert (found.code, found.out, found.err.count("\n")) == (2, "", 1)
    assert found.err.startswith("crosscheck: in.json:1:")
    assert message in found.err


def test_a_theorem_has_no_bound_of_its_own(crosscheck: Crosscheck, tmp_path: Path) -> None:
    (tmp_path / "in.json").write_text('{"x": [1]}')
    found = crosscheck("explain", "inner_softmaxJvp_comm", "--at", "in.json")
    assert (found.code, found.err.count("\n")) == (2, 1)
    assert crosscheck("explain", "softmaxVec", "--at", "absent.json").code == 2
