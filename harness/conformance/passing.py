"""How arguments are passed, and what becomes of results: as a program would do it in a loop.

The calls of one shape and layout get the same arrays with other numbers in them, so that code which
knows an array by its address, and not by its numbers, is found. Arguments that are equal bit by bit
are one array. A result belongs to the caller: a later call must not change it, and what the caller
writes into it must not come back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.cells import views
from harness.cells.views import layouts_of, surroundings_intact
from harness.conformance.backends import Backend
from harness.conformance.guard import Misbehaviour

Argument = NDArray[np.floating] | int
"""Numbers of the format, (rows, ...), or an index."""


@dataclass(frozen=True)
class Laid:
    """One argument in memory: the array, its surroundings, its layout and its bits."""

    placed: views.Placed
    layout: str
    bits: Any


@dataclass(frozen=True)
class Memory:
    """What the calls of one function for one sheet share."""

    backend: Backend
    _arrays: dict[object, views.Placed] = field(default_factory=dict)
    _returned: list[tuple[Any, Any]] = field(default_factory=list)

    def lay(
        self, native: Sequence[Any], rows: slice, batch: tuple[int, ...], view: str
    ) -> list[Laid | int]:
        """The arguments of one call: rows of `native`, in their batch shape and layout."""
        layouts = iter(layouts_of(view, sum(not isinstance(a, int) for a in native)))
        laid: list[Laid | int] = []
        for position, array in enumerate(native):
            if isinstance(array, int):
                laid.append(array)
                continue
            layout = next(layouts)
            part = array[rows].reshape((*batch, *array.shape[1:]))
            before = (one for one in laid if isinstance(one, Laid) and one.layout == layout)
            alike = next((one for one in before if self._alike(one.bits, part)), None)
            laid.append(alike or Laid(self._placed(position, part, layout), layout, part))
        return laid

    def _alike(self, one: Any, other: Any) -> bool:
        return tuple(one.shape) == tuple(other.shape) and self.backend.same_bits(one, other)

    def _placed(self, position: int, part: Any, layout: str) -> views.Placed:
        key = (position, tuple(part.shape), layout)
        if key in self._arrays:
            self._arrays[key].values[...] = part
        else:
            self._arrays[key] = views.place(part, layout)
        return self._arrays[key]

    def forget(self) -> None:
        """After a call that misbehaved: nobody knows what it has left in the arrays."""
        self._arrays.clear()
        self._returned.clear()

    def returned(self, result: Any, laid: Sequence[Laid | int]) -> None:
        """Takes the result of a call, whose numbers have been read. Misbehaviour when it shares
        memory with the result before it."""
        backend = self.backend
        arrays = [one.placed.buffer for one in laid if isinstance(one, Laid)]
        # What is an argument, or a part of one, changes with it, and we make those changes.
        kept = backend.is_writable(result) and not any(backend.overlap(result, a) for a in arrays)
        now = [(result, backend.copy(result))] if kept else []
        if not all(backend.same_bits(old, bits) for old, bits in self._returned):
            raise Misbehaviour("mutated", "the result of the call before was changed by this call")
        self.spoil()
        if not all(backend.same_bits(new, bits) for new, bits in now):
            message = "what is written into the result of the call before changes this one"
            raise Misbehaviour("mutated", message)
        self._returned.extend(now)

    def spoil(self) -> None:
        """Writes NaN over the result that is kept, as its owner may."""
        for old, _ in self._returned:
            self.backend.spoil(old)
        self._returned.clear()


def check_unchanged(backend: Backend, laid: Sequence[Laid | int]) -> None:
    """Misbehaviour when the arguments, or the memory beside them, are not as they were passed."""
    for position, one in enumerate(laid, start=1):
        if isinstance(one, int):
            continue
        if not backend.same_bits(one.placed.values, one.bits):
            raise Misbehaviour("mutated", f"argument {position} was changed by the call")
        if one.layout != "contiguous" and not surroundings_intact(one.placed):
            raise Misbehaviour("mutated", f"memory beside argument {position} was changed")
