"""Memory layouts: the same values and shape at other addresses, for numpy arrays and torch tensors.

A layout is a start, a stride per axis and the size of the buffer around it, all in elements, so one
description serves both libraries. What the buffer holds elsewhere is NaN: code that reads past its
argument, or takes a strided one for a contiguous one, shows it in its result; code that writes
there is found by `surroundings_intact`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, overload

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    import torch

    Array: TypeAlias = NDArray[Any] | torch.Tensor

LAYOUTS = ("contiguous", "strided", "transposed", "reversed", "offset")
"""contiguous: an array of its own. strided: every second element of a larger buffer. transposed:
the axes in the opposite order in memory (a single axis: a column of a matrix of three columns).
reversed: the last axis runs backwards; torch has no negative strides, there it has stride 5.
offset: contiguous, one element into a larger buffer, so off every wider alignment."""

_MIXTURES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "mixed": ("contiguous", "transposed", "strided"),
        "crossed": ("transposed", "contiguous", "reversed"),
    }
)
VIEWS = (*LAYOUTS, *_MIXTURES)
"""What a cell may ask for: one layout for all arguments, or another one for each, for code that
looks at one argument and takes the others to lie like it."""

_GUARD = 3


@dataclass(frozen=True)
class Layout:
    """Where the elements are: buffer[start + sum of index * stride], buffer of `size` elements."""

    size: int
    start: int
    strides: tuple[int, ...]


@dataclass(frozen=True)
class Placed:
    """An array in its surroundings. values: the view; buffer: one-dimensional, all its memory."""

    values: Array
    buffer: Array
    layout: Layout


@overload
def as_view(array: NDArray[Any], layout: str) -> NDArray[Any]: ...
@overload
def as_view(array: torch.Tensor, layout: str) -> torch.Tensor: ...
def as_view(array: Array, layout: str) -> Array:
    """A copy of the array, bitwise equal, of its shape, dtype and device, in that layout."""
    return place(array, layout).values


def layouts_of(view: str, count: int) -> tuple[str, ...]:
    """The layout of each of `count` arguments that are arrays, for a name in VIEWS."""
    mixture = _MIXTURES.get(view, (view,))
    return tuple(mixture[k % len(mixture)] for k in range(count))


def place(array: Array, view: str) -> Placed:
    """As `as_view`, with the buffer that the copy lives in. ValueError for an unknown layout.

    What is contiguous owns its memory, as arrays mostly do.
    """
    shape = tuple(array.shape)
    if isinstance(array, np.ndarray):
        layout = _layout(shape, view, backwards=True)
        if view == "contiguous":
            own = np.array(array, order="C")
            return Placed(own, own.reshape(-1), layout)
        buffer = np.full(layout.size, np.nan, dtype=array.dtype)
        values = _strided(buffer, shape, layout)
        values[...] = array
        return Placed(values, buffer, layout)
    layout = _layout(shape, view, backwards=False)
    memory = array.new_full((layout.size,), math.nan)
    tensor = memory.as_strided(shape, layout.strides, layout.start)
    tensor.copy_(array)
    return Placed(tensor, memory, layout)


def surroundings_intact(placed: Placed) -> bool:
    """Whether all that the buffer holds beside the view is still NaN."""
    beside = np.ones(placed.layout.size, dtype=np.bool_)
    _strided(beside, tuple(placed.values.shape), placed.layout)[...] = False
    if isinstance(placed.buffer, np.ndarray):
        return bool(np.isnan(placed.buffer[beside]).all())
    return bool(placed.buffer.isnan().cpu().numpy()[beside].all())


def _layout(shape: tuple[int, ...], view: str, *, backwards: bool) -> Layout:
    rows_first = _packed(shape)
    count = math.prod(shape)
    if view == "contiguous" or not shape:
        return Layout(count, 0, rows_first)
    if view == "offset":
        return Layout(count + 1 + _GUARD, 1, rows_first)
    if view == "strided":
        return _guarded(shape, tuple(2 * stride for stride in rows_first))
    if view == "transposed":
        columns_first = _packed(shape[::-1])[::-1]
        return _guarded(shape, columns_first if len(shape) > 1 else (3,))
    if view == "reversed":
        if backwards:
            return _guarded(shape, (*rows_first[:-1], -1))
        return _guarded(shape, tuple(5 * stride for stride in rows_first))
    raise ValueError(f"no layout '{view}'; known: {', '.join(LAYOUTS)}")


def _packed(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Strides of an array without gaps whose last axis is the innermost."""
    return tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))


def _guarded(shape: tuple[int, ...], strides: tuple[int, ...]) -> Layout:
    reach = [(length - 1) * stride for length, stride in zip(shape, strides, strict=True)]
    if 0 in shape:
        return Layout(2 * _GUARD, _GUARD, strides)
    before = -sum(step for step in reach if step < 0)
    after = sum(step for step in reach if step > 0)
    return Layout(before + after + 1 + 2 * _GUARD, _GUARD + before, strides)


def _strided(buffer: NDArray[Any], shape: tuple[int, ...], layout: Layout) -> NDArray[Any]:
    strides = tuple(stride * buffer.itemsize for stride in layout.strides)
    return np.ndarray(shape, buffer.dtype, buffer, layout.start * buffer.itemsize, strides)
