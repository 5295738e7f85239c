"""`check --stream`: every result at once, and what a run that was killed leaves behind."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.conftest import QUICK, ROOT, Crosscheck

KILLER = """
import os, signal
import numpy as np

def right(x):
    return np.exp(x).sum(axis=-1)

WAITED_FOR = b'"entry":"right","dtype":"float32","device":"cpu","verdict":'

def kills(x):
    while True:
        with open("s.jsonl", "rb") as stream:
            if WAITED_FOR in stream.read():
                break
    os.kill(os.getppid(), signal.SIGKILL)
    return right(x)
"""


def test_the_stream_says_what_the_document_says(crosscheck: Crosscheck, tmp_path: Path) -> None:
    found = crosscheck("check", "sumExp", *QUICK, "--stream", "s.jsonl", "--json", "s.json")
    assert found.code == 0
    header, *checks, footer = [
        json.loads(line) for line in (tmp_path / "s.jsonl").read_text("utf-8").splitlines()
    ]
    document = json.loads((tmp_path / "s.json").read_text("utf-8"))
    assert len(header["checks"]) == footer["checks"] == len(checks) == len(document["results"])
    ordered = [one["result"] for one in sorted(checks, key=lambda one: int(one["place"]))]
    assert ordered == document["results"]
    assert footer["sentence"] == document["summary"]["sentence"] == found.last
    told = crosscheck("trace", "sumExp", "--results", "s.jsonl")
    assert told.code == 0 and "conforms: numpy float32" in told.out
    assert "truncated" not in told.out


def test_checks_that_did_not_run_are_in_it(crosscheck: Crosscheck, tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text("def sums(x):\n    return x.sum(axis=-1)\n")
    words = ("--impl", "sumExp=wrong:sums", "--fail-fast", "--stream", "s.jsonl")
    assert crosscheck("check", "sumExp", "sumExp_apply", *QUICK, *words).code == 1
    lines = (tmp_path / "s.jsonl").read_text("utf-8").splitlines()
    verdicts = [json.loads(line)["result"]["verdict"] for line in lines[1:-1]]
    assert "violates" in verdicts and "not run" in verdicts
    assert json.loads(lines[-1])["checks"] == len(verdicts)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_killed_run_leaves_what_it_had_found(crosscheck: Crosscheck, tmp_path: Path) -> None:
    (tmp_path / "killer.py").write_text(KILLER, encoding="utf-8")
    entry = "  - name: {0}\n    backend: numpy\n    dtypes: [float32]\n"
    entry += '    constants: {{sumExp: "killer:{0}"}}\n'
    text = "schema: 1\nentries:\n" + entry.format("right") + entry.format("kills")
    (tmp_path / "catalogue.yaml").write_text(text, encoding="utf-8")
    words = ("check", "sumExp", "--effort", "quick", "--catalogue", "catalogue.yaml")
    ended = subprocess.run(
        [sys.executable, "-m", "harness.cli", *words, "--stream", "s.jsonl", "--no-state"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert ended.returncode == -9
    found = crosscheck("trace", "sumExp", "--results", "s.jsonl")
    assert found.code == 1
    text = " ".join(found.out.split())
    assert re.search(r"of \d+ checks, the run did not end: run it again", text)
    assert "right float32 cpu: conforms" in text
    # Those of `right` that were under way may not have been read any more.
    assert re.search(r"→ not run: [^→]*kills float32", text)


def test_a_stream_is_no_document(crosscheck: Crosscheck) -> None:
    crosscheck("check", "sumExp", *QUICK, "--stream", "s.jsonl")
    found = crosscheck("trace", "--diff", "s.jsonl", "s.jsonl")
    assert (found.code, found.err.count("\n")) == (2, 1)
    assert "a stream of results (--stream)" in found.err


def test_where_it_cannot_be_written(crosscheck: Crosscheck) -> None:
    found = crosscheck("check", "sumExp", *QUICK, "--stream", "none/s.jsonl")
    assert (found.code, found.out) == (2, "") and "there is no folder none" in found.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_costs_the_stream_only(crosscheck: Crosscheck, tmp_path: Path) -> None:
    found = crosscheck("check", "sumExp", *QUICK, "--stream", "/dev/full", "--json", "s.json")
    assert found.code == 2 and "--stream cannot be written: No space left" in found.err
    assert json.loads((tmp_path / "s.json").read_text("utf-8"))["results"]
    assert "conform" in found.last
