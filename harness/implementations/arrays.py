"""Kinds of arrays, and the way of numbers from one to another: no value and no dtype changes.

numpy and torch share memory with each other; other kinds get copies, and theirs cannot be changed
in place, or their changes are written back, so that a mutation is seen in our own arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from harness.errors import AbsentError

ArrayKind = Literal["numpy", "torch", "jax", "tensorflow", "list"]
ARRAY_KINDS: tuple[ArrayKind, ...] = get_args(ArrayKind)

_COPIED = "arguments are passed as contiguous copies: layouts are not judged"
_REVERSED = "reversed layouts are passed as copies: torch has no negative strides"


class WrongKind(TypeError):
    """A function returned something else than an array of its kind."""


@dataclass(frozen=True)
class Passed:
    """An argument as it is given to a function, and the array of ours that it stands for.

    copied: the two do not share memory, and what is given could be changed.
    """

    given: Any
    ours: Any
    copied: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of arrays. taken: one of another kind -> of this; returned: of this -> of another,
    which is that of the third argument; notes: what its conversions keep from being judged."""

    name: ArrayKind
    taken: Callable[[Any, Kind], Passed]
    returned: Callable[[Any, Kind, Any], Any]
    notes: tuple[str, ...] = ()

    def dtype_of(self, array: Any) -> str:
        """The name of an array's format."""
        return str(array.dtype).removeprefix("torch.")

    def moved(self, array: Any, source: int, target: int) -> Any:
        """The array with one axis in another place; a view."""
        if self.name == "torch":
            return array.movedim(source, target)
        return np.moveaxis(array, source, target)

    def reshaped(self, array: Any, shape: tuple[int, ...]) -> Passed:
        """The array in another shape: a view where its layout has one, else a copy."""
        try:
            if self.name == "torch":
                return Passed(array.view(shape), array)
            return Passed(np.reshape(array, shape, copy=False), array)
        except (RuntimeError, ValueError):
            return Passed(array.reshape(shape), array, copied=True)

    def stacked(self, rows: Sequence[Any], batch: tuple[int, ...], like: Any) -> Any:
        """Results of single vectors as one array with the batch in front.

        Python floats become one array of the dtype of `like`. WrongKind when a row is no array, or
        unlike the others.
        """
        if all(type(row) is float for row in rows):
            return self._like(np.array(rows).reshape(batch), like)
        for row in rows:
            if not hasattr(row, "shape") or not hasattr(row, "dtype"):
                raise _wrong(row, self.name)
        kinds = {f"{row.dtype} {tuple(row.shape)}" for row in rows}
        if len(kinds) != 1:
            raise WrongKind(f"returned {' and '.join(sorted(kinds))} for vectors of one shape")
        if self.name == "torch":
            import torch

            stacked: Any = torch.stack(list(rows))
        else:
            stacked = np.stack(list(rows))
        return stacked.reshape(*batch, *stacked.shape[1:])

    def put_back(self, passed: Sequence[Passed], mine: Kind) -> None:
        """What was changed in a copy, changed in ours, where the harness looks for it."""
        for one in passed:
            if one.copied:
                found = one.given if mine is self else self.returned(one.given, mine, one.ours)
                one.ours[...] = found.reshape(one.ours.shape)

    def _like(self, numbers: Any, like: Any) -> Any:
        if self.name == "torch":
            import torch

            return torch.from_numpy(numbers).to(dtype=like.dtype, device=like.device)
        return numbers.astype(like.dtype)


def array_kind(name: ArrayKind) -> Kind:
    """The kind of that name; its library is imported when it is first used."""
    return _KINDS[name]


def in_context(name: ArrayKind, dtype: str) -> AbstractContextManager[object]:
    """What must be in force while such arrays are made and used: jax has float64 only on demand."""
    if name != "jax" or dtype != "float64":
        return nullcontext()
    import jax

    if hasattr(jax, "enable_x64"):
        switched: AbstractContextManager[object] = jax.enable_x64(True)
        return switched
    from jax.experimental import enable_x64

    older: AbstractContextManager[object] = enable_x64(True)
    return older


def bfloat16() -> Any:
    """numpy's dtype of bfloat16. AbsentError without ml_dtypes, which brings it."""
    try:
        import ml_dtypes
    except ImportError:
        raise AbsentError(
            "numpy has no bfloat16 without ml_dtypes", hint="pip install ml_dtypes"
        ) from None
    return np.dtype(ml_dtypes.bfloat16)


