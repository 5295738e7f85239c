"""What a catalogue says: somebody's implementation of some constants, and what it promises."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from harness.errors import Place
from harness.evaluate.arithmetic import Arithmetic, named
from harness.implementations.adapter import Adapter

Backend = Literal["numpy", "torch"]
"""The kind of arrays that the functions of an entry take and return."""

Defect = Literal[
    "formula", "precision", "range", "size", "batch", "memory", "numbers", "linearity", "result"
]
"""Classes of what is wrong with an entry.

formula: another function; precision: errors in the last places, or of a narrower format; range:
overflow, underflow, thresholds; size: some n, tails and blocks; batch: rows and axes; memory:
layouts, changed arguments, caches; numbers: some values only; linearity: a derivative that is not
linear, or a difference; result: dtype, shape, type, an exception."""


@dataclass(frozen=True)
class Implementation:
    """The function of one constant.

    reference: `module:function`, as the user wrote it; function: the function itself when it was
    given as an object, else None and `callable_of` imports it. adapter: what lifts it to our
    convention. place: where the reference stands; folder: imported from, besides the current one.
    """

    reference: str
    function: Callable[..., object] | None = None
    adapter: Adapter = field(default_factory=Adapter)
    arithmetic: Arithmetic = field(default_factory=lambda: named("ieee"))
    place: Place | None = None
    folder: Path | None = None

    @property
    def keywords(self) -> Mapping[str, object]:
        """What the adapter adds to each call."""
        return self.adapter.keywords


@dataclass(frozen=True)
class Process:
    """A program that answers calls by docs/protocol.md.

    command: its words; folder: where it is started, the current one where None; seconds: for one
    call; start_seconds: until its hello; promises: constant -> arithmetic, instead of what its
    hello says.
    """

    command: tuple[str, ...]
    folder: Path | None = None
    seconds: float = 20.0
    start_seconds: float = 60.0
    promises: Mapping[str, Arithmetic] = field(default_factory=dict)
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Expectation:
    """What is known of an entry.

    violates: short names of declarations, none when it conforms; dtypes: in which it does, all of
    the entry's where none is named; conforms: why a wrong one does, `equivalent` (no input
    separates it from its bound) or `unseen` (no input of a run does), else ""; defect: the class of
    what is wrong; case: an input that shows it; place: where it is written.
    """

    violates: tuple[str, ...] = ()
    reason: str = ""
    link: str = ""
    case: str = ""
    dtypes: tuple[str, ...] = ()
    defect: str = ""
    conforms: Literal["", "equivalent", "unseen"] = ""
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Entry:
    """One catalogue entry.

    library: name of the module that must be importable, or None; constants: what is implemented,
    by short Lean name; dtypes: names of formats; devices: of `cpu`, `cuda`; min_n, max_n: shorter
    and longer vectors are unsupported; requires: other modules that must be importable; process:
    the program that implements it, where that is not functions; seconds: that one call may take,
    where that is not what any may.
    """

    name: str
    backend: Backend
    constants: Mapping[str, Implementation]
    dtypes: tuple[str, ...]
    devices: tuple[str, ...] = ("cpu",)
    library: str | None = None
    min_n: int = 0
    expectation: Expectation = Expectation()
    max_n: int | None = None
    requires: tuple[str, ...] = ()
    process: Process | None = None
    seconds: float | None = None

    @property
    def needed(self) -> tuple[str, ...]:
        """All modules that must be importable."""
        return (*((self.library,) if self.library else ()), *self.requires)
