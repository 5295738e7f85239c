"""`crosscheck campaign`: as many cases as asked for, on all processors or a cluster."""

from __future__ import annotations

import os
import re
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from harness import state
from harness.commands.options import (
    add_backends,
    add_code,
    add_corpus,
    add_devices,
    add_dtypes,
    add_evidence,
    add_json,
    add_junit,
    add_names,
    add_reports,
    add_require_cuda,
    add_seed,
    add_sources,
    add_words,
    add_workers,
    completed,
)
from harness.commands.outputs import STDOUT, check_target
from harness.commands.reports import check_reports
from harness.commands.streams import Streams, foreign_output_to
from harness.errors import InputError

if TYPE_CHECKING:
    from harness.campaign.drive import Outcome
    from harness.campaign.executors import Workers
    from harness.campaign.ledger import Ledger
    from harness.campaign.plan import Campaign

DEFAULT_INPUTS = 10_000_000
MOST_INPUTS = 10**15
EFFORT = "campaign"
_FACTORS = {"s": 1, "m": 60, "h": 3600}


def configure(parser: ArgumentParser) -> None:
    """The options of the command."""
    add_names(parser)
    add_sources(parser)
    add_evidence(parser)
    parser.add_argument(
        "--cases",
        type=_count,
        metavar="N",
        help="inputs to judge, at least, such as 1e9; default 1e7, with --time no end",
    )
    parser.add_argument("--time", type=_seconds, metavar="T", help="stop after 90s, 10m or 2h")
    parser.add_argument(
        "--until-violation", action="store_true", help="stop at the first violation"
    )
    parser.add_argument(
        "--n", type=_sizes, metavar="N,...", help="sizes; default 1,2,3,8,17,64,257,1024"
    )
    add_words(parser, "--regime", "NAME", "kinds of inputs; default all fifteen")
    add_workers(parser)
    parser.add_argument("--scheduler", metavar="ADDRESS", help="a Dask cluster to run on instead")
    parser.add_argument(
        "--state",
        type=Path,
        metavar="DIR",
        help="where finished shards are kept; default a folder of its own in .crosscheck/",
    )
    parser.add_argument("--restart", action="store_true", help="forget what the state folder holds")
    add_code(parser)
    add_corpus(parser, "where violations are kept")
    add_backends(parser)
    add_dtypes(parser)
    add_devices(parser)
    add_seed(parser)
    add_json(parser, "the results")
    add_junit(parser)
    add_reports(parser)
    add_require_cuda(parser)


def run(arguments: Namespace, streams: Streams) -> int:
    """Runs or resumes the campaign; the exit code, as of `check`. InputError, AbsentError."""
    given = completed(arguments)
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # workers share the processors
    check_target("--json", given.json)
    check_target("--junit", given.junit)
    check_reports(given)
    from harness.campaign.ledger import Ledger
    from harness.campaign.make import campaign_of, known_regimes
    from harness.campaign.plan import DEFAULT_SIZES
    from harness.campaign.results import judged_by_walk, results
    from harness.cells.regimes import REGIMES
    from harness.commands.check import publish, show_header
    from harness.commands.kept_cases import keep_found
    from harness.commands.machine import own_version
    from harness.commands.plan import plan
    from harness.conformance.session import Session

    made = plan(_as_of_check(given))
    library, entries = made.survey.library, made.judged.entries
    campaign, what = campaign_of(
        made.request,
        library,
        entries,
        asked=given.cases or (MOST_INPUTS if given.time else DEFAULT_INPUTS),
        sizes=given.n or DEFAULT_SIZES,
        regimes=known_regimes(given.regime or (), tuple(REGIMES)),
        version=own_version(),
    )
    workers = _workers(given)
    if given.state is None:
        _prepare()
    known = made.preamble(datetime.now(UTC))
    show_header(known, streams.err if given.json == STDOUT else streams.out, colour=streams.colour)
    clock = time.perf_counter()
    folder = given.state or Path.cwd() / state.FOLDER / "campaigns" / campaign.digest[:12]
    session = Session(made.request, library, tuple(entries))
    for sentence in judged_by_walk(campaign, session):
        streams.warn(sentence)
    with Ledger(folder) as ledger, foreign_output_to(streams.err):
        try:
            outcome = _driven(given, campaign, what, ledger, workers, streams)
        finally:
            workers.end()
    if outcome.stopped:
        streams.warn(_resume(outcome, folder))
    found = results(campaign, session, outcome.summaries)
    seconds = time.perf_counter() - clock
    keeping = keep_found(made.corpus, found)
    if keeping.problem:
        streams.warn(keeping.problem)
    return publish(made, made.document(known, found, seconds, keeping), given, streams)


