"""Sheets whose numbers are on a device: code there is called with them, and judged by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from harness.cells.likeness import unlike
from harness.cells.on_torch import OnTorch
from harness.cells.tangents import AXIS, TANGENTS
from harness.conformance.backends import Backend
from harness.conformance.sheet import Sheet
from harness.statement.term import Var


@dataclass(frozen=True, kw_only=True)
class SheetThere(Sheet):
    """The same cells, variables and sizes; arrays of the backend, which is one of torch, in the
    dtype of the sheet."""

    backend: Backend

    @cached_property
    def arrays(self) -> Mapping[Var, Any]:
        """Variable -> (rows, ...) numbers of the format, on the device."""
        made = self.made(OnTorch(self.backend.device)) if self.is_made_there else super().arrays
        return {v: self.backend.make(numbers, self.dtype) for v, numbers in made.items()}

    @property
    def is_made_there(self) -> bool:
        """Whether the numbers are made on the device; else on the processor, and copied.

        They are where that gives the bits that the cells' names promise.
        """
        met = {placed.cell.regime for placed in self.data}
        if len(self.variables) > 1:
            met |= {*TANGENTS, AXIS.name}
        return not met & unlike(self.backend.device, self.dtype)


def sheet_there(sheet: Sheet, backend: Backend) -> SheetThere:
    """The sheet with its arrays on the device of a backend."""
    parts = {field.name: getattr(sheet, field.name) for field in fields(Sheet)}
    return SheetThere(**parts, backend=backend)