def _numpy_taken(array: Any, ours: Kind) -> Passed:
    """A tensor as a numpy array, of the same memory."""
    tensor = array.detach()
    if tensor.device.type != "cpu":
        raise AbsentError(f"numpy has no arrays on {tensor.device.type}")
    if ours.dtype_of(array) == "bfloat16":
        import torch

        return Passed(tensor.view(torch.int16).numpy().view(bfloat16()), array)
    return Passed(tensor.numpy(), array)


def _numpy_returned(result: Any, mine: Kind, like: Any) -> Any:
    """A numpy array as a tensor."""
    import torch

    if type(result) is float:
        return result
    if not isinstance(result, np.ndarray | np.generic):
        raise _wrong(result, "numpy")
    array = np.array(result)  # torch wants memory of its own that it may write to, strides >= 0
    if str(array.dtype) == "bfloat16":
        return torch.from_numpy(array.view(np.int16)).view(torch.bfloat16)
    return torch.from_numpy(array)


def _torch_taken(array: Any, ours: Kind) -> Passed:
    """A numpy array as a tensor, of the same memory where torch can describe it."""
    import torch

    copied = any(stride < 0 for stride in array.strides)
    given = array.copy() if copied else array
    if ours.dtype_of(array) == "bfloat16":
        return Passed(torch.from_numpy(given.view(np.int16)).view(torch.bfloat16), array, copied)
    return Passed(torch.from_numpy(given), array, copied)


def _torch_returned(result: Any, mine: Kind, like: Any) -> Any:
    """A tensor as a numpy array."""
    import torch

    if type(result) is float:
        return result
    if not isinstance(result, torch.Tensor):
        raise _wrong(result, "torch")
    tensor = result.detach().cpu()
    if tensor.dtype == torch.bfloat16:
        return tensor.contiguous().view(torch.int16).numpy().view(bfloat16())
    return tensor.numpy()


def _jax_taken(array: Any, ours: Kind) -> Passed:
    import jax.numpy as jnp

    given = jnp.array(_plain(array, ours))
    return _kept("jax", given, str(given.dtype), array, ours)


def _tensorflow_taken(array: Any, ours: Kind) -> Passed:
    import tensorflow as tf

    given = tf.constant(_plain(array, ours))
    return _kept("tensorflow", given, given.dtype.name, array, ours)


def _kept(library: str, given: Any, found: str, array: Any, ours: Kind) -> Passed:
    wanted = ours.dtype_of(array)
    if found != wanted:
        raise AbsentError(f"{library} has no {wanted} here: it made {found} of it")
    return Passed(given, array)


def _jax_returned(result: Any, mine: Kind, like: Any) -> Any:
    import jax

    if type(result) is float:
        return result
    if not isinstance(result, jax.Array):
        raise _wrong(result, "jax")
    return _given_back(np.array(result), mine, like)


def _tensorflow_returned(result: Any, mine: Kind, like: Any) -> Any:
    import tensorflow as tf

    if type(result) is float:
        return result
    if not isinstance(result, tf.Tensor):
        raise _wrong(result, "tensorflow")
    return _given_back(np.array(result.numpy()), mine, like)


def _list_taken(array: Any, ours: Kind) -> Passed:
    if (dtype := ours.dtype_of(array)) != "float64":
        raise AbsentError(f"Python floats have no {dtype}")
    return Passed(array.tolist(), array, copied=True)


def _list_returned(result: Any, mine: Kind, like: Any) -> Any:
    if type(result) is float:
        return result
    if not isinstance(result, list | tuple):
        raise _wrong(result, "list")
    return _given_back(np.array(result, dtype=np.float64), mine, like)


def _plain(array: Any, ours: Kind) -> Any:
    """The numbers of an array of ours in numpy."""
    return array if ours.name == "numpy" else _numpy_taken(array, ours).given


def _given_back(array: Any, mine: Kind, like: Any) -> Any:
    return array if mine.name == "numpy" else _numpy_returned(array, mine, like)


def _wrong(result: object, kind: str) -> WrongKind:
    return WrongKind(f"returned {type(result).__name__}, not an array of {kind}")


_KINDS: dict[str, Kind] = {
    "numpy": Kind("numpy", _numpy_taken, _numpy_returned),
    "torch": Kind("torch", _torch_taken, _torch_returned, (_REVERSED,)),
    "jax": Kind("jax", _jax_taken, _jax_returned, (_COPIED,)),
    "tensorflow": Kind("tensorflow", _tensorflow_taken, _tensorflow_returned, (_COPIED,)),
    "list": Kind("list", _list_taken, _list_returned, (_COPIED,)),
}
