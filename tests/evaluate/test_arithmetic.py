"""Arithmetics: what a promise means for a format, and the depths of sums against real orders."""

from __future__ import annotations

import math

import pytest

from harness.errors import InputError
from harness.evaluate.arithmetic import NAMED, Rounding, named, with_fields
from harness.evaluate.formats import FORMATS


def rounding(dtype: str = "float32", base: str = "ieee", **fields: object) -> Rounding:
    return with_fields(named(base), fields).for_dtype(dtype)


@pytest.mark.parametrize(
    "dtype, base, fields, expected",
    [
        ("float64", "ieee", {}, ("float64", "float64")),
        ("float32", "ieee", {}, ("float32", "float32")),
        ("float16", "ieee", {}, ("float32", "float32")),
        ("bfloat16", "ieee", {}, ("float32", "float32")),
        ("bfloat16", "elementwise", {}, ("bfloat16", "bfloat16")),
        ("float16", "wide_sum", {}, ("float16", "float32")),
        ("float64", "wide_sum", {}, ("float64", "float64")),
        ("float16", "ieee", {"accumulator": "output"}, ("float32", "float16")),
        ("float32", "ieee", {"accumulator": "float64"}, ("float32", "float64")),
        ("float64", "ieee", {"working": "float32"}, ("float32", "float32")),
    ],
)
def test_where_operations_and_sums_round(
    dtype: str, base: str, fields: dict[str, object], expected: tuple[str, str]
) -> None:
    found = rounding(dtype, base, **fields)
    assert found.output.name == dtype
    assert (found.working.name, found.accumulator.name) == expected


@pytest.mark.parametrize("order", ["any", "pairwise", "lanes", "online"])
def test_sums_of_nothing_and_of_one_do_not_round(order: str) -> None:
    assert rounding(order=order).depth(0) == rounding(order=order).depth(1) == 0
    assert rounding(order=order).gamma(1) == 0


@pytest.mark.parametrize("order", ["pairwise", "lanes"])
def test_a_narrower_order_never_promises_more_than_any_order(order: str) -> None:
    for n in range(2, 1000):
        assert 1 <= rounding(order=order).depth(n) <= rounding().depth(n) == n - 1


def numpy_depth(n: int) -> int:
    """The additions that a summand passes through in numpy's pairwise_sum, from its source."""
    if n < 8:
        return max(n - 1, 0)
    if n <= 128:
        # eight accumulators, three levels to join them, and what is left one by one
        return (n // 8 - 1) + 3 + n % 8
    half = n // 2
    half -= half % 8
    return 1 + max(numpy_depth(half), numpy_depth(n - half))


def test_pairwise_covers_numpys_sum() -> None:
    for n in [*range(2, 3000), *range(3000, 10**6, 7919)]:
        assert numpy_depth(n) <= rounding(order="pairwise").depth(n), n


def test_online_covers_a_rescaling_at_every_step() -> None:
    assert rounding(order="online").depth(100) == (2 * 4 + 3) * 100


def test_gamma() -> None:
    u = FORMATS["float32"].u
    assert rounding().gamma(11) == pytest.approx(10 * u / (1 - 10 * u), rel=1e-15, abs=0)
    assert rounding(accumulator="float64").gamma(11) < 1e-14


def test_gamma_is_infinite_when_every_bit_may_be_lost() -> None:
    lossy = rounding("bfloat16", "elementwise")
    assert math.isfinite(lossy.gamma(256))
    assert lossy.gamma(257) == math.inf


def test_names() -> None:
    assert next(iter(NAMED)) == "ieee"
    assert all(named(name).name == name for name in NAMED)
    with pytest.raises(InputError, match="no arithmetic is called 'flush_zero'") as caught:
        named("flush_zero")
    assert "did you mean 'flush_to_zero'?" in caught.value.hint
    with pytest.raises(InputError) as caught:
        named("?")
    assert "known are ieee" in caught.value.hint


def test_fields_replace_and_keep() -> None:
    changed = with_fields(named("ieee"), {"forms": ["shifted"], "exp_ulp": 2.0})
    assert (changed.forms, changed.exp_ulp, changed.name) == (frozenset({"shifted"}), 2.0, "ieee")
    assert named("ieee").exp_ulp == 4
