"""Judging units in whatever process they are sent to."""

from __future__ import annotations

import faulthandler
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial

import numpy as np

from harness.campaign.by_device import device_check, is_elsewhere, judged_on_device
from harness.campaign.by_kernel import judged_by_kernel, kernel_check
from harness.campaign.plan import Campaign, Unit
from harness.campaign.summary import Summary, summary_of
from harness.conformance.question import Question
from harness.conformance.session import Session
from harness.conformance.sheet import Sheet, one_cell
from harness.conformance.tally import Tally
from harness.conformance.workbench import Workbench
from harness.kernel_store import user_store
from harness.specs.load import load_specs


def run_units(
    campaign: Campaign,
    units: Iterable[Unit],
    limit: float,
    *,
    there: Callable[[Question], bool] = is_elsewhere,
) -> dict[int, Summary]:
    """Job -> the summary of its part in the units.

    limit: seconds after which this process ends itself, because code that hangs in a compiled loop
    cannot be ended otherwise. there: which questions are judged on the device of their code where
    that can be. InputError when an entry cannot be loaded here.
    """
    found: dict[int, Summary] = {}
    session = _session(campaign)
    _watch(limit)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            for unit in units:
                for job, summary in _judged(campaign, session, unit, there):
                    found[job] = found.get(job, Summary()) + summary
    finally:
        faulthandler.cancel_dump_traceback_later()
    return found


def seconds_a_unit(campaign: Campaign, units: Sequence[Unit], limit: float) -> float:
    """What one of the units takes here, on average, once everything is loaded."""
    run_units(campaign, units[:1], limit)
    clock = time.perf_counter()
    run_units(campaign, units, limit)
    return (time.perf_counter() - clock) / len(units)


def _watch(limit: float) -> None:
    # A thread in C: it needs no turn of the interpreter, which a hanging call may never give up.
    target = sys.__stderr__ or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    faulthandler.dump_traceback_later(limit, exit=True, file=target)


def _judged(
    campaign: Campaign, session: Session, unit: Unit, there: Callable[[Question], bool]
) -> Iterator[tuple[int, Summary]]:
    """Each job on the cell; they share references and bounds, which nothing keeps afterwards."""
    bench: Workbench | None = None
    for job in unit.jobs:
        question = session.question(campaign.jobs[job])
        if not isinstance(question, Question):
            raise AssertionError(question)  # what cannot be judged is not in the plan
        sheet = one_cell(question.variables, unit.cell)
        bench = bench or question.bench.scratch()
        walk = partial(_by_walk, question, bench, sheet, unit.number)
        on_device = device_check(question) if there(question) else None
        if on_device is not None:
            yield job, judged_on_device(question, on_device, sheet, unit.number, walk)
            continue
        check = kernel_check(question, user_store())
        if check is None:
            yield job, walk()
        else:
            yield job, judged_by_kernel(question, check, sheet, unit.number, walk)


def _by_walk(question: Question, bench: Workbench, sheet: Sheet, unit: int) -> Summary:
    tally = Tally()
    question.judge(bench, question.subject, sheet, tally)
    return summary_of(tally, sheet, unit)


@lru_cache(maxsize=1)
def _session(campaign: Campaign) -> Session:
    """One for each process: entries resolved, statements elaborated."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # workers share the processors already
    return Session(campaign.request, load_specs(campaign.specs), campaign.entries)
