"""A campaign from what was asked for: which jobs, at which sizes, on how many rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import BrokenExecutor

from harness.campaign.drive import SHARD_LIMIT
from harness.campaign.executors import Workers
from harness.campaign.identity import digest_of, identity
from harness.campaign.judge import seconds_a_unit
from harness.campaign.plan import Campaign, Shards, groups
from harness.conformance.extent import extent
from harness.conformance.given import axes_of
from harness.conformance.question import Question
from harness.conformance.request import Request
from harness.conformance.select_jobs import jobs
from harness.conformance.session import Session
from harness.conformance.sheet import lengths_of, size_variables
from harness.conformance.theorem import MOST_LINEAR, MOST_SERIES
from harness.errors import InputError, did_you_mean
from harness.implementations.entry import Entry
from harness.specs.library import SpecLibrary

SHARD_SECONDS = 3.0
"""What a shard is made to take: long beside sending it out, short beside what a kill costs."""

_MOST_UNITS = 4096


def campaign_of(
    request: Request,
    library: SpecLibrary,
    entries: Sequence[Entry],
    *,
    asked: int,
    sizes: Sequence[int],
    regimes: Sequence[str],
    version: str,
) -> tuple[Campaign, dict[str, str]]:
    """The campaign, and what it is the same as. InputError when nothing is left to judge."""
    session = Session(request, library, tuple(entries))
    todo, extents = [], []
    for job in jobs(request, library, entries):
        if job.check == "consistency":
            continue  # of statements on exact reals: no code is judged
        question = session.question(job)
        # Calls against other calls need no millions of inputs; `check` makes them.
        if isinstance(question, Question) and not question.kind:
            largest = MOST_LINEAR if job.check == "linearity" else max(sizes)
            at = [_numbers(question, n) if n <= largest else 0 for n in sizes]
            if any(at):
                todo.append(job)
                extents.append(at)
    if not todo:
        hint = "`crosscheck check` with the same options says why each check cannot run"
        raise InputError("no check of a campaign can run with these options", hint=hint)
    parts = tuple(groups(todo, extents, sizes, regimes, asked))
    names = {job.entry for job in todo}
    judged = tuple(entry for entry in entries if entry.name in names)
    what = identity(request, library, judged, parts, asked, version)
    made = Campaign(digest_of(what), request, judged, library.directory, tuple(todo), parts, asked)
    return made, what


def shards_of(campaign: Campaign, workers: Workers, budget: float | None = None) -> Shards:
    """Shards of some SHARD_SECONDS: a few units are timed. Their length decides nothing but how
    long things take. The workers go on running, for what comes next.

    budget: seconds after which the campaign stops, which is when shards on their way are done.
    """
    units, each = campaign.units, len(campaign.groups)
    some = [campaign.unit(number) for number in range(0, min(each, units), max(1, each // 8))]
    try:
        seconds = workers.executor.submit(seconds_a_unit, campaign, some, SHARD_LIMIT).result()
    except BrokenExecutor:
        seconds = SHARD_SECONDS  # which code does that is for `drive` to find out
        workers.end()
    most = SHARD_SECONDS if budget is None else min(SHARD_SECONDS, budget / 16)
    length = max(1, min(round(most / seconds), _MOST_UNITS))
    # A short campaign still has something for each worker, and all of them end together.
    rounds = max(4, -(-units // (length * workers.count)))
    return Shards(units, max(1, -(-units // (rounds * workers.count))))


def known_regimes(words: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """The regimes named, all where none is. InputError for an unknown one."""
    for word in words:
        if word not in known:
            hint = did_you_mean(word, list(known)) or f"known: {', '.join(known)}"
            raise InputError(f"--regime '{word}' is not known", hint=hint)
    return tuple(dict.fromkeys(words)) or tuple(known)


def _numbers(question: Question, n: int) -> int:
    """How many numbers one input takes; 0 where the question is not judged at this size."""
    if n < question.least:
        return 0
    claim = question.claim
    names = size_variables(question.variables)
    if not names and 0 in [len_.at({}) for v in question.variables for len_ in lengths_of(v.type)]:
        return 0  # of empty vectors alone: compared by `check`, and credits nothing
    sizes = {variable.name: n + 2 for variable in names} if len(names) > 1 else {}
    sizes |= {variable.name: n for variable in names[:1]}
    given = max(
        math.prod(length.at(sizes) for length in axes_of(v.type)) for v in question.variables
    )
    if claim is None:
        terms = [question.bench.own[question.constants[0]].body]
        return max(given, extent(terms, question.bench.own, sizes))
    if claim.derivatives and n > MOST_SERIES:
        return 0
    parts = (*claim.relations, *claim.assumed, *(d.derivative.body for d in claim.derivatives))
    return max(given, extent(parts, question.bench.own, sizes, claim.passed))
