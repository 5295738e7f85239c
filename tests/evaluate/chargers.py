"""Chargers and values for the tests of single rules, and the shape of what they return."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.evaluate.arithmetic import named, with_fields
from harness.evaluate.charge import Charger
from harness.evaluate.value import Carrier, Value, carrier_for

Numbers = float | list[float]


def charger(
    dtype: str = "float32",
    arithmetic: str = "ieee",
    *,
    carrier: Carrier | None = None,
    rows: int = 1,
    **fields: object,
) -> Charger:
    """The rules of a named arithmetic, with some of its fields replaced."""
    rounding = with_fields(named(arithmetic), fields).for_dtype(dtype)
    marks = np.zeros(rows, dtype=bool)
    return Charger(rounding, carrier or carrier_for(rounding.working), marks)


def real(charge: Charger, value: Numbers, error: Numbers = 0.0) -> Value:
    """Real numbers, one a row."""
    kind = charge.carrier.dtype
    return Value(np.atleast_1d(np.asarray(value, kind)), np.atleast_1d(np.asarray(error, kind)), 0)


def summands(charge: Charger, values: list[float], errors: Numbers = 0.0) -> Value:
    """Numbers along the axis of an index, one row."""
    kind = charge.carrier.dtype
    error = np.asarray(errors, kind).reshape(1, -1)
    return Value(np.asarray(values, kind).reshape(1, -1), error, 1)


def error_of(value: Value) -> Any:
    """The error of the only row."""
    return value.error.reshape(-1)[0]


def share(got: NDArray[Any], value: Value) -> float:
    """The greatest share of its bound that a result uses; value.value is exact enough."""
    with np.errstate(invalid="ignore"):
        used = abs(got.astype(value.value.dtype) - value.value) / value.error
    return float(np.nanmax(used))


@contextmanager
def quiet() -> Iterator[None]:
    """Without numpy's warnings, as the walk runs."""
    with np.errstate(all="ignore"):
        yield
