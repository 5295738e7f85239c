"""The torch implementations against exact values: bounds, shapes, dtypes, views, n = 0, errors."""

from __future__ import annotations

import ast
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from harness.evaluate.formats import FORMATS
from harness.implementations import torch_softmax as ours

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "softmaxVecOfFun": ours.softmax_vec_of_fun,
    "sumExp": ours.sum_exp,
    "softmaxVec": ours.softmax_vec,
    "dotCLM": ours.dot_clm,
    "softmaxDerivCoord": ours.softmax_deriv_coord,
    "softmaxDerivCLM": ours.softmax_deriv_clm,
    "softmaxJvp": ours.softmax_jvp,
    "ContinuousLinearMap.pi": ours.pi,
}
DEVICES = ["cpu"] + (["cuda"] if torch.cuda.is_available() else [])

each_dtype = pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
each_device = pytest.mark.parametrize("device", DEVICES)


def tensor(values: Any, dtype: str, device: str = "cpu") -> Any:
    """A tensor of numbers that the dtype holds exactly; an index stays."""
    if isinstance(values, int):
        return values
    return torch.tensor(values, dtype=torch.float64).to(getattr(torch, dtype)).to(device)


def carried(result: torch.Tensor) -> NDArray[np.float64]:
    return np.asarray(result.cpu().to(torch.float64).numpy(), dtype=np.float64)


def as_views(given: Any) -> list[Any]:
    """The same values: contiguous, every third, column-major, offset."""
    if isinstance(given, int):
        return [given] * 4
    wide = given.repeat_interleave(3, dim=-1)
    long = torch.cat([given[..., :1], given], dim=-1)
    column = given.mT.contiguous().mT if given.ndim > 1 else given.clone()
    return [given, wide[..., ::3], column, long[..., 1:]]


@each_dtype
@each_device
def test_values_are_within_the_derived_bound(
    dtype: str, device: str, cases: Any, worst_ratio: Any
) -> None:
    fmt = FORMATS[dtype]
    worst: dict[str, float] = {}
    for case in cases(fmt):
        result = FUNCTIONS[case.constant](*(tensor(a, dtype, device) for a in case.arguments))
        assert result.dtype == getattr(torch, dtype) and result.device.type == device, case
        ratio = worst_ratio(case, carried(result), fmt)
        assert ratio <= 1, (case.constant, case.label, ratio)
        worst[case.constant] = max(worst.get(case.constant, 0.0), ratio)
    assert worst.pop("softmaxVecOfFun") == 0
    assert all(ratio > 0 for ratio in worst.values()), worst  # the judge did judge


@each_dtype
@each_device
def test_the_softmax_of_torch_is_within_the_bound(
    dtype: str, device: str, cases: Any, worst_ratio: Any
) -> None:
    fmt = FORMATS[dtype]
    points = [case for case in cases(fmt) if case.constant == "softmaxVec"]
    assert points
    for case in points:
        result = torch.softmax(tensor(case.arguments[0], dtype, device), dim=-1)
        ratio = worst_ratio(case, carried(result), fmt)
        assert ratio <= 1, (case.label, ratio)


@each_dtype
def test_views_get_what_contiguous_tensors_get(dtype: str, cases: Any, worst_ratio: Any) -> None:
    fmt = FORMATS[dtype]
    seen = 0
    for case in cases(fmt):
        if "x normal, dx normal" not in case.label and case.constant != "ContinuousLinearMap.pi":
            continue
        for given in zip(*(as_views(tensor(a, dtype)) for a in case.arguments), strict=True):
            before = [torch.as_tensor(a).clone() for a in given]
            result = FUNCTIONS[case.constant](*given)
            assert worst_ratio(case, carried(result), fmt) <= 1, case.label
            assert all(bool((a == b).all()) for a, b in zip(given, before, strict=True))
            seen += 1
    assert seen > 100


@each_dtype
def test_exact_small_cases(dtype: str) -> None:
    ties = tensor([7.0] * 4, dtype)
    assert ours.softmax_vec(ties).tolist() == [0.25] * 4
    assert ours.softmax_vec(tensor([-3.5], dtype)).tolist() == [1.0]
    assert ours.sum_exp(tensor([0, 0, 0], dtype)).item() == 3
    dx = tensor([1, 2, 3, 6], dtype)
    y = Fraction(1, 4)
    expected = [float(y * (Fraction(v) - y * 12)) for v in (1, 2, 3, 6)]
    assert ours.softmax_jvp(ties, dx).tolist() == expected
    assert ours.softmax_deriv_clm(ties, dx).tolist() == expected
    assert [ours.softmax_deriv_coord(ties, i, dx).item() for i in range(4)] == expected
    dot = ours.dot_clm(tensor([1, 2, 3], dtype), tensor([4, -5, 6], dtype))
    assert dot.item() == 1 * 4 - 2 * 5 + 3 * 6
    rows = tensor([[1, 2], [3, 4]], dtype)
    assert ours.pi(rows, tensor([8, 32], dtype)).tolist() == [72, 152]


@each_dtype
@pytest.mark.parametrize("batch", [(), (2,), (2, 3)])
def test_no_coordinates(dtype: str, batch: tuple[int, ...]) -> None:
    empty = tensor(np.zeros((*batch, 0)), dtype)
    rows = tensor(np.zeros((*batch, 0, 0)), dtype)
    for name, function in FUNCTIONS.items():
        if name == "softmaxDerivCoord":  # there is no i in Fin 0
            continue
        pair = name in ("dotCLM", "softmaxDerivCLM", "softmaxJvp")
        arguments = (rows, empty) if name.endswith("pi") else (empty,) * (2 if pair else 1)
        result = function(*arguments)
        assert result.dtype == empty.dtype
        assert result.shape == (batch if name in ("sumExp", "dotCLM") else empty.shape)
        assert not result.any()


@each_dtype
def test_results_are_new(dtype: str) -> None:
    x = tensor(np.ones((2, 3)), dtype)
    for function in (ours.softmax_vec_of_fun, ours.softmax_vec):
        result = function(x)
        assert result.data_ptr() != x.data_ptr()
        result += 1
    assert torch.equal(x, torch.ones_like(x))
    nothing = x[:, :0]
    assert ours.softmax_vec(nothing) is not nothing


def test_what_does_not_fit_is_refused() -> None:
    x, longer, single = torch.zeros(2, 3), torch.zeros(2, 4), torch.zeros(2, 3).double()
    for function in (ours.dot_clm, ours.softmax_jvp, ours.softmax_deriv_clm):
        for other in (longer, single, x[0]):
            with pytest.raises(ValueError, match="does not go with"):
                function(x, other)
    with pytest.raises(ValueError, match="does not go with"):
        ours.softmax_deriv_coord(x, 0, longer)
    for shape in ((2, 3, 4), (3, 3, 3), (3,)):
        with pytest.raises(ValueError, match="do not apply"):
            ours.pi(torch.zeros(shape), x)
    for i in (3, -1):
        with pytest.raises(IndexError, match="length 3"):
            ours.softmax_deriv_coord(x, i, x)
    with pytest.raises(TypeError, match="int"):
        ours.softmax_vec(torch.tensor([1, 2, 3]))
    with pytest.raises(ValueError, match="not a number"):
        ours.sum_exp(torch.tensor(1.0))


def test_nothing_of_the_harness_is_imported() -> None:
    tree = ast.parse(Path(ours.__file__).read_text(encoding="utf-8"))
    modules = {alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
    modules |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert modules == {"__future__", "torch"}
