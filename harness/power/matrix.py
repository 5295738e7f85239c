"""A power run: every entry of the catalogues tried in worker processes, put into one document."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from harness.conformance.user import argument_kinds
from harness.errors import AbsentError, InputError
from harness.implementations.catalogue import load_catalogue
from harness.implementations.entry import Entry
from harness.power.document import PowerDocument, Row, Trial
from harness.power.score import score
from harness.power.trial import Task, expected_of, run_task, tasks
from harness.specs.load import load_specs

MOST_WORKERS = 4
_REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Suspect:
    """An entry, and the catalogue file that it stands in."""

    entry: Entry
    group: str


@dataclass(frozen=True)
class Progress:
    """So many of so many tasks are done; `task` is the last of them."""

    done: int
    total: int
    task: str


def catalogues(repository: Path = _REPOSITORY) -> tuple[Path, ...]:
    """The catalogues of mutants and their twins in the repository that this package is run from.

    AbsentError when there are none: an installed package does not bring them.
    """
    folder = repository / "tests" / "mutants"
    found = [*sorted(folder.glob("*.yaml")), repository / "tests" / "wrong" / "catalogue.yaml"]
    present = tuple(path for path in found if path.is_file())
    if not present or not (repository / "pyproject.toml").is_file():
        raise AbsentError(
            "the catalogues of mutants are part of the repository, not of the installed package",
            hint="run in a clone, or give catalogues with --catalogue",
        )
    return present


def suspects(paths: Sequence[Path]) -> tuple[Suspect, ...]:
    """The entries of the catalogues, in order. InputError for two of one name."""
    found: dict[str, Suspect] = {}
    for path in paths:
        for entry in load_catalogue(path):
            if entry.name in found:
                group = found[entry.name].group
                raise InputError(f"{path}: '{entry.name}' is also an entry of {group}")
            found[entry.name] = Suspect(entry, f"{path.absolute().parent.name}/{path.name}")
    return tuple(found.values())


def power(
    chosen: Sequence[Suspect],
    specs: Path,
    effort: str,
    seed: int,
    *,
    baselines: bool = False,
    workers: int | None = None,
    tell: Callable[[Progress], None] | None = None,
) -> PowerDocument:
    """Try all entries, in worker processes (1: in this one). InputError when a worker dies.

    Ctrl-C ends it early; what was not tried is `not run`.
    """
    start = time.perf_counter()
    todo = tasks([suspect.entry for suspect in chosen])
    trials: dict[tuple[str, str], Trial] = {}
    count = workers or min(os.cpu_count() or 1, MOST_WORKERS)
    work = [(task, specs, effort, seed, baselines) for task in todo]
    results = map(_worked, work) if count == 1 else _apart(work, count)
    try:
        for done, (task, found) in enumerate(results, start=1):
            trials |= {(name, trial.dtype): trial for name, trial in found}
            if tell:
                tell(Progress(done, len(todo), f"{', '.join(task.constants)} {task.dtype}"))
    except KeyboardInterrupt:
        for worker in multiprocessing.active_children():
            worker.kill()
    rows = tuple(_row(suspect, trials) for suspect in chosen)
    seconds = time.perf_counter() - start
    return PowerDocument(effort=effort, seed=seed, seconds=seconds, score=score(rows), rows=rows)


_Work = tuple[Task, Path, str, int, bool]
_Done = tuple[Task, tuple[tuple[str, Trial], ...]]


def _apart(work: Sequence[_Work], count: int) -> Iterator[_Done]:
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_prepare)
    futures: list[Future[_Done]] = [pool.submit(_worked, one) for one in work]
    try:
        for future in as_completed(futures):
            yield future.result()
    except BrokenProcessPool:
        raise InputError(
            "a process died while it tried the entries",
            hint="`crosscheck check --catalogue FILE` says at which one",
        ) from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _prepare() -> None:
    """Workers share the processors already; Ctrl-C is for the process that started them."""
    import torch

    torch.set_num_threads(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _worked(work: _Work) -> _Done:
    task, specs, effort, seed, baselines = work
    library = load_specs(specs)
    found = run_task(task, library, effort, seed)
    if baselines:
        from harness.power.baselines import answers

        kinds = argument_kinds(library, task.constants[0])
        entries = {entry.name: entry for entry in task.entries}
        found = tuple(
            (name, trial.model_copy(update={"others": answers(entries[name], task.dtype, kinds)}))
            for name, trial in found
        )
    return task, found


def _row(suspect: Suspect, trials: Mapping[tuple[str, str], Trial]) -> Row:
    entry = suspect.entry
    return Row(
        name=entry.name,
        group=suspect.group,
        backend=entry.backend,
        constants=tuple(entry.constants),
        arithmetic=", ".join(dict.fromkeys(i.arithmetic.name for i in entry.constants.values())),
        expected=expected_of(entry),
        defect=entry.expectation.defect,
        reason=entry.expectation.reason,
        case=entry.expectation.case,
        trials=tuple(trials[entry.name, dtype] for dtype in entry.dtypes),
    )
