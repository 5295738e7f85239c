"""Numbers and layouts as Python text."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.cells.views import LAYOUTS, VIEWS, as_view, layouts_of
from harness.conformance.sheet import hexed
from harness.conformance.snippet_text import array_lines, makers, numbers_text

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(st.lists(FINITE, min_size=2, max_size=2), max_size=12) | st.lists(FINITE))
def test_numbers_are_read_back_bit_by_bit(nested: list[Any]) -> None:
    numbers = np.array(nested, dtype=np.float64)
    text = numbers_text(hexed(numbers))
    back = np.array(eval(text, {"fh": float.fromhex}), dtype=np.float64)
    assert back.tobytes() == numbers.tobytes()


def test_runs_are_short() -> None:
    assert numbers_text([(0.0).hex()] * 1000 + [(0.5).hex()]) == '[0.0] * 1000 + [fh("0x1p-1")]'
    assert numbers_text([(-0.0).hex()]) == '[fh("-0x0p+0")]' and numbers_text([]) == "[]"


@pytest.mark.parametrize("view", LAYOUTS)
@pytest.mark.parametrize("shape", [(), (5,), (3, 4), (2, 3, 4)])
def test_an_array_lies_in_memory_as_the_one_that_failed(view: str, shape: tuple[int, ...]) -> None:
    values = np.arange(np.prod(shape, dtype=int), dtype=np.float32).reshape(shape)
    names: dict[str, Any] = {"np": np}
    exec("\n".join(array_lines("numpy", "float32", "cpu", view)), names)
    made, wanted = names["array"](values), as_view(values, view)
    assert made.dtype == wanted.dtype and (made == wanted).all()
    assert made.strides == wanted.strides


@pytest.mark.parametrize("view", LAYOUTS)
def test_a_tensor_lies_in_memory_as_the_one_that_failed(view: str) -> None:
    torch = pytest.importorskip("torch")
    for shape in [(5,), (3, 4), (2, 3, 4)]:
        values = torch.arange(int(np.prod(shape)), dtype=torch.float32).reshape(shape)
        names: dict[str, Any] = {"np": np, "torch": torch}
        exec("\n".join(array_lines("torch", "float32", "cpu", view)), names)
        made, wanted = names["array"](values.numpy()), as_view(values, view)
        assert torch.equal(made, wanted) and made.stride() == wanted.stride()


@pytest.mark.parametrize("view", [view for view in VIEWS if view not in LAYOUTS])
def test_arguments_that_lie_differently_have_a_function_each(view: str) -> None:
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    names: dict[str, Any] = {"np": np}
    exec("\n".join(array_lines("numpy", "float32", "cpu", view)), names)
    assert len(makers(view)) > 1
    for layout in layouts_of(view, 3):
        made, wanted = names[makers(view)[layout]](values), as_view(values, layout)
        assert (made == wanted).all() and made.strides == wanted.strides
