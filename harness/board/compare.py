"""Runs every declaration that applies against every installed library, one library after another.

Each library has processes of its own, so that what one sets (flags of the processor, threads) or
breaks is not another's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, packages_distributions, version

from harness.board.document import Board, Cell, Found, Library
from harness.board.speed import Key, speeds_apart
from harness.conformance.case_id import id_of
from harness.conformance.job import Job
from harness.conformance.request import Request
from harness.conformance.select_jobs import jobs
from harness.conformance.supervise import execute_apart
from harness.conformance.verdict import CheckResult, Verdict
from harness.implementations.entry import Entry
from harness.implementations.resolve import is_installed
from harness.power.known import KnownFailure, case_judge, settled
from harness.report.document import Standing
from harness.report.numbers import count, listed
from harness.specs.library import SpecLibrary

PATIENCE = 1200.0
"""Seconds that one check may take: some libraries compile for every shape that they meet."""

Tell = Callable[[str, int, int], None]
"""Progress: library, checks done, of how many."""


@dataclass(frozen=True)
class Compared:
    """What was found of one library: results as they were judged, and how announcements fared."""

    results: tuple[CheckResult, ...]
    known: tuple[KnownFailure, ...]
    speeds: Mapping[Key, float]


def library_of(entry: Entry) -> str:
    """The library by which people know an entry."""
    return entry.library or entry.name


def compare(
    entries: Sequence[Entry],
    library: SpecLibrary,
    request: Request,
    *,
    crosscheck: str,
    machine: str,
    timed: bool = True,
    tell: Tell | None = None,
) -> Board:
    """The board of the entries, which are judged by library. `request` says dtypes, effort, seed.

    timed: measure speeds, too. InputError for entries that cannot be read or imported.
    """
    start, clock = datetime.now(UTC), time.perf_counter()
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(library_of(entry), []).append(entry)
    compared: dict[str, Compared] = {}
    for name, members in groups.items():
        if all(map(is_installed, members[0].needed[:1])):
            compared[name] = _compared(name, members, library, request, timed, tell)
    fastest: dict[tuple[str, str], float] = {}
    for one in compared.values():
        for (_, constant, dtype), rate in one.speeds.items():
            fastest[constant, dtype] = max(rate, fastest.get((constant, dtype), 0.0))
    libraries = [
        _library(name, members, compared.get(name), library, request, fastest)
        for name, members in groups.items()
    ]
    stale = [
        f"{k.entry}, {k.declaration} in {k.dtype}: {k.message} ({k.place})"
        for one in compared.values()
        for k in one.known
        if k.status == "stale"
    ]
    code, sentence = _end(libraries, stale)
    return Board(
        schema=1,
        crosscheck=crosscheck,
        started=start.isoformat(timespec="seconds").replace("+00:00", "Z"),
        seconds=time.perf_counter() - clock,
        effort=request.effort,
        seed=request.seed,
        machine=machine,
        libraries=libraries,
        stale=stale,
        exit_code=code,
        sentence=sentence,
    )


def _compared(
    name: str,
    entries: Sequence[Entry],
    library: SpecLibrary,
    request: Request,
    timed: bool,
    tell: Tell | None,
) -> Compared:
    asked = replace(request, supplied=frozenset(c for e in entries for c in e.constants))
    todo = [job for job in jobs(asked, library, entries) if job.entry]
    done = 0

    def told(event: object) -> None:
        nonlocal done
        done += 1
        if tell:
            tell(name, done, len(todo))

    found = execute_apart(asked, library, entries, on_event=told, only=todo, limit=PATIENCE)
    names = [spec.short_name for spec in library.specs]
    judge = case_judge(library.directory, request.effort, request.seed)
    marked, known = settled(found, entries, names, judge)
    rates = speeds_apart(entries, library.directory) if timed else {}
    return Compared(marked, known, rates)


def _library(
    name: str,
    entries: Sequence[Entry],
    compared: Compared | None,
    library: SpecLibrary,
    request: Request,
    fastest: Mapping[tuple[str, str], float],
) -> Library:
    cells = []
    for entry in entries:
        for constant in entry.constants:
            for dtype in entry.dtypes:
                if request.dtypes and dtype not in request.dtypes:
                    continue
                job = Job(constant, "definition", entry.name, dtype, "cpu")
                cells.append(_cell(job, entry, compared, library, fastest))
    notes = [
        note
        for entry in entries
        for one in entry.constants.values()
        for note in one.adapter.notes(entry.backend)
    ]
    return Library(
        name=name,
        version=_version(name) if compared else None,
        cells=cells,
        notes=list(dict.fromkeys(notes)),
    )


def _cell(
    job: Job,
    entry: Entry,
    compared: Compared | None,
    library: SpecLibrary,
    fastest: Mapping[tuple[str, str], float],
) -> Cell:
    constant, dtype = job.declaration, job.dtype
    declaration = library.by_name(library.unfolded[constant]).short_name
    here = [
        one
        for one in (compared.results if compared else ())
        if (one.entry, one.dtype) == (entry.name, dtype)
    ]
    mine = [one for one in here if constant in one.constants]
    own_checks = [one for one in here if one.declaration == declaration]
    # What ended its process was not judged, names no constants, and is a finding.
    judged = (one for one in own_checks if one.constants or one.violation)
    own = next((one for one in judged if one.check == "definition"), None)
    if own is None:
        notes = [note for one in own_checks for note in one.notes]
        why = notes[0] if notes else "not installed"
        return _blank(job, why)
    rate = compared.speeds.get((entry.name, constant, dtype)) if compared else None
    violation = own.violation or own.violation_n0
    return Cell(
        path=entry.name,
        function=constant,
        dtype=dtype,
        verdict=own.verdict.value,
        expected=own.expected == "violates",
        why=entry.expectation.reason if own.expected == "violates" else "; ".join(own.notes),
        meets=own.meets,
        cases=own.cases,
        violations=own.violations,
        worst_ulp=own.worst_ulp.amount if own.worst_ulp else None,
        worst_ratio=_ratio(own),
        declarations=_others(mine, own),
        speed=rate,
        relative=rate / fastest[constant, dtype] if rate else None,
        found=_found(own) if violation else None,
    )


def _blank(job: Job, why: str) -> Cell:
    return Cell(
        path=job.entry,
        function=job.declaration,
        dtype=job.dtype,
        verdict="not run" if why == "not installed" else "unsupported",
        expected=False,
        why=why,
        meets="",
        cases=0,
        violations=0,
        worst_ulp=None,
        worst_ratio=None,
        declarations={},
        speed=None,
        relative=None,
    )


def _ratio(own: CheckResult) -> float | None:
    found = [own.worst_ratio.amount] if own.worst_ratio else []
    if own.violation and own.violation.ratio is not None:
        found.append(own.violation.ratio)
    return max(found, default=None)


def _others(mine: Sequence[CheckResult], own: CheckResult) -> dict[str, Standing]:
    """The worst verdict of each other declaration, n = 0 alone left out."""
    order = list(Verdict)
    worst: dict[str, Verdict] = {}
    for one in mine:
        if one is own or one.verdict is Verdict.UNSUPPORTED:
            continue
        name = one.declaration if one.declaration != own.declaration else one.check
        worst[name] = min(one.verdict, worst.get(name, one.verdict), key=order.index)
    return {name: verdict.value for name, verdict in worst.items()}


def _found(own: CheckResult) -> Found:
    violation = own.violation or own.violation_n0
    assert violation is not None
    shrunk = violation.shrunk
    inputs = dict(shrunk.calls[-1].numbers) if shrunk else {}
    if not shrunk and violation.case:
        inputs = dict(violation.case.inputs)
    return Found(
        kind=violation.kind,
        message=(shrunk.violation if shrunk else violation).message,
        inputs=inputs,
        case=id_of(own, violation.case) if violation.case else "",
        snippet=shrunk.snippet if shrunk else "",
    )


def _version(library: str) -> str:
    names = packages_distributions().get(library.partition(".")[0], [library])
    try:
        return version(names[0])
    except PackageNotFoundError:
        return "unknown version"


def _end(libraries: Sequence[Library], stale: Sequence[str]) -> tuple[int, str]:
    """Exit code and the sentence to quote."""
    cells = [cell for one in libraries for cell in one.cells]
    judged = [cell for cell in cells if cell.cases or cell.found]
    bad = [
        cell
        for cell in judged
        if cell.verdict in ("violates", "refuted", "inconclusive") and not cell.expected
    ]
    if not judged:
        return 3, "Nothing ran: none of these libraries is installed."
    good = sum(cell.verdict == "conforms" for cell in judged)
    known = sum(cell.expected for cell in judged)
    paths = len({cell.path for cell in judged})
    here = sum(one.version is not None for one in libraries)
    said = (
        f"{good} of {len(judged)} cells of {count(paths, 'library path')} "
        f"({count(here, 'library', 'libraries')}) conform as IEEE code"
    )
    said += f", {known} violate as announced" if known else ""
    if bad:
        names = listed(list(dict.fromkeys(f"{cell.path} {cell.dtype}" for cell in bad))[:4])
        said += f", {len(bad)} are new findings, among them {names}"
    if stale:
        said += f"; {count(len(stale), 'announcement')} no longer match{'es' * (len(stale) == 1)}"
    return (1 if bad or stale else 0), said + "."
