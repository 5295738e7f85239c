"""Arrays of each library: made from numbers without loss, compared bit by bit, read back."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import torch

from harness.conformance.backends import backend
from harness.errors import AbsentError
from harness.evaluate.formats import FORMATS

PAIRS = [
    (library, dtype)
    for library in ("numpy", "torch")
    for dtype in FORMATS
    if (library, dtype) != ("numpy", "bfloat16")
]


@pytest.mark.parametrize(("library", "dtype"), PAIRS)
def test_numbers_survive_the_way_there_and_back(library: str, dtype: str) -> None:
    fmt = FORMATS[dtype]
    numbers = np.array([[0.0, -0.0, 1.5], [fmt.eta, -fmt.smallest_normal, fmt.largest]])
    one = backend(library)
    array = one.make(numbers, dtype)
    assert one.is_array(array) and one.dtype_of(array) == dtype
    assert tuple(array.shape) == (2, 3)
    back = one.read(array)
    assert back.dtype == np.float64 and back.tobytes() == numbers.tobytes()


@pytest.mark.parametrize(("library", "dtype"), PAIRS)
def test_a_copy_is_equal_until_one_bit_changes(library: str, dtype: str) -> None:
    one = backend(library)
    array = one.make(np.array([0.0, 1.0, np.nan]), dtype)
    copy = one.copy(array)
    assert one.same_bits(array, copy)
    copy[0] = -0.0
    assert not one.same_bits(array, copy)
    assert float(array[0]) == 0 and np.signbit(one.read(copy)[0])


def test_a_library_knows_its_own_arrays_only() -> None:
    ours, theirs = backend("numpy"), backend("torch")
    assert ours.is_array(np.float32(1)) and not ours.is_array(torch.ones(1))
    assert theirs.is_array(torch.ones(1)) and not theirs.is_array(np.ones(1))
    for thing in (1.0, [1.0], None, "x"):
        assert not ours.is_array(thing) and not theirs.is_array(thing)


def test_strides_do_not_matter_to_a_comparison() -> None:
    one = backend("torch")
    array = one.make(np.arange(6.0).reshape(2, 3), "float32")
    assert one.same_bits(array.t(), one.copy(array.t()))


def test_what_is_not_here_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ml_dtypes", None)
    with pytest.raises(AbsentError, match="numpy has no bfloat16"):
        backend("numpy").make(np.zeros(1), "bfloat16")
    with pytest.raises(AbsentError, match="numpy has no arrays on cuda"):
        backend("numpy", "cuda")
    with pytest.raises(LookupError, match="no backend is called 'jax'"):
        backend("jax")


def test_cuda_is_absent_or_works() -> None:
    if not torch.cuda.is_available():
        with pytest.raises(AbsentError, match="no CUDA device"):
            backend("torch", "cuda")
        return
    one = backend("torch", "cuda")
    assert one.make(np.ones(2), "float32").device.type == "cuda"


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
def test_torch_makes_the_same_of_numbers_in_numpy_and_of_its_own(dtype: str) -> None:
    one, numbers = backend("torch"), np.array([-0.0, 2.0**-14, 1.5])
    assert one.same_bits(one.make(torch.from_numpy(numbers), dtype), one.make(numbers, dtype))
