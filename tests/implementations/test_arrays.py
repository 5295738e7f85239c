"""Numbers on their way from one kind of arrays to another: bits, dtypes and memory."""

from __future__ import annotations

import sys
import types

import numpy as np
import pytest
import torch

from harness.errors import AbsentError
from harness.implementations.arrays import WrongKind, array_kind, bfloat16, in_context

NUMPY, TORCH, LIST = array_kind("numpy"), array_kind("torch"), array_kind("list")
DTYPES = ("float64", "float32", "float16")


@pytest.mark.parametrize("dtype", DTYPES)
def test_numpy_and_torch_share_memory(dtype: str) -> None:
    array = np.array([[0.0, -0.0, 1.5]]).astype(dtype)
    passed = TORCH.taken(array, NUMPY)
    assert str(passed.given.dtype) == f"torch.{dtype}" and not passed.copied
    passed.given[0, 0] = 3
    assert array[0, 0] == 3
    back = TORCH.returned(passed.given, NUMPY, array)
    assert back.dtype == array.dtype and back.tobytes() == array.tobytes()
    tensor = torch.tensor([1.0, 2.0])
    NUMPY.taken(tensor, TORCH).given[0] = 5
    assert tensor[0] == 5


def test_layouts_that_torch_cannot_describe_are_copies_and_changes_are_put_back() -> None:
    array = np.arange(3.0)[::-1]
    passed = TORCH.taken(array, NUMPY)
    assert passed.copied
    passed.given[0] = 9
    assert array[0] == 2
    TORCH.put_back([passed], NUMPY)
    assert array[0] == 9


def test_lists_keep_every_float64_and_refuse_the_rest() -> None:
    array = np.array([[0.1, 5e-324], [1.7976931348623157e308, -0.0]])
    passed = LIST.taken(array, NUMPY)
    assert passed.given == array.tolist()
    assert LIST.returned(passed.given, NUMPY, array).tobytes() == array.tobytes()
    with pytest.raises(AbsentError, match="no float32"):
        LIST.taken(np.ones(2, dtype=np.float32), NUMPY)


def test_results_of_another_kind() -> None:
    like = np.zeros(2)
    for kind, result in ((TORCH, like), (NUMPY, [1.0]), (LIST, like)):
        with pytest.raises(WrongKind, match=f"not an array of {kind.name}"):
            kind.returned(result, TORCH if kind is NUMPY else NUMPY, like)


def test_bfloat16_needs_ml_dtypes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ml_dtypes", None)
    with pytest.raises(AbsentError, match="without ml_dtypes"):
        bfloat16()


def test_a_library_that_quietly_takes_another_dtype_lacks_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A jax without 64 bits, as it is by default."""
    numpy_of_jax = types.ModuleType("jax.numpy")
    numpy_of_jax.array = lambda a: a.astype(np.float32)  # type: ignore[attr-defined]
    jax = types.ModuleType("jax")
    jax.numpy, jax.Array = numpy_of_jax, np.ndarray  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "jax", jax)
    monkeypatch.setitem(sys.modules, "jax.numpy", numpy_of_jax)
    kind = array_kind("jax")
    narrow = np.ones(2, dtype=np.float32)
    assert kind.taken(narrow, NUMPY).given.dtype == np.float32
    with pytest.raises(AbsentError, match="jax has no float64 here: it made float32 of it"):
        kind.taken(np.ones(2), NUMPY)
    assert kind.returned(narrow, NUMPY, narrow).dtype == np.float32
    with pytest.raises(WrongKind, match="returned float16, not an array of jax"):
        kind.returned(np.float16(1), NUMPY, narrow)


def test_nothing_is_in_force_for_other_kinds() -> None:
    with in_context("numpy", "float64"), in_context("jax", "float32"):
        pass
