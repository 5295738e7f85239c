"""What a campaign costs beside its cases: workers, shards, memory, start.

    python -m benchmarks.campaigns [--readme]

The campaign is softmaxVec, torch, float32, n = 8, all regimes. Workers are warm, except where the
start is what is measured; what is compared is timed in turns of one run. Memory is the sum over all
processes of the campaign, shared pages counted once, looked at while it runs (Linux; elsewhere that
line says so). `--readme` puts the table into README.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.table import ROUNDS, Line, as_markdown, medians, middle, publish
from harness.campaign.drive import Budget, drive
from harness.campaign.executors import Workers, processes
from harness.campaign.judge import run_units, seconds_a_unit
from harness.campaign.ledger import Head, Ledger
from harness.campaign.make import campaign_of
from harness.campaign.plan import Campaign, Shards
from harness.cells.regimes import REGIMES
from harness.conformance.request import Request
from harness.implementations.catalogue import load_catalogue
from harness.specs.load import load_specs
from harness.specs.locate import find_specs

LONG = 10**9
"""Inputs of a campaign that is long enough for cells of full size."""

SHARD_SECONDS = 2.0
WORDS = ("softmaxVec", "--backend", "torch", "--dtype", "float32", "--n", "8")


def campaign(asked: int) -> Campaign:
    library = load_specs(find_specs(None).path)
    entries = [entry for entry in load_catalogue() if entry.name == "torch"]
    request = Request(
        ("softmaxVec",), backends=("torch",), dtypes=("float32",), devices=("cpu",), seed=1
    )
    made, _ = campaign_of(
        request,
        library,
        entries,
        asked=asked,
        sizes=(8,),
        regimes=tuple(REGIMES),
        version="benchmark",
    )
    return made


def warm(count: int, first: Campaign) -> Workers:
    """Worker processes that have everything loaded, and stay when a campaign ends."""
    own = processes(count)
    some = [first.unit(number) for number in range(4)]
    for _ in range(2):  # each worker gets some
        sent = [own.executor.submit(run_units, first, some, 60.0) for _ in range(4 * count)]
        for future in sent:
            future.result()
    return own


def seconds(of: Campaign, length: int, pool: Workers) -> float:
    """A whole campaign in shards of some units, in workers that go on running."""
    with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder)) as ledger:
        ledger.begin(Head({"benchmark": "yes"}, length))
        shards = Shards(of.units, length)
        start = time.perf_counter()
        outcome = drive(of, shards, ledger, pool, budget=Budget(), tell=lambda _: None)
        taken = time.perf_counter() - start
    assert not outcome.stopped and not any(s.violations for s in outcome.summaries.values())
    return taken


def by_workers() -> list[Line]:
    """One worker and as many as there are processors, in shards of SHARD_SECONDS."""
    cores = os.cpu_count() or 1
    probe = campaign(LONG)
    pools = {count: warm(count, probe) for count in dict.fromkeys((1, cores))}
    inputs_a_unit = probe.unit(0).inputs
    timed = [probe.unit(number) for number in range(30)]
    each = pools[1].executor.submit(seconds_a_unit, probe, timed, 60.0).result()
    length = max(1, round(SHARD_SECONDS / each))
    of = campaign(4 * cores * length * inputs_a_unit)
    taken: dict[int, list[float]] = {count: [] for count in pools}
    for _ in range(ROUNDS):
        for count, pool in pools.items():
            taken[count].append(seconds(of, length, pool))
    for pool in pools.values():
        pool.end()
    one = middle(taken[1])
    shown = [f"1: {of.inputs / one:.3g} inputs/s"]
    for count in list(pools)[1:]:
        many = middle(taken[count])
        share = 100 * one / many / count
        shown.append(f"{count}: {of.inputs / many:.3g} ({share:.0f} % of {count} times one)")
    return [(f"workers, shards of {SHARD_SECONDS:g} s", " · ".join(shown))]


def by_shards() -> list[Line]:
    """What one shard more costs: the same units in one shard, and in a shard each."""
    probe = campaign(LONG)
    pool = warm(1, probe)
    of = campaign(100 * probe.unit(0).inputs)
    extra = []
    for _ in range(ROUNDS):
        whole, cut = seconds(of, of.units, pool), seconds(of, 1, pool)
        extra.append((cut - whole) / (of.units - 1))
    pool.end()
    each = middle(extra)
    share = 100 * each / SHARD_SECONDS
    told = f"{1000 * each:.1f} ms ({share:.2f} % of {SHARD_SECONDS:g} s)"
    return [("one shard more: sent, judged, recorded on the disk", told)]


def memory() -> list[Line]:
    """Peak over all processes, for campaigns of two lengths."""
    if not Path("/proc/self/smaps_rollup").exists():
        return [("peak memory of a campaign", "not measured: no /proc/PID/smaps_rollup here")]
    shown = []
    for cases in ("2e6", "2e7", "2e8"):
        with tempfile.TemporaryDirectory() as folder:
            words = [*WORDS, "--cases", cases, "--workers", "2", "--state", folder]
            command = [sys.executable, "-m", "harness.cli", "campaign", *words]
            run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            peak = 0
            while run.poll() is None:
                peak = max(peak, sum(_own_share(pid) for pid in _family(run.pid)))
                time.sleep(0.05)
            assert run.returncode == 0
        shown.append(f"{cases}: {peak / 2**10:.0f}")
    return [("peak memory, 2 workers, MiB, by inputs", " · ".join(shown))]


def start() -> list[Line]:
    """Whole processes, beside what torch alone takes to load."""

    def process(*words: str) -> None:
        subprocess.run([sys.executable, *words], check=True, capture_output=True)

    works = {
        "python": lambda: process("-c", "pass"),
        "import torch": lambda: process("-c", "import torch"),
        "crosscheck --help": lambda: process("-m", "harness.cli", "--help"),
        "explain sumExp": lambda: process("-m", "harness.cli", "explain", "sumExp"),
        "check sumExp --effort quick": lambda: process(
            "-m", "harness.cli", "check", "sumExp", "--effort", "quick", "--no-state"
        ),
    }
    times = medians(works, 0.0, time.perf_counter)
    shown = " · ".join(f"{name} {taken:.2f}" for name, taken in times.items())
    return [("start and end of a process, s", shown)]


def _family(parent: int) -> list[int]:
    """A process and what it started, of those that there are."""
    found = [parent]
    for one in found:
        try:
            tasks = list(Path(f"/proc/{one}/task").iterdir())
            found += [int(child) for t in tasks for child in (t / "children").read_text().split()]
        except OSError:
            continue
    return found


def _own_share(pid: int) -> int:
    """KiB, pages that several have counted by their share."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    found = [line for line in text.splitlines() if line.startswith("Pss:")]
    return int(found[0].split()[1]) if found else 0


def main() -> None:
    lines = [*start(), *by_shards(), *by_workers(), *memory()]
    head = f"campaigns, {os.cpu_count()} processors, medians of {ROUNDS}"
    publish("campaigns", as_markdown(head, lines), __doc__ or "")


if __name__ == "__main__":
    main()
