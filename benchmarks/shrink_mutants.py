"""How long shrinking takes, and whether the programs that it prints show what they say.

    python -m benchmarks.shrink_mutants [--effort default] [--seed 1] [--name WORD] [--check NAME]

Every violation of every mutant (definition checks at the effort, for every dtype; the other checks
at quick effort) is shrunk, and its program runs in a Python process without the harness. Exit code
1 when a program does not show it, or when a violation is not shrunk, other than one of a theorem
that reports tell in a line, because the definition of a constant in it is violated.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from harness.conformance.guard import FATAL
from harness.conformance.job import Job
from harness.conformance.request import Request
from harness.conformance.select_jobs import jobs
from harness.conformance.session import Session
from harness.conformance.verdict import CheckResult, Shrunk
from harness.power.matrix import catalogues, suspects
from harness.power.trial import tasks
from harness.specs.load import load_specs
from harness.specs.locate import find_specs

# Reads programs, a JSON text a line; runs each in a process of its own, in which nothing but numpy
# and torch is imported; writes what it printed.
_RUNNER = """
import contextlib, io, json, os, resource, sys, traceback
import numpy, torch
assert not any(name.startswith("harness") for name in sys.modules)
torch.set_num_threads(1)
for line in sys.stdin:
    read, write = os.pipe()
    if os.fork() == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                exec(compile(json.loads(line), "snippet", "exec"), {"__name__": "__main__"})
            except BaseException:
                traceback.print_exc()
        with os.fdopen(write, "w") as out:
            out.write(json.dumps(said.getvalue()))
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as back:
        print(back.read() or json.dumps("over its time"), flush=True)
    os.wait()
"""


@dataclass(frozen=True)
class Measured:
    """One violation: seconds of wall clock and of the processor that shrinking took."""

    job: Job
    result: CheckResult
    shrunk: Shrunk | None
    wall: float
    cpu: float


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--effort", default="default")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--name", default="", help="only entries with this word in their names")
    parser.add_argument("--check", default="", help="only these checks, such as definition")
    parser.add_argument("--show", action="store_true", help="print every shrunk input")
    options = parser.parse_args(arguments)
    found = list(measured(options.effort, options.seed, options.name, options.check))
    print(f"{'check':12}{'violations':>11}{'median':>9}{'p90':>9}{'max':>9}  ms of CPU (wall max)")
    by_check: dict[str, list[Measured]] = defaultdict(list)
    for one in found:
        by_check[one.job.check].append(one)
        by_check["all"].append(one)
    for check, members in by_check.items():
        cpu = 1e3 * np.array([one.cpu for one in members])
        wall = 1e3 * max(one.wall for one in members)
        median, high = np.percentile(cpu, [50, 90])
        numbers = f"{median:>9.1f}{high:>9.1f}{cpu.max():>9.1f}  ({wall:.1f})"
        print(f"{check:12}{len(members):>11,}{numbers}")
    for one in sorted(found, key=lambda m: -m.cpu)[:10]:
        print(f"slow {1e3 * one.cpu:8.1f} ms  {_told(one)}")
    if options.show:
        for one in found:
            print(f"{1e3 * one.cpu:8.1f} ms  {_told(one)}")
    told = {_code(one) for one in found if one.shrunk and one.job.check == "definition"}
    unshrunk = [one for one in found if one.shrunk is None]
    for one in unshrunk:
        print(f"not shrunk: {_told(one)}")
    lost = [one for one in unshrunk if _code(one) not in told]
    silent = list(not_shown([one for one in found if one.shrunk is not None]))
    for one, said in silent:
        print(f"not shown: {_told(one)}\n{said}")
    print(
        f"{len(found)} violations, {len(unshrunk)} not shrunk ({len(lost)} of them reported in "
        f"detail), {len(silent)} programs do not show theirs"
    )
    return 1 if lost or silent else 0


def measured(effort: str, seed: int, word: str, check: str = "") -> Iterator[Measured]:
    """Every violation of every mutant, shrunk."""
    library = load_specs(find_specs(None).path)
    chosen = [one.entry for one in suspects(catalogues())]
    wrong = [one for one in chosen if one.expectation.violates and word in one.name]
    for task in tasks(wrong):
        request = Request(
            dtypes=(task.dtype,), effort=effort, seed=seed, fail_fast=True, shrink=False
        )
        thorough = Session(request, library, task.entries)
        brief = Session(replace(request, effort="quick"), library, task.entries)
        for job in jobs(request, library, task.entries):
            if job.check == "consistency" or check not in ("", job.check):
                continue
            session = thorough if job.check == "definition" else brief
            result = session.run(job)
            violation = result.violation or result.violation_n0
            if violation is None or violation.kind in FATAL:
                continue
            wall, cpu = time.perf_counter(), time.process_time()
            with np.errstate(all="ignore"):
                smaller = session.shrunk(job, result)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            after = smaller.violation or smaller.violation_n0
            assert after is not None
            yield Measured(job, smaller, after.shrunk, wall, cpu)


def not_shown(found: list[Measured]) -> Iterator[tuple[Measured, str]]:
    """The violations whose program does not say what it should, and what it says."""
    runner = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", _RUNNER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert runner.stdin is not None and runner.stdout is not None
    for one in found:
        assert one.shrunk is not None
        runner.stdin.write(json.dumps(one.shrunk.snippet) + "\n")
        runner.stdin.flush()
        said = json.loads(runner.stdout.readline())
        if not shows(one.shrunk, said):
            yield one, said
    runner.stdin.close()
    runner.wait()


def shows(shrunk: Shrunk, said: str) -> bool:
    """Whether what a program printed is the violation."""
    violation = shrunk.violation
    if violation.kind == "exception":
        return violation.message.partition(":")[0] in said and "Traceback" in said
    return "violates" in said.splitlines()[-1] if said else False


def _code(one: Measured) -> tuple[str, str]:
    return one.job.entry, one.job.dtype


def _told(one: Measured) -> str:
    job, violation = one.job, one.result.violation or one.result.violation_n0
    assert violation is not None
    text = f"{job.check} of {job.declaration}, {job.entry} {job.dtype}: {violation.kind}"
    text += f" at n = {violation.case.n}" if violation.case else ""
    if one.shrunk is None:
        return text
    last = one.shrunk.calls[-1]
    numbers = " ".join(f"{name}={value}" for name, value in last.numbers.items())
    return (
        f"{text} -> {dict(last.sizes)} batch {last.batch} {last.view} after "
        f"{len(one.shrunk.calls) - 1}: {numbers[:150]}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
