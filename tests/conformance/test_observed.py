"""Calls that are kept: made once for each view and index, anew for other inputs."""

from __future__ import annotations

import numpy as np

from harness.cells.cell import Cell
from harness.conformance.observed import Observed
from harness.conformance.sheet import one_cell
from tests.conformance.judging import Judge, subject_of


def test_a_call_is_made_once(judge: Judge) -> None:
    seen: list[np.ndarray] = []

    def sums(x: np.ndarray) -> np.ndarray:
        seen.append(x)
        return np.asarray(np.exp(x).sum(axis=-1))

    callee = subject_of({"sumExp": sums}).callees["sumExp"]
    params = judge.bench("float32").own["sumExp"].params
    cells = [Cell(1, "float32", n, "normal", "normal", batch=(5,)) for n in (2, 3)]
    observed = Observed()
    for cell in (cells[0], cells[1], cells[0]):
        sheet = SHEETS.setdefault(cell, one_cell(params, cell))
        (numbers,) = sheet.arrays.values()
        found = observed.call(callee, (numbers,), sheet, (), "contiguous")
        assert found.done.all()
        assert np.allclose(found.numbers, np.exp(numbers).sum(axis=-1), rtol=1e-5)
    assert [x.shape for x in seen] == [(5, 2), (5, 3)]


SHEETS: dict = {}
