"""The eight wrong implementations are wrong, and their twins right, by the independent judge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness.evaluate.formats import FORMATS
from harness.implementations.catalogue import load_catalogue
from harness.implementations.entry import Entry
from harness.implementations.resolve import callable_of

CATALOGUE = Path(__file__).parents[1] / "wrong" / "catalogue.yaml"
ENTRIES = {entry.name: entry for entry in load_catalogue(CATALOGUE)}
WRONG = [name for name, entry in ENTRIES.items() if entry.expectation.violates]


def faults(entry: Entry, cases: Any, worst_ratio: Any) -> set[str]:
    """What the judge finds: `values`, `dtype` or `input`."""
    found: set[str] = set()
    ((constant, _),) = entry.constants.items()
    function: Any = callable_of(entry, constant)
    for dtype in entry.dtypes:
        fmt = FORMATS[dtype]
        for case in [one for one in cases(fmt) if one.constant == constant]:
            given = [a.astype(dtype) for a in case.arguments]
            before = [a.copy() for a in given]
            with np.errstate(all="ignore"):
                result = function(*given)
            if not all(np.array_equal(a, b) for a, b in zip(given, before, strict=True)):
                found.add("input")
            if result.dtype != dtype:
                found.add("dtype")
            finite = bool(np.isfinite(result).all())
            if not finite or worst_ratio(case, result.astype(np.float64), fmt) > 1:
                found.add("values")
    return found


@pytest.mark.parametrize("name", WRONG)
def test_the_defect_is_one_and_the_twin_has_none(name: str, cases: Any, worst_ratio: Any) -> None:
    expected = {"changes_input": {"input"}, "wrong_dtype": {"dtype"}}.get(name, {"values"})
    assert faults(ENTRIES[name], cases, worst_ratio) == expected
    assert faults(ENTRIES[f"{name}.right"], cases, worst_ratio) == set()


@pytest.mark.parametrize("name", list(ENTRIES))
@pytest.mark.parametrize("shape", [(0,), (2, 3, 0)])
def test_all_are_right_without_coordinates(name: str, shape: tuple[int, ...]) -> None:
    entry = ENTRIES[name]
    for constant in entry.constants:
        for dtype in entry.dtypes:
            empty = np.zeros(shape, dtype=dtype)
            arguments = (empty,) * (2 if constant == "softmaxJvp" else 1)
            result: Any = callable_of(entry, constant)(*arguments)
            assert (result.shape, result.dtype) == (shape, dtype)


def test_there_are_eight_and_each_has_a_twin() -> None:
    assert len(WRONG) == 8
    twins = {name for name in ENTRIES if name not in WRONG}
    assert twins == {f"{name}.right" for name in WRONG}
    for name in WRONG:
        assert ENTRIES[name].dtypes == ENTRIES[f"{name}.right"].dtypes
        assert ENTRIES[name].expectation.violates == tuple(ENTRIES[name].constants)