def _driven(
    given: Namespace,
    campaign: Campaign,
    what: Mapping[str, str],
    ledger: Ledger,
    workers: Workers,
    streams: Streams,
) -> Outcome:
    from harness.campaign.drive import Budget, drive
    from harness.campaign.ledger import Head
    from harness.campaign.make import shards_of
    from harness.campaign.plan import Shards
    from harness.commands.campaign_progress import progress

    begun = None if given.restart else ledger.begun()
    if begun is not None and dict(begun.identity) != dict(what):
        raise _another(ledger.folder, begun.identity, what)
    if begun is None:
        begun = Head(what, shards_of(campaign, workers, given.time).length)
        ledger.begin(begun)
    budget = Budget(given.time, given.until_violation)
    with progress(streams.err, campaign, given.time, colour=streams.colour) as tell:
        shards = Shards(campaign.units, begun.length)
        return drive(campaign, shards, ledger, workers, budget=budget, tell=tell)


def _as_of_check(given: Namespace) -> Namespace:
    """The options of `check` that a campaign does not have."""
    rest = {"fail_fast": False, "autograd": False, "require_lean": False}
    for name, value in rest.items():
        setattr(given, name, getattr(given, name, value))
    given.effort = EFFORT
    given.no_state = getattr(given, "no_state", False)
    return given


def _workers(given: Namespace) -> Workers:
    from harness.campaign.executors import cluster, processes

    if given.scheduler and given.workers:
        raise InputError(
            "--workers and --scheduler exclude each other", hint="the cluster has its own workers"
        )
    if given.scheduler:
        return cluster(given.scheduler)
    if given.workers == 0:
        raise InputError("--workers 0: somebody has to do the work", hint="give 1 or more")
    return processes(given.workers or os.cpu_count() or 1)


def _prepare() -> None:
    try:
        state.prepared(Path.cwd())
    except OSError as error:
        message = f"the campaign cannot be kept in {state.FOLDER}/: {error.strerror or error}"
        raise InputError(message, hint="give a folder that can be written with --state") from error


def _another(folder: Path, old: Mapping[str, str], new: Mapping[str, str]) -> InputError:
    names = [name for name in new if old.get(name) != new[name]]
    first = names[0] if names else "its parts"
    was, now = _short(old.get(first, "unknown")), _short(new.get(first, "absent"))
    return InputError(
        f"{folder} holds another campaign: its {first} was {was}, here it is {now}",
        hint="give another folder with --state, or --restart to forget that one",
    )


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def _resume(outcome: Outcome, folder: Path) -> str:
    kept = f"{outcome.done} of {outcome.total} shards are kept in {folder}"
    again = "" if "violation" in outcome.stopped else "; the same command goes on"
    return f"{outcome.stopped}: {kept}{again}"


def _count(text: str) -> int:
    """A whole number of inputs, `1e9` and `10_000_000` included."""
    try:
        number = float(text.replace("_", ""))
    except ValueError:
        number = 0.0
    if not (1 <= number <= MOST_INPUTS and number == int(number)):
        raise ArgumentTypeError(f"'{text}' is not a whole number from 1 to 1e15")
    return int(number)


def _seconds(text: str) -> float:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smh]?)", text)
    if not found or not float(found[1]):
        raise ArgumentTypeError(f"'{text}' is not a time such as 90s, 10m or 2h")
    return float(found[1]) * _FACTORS[found[2] or "s"]


def _sizes(text: str) -> tuple[int, ...]:
    words = [word for word in text.split(",") if word]
    if not words or not all(w.isascii() and w.isdigit() and 1 <= int(w) <= 1 << 17 for w in words):
        raise ArgumentTypeError(f"'{text}' is not a list of sizes from 1 to 131072")
    return tuple(sorted({int(word) for word in words}))
