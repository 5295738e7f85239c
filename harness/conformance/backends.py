"""How arrays of each library are made from the harness's numbers, compared and read back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.errors import AbsentError
from harness.evaluate.formats import FORMATS
from harness.implementations.arrays import bfloat16


@dataclass(frozen=True)
class Backend:
    """One array library on one device.

    make: float64 numbers (exact in dtype) in numpy or of this library, dtype name -> array.
    same_bits: two arrays of one shape and dtype. is_array: whether a result is of this library.
    dtype_of: its dtype's name. read: array -> float64 numpy array of its values. overlap: whether
    two arrays may share memory. is_writable: whether a result is an array that can be written to.
    spoil: writes NaN over it. wait: returns when the device has done what it was asked to, and
    raises what went wrong there; None where calls return when all is done.
    """

    name: str
    device: str
    make: Callable[[Any, str], Any]
    copy: Callable[[Any], Any]
    same_bits: Callable[[Any, Any], bool]
    is_array: Callable[[Any], bool]
    dtype_of: Callable[[Any], str]
    read: Callable[[Any], NDArray[np.float64]]
    overlap: Callable[[Any, Any], bool]
    is_writable: Callable[[Any], bool]
    spoil: Callable[[Any], object]
    wait: Callable[[], object] | None = None


def backend(name: str, device: str = "cpu") -> Backend:
    """The backend of that name, `numpy` or `torch`. LookupError for another name.

    AbsentError for a device that is not here; `make` raises it for bfloat16 in numpy
    without ml_dtypes.
    """
    if name == "numpy":
        if device != "cpu":
            raise AbsentError(f"numpy has no arrays on {device}")
        return _numpy()
    if name == "torch":
        return _torch(device)
    raise LookupError(f"no backend is called '{name}'")


def _numpy() -> Backend:
    def make(numbers: NDArray[np.float64], dtype: str) -> Any:
        kind = FORMATS[dtype].numpy_dtype
        return numbers.astype(bfloat16() if kind is None else kind)

    def same_bits(a: Any, b: Any) -> bool:
        return bool(a.tobytes() == b.tobytes())

    return Backend(
        "numpy",
        "cpu",
        make,
        copy=lambda a: a.copy(),
        same_bits=same_bits,
        is_array=lambda a: isinstance(a, np.ndarray | np.generic),
        dtype_of=lambda a: str(a.dtype),
        read=lambda a: np.asarray(a, dtype=np.float64),
        overlap=np.may_share_memory,
        is_writable=lambda a: isinstance(a, np.ndarray) and a.flags.writeable,
        spoil=lambda a: a.fill(np.nan),
    )


def _torch(device: str) -> Backend:
    try:
        import torch
    except ImportError:
        raise AbsentError("torch is not installed", hint="pip install torch") from None

    if device.startswith("cuda") and not torch.cuda.is_available():
        raise AbsentError(
            "this machine has no CUDA device that torch can use", hint="run with --device cpu"
        )
    whole = {2: torch.int16, 4: torch.int32, 8: torch.int64}

    def make(numbers: Any, dtype: str) -> Any:
        kind = getattr(torch, FORMATS[dtype].torch_name)
        there = isinstance(numbers, torch.Tensor)
        given = numbers if there else torch.from_numpy(np.ascontiguousarray(numbers))
        return given.to(device=device, dtype=kind)

    def same_bits(a: Any, b: Any) -> bool:
        kind = whole[a.element_size()]
        return bool(torch.equal(a.detach().view(kind), b.detach().view(kind)))

    def is_writable(a: Any) -> bool:
        # Where elements share memory, as after `expand`, torch refuses to write.
        packed = a.stride() if isinstance(a, torch.Tensor) and a.numel() else ()
        return bool(packed) and 0 not in packed and not a.is_inference()

    return Backend(
        "torch",
        device,
        make,
        copy=lambda a: a.detach().clone(),
        same_bits=same_bits,
        is_array=lambda a: isinstance(a, torch.Tensor),
        dtype_of=lambda a: str(a.dtype).removeprefix("torch."),
        read=lambda a: a.detach().to(device="cpu", dtype=torch.float64).numpy(),
        overlap=lambda a, b: a.untyped_storage().data_ptr() == b.untyped_storage().data_ptr(),
        is_writable=is_writable,
        spoil=lambda a: a.detach().fill_(float("nan")),
        wait=partial(torch.cuda.synchronize, device) if device.startswith("cuda") else None,
    )
