"""An array with a bound on its error: what the walk computes at every node.

Axes of the arrays: the batch, then one axis for each index in scope (`depth` of them, size 1
where the value does not depend on the index), then the value's own axes (`rank`: 0 real, 1 vector,
2 rows).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.evaluate.formats import Format

Array = NDArray[Any]


@dataclass(frozen=True)
class Carrier:
    """The numpy format that the walk computes in: `unit` is its roundoff, `bits` its precision."""

    dtype: type[np.floating]
    bits: int

    @property
    def unit(self) -> float:
        """Unit roundoff 2^-bits."""
        return float(2.0**-self.bits)


FLOAT64 = Carrier(np.float64, 53)
LONGDOUBLE = Carrier(np.longdouble, 64) if np.finfo(np.longdouble).nmant == 63 else None


def carrier_for(fmt: Format) -> Carrier:
    """The cheapest carrier wider than `fmt`; float64 itself where the platform has none."""
    if fmt.p < FLOAT64.bits:
        return FLOAT64
    return LONGDOUBLE or FLOAT64


@dataclass(frozen=True)
class Value:
    """`value` and `error` broadcast to each other; |computed - value| <= error, inf: no bound."""

    value: Array
    error: Array
    depth: int
    rank: int = 0

    def at_depth(self, depth: int) -> Value:
        """The same numbers for `depth` indices in scope; dropped axes must have size 1."""
        if depth == self.depth:
            return self
        return Value(
            _redepth(self.value, self.depth, depth, self.rank),
            _redepth(self.error, self.depth, depth, self.rank),
            depth,
            self.rank,
        )

    def bound_last_index(self, n: int) -> Value:
        """The innermost index becomes the first of the value's own axes, with its full size n."""
        axis = self.depth
        return Value(
            _widen(self.value, axis, n), _widen(self.error, axis, n), axis - 1, self.rank + 1
        )


def exact(value: Array, depth: int, rank: int = 0) -> Value:
    """A value without error."""
    return Value(value, np.zeros((1,) * value.ndim, dtype=value.dtype), depth, rank)


def _redepth(array: Array, old: int, new: int, rank: int) -> Array:
    if new > old:
        return array.reshape(array.shape[: 1 + old] + (1,) * (new - old) + array.shape[1 + old :])
    kept, dropped, own = (
        array.shape[: 1 + new],
        array.shape[1 + new : 1 + old],
        array.shape[1 + old :],
    )
    if any(size != 1 for size in dropped):
        raise AssertionError(f"axes {dropped} of a value depend on an index that left the scope")
    return array.reshape(kept + own)


def _widen(array: Array, axis: int, n: int) -> Array:
    if array.shape[axis] == n:
        return array
    return np.broadcast_to(array, (*array.shape[:axis], n, *array.shape[axis + 1 :]))
