"""Entries for functions that a user supplies, with every name checked against the specs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from harness.errors import InputError, did_you_mean
from harness.evaluate.arithmetic import named
from harness.evaluate.formats import FORMATS
from harness.implementations.entry import Backend, Entry
from harness.implementations.user_entry import BACKENDS, Kind, probe_backends, user_entry
from harness.specs.library import SpecLibrary
from harness.specs.load import load_specs
from harness.specs.locate import find_specs
from harness.statement.types import FinType, LinearType, RealType, Type, is_coordinates


def entries_for(
    functions: Mapping[str, str | Callable[..., object]],
    backend: str | None,
    dtypes: Iterable[str],
    devices: Iterable[str],
    arithmetic: Mapping[str, str],
    specs: Path | None,
) -> tuple[Entry, ...]:
    """One entry for each backend named, or that the first function answers in kind.

    InputError for a constant, dtype, backend or arithmetic that does not exist.
    """
    library = load_specs(find_specs(specs).path)
    kinds = [argument_kinds(library, constant) for constant in functions]
    for dtype in dtypes:
        _known(dtype, FORMATS, "dtype")
    for constant, name in arithmetic.items():
        _known(constant, functions, "supplied constant")
        named(name)
    if backend is not None:
        _known(backend, BACKENDS, "backend")
    first = next(iter(functions.values()))
    chosen = [b for b in BACKENDS if b == backend] if backend else _probed(first, kinds[0])
    return tuple(
        user_entry(
            functions,
            one,
            dtypes=tuple(dtypes),
            devices=tuple(devices),
            arithmetic=dict(arithmetic),
        )
        for one in chosen
    )


def argument_kinds(library: SpecLibrary, constant: str) -> tuple[Kind, ...]:
    """How each argument of a constant is passed. InputError when the specs do not define it."""
    _known(constant, library.definitions, "constant")
    return tuple(_kind(p.type) for p in library.definitions[constant].params)


def _kind(kind: Type) -> Kind:
    if isinstance(kind, RealType):
        return "real"
    if isinstance(kind, FinType):
        return "index"
    if is_coordinates(kind) or isinstance(kind, LinearType):
        return "vector"
    return "rows"


def _probed(function: str | Callable[..., object], kinds: tuple[Kind, ...]) -> list[Backend]:
    from harness.implementations.resolve import resolve

    call = resolve(function) if isinstance(function, str) else function
    found = list(probe_backends(call, kinds))
    if not found:
        raise InputError(
            "the function returns arrays of neither numpy nor torch on a 2 × 3 probe",
            hint="name the backend, so that its own error is reported",
        )
    return found


def _known(word: str, known: Iterable[str], what: str) -> None:
    words = list(known)
    if word not in words:
        hint = did_you_mean(word, words) or f"known are {', '.join(sorted(words))}"
        raise InputError(f"no {what} is called '{word}'", hint=hint)
