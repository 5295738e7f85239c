"""What implementations do outside the reals: NaN, infinities, masked rows, no coordinates.

No Lean statement speaks of these inputs, so nothing here is a verdict: it is written down as each
implementation's convention. Tried are the constants that take vectors: the first one gets the
numbers of the situation, the others 1, 2, 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.conformance.backends import Backend, backend
from harness.conformance.guard import Misbehaviour, alarms, guarded
from harness.conformance.remote import callees_of, program_of
from harness.implementations.entry import Entry
from harness.implementations.resolve import callable_of
from harness.statement.term import Definition
from harness.statement.types import is_coordinates

_NAN, _INF = float("nan"), float("inf")

SITUATIONS: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "a NaN": (0.0, _NAN, 1.0),
        "a +inf": (0.0, _INF, 1.0),
        "two +inf": (_INF, 0.0, _INF),
        "both infinities": (-_INF, 0.0, _INF),
        "a masked coordinate (-inf)": (0.0, -_INF, 1.0),
        "a masked row (all -inf)": (-_INF, -_INF, -_INF),
        "one coordinate, masked": (-_INF,),
        "no coordinates (n = 0)": (),
    }
)
EMPTY_BATCH = "no rows (an empty batch)"


@dataclass(frozen=True)
class Convention:
    """What one implementation returns in one situation, in a few words.

    arguments: as text, `[0, nan, 1]`; the call has a batch of one row, in EMPTY_BATCH of none.
    """

    entry: str
    constant: str
    dtype: str
    device: str
    situation: str
    arguments: tuple[str, ...]
    outcome: str


def conventions(
    entries: Sequence[Entry], definitions: Mapping[str, Definition], device: str = "cpu"
) -> tuple[Convention, ...]:
    """The conventions of every entry, for the first dtype that it lists."""
    return tuple(one for entry in entries for one in _of_entry(entry, definitions, device))


def _of_entry(
    entry: Entry, definitions: Mapping[str, Definition], device: str
) -> Iterator[Convention]:
    dtype = entry.dtypes[0]
    library = backend(entry.backend, "cpu" if entry.process else device)
    rows = {name: np.array([numbers]) for name, numbers in SITUATIONS.items()}
    with _calls(entry, dtype, device) as calls:
        for constant in entry.constants:
            definition = definitions.get(constant)
            if definition is None or not all(is_coordinates(p.type) for p in definition.params):
                continue
            for situation, first in {**rows, EMPTY_BATCH: np.zeros((0, 3))}.items():
                plain = np.broadcast_to(np.arange(1.0, first.shape[-1] + 1), first.shape)
                arrays = [first, *[plain] * (len(definition.params) - 1)]
                arguments = tuple(library.make(array.copy(), dtype) for array in arrays)
                try:
                    with alarms(), np.errstate(all="ignore"):
                        outcome = _told(library, calls(constant, arguments), first)
                except Misbehaviour as problem:
                    outcome = f"{problem.kind}: {problem.message}"
                told = tuple(_listed(array.ravel()) for array in arrays)
                yield Convention(entry.name, constant, dtype, device, situation, told, outcome)


@contextmanager
def _calls(
    entry: Entry, dtype: str, device: str
) -> Iterator[Callable[[str, tuple[Any, ...]], Any]]:
    """What calls a constant of the entry. Its program, if it is one, runs meanwhile."""
    if entry.process is None:
        functions = {constant: callable_of(entry, constant) for constant in entry.constants}
        yield lambda constant, arguments: guarded(functions[constant], arguments)
        return
    program = program_of(entry.process)

    def call(constant: str, arguments: tuple[Any, ...]) -> Any:
        program.begin()
        callees, _ = callees_of(entry, program, dtype, device)
        if constant not in callees:
            raise Misbehaviour("unsupported", "its program does not offer it")
        callee = callees[constant]
        return callee.perform(callee.function, arguments, callee.limit)

    try:
        yield call
    finally:
        program.kill()


def _told(library: Backend, result: object, argument: NDArray[np.float64]) -> str:
    if not library.is_array(result):
        return f"returns a {type(result).__name__}"
    found: NDArray[np.float64] = library.read(result)
    if found.size == 0:
        return f"an empty array of shape {tuple(found.shape)}"
    if np.isnan(found).all():
        return "NaN" if found.size == 1 else "NaN everywhere"
    if np.isnan(found).any() and np.array_equal(np.isnan(found), np.isnan(argument)):
        return "NaN only at its place"
    return _listed(found.ravel())


def _listed(numbers: NDArray[np.float64]) -> str:
    return "[" + ", ".join(f"{number:.3g}" for number in numbers) + "]"
