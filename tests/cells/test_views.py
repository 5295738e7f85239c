"""Views: the same bits and shape at other addresses, in numpy and torch."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from harness.cells.views import LAYOUTS, VIEWS, as_view, layouts_of, place, surroundings_intact

SHAPES = [(), (0,), (1,), (7,), (5, 0), (1, 1), (5, 8), (2, 3, 4), (2, 1, 3, 3)]
NUMPY = ["float64", "float32", "float16"]
TORCH = [*NUMPY, "bfloat16"]


def numbers(shape: tuple[int, ...], dtype: str) -> np.ndarray:
    count = int(np.prod(shape))
    flat = np.arange(count, dtype=np.float64) - 2.0
    flat[flat == 0] = -0.0
    return flat.astype(dtype).reshape(shape)


def tensor(shape: tuple[int, ...], dtype: str) -> torch.Tensor:
    return torch.from_numpy(numbers(shape, "float64")).to(getattr(torch, dtype))


@pytest.mark.parametrize("view", LAYOUTS)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", NUMPY)
def test_numpy_views_keep_the_bits(view: str, shape: tuple[int, ...], dtype: str) -> None:
    original = numbers(shape, dtype)
    seen = as_view(original, view)
    assert isinstance(seen, np.ndarray)
    assert (seen.shape, seen.dtype) == (original.shape, original.dtype)
    assert seen.tobytes() == original.tobytes()
    assert not np.shares_memory(seen, original)


@pytest.mark.parametrize("view", LAYOUTS)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", TORCH)
def test_torch_views_keep_the_bits(view: str, shape: tuple[int, ...], dtype: str) -> None:
    original = tensor(shape, dtype)
    seen = as_view(original, view)
    assert isinstance(seen, torch.Tensor)
    assert (seen.shape, seen.dtype) == (original.shape, original.dtype)
    assert torch.equal(seen, original)
    assert torch.equal(torch.signbit(seen), torch.signbit(original))


@pytest.mark.parametrize("shape", [(7,), (5, 8), (2, 3, 4)])
def test_layouts_differ_as_their_names_say(shape: tuple[int, ...]) -> None:
    array = numbers(shape, "float32")
    plain, strided, transposed, backwards, offset = (as_view(array, view) for view in LAYOUTS)
    assert plain.flags.c_contiguous
    assert place(array, "contiguous").layout.size == plain.size
    assert strided.strides[-1] == 8 and not strided.flags.c_contiguous
    assert not transposed.flags.c_contiguous
    assert transposed.flags.f_contiguous == (len(shape) > 1)
    assert backwards.strides[-1] == -4
    assert offset.flags.c_contiguous and offset.base is not None
    assert offset.ctypes.data - offset.base.ctypes.data == 4


@pytest.mark.parametrize("shape", [(7,), (5, 8), (2, 3, 4)])
def test_torch_layouts_differ_as_their_names_say(shape: tuple[int, ...]) -> None:
    array = tensor(shape, "bfloat16")
    plain, strided, transposed, spread, offset = (as_view(array, view) for view in LAYOUTS)
    assert plain.is_contiguous()
    assert strided.stride()[-1] == 2 and spread.stride()[-1] == 5
    assert not strided.is_contiguous() and not transposed.is_contiguous()
    assert transposed.stride()[0] == (3 if len(shape) == 1 else 1)
    assert offset.is_contiguous() and offset.storage_offset() == 1


@pytest.mark.parametrize("library", ["numpy", "torch"])
@pytest.mark.parametrize("view", LAYOUTS)
@pytest.mark.parametrize("shape", [(7,), (5, 8), (2, 3, 4), (3, 0)])
def test_writes_beside_the_view_are_seen(library: str, view: str, shape: tuple[int, ...]) -> None:
    array = numbers(shape, "float32") if library == "numpy" else tensor(shape, "float32")
    clean = place(array, view)
    clean.values[...] = 5.0
    assert surroundings_intact(clean)
    for position in range(clean.layout.size):
        dirty = place(array, view)
        dirty.buffer[position] = 123.0
        inside = bool((dirty.values == 123.0).any())
        assert surroundings_intact(dirty) == inside


def test_an_unknown_view_is_our_bug() -> None:
    with pytest.raises(ValueError, match="no layout 'sideways'"):
        as_view(np.zeros(3), "sideways")


def test_a_view_gives_a_layout_to_each_argument() -> None:
    assert layouts_of("strided", 3) == ("strided",) * 3
    mixtures = [layouts_of(view, 2) for view in VIEWS if view not in LAYOUTS]
    # Whichever of two arguments the code looks at, the other one lies differently once.
    assert {(one == "contiguous", other == "contiguous") for one, other in mixtures} == {
        (True, False),
        (False, True),
    }
    assert {layout for view in VIEWS for layout in layouts_of(view, 3)} == set(LAYOUTS)


def test_what_is_contiguous_owns_its_memory() -> None:
    assert as_view(numbers((2, 3), "float32"), "contiguous").base is None
    assert as_view(tensor((2, 3), "float32"), "contiguous").untyped_storage().nbytes() == 24
