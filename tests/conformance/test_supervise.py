"""Runs in worker processes: what ends a process is a verdict on one check, and the others run."""

from __future__ import annotations

import os
import select
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from harness.conformance import supervise
from harness.conformance.execute import Event, execute
from harness.conformance.kinds import KINDS
from harness.conformance.request import Request
from harness.conformance.select_jobs import jobs
from harness.conformance.supervise import execute_apart
from harness.conformance.verdict import CheckResult, Verdict
from harness.errors import InputError
from harness.implementations.catalogue import load_catalogue
from harness.implementations.entry import Entry, Implementation, Process
from harness.specs.library import SpecLibrary
from harness.specs.load import load_specs
from harness.specs.locate import find_specs

CODE = """
import ctypes, os, signal, time
import numpy as np

def right(x):
    return np.exp(x).sum(axis=-1, dtype=x.dtype)

def doubled(x):
    return 2 * right(x)

def reads_address_0(x):
    return ctypes.string_at(0)

def leaves(x):
    os._exit(3)

def hangs(x):
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    time.sleep(600)
"""

ENTRY = """
  - name: {name}
    backend: numpy
    dtypes: [float32]
    constants: {{sumExp: "sums:{name}"}}
"""

QUICK = Request(effort="quick")
Named = Callable[..., tuple[Entry, ...]]


@pytest.fixture
def named(tmp_path: Path) -> Named:
    """Entries for functions of `CODE`, which worker processes import from a folder."""
    (tmp_path / "sums.py").write_text(CODE, encoding="utf-8")

    def make(*names: str) -> tuple[Entry, ...]:
        file = tmp_path / "catalogue.yaml"
        text = "schema: 1\nentries:" + "".join(ENTRY.format(name=name) for name in names)
        file.write_text(text, encoding="utf-8")
        return load_catalogue(file)

    return make


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> SpecLibrary:
    """The specs of sumExp and dotCLM: a worker loads them in no time."""
    folder = tmp_path_factory.mktemp("few")
    for name in ("Vec", "sumExp", "dotCLM"):
        shutil.copy(find_specs(None).path / "softmax" / f"{name}.yaml", folder)
    return load_specs(folder)


def told(results: Sequence[CheckResult]) -> dict[tuple[str, str], Verdict]:
    """The checks that are not about calls of the definition check."""
    return {(r.check, r.entry): r.verdict for r in results if r.check not in KINDS}


def compared(results: Sequence[CheckResult], entry: str) -> set[Verdict]:
    """The verdicts on the calls of an entry."""
    return {r.verdict for r in results if r.check in KINDS and r.entry == entry}


def test_a_crash_is_a_verdict_and_the_other_jobs_run(few: SpecLibrary, named: Named) -> None:
    request = replace(QUICK, names=("sumExp",))
    entries = named("reads_address_0", "leaves", "right")
    results = execute_apart(request, few, entries, workers=1)
    assert told(results) == {
        ("consistency", ""): Verdict.CONFORMS,
        ("definition", "reads_address_0"): Verdict.VIOLATES,
        ("definition", "leaves"): Verdict.VIOLATES,
        ("definition", "right"): Verdict.CONFORMS,
    }
    assert compared(results, "right") == {Verdict.CONFORMS}
    assert compared(results, "leaves") == {Verdict.NOT_RUN}
    segv, left = (r.violation for r in results if r.verdict is Verdict.VIOLATES)
    assert segv is not None and left is not None
    assert (segv.kind, left.kind) == ("crash", "crash")
    assert segv.message == "its process died (SIGSEGV)"
    assert left.message == "its process died (exit code 3)"
    assert [r.declaration for r in results] == [j.declaration for j in jobs(request, few, entries)]


