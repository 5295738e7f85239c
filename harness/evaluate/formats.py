"""The binary floating-point formats that implementations compute in: constants, rounding, grids.

Everything here is exact and needs numpy only: bfloat16, which numpy lacks, is rounded by the same
integer arithmetic on the exponent as the others. A *carrier* is the array that holds values of a
format without loss: float64 or longdouble.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Carrier = NDArray[Any]
"""An array of float64 or longdouble."""


@dataclass(frozen=True)
class Format:
    """An IEEE-like binary format with gradual underflow.

    p: significand bits, the hidden one included; emin: the smallest normal number is 2^emin;
    emax: the largest finite number lies between 2^emax and 2^(emax+1). `name` is also the name of
    the dtype in torch, and in numpy where `numpy_dtype` is not None.
    """

    name: str
    p: int
    emin: int
    emax: int

    @property
    def u(self) -> float:
        """Unit roundoff 2^-p: the largest relative error of rounding to nearest."""
        return math.ldexp(1.0, -self.p)

    @property
    def eta(self) -> float:
        """Smallest positive subnormal number."""
        return math.ldexp(1.0, self.emin - self.p + 1)

    @property
    def smallest_normal(self) -> float:
        """Smallest positive normal number (the lambda of the derivations)."""
        return math.ldexp(1.0, self.emin)

    @property
    def largest(self) -> float:
        """Largest finite number (for formats wider than float64, the one below it in float64)."""
        return math.ldexp(1.0 - math.ldexp(1.0, -min(self.p, 53)), self.emax + 1)

    def holds(self, other: Format) -> bool:
        """Whether every number of the other format is one of this format."""
        return (
            self.p >= other.p
            and self.emin - self.p <= other.emin - other.p
            and self.emax >= other.emax
        )

    @property
    def numpy_dtype(self) -> np.dtype[Any] | None:
        """The numpy dtype of this format, or None for bfloat16."""
        return None if self.name == "bfloat16" else np.dtype(self.name)

    @property
    def torch_name(self) -> str:
        """The attribute of the module torch that is this format's dtype."""
        return self.name


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "float64": Format("float64", p=53, emin=-1022, emax=1023),
        "float32": Format("float32", p=24, emin=-126, emax=127),
        "float16": Format("float16", p=11, emin=-14, emax=15),
        "bfloat16": Format("bfloat16", p=8, emin=-126, emax=127),
    }
)


def round_to(values: Carrier, fmt: Format) -> Carrier:
    """The nearest number of the format, ties to even, as IEEE 754 rounds.

    values: float64 or longdouble of any shape, NaN and infinities allowed. Returns a new array of
    that shape and dtype. Results below the normal range are rounded to a multiple of `fmt.eta`
    (once: there is no double rounding), the sign of a zero is kept, and what exceeds the largest
    number by half a unit or more is infinite.
    """
    values = _carrier(values)
    with np.errstate(all="ignore"):
        half = values.dtype == np.float64 and fmt.name == "float16"
        if half or fmt.name in ("float64", "float32"):
            # One step of the hardware, several times faster (longdouble to half takes two).
            return np.asarray(values.astype(fmt.numpy_dtype).astype(values.dtype))
        quantum = _quantum_exponent(values, fmt)
        steps = np.rint(np.ldexp(values, -quantum))
        rounded = np.ldexp(steps, quantum)
        overflow = np.copysign(values.dtype.type(np.inf), rounded)
        # NaN compares false, so it stays.
        return np.asarray(np.where(np.abs(rounded) > fmt.largest, overflow, rounded))


def on_grid(values: Carrier, fmt: Format) -> NDArray[np.bool_]:
    """Where a value is exactly a finite number of the format.

    values: float64 or longdouble of any shape. Returns a bool array of that shape; infinities and
    NaN are not on the grid.
    """
    values = _carrier(values)
    return np.asarray(np.isfinite(values) & (round_to(values, fmt) == values))


def ulp(values: Carrier, fmt: Format) -> Carrier:
    """The distance between neighbouring numbers of the format in the binade of each value.

    values: float64 or longdouble of any shape, finite. Returns positive numbers of that shape and
    dtype: 2^(e-p+1) where 2^e <= abs(value) < 2^(e+1), and `fmt.eta` in the subnormal range.
    """
    values = _carrier(values)
    return np.asarray(np.ldexp(values.dtype.type(1), _quantum_exponent(values, fmt)))


def _quantum_exponent(values: Carrier, fmt: Format) -> NDArray[np.int32]:
    """The exponent of `ulp`; that of `fmt.eta` for zeros."""
    _, exponent = np.frexp(values)
    # frexp has its significand in [1/2, 1): the leading bit of a value is 2^(exponent - 1).
    lowest = fmt.emin - fmt.p + 1
    return np.asarray(
        np.where(values == 0, lowest, np.maximum(exponent - fmt.p, lowest)), dtype=np.int32
    )


def _carrier(values: Carrier) -> Carrier:
    array = np.asarray(values)
    if array.dtype not in (np.float64, np.longdouble):
        raise TypeError(f"a carrier is float64 or longdouble, not {array.dtype}")
    return array
