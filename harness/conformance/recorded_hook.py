"""The hook of a theorem's walk where the results of calls are there already."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.conformance.call_hook import CallHook
from harness.conformance.sheet import Placed, Sheet
from harness.conformance.subject import Subject
from harness.conformance.workbench import Workbench
from harness.statement.term import Call

Array = NDArray[Any]
Argument = Array | int
Caller = Callable[[str, tuple[Argument, ...]], Array]
"""Calls the implementation of a constant."""


class RecordedHook(CallHook):
    """A hook that has the results already, or asks for them without guarding the call."""

    def __init__(
        self,
        bench: Workbench,
        subject: Subject,
        sheet: Sheet,
        cells: Sequence[Placed],
        out_of_range: NDArray[np.bool_],
        results: Mapping[Call, Array],
        caller: Caller,
    ) -> None:
        super().__init__(bench, subject, sheet, cells, out_of_range)
        self.recorded, self.caller = results, caller

    def _results(
        self, term: Call, passed: Sequence[Any], own: tuple[int, ...], per_row: int
    ) -> NDArray[np.float64]:
        known = self.recorded.get(term)
        if known is None:
            kind = np.float64 if self.subject.dtype == "float64" else np.float32
            numbers = (a if isinstance(a, int) else np.asarray(a, kind) for a in passed)
            known = self.caller(term.constant, tuple(numbers))
        return np.asarray(known, np.float64)
