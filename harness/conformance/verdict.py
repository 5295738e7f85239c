"""What a check says in the end: the words, and the record that reports are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """The vocabulary of every report, worst first."""

    REFUTED = "refuted"  # false on exact reals: the spec or the Lean text is wrong
    VIOLATES = "violates"  # the code is outside the bound that the statement gives
    INCONCLUSIVE = "inconclusive"  # ran, and could not be judged
    UNSUPPORTED = "unsupported"  # the entry lacks a constant, dtype or device
    NOT_RUN = "not run"
    CONFORMS = "conforms"


FINDINGS = frozenset({Verdict.REFUTED, Verdict.VIOLATES, Verdict.INCONCLUSIVE})


@dataclass(frozen=True)
class Case:
    """One input: a cell (text form), the row in its batch and the index at which it was judged.

    inputs: variable name -> its numbers in hex float notation, nested like the array.
    """

    cell: str
    row: int
    n: int
    inputs: Mapping[str, object] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Cell and row in one word, as `replay` takes it."""
        return f"{self.cell}#{self.row}"


@dataclass(frozen=True)
class Violation:
    """Why a check failed, at the smallest input that was met.

    kind: value (outside the bound), nan, dtype, shape, type, mutated, exception, hang, crash, or
    protocol (what a program in another process must not say);
    ratio: observed error over the bound (inf where the bound is zero), None unless kind is value;
    got, want: hex floats at the coordinate judged; bound: the absolute bound there; at: the indices
    passed, then the coordinate; exact: the digits of the exact value; shrunk: a smaller input that
    violates in the same way.
    """

    kind: str
    message: str
    case: Case | None = None
    constant: str = ""
    ratio: float | None = None
    got: str = ""
    want: str = ""
    bound: float | None = None
    confirmed: bool = False  # the exact value is a ball's, not a floating oracle's
    at: tuple[int, ...] = ()
    exact: str = ""
    shrunk: Shrunk | None = None


@dataclass(frozen=True)
class Inputs:
    """The numbers of one call. sizes: ℕ variable -> its value; batch: leading axes; view: layout;
    numbers: variable name -> hex floats, nested like the array that is passed."""

    sizes: Mapping[str, int]
    batch: tuple[int, ...]
    view: str
    numbers: Mapping[str, object]


@dataclass(frozen=True)
class Shrunk:
    """The smallest input found that still violates.

    calls: in order; the last is judged, those before it are needed for it to fail. violation: of
    the last. snippet: a Python program that shows it; id: what `replay` takes.
    """

    calls: tuple[Inputs, ...]
    violation: Violation
    snippet: str = ""
    id: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Replayed:
    """One case that was judged by itself.

    calls: in order; the last is judged, those before it are needed for its verdict; row: the one
    that is judged in it; judged: its worst value, also where that conforms, None where there was
    none to judge. snippet: a Python program that shows it.
    """

    calls: tuple[Inputs, ...]
    row: int
    judged: Violation | None = None
    snippet: str = ""


@dataclass(frozen=True)
class Peak:
    """The case that came nearest to its bound (or furthest beyond): ratio, or distance in ulp."""

    amount: float
    case: Case


@dataclass(frozen=True)
class AtSize:
    """What was seen at one size: judged cases, the worst error in ulp and over the bound."""

    n: int
    cases: int
    ulp: float
    ratio: float


@dataclass(frozen=True)
class KeptOutcome:
    """How a case of the corpus, by its name, came out this time."""

    name: str
    verdict: Verdict


@dataclass(frozen=True)
class CheckResult:
    """One check of one declaration for one entry, dtype and device.

    cases: (row, index) pairs with n >= 1 that were judged; cases_n0: those with n = 0, which never
    credit anything; out_of_range, unbounded, undecided, discarded: rows that were not judged, with
    why. worst_ratio: error over bound; worst_ulp: error in ulp of the output format (definition
    checks); tightness: the greatest ratio among normal results with a bound above zero. sizes: what
    was seen at each n.
    """

    declaration: str
    check: str  # consistency | definition | linearity | theorem | fact | derivative
    entry: str
    dtype: str
    device: str
    verdict: Verdict
    cases: int = 0
    cells: int = 0
    cases_n0: int = 0
    out_of_range: int = 0
    unbounded: int = 0
    undecided: int = 0
    discarded: int = 0
    unsupported: int = 0  # cells of sizes or layouts that the entry does not take
    worst_ratio: Peak | None = None
    worst_ulp: Peak | None = None
    tightness: float | None = None
    violation: Violation | None = None
    violation_n0: Violation | None = None
    violations: int = 0
    constants: tuple[str, ...] = ()  # constants of the statement that were called
    ours: tuple[str, ...] = ()  # those of them that the backend's own entry supplied
    arithmetic: str = "ieee"
    meets: str = ""  # the strictest named arithmetic that the code meets (definition checks)
    expected: str = "conforms"
    oracle: str = ""
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    part: int = 0  # which fact of the declaration, which mode of autograd
    histogram: tuple[int, ...] = ()  # of error over bound, bins of evaluate/histogram.py
    sizes: tuple[AtSize, ...] = ()
    kept: tuple[KeptOutcome, ...] = ()  # of cases of the corpus, which were tried first
    replayed: Replayed | None = None  # of a run that judges one case
