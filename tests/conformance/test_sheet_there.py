"""Sheets on a device have the numbers of those on the processor, wherever they are made."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from harness.cells.cell import Cell
from harness.conformance import sheet_there as module
from harness.conformance.backends import backend
from harness.conformance.sheet import Sheet, one_cell, sheets
from harness.conformance.sheet_there import sheet_there
from harness.evaluate.formats import FORMATS
from harness.statement.term import Var
from harness.statement.types import NAT, Length, VecType

torch = pytest.importorskip("torch")

VEC = VecType(Length(("n",)))
N, X, DX = Var("n", NAT), Var("x", VEC), Var("dx", VEC)
DEVICES = [
    "cpu",
    pytest.param(
        "cuda",
        marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="torch sees no CUDA device"),
    ),
]


def same(sheet: Sheet, device: str) -> None:
    there = sheet_there(sheet, backend("torch", device))
    assert there.key == sheet.key and there.placed == sheet.placed
    for variable in sheet.variables:
        numbers = there.arrays[variable]
        assert numbers.device.type == device and str(numbers.dtype) == f"torch.{sheet.dtype}"
        here = sheet.arrays[variable]
        assert np.array_equal(numbers.double().cpu().numpy().view(np.int64), here.view(np.int64))


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", FORMATS)
def test_numbers_are_those_of_the_processor(device: str, dtype: str) -> None:
    cell = Cell(1, dtype, 9, "tiny", "cancelling", 16, (201,))
    sheet = one_cell((N, X, DX), cell)
    assert sheet_there(sheet, backend("torch", device)).is_made_there
    same(sheet, device)


@pytest.mark.parametrize("device", DEVICES)
def test_a_sheet_may_have_several_cells(device: str) -> None:
    several = sheets((N, X), "quick", "float32", 1)[1]
    assert len(several.data) > 1
    same(several, device)


@pytest.mark.parametrize(
    ("unlike", "variables", "is_made"),
    [
        ({"tiny"}, (N, X), False),
        ({"ties"}, (N, X), True),
        ({"cancelling"}, (N, X), True),
        ({"cancelling"}, (N, X, DX), False),
    ],
)
def test_where_bits_would_differ_numbers_are_copied(
    monkeypatch: pytest.MonkeyPatch, unlike: set[str], variables: tuple[Var, ...], is_made: bool
) -> None:
    asked: list[tuple[str, str]] = []

    def told(device: str, dtype: str) -> frozenset[str]:
        asked.append((device, dtype))
        return frozenset(unlike)

    made, right = list[str](), Sheet.made

    def watched(sheet: Sheet, make: Any) -> Any:
        made.append(type(make).__name__)
        return right(sheet, make)

    monkeypatch.setattr(module, "unlike", told)
    monkeypatch.setattr(Sheet, "made", watched)
    sheet = one_cell(variables, Cell(1, "float32", 3, "tiny", "normal", 16, (5,)))
    there = sheet_there(sheet, backend("torch"))
    assert there.is_made_there is is_made and asked == [("cpu", "float32")]
    assert there.arrays[X].shape == (5, 3)
    assert made == ["OnTorch" if is_made else "OnNumpy"]
    same(sheet, "cpu")
