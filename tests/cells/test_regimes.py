"""Each regime of the first vector has the property that its name states, in every format."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from harness.cells.cell import Cell
from harness.cells.draws import Reals
from harness.cells.inputs import inputs
from harness.cells.regimes import EXP_RANGES, REGIMES, ExpRange
from harness.evaluate.formats import FORMATS, Format, on_grid
from harness.statement.term import Var
from harness.statement.types import NAT, Length, VecType

ROWS = 36  # every kind of row, whatever the start
N, X = Var("n", NAT), Var("x", VecType(Length(("n",))))


def rows_of(regime: str, dtype: str, n: int, rows: int = ROWS) -> Reals:
    return inputs(Cell(3, dtype, n, regime, "normal", 0, (rows,)), [N, X])["x"]


def top_count(x: Reals) -> Reals:
    return np.sum(x == x.max(axis=-1, keepdims=True), axis=-1)


def is_normal(x: Reals, fmt: Format, exp: ExpRange) -> bool:
    return bool(np.all(x != 0) and np.abs(x).max() < 5.3 and 0.7 < x.std() < 1.4)


def is_tiny(x: Reals, fmt: Format, exp: ExpRange) -> bool:
    size = np.abs(x).max(axis=-1)
    below = size < fmt.smallest_normal
    about_u = (size > fmt.u / 65) & (size <= fmt.u * 64)
    return bool(np.all(x != 0) and below.sum() >= ROWS // 3 and about_u.sum() >= ROWS // 3)


def is_one_hot_extreme(x: Reals, fmt: Format, exp: ExpRange) -> bool:
    if x.shape[-1] == 1:
        return bool(np.mean(np.abs(x) > 2 * exp.vanish) > 0.3)
    gap = np.sort(x, axis=-1)[:, -1] - np.sort(x, axis=-1)[:, -2]
    two_values = all(len(np.unique(row)) == 2 for row in x)
    return bool(two_values and np.all(top_count(x) == 1) and gap.min() > 1.9 * exp.vanish)


def is_ties(x: Reals, fmt: Format, exp: ExpRange) -> bool:
    values = {len(np.unique(row)) for row in x}
    few = max(values) == min(3, max(1, x.shape[-1] - 1))
    return few and bool(np.all(top_count(x) >= min(2, x.shape[-1])))


def is_exp_range(x: Reals, fmt: Format, exp: ExpRange) -> bool:
    depth = x.max() - x.min() if x.shape[-1] == 1 else (x.max(-1) - x.min(-1)).max()
    rising, falling = np.all(np.diff(x) >= 0, axis=-1), np.all(np.diff(x) <= 0, axis=-1)
    sorted_both_ways = rising.sum() >= ROWS // 3 and falling.sum() >= ROWS // 3
    # n numbers that large have exponentials whose sum is just in range.
    ceiling = exp.largest - np.log(2.0) * (x.shape[-1] - 1).bit_length()
    reaches = ceiling - 1 < x.max() <= ceiling * (1 + fmt.u)
    return bool(sorted_both_ways and depth > -0.8 * exp.eta and reaches)


def is_signed_zeros(x: Reals, fmt: Format, exp: ExpRange) -> bool:
    zero = x == 0
    all_zero_rows = np.all(zero, axis=-1).sum()
    both_signs = np.signbit(x[zero]).any() and not np.signbit(x[zero]).all()
    powers = np.frexp(np.abs(x[~zero]))[0] == 0.5
    return bool(all_zero_rows >= ROWS // 2 and both_signs and powers.size and powers.all())


def is_near_overflow(x: Reals, fmt: Format, exp: ExpRange) -> bool:
    biggest = np.abs(x).max(axis=-1)
    one_sign = np.all(x >= fmt.largest / 2, axis=-1) | np.all(x <= -fmt.largest / 2, axis=-1)
    return bool(np.all(biggest >= fmt.largest / 8) and one_sign.sum() >= ROWS // 3)


def is_constant(x: Reals, fmt: Format, exp: ExpRange) -> bool:
    return bool(np.all(x == x[:, :1]) and len(np.unique(x[:, 0])) > ROWS // 2)


def is_log_uniform(x: Reals, fmt: Format, exp: ExpRange) -> bool:
    wide = np.all(x != 0) and np.ptp(np.frexp(x)[1]) > 0.75 * fmt.p
    size = np.abs(x).max()
    return bool(wide and 1 < size < exp.largest and (x < 0).any() and (x > 0).any())


def is_one_hot(x: Reals, fmt: Format, exp: ExpRange) -> bool:
    return bool(np.all(np.count_nonzero(x, axis=-1) == 1) and {1.0, -1.0} <= set(x.ravel()))


def is_subnormal_outputs(x: Reals, fmt: Format, exp: ExpRange) -> bool:
    deep = (x < exp.normal + 1.01) & (x > exp.eta - 1.5)
    inside = (x < exp.normal) & (x > exp.eta)
    return bool(np.all(deep | (x == 0)) and inside.mean() > 0.2)


def is_all_negative(x: Reals, fmt: Format, exp: ExpRange) -> bool:
    vanishing = np.all(x < -exp.vanish, axis=-1).sum()
    just_below = np.all(x > -5.3, axis=-1).sum()
    return bool(np.all(x < 0) and vanishing >= ROWS // 3 and just_below >= ROWS // 3)


def is_large_offset(x: Reals, fmt: Format, exp: ExpRange) -> bool:
    both = (x[:, 0] > 0).any() and (x[:, 0] < 0).any()
    return bool(both and np.all(np.abs(x) > exp.largest) and np.ptp(x, axis=-1).max() < 44)


def is_raw_bits(x: Reals, fmt: Format, exp: ExpRange) -> bool:
    binades = len(np.unique(np.frexp(x)[1]))
    return binades > min(x.size, fmt.emax) / 2.5 and bool((x < 0).any() and (x > 0).any())


def is_integers(x: Reals, fmt: Format, exp: ExpRange) -> bool:
    return bool(np.all(x == np.rint(x)) and np.abs(x).max() <= 8 and len(np.unique(x)) > 8)


PROPERTIES: Mapping[str, Callable[[Reals, Format, ExpRange], bool]] = {
    name.removeprefix("is_"): value for name, value in list(globals().items()) if "is_" in name
}


def test_every_regime_has_a_property() -> None:
    assert set(PROPERTIES) == set(REGIMES)
    assert len(REGIMES) == 15
    assert all(regime.name == name and regime.catches for name, regime in REGIMES.items())


@pytest.mark.parametrize("dtype", FORMATS)
@pytest.mark.parametrize("regime", REGIMES)
def test_regime_is_what_it_says(regime: str, dtype: str) -> None:
    for n in (1, 2, 3, 65):
        x = rows_of(regime, dtype, n)
        assert x.shape == (ROWS, n)
        assert np.all(on_grid(x, FORMATS[dtype])), f"n = {n} is not in the format"
        assert PROPERTIES[regime](x, FORMATS[dtype], EXP_RANGES[dtype]), f"n = {n}:\n{x}"


@pytest.mark.parametrize("regime", REGIMES)
def test_properties_tell_the_regimes_apart(regime: str) -> None:
    """A property that other regimes had too would say nothing."""
    fmt, exp = FORMATS["float32"], EXP_RANGES["float32"]
    others = [name for name in REGIMES if name != regime]
    alike = {name for name in others if PROPERTIES[regime](rows_of(name, "float32", 65), fmt, exp)}
    assert not alike


@pytest.mark.parametrize("regime", ["one_hot", "one_hot_extreme"])
def test_the_hot_coordinate_visits_first_last_and_middle(regime: str) -> None:
    x = rows_of(regime, "float64", 65)
    assert {0, 32, 64} < set(np.argmax(np.abs(x - np.median(x, axis=-1, keepdims=True)), axis=-1))


def test_exp_ranges_are_the_logarithms_of_the_formats() -> None:
    for name, fmt in FORMATS.items():
        exp = EXP_RANGES[name]
        wanted = np.log([fmt.largest, fmt.smallest_normal, fmt.eta])
        assert np.allclose([exp.largest, exp.normal, exp.eta], wanted, rtol=1e-15, atol=0)
        computing = FORMATS["float64" if name == "float64" else "float32"]
        # exp(-vanish) below half the smallest number rounds to 0.
        assert -exp.vanish < np.log(computing.eta) - np.log(2.0)


def test_large_sizes_always_have_a_regime_whose_outputs_all_matter() -> None:
    telling = {"normal", "exp_range", "log_uniform", "large_offset"}
    names = list(REGIMES) * 2
    assert all(telling & set(names[start : start + 4]) for start in range(len(REGIMES)))
