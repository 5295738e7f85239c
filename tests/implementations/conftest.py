"""An independent judge of implementations: cases, exact values by FLINT, bounds derived by hand.

The bounds are those of the running-error analysis of shifted softmax, to first order:
|yhat_i - y_i| <= y_i u (D_i + sum_j y_j D_j + 4 K + h + 2), D_i = max(x) - x_i, K = 4, h = n - 1,
and what follows from it for the others; where all coordinates are equal, IEEE operations are exact
but for one division. Nothing of the harness but its number formats is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx
from numpy.typing import NDArray

from harness.evaluate.formats import FORMATS, Format, round_to

Array = NDArray[np.float64]
K = 4


@dataclass(frozen=True)
class Case:
    """A call: short name of the constant, its arguments as float64 arrays (or an index)."""

    constant: str
    arguments: tuple[Any, ...]
    label: str


@pytest.fixture
def cases() -> Callable[[Format], list[Case]]:
    return lambda fmt: list(_cases(fmt))


@pytest.fixture
def worst_ratio() -> Callable[[Case, Array, Format], float]:
    return _worst_ratio


@pytest.fixture(autouse=True)
def precision() -> Iterator[None]:
    before = ctx.prec
    ctx.prec = 256
    yield
    ctx.prec = before


def _cases(fmt: Format) -> Iterator[Case]:
    random = np.random.default_rng(20240)
    lowest = {"float64": 760.0, "float16": 20.0}.get(fmt.name, 110.0)  # exp(-lowest) is subnormal
    for n in (1, 2, 3, 8, 65):
        shape = (2, 3, n) if n == 3 else (3, n) if n == 8 else (n,)
        points = {
            "normal": random.normal(size=shape),
            "offset": random.normal(size=shape) + 1000,
            "negative": random.normal(size=shape) - 1000,
            "ties": np.zeros(shape),
            "underflow": -lowest * random.random(size=shape),
            "spread": 3000 * random.normal(size=shape),
        }
        tangents = {
            "normal": random.normal(size=shape),
            "constant": np.full(shape, 0.3),
            "large": 1000 * random.normal(size=shape),
            "one hot": np.eye(1, n, n // 2)[0] + np.zeros(shape),
            "tiny": random.normal(size=shape) * 2.0**-20,
        }
        rounded = {name: round_to(value, fmt) for name, value in points.items()}
        vectors = {name: round_to(value, fmt) for name, value in tangents.items()}
        for at, x in rounded.items():
            label = f"n = {n}, x {at}"
            yield Case("softmaxVecOfFun", (x,), label)
            yield Case("softmaxVec", (x,), label)
            if at in ("normal", "negative", "ties", "underflow"):
                yield Case("sumExp", (x,), label)
            for along, dx in vectors.items():
                both = f"{label}, dx {along}"
                yield Case("softmaxJvp", (x, dx), both)
                yield Case("softmaxDerivCLM", (x, dx), both)
                yield Case("softmaxDerivCoord", (x, n // 2, dx), both)
                yield Case("softmaxDerivCoord", (x, n - 1, dx), both)
        for along, dx in vectors.items():
            rows = round_to(random.normal(size=(*shape, n)), fmt)
            yield Case("dotCLM", (rounded["normal"], dx), f"n = {n}, {along}")
            yield Case("ContinuousLinearMap.pi", (rows, dx), f"n = {n}, {along}")


def _worst_ratio(case: Case, result: Array, fmt: Format) -> float:
    """The greatest |result - exact| / bound. AssertionError for another shape."""
    working = fmt if fmt.p >= FORMATS["float32"].p else FORMATS["float32"]
    vector = case.arguments[-1]
    batch = vector.shape[:-1]
    returns_number = case.constant in ("sumExp", "dotCLM", "softmaxDerivCoord")
    assert result.shape == (batch if returns_number else vector.shape), case.label
    worst = 0.0
    for row in np.ndindex(batch):
        here = [a[row].tolist() if isinstance(a, np.ndarray) else a for a in case.arguments]
        expected = _EXPECTED[case.constant](working, *here)
        got = np.atleast_1d(result[row])
        assert len(got) == len(expected)
        for value, (exact, bound) in zip(got.tolist(), expected, strict=True):
            error = abs(float(arb(value) - exact))
            if working is not fmt:
                bound += fmt.u * (abs(float(exact)) + bound) + fmt.eta / 2
            if error > 0:
                worst = max(worst, error / bound if bound else np.inf)
    return worst


Expected = list[tuple[arb, float]]
"""For each coordinate the exact value and the allowed error before the cast."""


def _copy(fmt: Format, f: list[float]) -> Expected:
    return [(arb(value), 0.0) for value in f]


def _sum_exp(fmt: Format, x: list[float]) -> Expected:
    total = sum((arb(value).exp() for value in x), arb(0))
    bound = float(total) * fmt.u * (2 * K + len(x)) * 1.001 + len(x) * (K + 1) * fmt.eta
    return [(total, bound)]


def _softmax(fmt: Format, x: list[float]) -> Expected:
    top = max(x)
    exps = [(arb(value) - top).exp() for value in x]
    total = sum(exps, arb(0))
    y = [value / total for value in exps]
    below = [float(top - arb(value)) for value in x]
    if not any(below):  # exp(0) = 1 and the sum of ones are exact; so is 1 / 2^k
        exact = len(x) & (len(x) - 1) == 0
        return [(p, 0.0 if exact else fmt.u * float(p)) for p in y]
    mean = sum(float(p) * d for p, d in zip(y, below, strict=True))
    slack = (len(x) + 3 * K + 4) * fmt.eta
    return [
        (p, float(p) * fmt.u * (d + mean + 4 * K + len(x) + 1) * 1.001 + slack)
        for p, d in zip(y, below, strict=True)
    ]


def _dot(fmt: Format, y: list[float], x: list[float]) -> Expected:
    return [_product_sum(fmt, [(arb(value), 0.0) for value in y], x)]


def _product_sum(fmt: Format, y: Expected, x: list[float]) -> tuple[arb, float]:
    total = sum((p * v for (p, _), v in zip(y, x, strict=True)), arb(0))
    bound = sum(
        abs(v) * e + abs(v) * (float(abs(p)) + e) * fmt.u * (len(x) + 1) * 1.001 + 2 * fmt.eta
        for (p, e), v in zip(y, x, strict=True)
    )
    return total, bound


def _derivative(fmt: Format, x: list[float], dx: list[float]) -> Expected:
    y = _softmax(fmt, x)
    s, s_error = _product_sum(fmt, y, dx)
    result: Expected = []
    for (p, e), v in zip(y, dx, strict=True):
        size, mean = abs(v), abs(float(s)) + s_error
        gap = abs(float(v - s)) + s_error
        factored = e * gap + (float(p) + e) * (s_error + 2 * fmt.u * gap)
        products = (float(p) + e) * (size + mean)
        expanded = e * (size + mean) + (float(p) + e) * s_error + 2 * fmt.u * products
        result.append((p * (v - s), max(factored, expanded) * 1.001 + 4 * fmt.eta))
    return result


def _derivative_at(fmt: Format, x: list[float], i: int, dx: list[float]) -> Expected:
    return [_derivative(fmt, x, dx)[i]]


def _rows(fmt: Format, f: list[list[float]], x: list[float]) -> Expected:
    return [_product_sum(fmt, [(arb(value), 0.0) for value in row], x) for row in f]


_EXPECTED: dict[str, Callable[..., Expected]] = {
    "softmaxVecOfFun": _copy,
    "sumExp": _sum_exp,
    "softmaxVec": _softmax,
    "dotCLM": _dot,
    "softmaxDerivCoord": _derivative_at,
    "softmaxDerivCLM": _derivative,
    "softmaxJvp": _derivative,
    "ContinuousLinearMap.pi": _rows,
}
