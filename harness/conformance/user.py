"""Entries for functions that a user supplies, with every name checked against the specs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from harness.errors import InputError, did_you_mean
from harness.evaluate.formats import FORMATS
from harness.implementations.adapter import PLAIN, Adapter, lift
from harness.implementations.entry import Backend, Entry
from harness.implementations.user_entry import BACKENDS, Kind, probe_backends, user_entry
from harness.specs.library import SpecLibrary
from harness.specs.load import load_specs
from harness.specs.locate import find_specs
from harness.statement.types import FinType, LinearType, RealType, Type, is_coordinates

DEVICES = ("cpu", "cuda")


def entries_for(
    functions: Mapping[str, str | Callable[..., object]],
    backend: str | None,
    dtypes: Iterable[str],
    devices: Iterable[str],
    arithmetic: Mapping[str, str],
    specs: Path | None,
    adapter: Adapter = PLAIN,
    min_n: int = 0,
) -> tuple[Entry, ...]:
    """One entry for each backend: the one named, or those that each function answers in kind.

    adapter, min_n: of all the functions.

    InputError for a constant, dtype, device, backend or arithmetic that does not exist, and where
    there is no function.
    """
    if not functions:
        raise InputError("no function is given", hint='as in: {"softmaxVec": my_softmax}')
    library = load_specs(find_specs(specs).path)
    kinds = {constant: argument_kinds(library, constant) for constant in functions}
    for word, known, what in (
        *((dtype, FORMATS, "dtype") for dtype in dtypes),
        *((device, DEVICES, "device") for device in devices),
        *((constant, functions, "supplied constant") for constant in arithmetic),
        *((one, BACKENDS, "backend") for one in (backend,) if one is not None),
    ):
        _known(word, known, what)
    chosen: dict[Backend, dict[str, str | Callable[..., object]]] = {}
    for constant, function in functions.items():
        found = BACKENDS if backend else _probed(constant, function, kinds[constant], adapter)
        for one in found:
            if backend in (None, one):
                chosen.setdefault(one, {})[constant] = function
    return tuple(
        user_entry(
            own,
            one,
            dtypes=tuple(dtypes),
            devices=tuple(devices),
            arithmetic={c: name for c, name in arithmetic.items() if c in own},
            adapter=adapter,
            min_n=min_n,
        )
        for one, own in chosen.items()
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


def _probed(
    constant: str,
    function: str | Callable[..., object],
    kinds: tuple[Kind, ...],
    adapter: Adapter,
) -> tuple[Backend, ...]:
    from harness.implementations.resolve import resolve

    bare = resolve(function) if isinstance(function, str) else function
    found = tuple(one for one in BACKENDS if one in probe_backends(lift(bare, adapter, one), kinds))
    if not found:
        raise InputError(
            f"the function of {constant} returns arrays of neither numpy nor torch "
            "on a 2 × 3 probe",
            hint="name the backend, so that its own error is reported",
        )
    return found


def _known(word: str, known: Iterable[str], what: str) -> None:
    words = list(known)
    if word not in words:
        hint = did_you_mean(word, words) or f"known are {', '.join(sorted(words))}"
        raise InputError(f"no {what} is called '{word}'", hint=hint)
