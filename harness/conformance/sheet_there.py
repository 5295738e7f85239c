"""Sheets whose numbers are on a device: code there is called with them, and judged by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from harness.conformance.backends import Backend
from harness.conformance.sheet import Sheet
from harness.statement.term import Var


@dataclass(frozen=True, kw_only=True)
class SheetThere(Sheet):
    """The same cells, variables and sizes; arrays of the backend, in the dtype of the sheet."""

    backend: Backend

    @cached_property
    def arrays(self) -> Mapping[Var, Any]:
        """Variable -> (rows, ...) numbers of the format, on the device."""
        here = super().arrays
        return {v: self.backend.make(here[v], self.dtype) for v in self.variables}


def sheet_there(sheet: Sheet, backend: Backend) -> SheetThere:
    """The sheet with its arrays on the device of a backend."""
    parts = {field.name: getattr(sheet, field.name) for field in fields(Sheet)}
    return SheetThere(**parts, backend=backend)
