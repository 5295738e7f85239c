"""Where the numbers of a chunk are while it is judged: in memory, or on a device of torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from harness.conformance.backends import Backend
from harness.evaluate.fast.device.on_torch import here

Array = NDArray[Any]


class Place(Protocol):
    """Arrays here are what code is called with and what kernels take."""

    def put(self, numbers: Any) -> Any:
        """An array of this place from one of numpy, or from one that is here already."""
        ...

    def read(self, array: Any, rows: Array | None = None) -> Array:
        """An array of this place, or some rows of it, in numpy."""
        ...


@dataclass(frozen=True)
class InMemory:
    """numpy: float64 for that format, float32 for those below, which it holds."""

    dtype: str

    def put(self, numbers: Any) -> Array:
        """As a float type that holds the format."""
        return np.asarray(numbers, np.float64 if self.dtype == "float64" else np.float32)

    def read(self, array: Any, rows: Array | None = None) -> Array:
        """The array itself, where no rows are chosen."""
        numbers: Array = array if rows is None else array[rows]
        return numbers


@dataclass(frozen=True)
class OnDevice:
    """Tensors of the format itself, on the device of a backend of torch."""

    backend: Backend
    dtype: str

    def put(self, numbers: Any) -> Any:
        """A copy, unless it is there already."""
        return self.backend.make(numbers, self.dtype)

    def read(self, array: Any, rows: Array | None = None) -> Array:
        """float64."""
        return here(array, rows)
