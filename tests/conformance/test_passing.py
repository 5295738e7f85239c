"""How arguments are passed and what becomes of results: memory, aliases, layouts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from harness.cells.cell import Cell
from harness.conformance.backends import backend
from harness.conformance.calling import Callee, Results, call_cells
from harness.conformance.sheet import Placed

X = np.arange(24.0).reshape(6, 4) / 8
LIBRARIES = ["numpy", "torch"]


def call(
    function: Callable[..., Any], library: str, *arguments: Any, view: str = "contiguous"
) -> Results:
    """Two calls of three rows each."""
    callee = Callee("softmaxVec", "mine", function, backend(library), "float32")
    cells = [Cell(1, "float32", 4, "normal", "normal", s, (3,), view) for s in (0, 1)]
    placed = [Placed(cells[0], 0, 3), Placed(cells[1], 3, 6)]
    return call_cells(callee, arguments or (X,), 6, (4,), placed)


def double(x: Any) -> Any:
    return x + x


@pytest.mark.parametrize("library", LIBRARIES)
def test_calls_of_one_shape_get_one_array_with_other_numbers(library: str) -> None:
    seen: list[Any] = []

    def remembers(x: Any) -> Any:
        seen.append(x)
        return double(x)

    results = call(remembers, library)
    assert seen[0] is seen[1]
    assert np.array_equal(results.numbers, 2 * X)


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_cache_by_address_is_stale(library: str) -> None:
    kept: dict[int, Any] = {}

    def by_identity(x: Any) -> Any:
        return double(kept.setdefault(id(x), x + 0))

    results = call(by_identity, library)
    assert np.array_equal(results.numbers[:3], 2 * X[:3])
    assert np.array_equal(results.numbers[3:], 2 * X[:3])


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("view", ["contiguous", "strided"])
def test_equal_arguments_are_one_array(library: str, view: str) -> None:
    seen: list[bool] = []

    def compares(x: Any, y: Any) -> Any:
        seen.append(x is y)
        return x + y

    other = X.copy()
    other[4] = -other[4]
    assert np.array_equal(call(compares, library, X, other, view=view).numbers, X + other)
    assert seen == [True, False]


def test_zeros_of_opposite_sign_are_not_equal_and_mixed_layouts_not_one() -> None:
    seen: list[bool] = []

    def compares(x: Any, y: Any) -> Any:
        seen.append(x is y)
        return x + y

    call(compares, "numpy", np.zeros((6, 4)), -np.zeros((6, 4)))
    call(compares, "numpy", X, X, view="mixed")
    assert seen == [False] * 4


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(("view", "packed"), [("mixed", [1, 0]), ("crossed", [0, 1])])
def test_a_mixture_gives_each_argument_its_layout(
    library: str, view: str, packed: list[int]
) -> None:
    seen: list[list[int]] = []

    def looks(x: Any, y: Any) -> Any:
        flags = [a.flags.c_contiguous if library == "numpy" else a.is_contiguous() for a in (x, y)]
        seen.append(flags)
        return x + y

    assert call(looks, library, X, 2 * X, view=view).trouble == ()
    assert seen == [packed, packed]


@pytest.mark.parametrize("library", LIBRARIES)
def test_one_buffer_for_all_results_is_told(library: str) -> None:
    buffers: list[Any] = []

    def in_place(x: Any) -> Any:
        buffers.append(x + 0)
        buffers[0][...] = double(x)
        return buffers[0]

    results = call(in_place, library)
    (one,) = results.trouble
    assert (one.kind, one.placed.start) == ("mutated", 3)
    assert one.message == "the result of the call before was changed by this call"
    assert results.done.tolist() == [True] * 3 + [False] * 3
    assert np.isnan(results.numbers[3:]).all()


@pytest.mark.parametrize("library", LIBRARIES)
def test_what_the_caller_writes_into_a_result_does_not_come_back(library: str) -> None:
    kept: dict[bytes, Any] = {}

    def shares(x: Any) -> Any:
        return kept.setdefault(np.asarray(x).tobytes(), double(x))

    same = np.concatenate([X[:3], X[:3]])
    (one,) = call(shares, library, same).trouble
    assert (one.kind, one.placed.start) == ("mutated", 3)
    assert one.message == "what is written into the result of the call before changes this one"
    # It does not come back in another layout or at another time, either.
    assert np.isnan(call(shares, library, same, view="strided").numbers).all()

    def copies(x: Any) -> Any:
        return shares(x) + 0

    kept.clear()
    call(copies, library, same)
    assert np.array_equal(call(copies, library, same).numbers, 2 * same)


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_result_that_is_its_argument_is_nobodys_fault(library: str) -> None:
    assert call(lambda x: x, library).trouble == ()
    assert call(lambda x: x[...], library, view="strided").trouble == ()


def test_results_that_cannot_be_written_to_are_left_alone() -> None:
    def frozen(x: Any) -> Any:
        result = double(x)
        result.flags.writeable = False
        return result

    assert call(frozen, "numpy").trouble == ()

    def spread(x: Any) -> Any:
        return x[..., :1].expand(*x.shape) * 1 + 0 * x

    def expanded(x: Any) -> Any:
        return x.new_ones(1, 1).expand(*x.shape)

    assert call(spread, "torch").trouble == ()
    assert call(expanded, "torch").trouble == ()
