"""The trials of entries that share inputs, references and bounds: one constant, one dtype.

Definition checks run at the effort asked for, for every dtype of an entry. The others run for one
dtype, the narrowest, linearity and theorems at quick effort: they show which other checks see a
defect, and what its cause is, and hardly ever one that the definition does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from harness.cells.cell import parse_cell
from harness.conformance.case_id import id_of
from harness.conformance.form_table import form_table
from harness.conformance.kinds import KINDS
from harness.conformance.request import Request
from harness.conformance.select_jobs import jobs
from harness.conformance.session import Session
from harness.conformance.verdict import FINDINGS, CheckResult, Verdict, Violation
from harness.conformance.workbench import Workbench
from harness.evaluate.formats import FORMATS
from harness.implementations.entry import Entry
from harness.power.document import Expected, Kill, Outcome, Trial
from harness.power.resolution import resolution
from harness.specs.library import SpecLibrary

# A definition that cannot be judged is not credited; a theorem about naive code may well be out of
# range in most cases.
_CONTRADICTED = frozenset({Verdict.VIOLATES, Verdict.REFUTED})
_THOROUGH = frozenset({"definition", *KINDS})
_REJECTED: Mapping[str, frozenset[Verdict]] = MappingProxyType({"definition": FINDINGS})


@dataclass(frozen=True)
class Task:
    """Entries with one set of constants, to be tried for one dtype."""

    constants: tuple[str, ...]
    dtype: str
    entries: tuple[Entry, ...]


def tasks(entries: Sequence[Entry]) -> tuple[Task, ...]:
    """The tasks of a run, those that take longest first (float64, whose carrier is wider)."""
    groups: dict[tuple[tuple[str, ...], str], list[Entry]] = {}
    for entry in entries:
        for dtype in entry.dtypes:
            groups.setdefault((tuple(sorted(entry.constants)), dtype), []).append(entry)
    made = [Task(constants, dtype, tuple(group)) for (constants, dtype), group in groups.items()]
    return tuple(sorted(made, key=lambda t: (t.dtype != "float64", -len(t.entries))))


def run_task(
    task: Task, library: SpecLibrary, effort: str, seed: int
) -> tuple[tuple[str, Trial], ...]:
    """(name of the entry, its trial) for each entry of the task."""
    request = Request(dtypes=(task.dtype,), effort=effort, seed=seed, fail_fast=True, shrink=False)
    bench = Workbench(form_table(library), effort, seed)
    thorough = Session(request, library, task.entries)
    brief = Session(replace(request, effort="quick"), library, task.entries)
    found = []
    for entry in task.entries:
        results = [
            (thorough if job.check in _THOROUGH else brief).run(job)
            for job in jobs(request, library, [entry])
            if job.check == "definition"
            or (job.check != "consistency" and _with_theorems(entry, task))
        ]
        trial = _trial(task.dtype, expected_of(entry, task.dtype), results)
        if trial.outcome == "survived":
            (constant, *_) = task.constants
            arithmetic = entry.constants[constant].arithmetic
            trial = trial.model_copy(
                update={"resolution": resolution(bench, constant, task.dtype, arithmetic)}
            )
        found.append((entry.name, trial))
    return tuple(found)


def _with_theorems(entry: Entry, task: Task) -> bool:
    """Whether theorems run for this dtype: they do for the narrowest of the entry."""
    return task.dtype == min(entry.dtypes, key=lambda name: FORMATS[name].p)


def expected_of(entry: Entry, dtype: str = "") -> Expected:
    """What the catalogue expects of an entry, or of an entry in one dtype."""
    known = entry.expectation
    if known.violates and (not dtype or dtype in (known.dtypes or entry.dtypes)):
        return "violates"
    return known.conforms or "conforms"


def _trial(dtype: str, expected: Expected, results: Sequence[CheckResult]) -> Trial:
    kills = tuple(_kill(r, r.violation) for r in results if r.violation is not None)
    at_n0 = any(r.violation_n0 is not None for r in results)
    unsure = [r for r in results if r.verdict in _REJECTED.get(r.check, _CONTRADICTED)]
    outcome: Outcome
    if expected == "violates":
        outcome = "killed" if kills else "n = 0 only" if at_n0 else "survived"
    elif expected == "unseen":
        outcome = "seen" if kills else "unseen"
    else:
        outcome = "rejected" if unsure else "spared"
    if not any(r.check == "definition" and r.verdict is not Verdict.UNSUPPORTED for r in results):
        outcome = "not run"
    return Trial(
        dtype=dtype,
        outcome=outcome,
        kills=kills,
        wrong_at_n0=at_n0,
        note="" if outcome in ("killed", "spared") else _note(results),
    )


def _kill(result: CheckResult, violation: Violation) -> Kill:
    case = violation.case
    cell = parse_cell(case.cell) if case else None
    return Kill(
        check=result.check,
        declaration=result.declaration,
        kind=violation.kind,
        n=case.n if case else 0,
        regime=cell.regime if cell else "",
        view=cell.view if cell else "",
        batch="x".join(map(str, cell.batch)) or "-" if cell else "",
        case=id_of(result, case) if case else "",
    )


def _note(results: Sequence[CheckResult]) -> str:
    """What each check said that is not a plain yes."""
    said = []
    for result in results:
        violation = result.violation or result.violation_n0
        why = violation.message if violation else "; ".join(result.notes)
        if result.verdict is not Verdict.CONFORMS and why:
            said.append(f"{result.check} of {result.declaration}: {result.verdict}: {why}")
    return " | ".join(said)