def test_a_hang_that_no_alarm_ends_is_a_verdict(
    few: SpecLibrary, named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock jumps while the worker hangs, so that nobody waits for the limit."""
    late = 0.0
    clock = SimpleNamespace(monotonic=lambda: time.monotonic() + late)
    monkeypatch.setattr(supervise, "time", clock)

    def jump(event: Event) -> None:
        nonlocal late
        if (event.job.entry, event.job.check) == ("right", "inputs"):  # the last of it
            late += 1000

    request = replace(QUICK, names=("sumExp",))
    entries = named("right", "hangs", "doubled")
    results = execute_apart(request, few, entries, workers=1, limit=60, on_event=jump)
    assert told(results) == {
        ("consistency", ""): Verdict.CONFORMS,
        ("definition", "right"): Verdict.CONFORMS,
        ("definition", "hangs"): Verdict.VIOLATES,
        ("definition", "doubled"): Verdict.VIOLATES,
    }
    assert compared(results, "hangs") == {Verdict.NOT_RUN}
    assert compared(results, "doubled") == {Verdict.CONFORMS}
    hung, doubled = (r.violation for r in results if r.violation)
    assert (hung.kind, hung.message) == ("hang", "no result after 60 s; its process was ended")
    assert doubled.kind == "value"


def test_ctrl_c_keeps_what_ran(few: SpecLibrary, named: Named) -> None:
    seen: list[Event] = []

    def interrupt(event: Event) -> None:
        seen.append(event)
        raise KeyboardInterrupt

    results = execute_apart(QUICK, few, named("right"), workers=1, on_event=interrupt)
    assert len([r for r in results if r.check not in KINDS]) == 3 and len(seen) == 1
    ran = [r for r in results if r.verdict is not Verdict.NOT_RUN]
    assert ran == [seen[0].result] and ran[0].verdict is Verdict.CONFORMS
    assert {r.notes for r in results if r not in ran} == {("interrupted",)}


def test_the_first_finding_ends_a_run_in_a_hurry(few: SpecLibrary, named: Named) -> None:
    request = replace(QUICK, names=("sumExp",), fail_fast=True)
    results = execute_apart(request, few, named("right", "doubled", "hangs"), workers=1)
    assert told(results) == {
        ("consistency", ""): Verdict.NOT_RUN,  # float32 is dealt before the exact reals
        ("definition", "right"): Verdict.CONFORMS,
        ("definition", "doubled"): Verdict.VIOLATES,
        ("definition", "hangs"): Verdict.NOT_RUN,
    }
    assert results[-1].notes == ("stopped at the first finding",)


def test_bad_input_that_a_worker_meets_is_told(few: SpecLibrary, named: Named) -> None:
    with pytest.raises(InputError, match="has no 'absent'"):
        execute_apart(replace(QUICK, names=("sumExp",)), few, named("absent"), workers=1)


def test_workers_find_what_one_process_finds(few: SpecLibrary) -> None:
    entry = next(e for e in load_catalogue() if e.name == "numpy")
    request = replace(QUICK, dtypes=("float32", "float16"))
    events: list[Event] = []
    apart = execute_apart(request, few, [entry], workers=2, on_event=events.append)
    together = execute(request, few, [entry])
    assert [replace(r, seconds=0.0) for r in apart] == [replace(r, seconds=0.0) for r in together]
    assert {r.verdict for r in apart} == {Verdict.CONFORMS} and len(apart) > 4
    assert [e.done for e in events] == list(range(1, len(apart) + 1))
    assert {e.total for e in events} == {len(apart)}


ADAPTER = """
import json, os, sys
for line in sys.stdin.buffer:
    message = json.loads(line)
    if message["kind"] == "hello":
        hello = {"kind": "hello", "protocol": 1, "name": "x", "constants": {"sumExp": "ieee"}}
        print(json.dumps({**hello, "dtypes": ["float32"]}), flush=True)
    elif message["kind"] == "call":
        sys.stdin.buffer.read(message["bytes"])
        with open(sys.argv[1], "w") as pipe:
            pipe.write("started\\n")
            pipe.flush()
            while True:
                pass
"""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_ctrl_c_ends_the_programs_of_the_workers(few: SpecLibrary, tmp_path: Path) -> None:
    """One that loops for ever, too: the named pipe that it holds open is closed."""
    (tmp_path / "adapter.py").write_text(ADAPTER, encoding="utf-8")
    os.mkfifo(tmp_path / "pipe")
    command = (sys.executable, "-S", "adapter.py", "pipe")
    entry = Entry(
        "loops",
        "numpy",
        {"sumExp": Implementation("process:<loops>")},
        ("float32",),
        process=Process(command, tmp_path),
    )
    opened: list[int] = []

    def interrupt(event: Event) -> None:
        assert event.job.check == "consistency"
        opened.append(os.open(tmp_path / "pipe", os.O_RDONLY))  # waits for the call
        assert os.read(opened[0], 100) == b"started\n"
        raise KeyboardInterrupt

    request = replace(QUICK, names=("sumExp",))
    results = execute_apart(request, few, [entry], workers=2, on_event=interrupt)
    verdicts = [r.verdict for r in results if r.check not in KINDS]
    assert verdicts == [Verdict.CONFORMS, Verdict.NOT_RUN]
    ready, _, _ = select.select(opened, [], [], 30)
    assert ready and os.read(opened[0], 1) == b""
    os.close(opened[0])
