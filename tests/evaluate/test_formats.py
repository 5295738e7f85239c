"""Formats: constants against numpy and torch, rounding against exact fractions."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from harness.evaluate.formats import FORMATS, Format, on_grid, round_to, ulp

ALL = list(FORMATS.values())
NUMPY = [fmt for fmt in ALL if fmt.numpy_dtype is not None]


def nearest(value: float, fmt: Format) -> float:
    """Round to nearest even with fractions, from the definition of the format."""
    exact = Fraction(value)
    if exact == 0:
        return value
    lead = math.frexp(value)[1] - 1
    quantum = Fraction(2) ** (max(lead, fmt.emin) - fmt.p + 1)
    rounded = round(exact / quantum) * quantum  # Python rounds fractions half to even
    if abs(rounded) >= Fraction(2) ** (fmt.emax + 1):
        return math.copysign(math.inf, value)
    return math.copysign(float(rounded), value)


def interesting(fmt: Format) -> list[float]:
    """Halves between neighbours and their own neighbours, at the seams of the format."""
    found = [0.0, 1.0, 1.0 + fmt.u, 1.0 + 3 * fmt.u, 1.0 - fmt.u / 2, fmt.largest]
    found += [fmt.eta, fmt.eta / 2, fmt.eta * 1.5, fmt.eta * 2.5, fmt.smallest_normal]
    found += [fmt.smallest_normal - fmt.eta / 2, fmt.smallest_normal - fmt.eta]
    found += [fmt.largest * (1 + fmt.u / 2), 2.0 ** min(fmt.emax, 1022), 1e300, 5e-324]
    near = [math.nextafter(value, way) for value in found for way in (0.0, math.inf)]
    return [sign * value for value in found + near if math.isfinite(value) for sign in (1.0, -1.0)]


@pytest.mark.parametrize("fmt", NUMPY, ids=lambda fmt: fmt.name)
def test_constants_are_those_of_numpy(fmt: Format) -> None:
    assert fmt.numpy_dtype is not None
    info = np.finfo(fmt.numpy_dtype)
    assert fmt.u == float(info.eps) / 2
    assert fmt.eta == float(info.smallest_subnormal)
    assert fmt.smallest_normal == float(info.smallest_normal)
    assert fmt.largest == float(info.max)


def test_constants_of_bfloat16_are_those_of_torch() -> None:
    torch = pytest.importorskip("torch")
    fmt = FORMATS["bfloat16"]
    info = torch.finfo(getattr(torch, fmt.torch_name))
    assert (fmt.u, fmt.smallest_normal, fmt.largest) == (info.eps / 2, info.tiny, info.max)
    assert fmt.eta == float.fromhex("0x1p-133")


@pytest.mark.parametrize("carrier", [np.float64, np.longdouble], ids=["float64", "longdouble"])
@pytest.mark.parametrize("fmt", ALL, ids=lambda fmt: fmt.name)
def test_rounding_at_the_seams(fmt: Format, carrier: type[np.floating]) -> None:
    values = interesting(fmt)
    got = round_to(np.array(values, dtype=carrier), fmt)
    assert got.dtype == carrier
    expected = [nearest(value, fmt) for value in values]
    # repr separates the zeros
    assert [repr(float(value)) for value in got] == [repr(value) for value in expected]


@pytest.mark.parametrize("carrier", [np.float64, np.longdouble], ids=["float64", "longdouble"])
@pytest.mark.parametrize("fmt", ALL, ids=lambda fmt: fmt.name)
@settings(deadline=None, max_examples=200)
@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_rounding_anywhere(fmt: Format, carrier: type[np.floating], value: float) -> None:
    got = round_to(np.array([value], dtype=carrier), fmt)
    assert repr(float(got[0])) == repr(nearest(value, fmt))


@settings(deadline=None, max_examples=300)
@given(bits=st.integers(0, 2**64 - 1))
def test_bfloat16_of_raw_bits(bits: int) -> None:
    value = float(np.array([bits], dtype=np.uint64).view(np.float64)[0])
    assume(math.isfinite(value))
    fmt = FORMATS["bfloat16"]
    assert repr(float(round_to(np.array(value), fmt))) == repr(nearest(value, fmt))


def test_bfloat16_is_rounded_once() -> None:
    """float64 -> float32 -> bfloat16 would land on a tie first, and then go to the even side."""
    fmt = FORMATS["bfloat16"]
    tie = 1.0 + fmt.u
    above = math.nextafter(tie, 2.0)
    assert float(np.float32(above)) == tie
    assert float(round_to(np.array(above), fmt)) == 1.0 + 2 * fmt.u


@pytest.mark.parametrize("fmt", ALL, ids=lambda fmt: fmt.name)
def test_nan_and_infinities_stay(fmt: Format) -> None:
    got = round_to(np.array([np.nan, np.inf, -np.inf], dtype=np.longdouble), fmt)
    assert np.isnan(got[0]) and got[1] == np.inf and got[2] == -np.inf
    got64 = round_to(np.array([np.nan, np.inf, -np.inf]), fmt)
    assert np.isnan(got64[0]) and got64[1] == np.inf and got64[2] == -np.inf


@pytest.mark.skipif(np.finfo(np.longdouble).nmant != 63, reason="longdouble is not 80-bit")
def test_longdouble_below_and_above_float64() -> None:
    fmt = FORMATS["float64"]
    half = np.ldexp(np.longdouble(1), -1075)
    values = np.array([half, half * 1.0001, np.longdouble(fmt.largest) * 2, half / 2**60])
    assert list(round_to(values, fmt)) == [0.0, fmt.eta, np.inf, 0.0]


@pytest.mark.parametrize("fmt", ALL, ids=lambda fmt: fmt.name)
def test_grid(fmt: Format) -> None:
    on = [0.0, 1.0, 1.0 + 2 * fmt.u, fmt.eta, 3 * fmt.eta, fmt.largest, -fmt.smallest_normal]
    assert on_grid(np.array(on), fmt).all()
    off = [fmt.eta * 1.5, 1.0 + fmt.u, fmt.largest * (1 + fmt.u), np.inf, np.nan]
    if fmt.name == "float64":  # a float64 carrier cannot hold a finite value off this grid
        off = [np.inf, np.nan]
    assert not on_grid(np.array(off), fmt).any()


@pytest.mark.parametrize("fmt", NUMPY, ids=lambda fmt: fmt.name)
def test_ulp_is_the_spacing_of_numpy(fmt: Format) -> None:
    values = np.array([1.0, 1.5, 2.0, -3.0, fmt.smallest_normal, fmt.eta, 0.0, fmt.largest / 2])
    assert fmt.numpy_dtype is not None
    spacing = np.abs(np.spacing(values.astype(fmt.numpy_dtype))).astype(np.float64)
    assert ulp(values, fmt).tolist() == spacing.tolist()


def test_shape_is_kept_and_other_carriers_are_refused() -> None:
    fmt = FORMATS["float32"]
    assert round_to(np.zeros((2, 0, 3)), fmt).shape == (2, 0, 3)
    assert round_to(np.array(0.1), FORMATS["bfloat16"]).shape == ()
    with pytest.raises(TypeError, match="float32"):
        round_to(np.zeros(2, dtype=np.float32), fmt)
