"""An entry made on the spot from functions that a user names (`--impl`) or hands over."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

from harness.errors import InputError, did_you_mean
from harness.evaluate.arithmetic import named
from harness.implementations.adapter import PLAIN, Adapter
from harness.implementations.entry import Backend, Entry, Implementation
from harness.implementations.resolve import split_reference

Kind = Literal["vector", "index", "real", "rows"]
"""How an explicit Lean argument is passed: (..., n), a Python int, (...,), or (..., n, n)."""

BACKENDS: tuple[Backend, ...] = ("numpy", "torch")
DEFAULT_DTYPES = ("float64", "float32")

_PROBE_SHAPES: Mapping[Kind, tuple[int, ...]] = MappingProxyType(
    {"vector": (2, 3), "real": (2,), "rows": (2, 3, 3)}
)


def parse_impl(text: str) -> tuple[str, str]:
    """`CONST=MODULE:FUNCTION` as (constant, reference). InputError for another shape.

    Whether the constant exists is for the caller to check, who knows the specs.
    """
    constant, equals, reference = (part.strip() for part in text.partition("="))
    if not equals or not constant or not reference:
        raise InputError(
            f"--impl '{text}' is not CONST=MODULE:FUNCTION",
            hint="write it as in: --impl softmaxVec=my_softmax:softmax",
        )
    split_reference(reference)
    return constant, reference


def parse_impls(texts: Iterable[str]) -> dict[str, str]:
    """Several `--impl` as constant -> reference. InputError when one constant is given twice."""
    found: dict[str, str] = {}
    for text in texts:
        constant, reference = parse_impl(text)
        if constant in found:
            raise InputError(
                f"--impl gives '{constant}' twice: {found[constant]} and {reference}",
                hint="keep one of them",
            )
        found[constant] = reference
    return found


def user_entry(
    functions: Mapping[str, str | Callable[..., object]],
    backend: Backend,
    *,
    dtypes: Sequence[str] = DEFAULT_DTYPES,
    devices: Sequence[str] = ("cpu",),
    arithmetic: Mapping[str, str] = MappingProxyType({}),
    adapter: Adapter = PLAIN,
    min_n: int = 0,
    name: str | None = None,
) -> Entry:
    """An entry for the given functions (objects, or references), by short name of their constant.

    adapter: lifts all of them; min_n: shorter vectors are unsupported; arithmetic: names of
    arithmetics by constant, `ieee` where nothing is said. InputError for an unknown arithmetic, and
    for one that is promised for a constant that is not given.
    """
    for constant in arithmetic:
        if constant not in functions:
            raise InputError(
                f"an arithmetic is declared for '{constant}', which is not among the supplied ones",
                hint=did_you_mean(constant, list(functions)) or f"supplied: {', '.join(functions)}",
            )
    constants = {
        constant: Implementation(
            reference=given if isinstance(given, str) else _reference_of(given),
            function=None if isinstance(given, str) else given,
            adapter=adapter,
            arithmetic=named(arithmetic.get(constant, "ieee")),
        )
        for constant, given in functions.items()
    }
    modules = dict.fromkeys(one.reference.partition(":")[0] for one in constants.values())
    return Entry(
        name=name or f"{'+'.join(modules)}-{backend}",
        backend=backend,
        constants=constants,
        dtypes=tuple(dtypes),
        devices=tuple(devices),
        min_n=min_n,
    )


def probe_backends(
    function: Callable[..., object], kinds: Sequence[Kind], device: str = "cpu"
) -> tuple[Backend, ...]:
    """The backends whose arrays the function returns in kind: an array for arrays of that backend.

    Called on a batch of 2 vectors of length 3, of float32 and then of float64; either will do.
    kinds: one per explicit argument, and one for the argument of a returned linear map. An
    exception is a no; so is a backend that is not installed.
    """
    return tuple(backend for backend in BACKENDS if _answers(function, kinds, backend, device))


def _answers(
    function: Callable[..., object], kinds: Sequence[Kind], backend: Backend, device: str
) -> bool:
    if backend == "numpy" and device != "cpu":
        return False
    for dtype in ("float32", "float64"):
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                wanted, arguments = _probe(kinds, backend, dtype, device)
                result = function(*arguments)
        except KeyboardInterrupt:
            raise
        except BaseException:  # foreign code: SystemExit is an answer too
            continue
        if isinstance(result, wanted):
            return True
    return False


def _probe(
    kinds: Sequence[Kind], backend: Backend, dtype: str, device: str
) -> tuple[type, list[Any]]:
    """The class of the backend's arrays, and fresh arguments: foreign code may change them."""
    arguments: list[Any] = []
    for kind in kinds:
        shape = _PROBE_SHAPES.get(kind)
        values = None if shape is None else np.arange(np.prod(shape), dtype=dtype).reshape(shape)
        arguments.append(1 if values is None else values / 8)
    if backend == "numpy":
        return np.ndarray, arguments
    torch = importlib.import_module("torch")
    return torch.Tensor, [
        argument if isinstance(argument, int) else torch.from_numpy(argument).to(device)
        for argument in arguments
    ]


def _reference_of(function: Callable[..., object]) -> str:
    module = getattr(function, "__module__", None) or type(function).__module__
    return f"{module}:{getattr(function, '__qualname__', type(function).__qualname__)}"
