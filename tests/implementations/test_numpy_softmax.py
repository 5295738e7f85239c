"""The numpy implementations against exact values: bounds, shapes, dtypes, views, n = 0, errors."""

from __future__ import annotations

import ast
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from harness.evaluate.formats import FORMATS
from harness.implementations import numpy_softmax as ours

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
DTYPES = ("float64", "float32", "float16")

each_dtype = pytest.mark.parametrize("dtype", DTYPES)


def as_views(array: NDArray[Any]) -> list[NDArray[Any]]:
    """The same values: contiguous, reversed twice, every third, Fortran order, offset."""
    wide = np.zeros((*array.shape[:-1], 3 * array.shape[-1]), dtype=array.dtype)
    wide[..., ::3] = array
    long = np.concatenate([np.zeros((*array.shape[:-1], 1), dtype=array.dtype), array], axis=-1)
    reverse = np.ascontiguousarray(array[..., ::-1])[..., ::-1]
    return [array, reverse, wide[..., ::3], np.asfortranarray(array), long[..., 1:]]


@each_dtype
def test_values_are_within_the_derived_bound(dtype: str, cases: Any, worst_ratio: Any) -> None:
    fmt = FORMATS[dtype]
    worst: dict[str, float] = {}
    for case in cases(fmt):
        given = [a.astype(dtype) if isinstance(a, np.ndarray) else a for a in case.arguments]
        result = FUNCTIONS[case.constant](*given)
        assert result.dtype == dtype, case
        ratio = worst_ratio(case, np.asarray(result, dtype=np.float64), fmt)
        assert ratio <= 1, (case.constant, case.label, ratio)
        worst[case.constant] = max(worst.get(case.constant, 0.0), ratio)
    assert worst.pop("softmaxVecOfFun") == 0
    assert all(ratio > 0 for ratio in worst.values()), worst  # the judge did judge


@each_dtype
def test_views_get_what_contiguous_arrays_get(dtype: str, cases: Any, worst_ratio: Any) -> None:
    fmt = FORMATS[dtype]
    seen = 0
    for case in cases(fmt):
        if "x normal, dx normal" not in case.label and case.constant != "ContinuousLinearMap.pi":
            continue
        views = [
            as_views(a.astype(dtype)) if isinstance(a, np.ndarray) else [a] * 5
            for a in case.arguments
        ]
        for given in zip(*views, strict=True):
            before = [np.copy(a) for a in given]
            result = FUNCTIONS[case.constant](*given)
            assert worst_ratio(case, np.asarray(result, dtype=np.float64), fmt) <= 1, case.label
            assert all(np.array_equal(a, b) for a, b in zip(given, before, strict=True))
            seen += 1
    assert seen > 100


@each_dtype
def test_exact_small_cases(dtype: str) -> None:
    def vector(*values: float) -> NDArray[Any]:
        return np.array(values, dtype=dtype)

    ties = vector(7, 7, 7, 7)
    assert ours.softmax_vec(ties).tolist() == [0.25] * 4
    assert ours.softmax_vec(vector(-3.5)).tolist() == [1.0]
    assert ours.sum_exp(vector(0, 0, 0)) == 3
    dx = vector(1, 2, 3, 6)
    y = Fraction(1, 4)
    expected = [float(y * (Fraction(v) - y * 12)) for v in (1, 2, 3, 6)]
    assert ours.softmax_jvp(ties, dx).tolist() == expected
    assert ours.softmax_deriv_clm(ties, dx).tolist() == expected
    assert [ours.softmax_deriv_coord(ties, i, dx) for i in range(4)] == expected
    assert ours.dot_clm(vector(1, 2, 3), vector(4, -5, 6)) == 1 * 4 - 2 * 5 + 3 * 6
    rows = np.array([[1, 2], [3, 4]], dtype=dtype)
    assert ours.pi(rows, vector(10, 100)).tolist() == [210, 430]


@each_dtype
@pytest.mark.parametrize("batch", [(), (2,), (2, 3)])
def test_no_coordinates(dtype: str, batch: tuple[int, ...]) -> None:
    empty = np.zeros((*batch, 0), dtype=dtype)
    rows = np.zeros((*batch, 0, 0), dtype=dtype)
    for name, function in FUNCTIONS.items():
        if name == "softmaxDerivCoord":  # there is no i in Fin 0
            continue
        pair = name in ("dotCLM", "softmaxDerivCLM", "softmaxJvp")
        arguments = (rows, empty) if name.endswith("pi") else (empty,) * (2 if pair else 1)
        result = function(*arguments)
        assert result.dtype == dtype
        assert result.shape == (batch if name in ("sumExp", "dotCLM") else empty.shape)
        assert not np.any(result)


@each_dtype
def test_results_are_new(dtype: str) -> None:
    for n in (0, 3):
        x = np.ones((2, n), dtype=dtype)
        for function in (ours.softmax_vec_of_fun, ours.softmax_vec):
            result = function(x)
            assert result is not x and not np.shares_memory(result, x)
            result += 1
        assert np.array_equal(x, np.ones((2, n)))


def test_what_does_not_fit_is_refused() -> None:
    x, longer, single = np.zeros((2, 3)), np.zeros((2, 4)), np.zeros((2, 3), dtype=np.float32)
    for function in (ours.dot_clm, ours.softmax_jvp, ours.softmax_deriv_clm):
        for other in (longer, single, x[0]):
            with pytest.raises(ValueError, match="does not go with"):
                function(x, other)
    with pytest.raises(ValueError, match="does not go with"):
        ours.softmax_deriv_coord(x, 0, longer)
    for rows in (np.zeros((2, 3, 4)), np.zeros((3, 3, 3)), np.zeros(3), np.zeros((2, 3, 3), "f4")):
        with pytest.raises(ValueError, match="do not apply"):
            ours.pi(rows, x)
    for i in (3, -1):
        with pytest.raises(IndexError, match="length 3"):
            ours.softmax_deriv_coord(x, i, x)
    with pytest.raises(TypeError, match="int"):
        ours.softmax_vec(np.array([1, 2, 3]))
    with pytest.raises(ValueError, match="not a number"):
        ours.sum_exp(np.array(1.0))


def test_nothing_of_the_harness_is_imported() -> None:
    tree = ast.parse(Path(ours.__file__).read_text(encoding="utf-8"))
    modules = {alias.name for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
    modules |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert modules == {"__future__", "typing", "numpy", "numpy.typing"}
