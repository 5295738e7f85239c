"""Campaigns in real processes: kill -9, code that dies, the number of workers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from harness.campaign.ledger import LINES
from tests.commands.conftest import ROOT

pytestmark = pytest.mark.slow

WORDS = ("sumExp", "--backend", "numpy", "--dtype", "float32", "--n", "2,3", "--regime", "normal")
SHOWN = {"cases", "worst_ratio", "worst_ulp", "verdict", "violation", "out_of_range", "violations"}


def started(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "harness.cli", "campaign", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def results(folder: Path, *words: str, code: int = 0) -> list[dict[str, Any]]:
    out, err = (process := started(folder, *words, "--json", "-")).communicate()
    assert process.returncode == code, err
    return [{key: r[key] for key in SHOWN} for r in json.loads(out)["results"]]


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is of POSIX")
def test_killed_and_gone_on_with_like_never_interrupted(tmp_path: Path) -> None:
    words = (*WORDS, "--cases", "3e6")
    process = started(tmp_path, *words, "--state", "killed", "--workers", "2")
    lines = tmp_path / "killed" / LINES
    while process.poll() is None and not (lines.exists() and lines.stat().st_size):
        Event().wait(0.02)
    process.kill()
    process.communicate()
    kept = lines.read_bytes()
    assert kept
    found = results(tmp_path, *words, "--state", "killed", "--workers", "1")
    assert lines.read_bytes().startswith(kept[: kept.rindex(b"\n") + 1])
    assert found == results(tmp_path, *words, "--state", "other", "--workers", "2")
    assert found[0]["cases"] >= 3e6


def test_code_that_ends_its_process_is_a_violation(tmp_path: Path) -> None:
    (tmp_path / "deadly.py").write_text(
        "import os\nimport numpy as np\n\n\n"
        "def sum_exp(x):\n"
        "    if x.shape[0] > 1000 and x.shape[-1] == 3:\n"
        "        os._exit(3)\n"
        "    return np.exp(x).sum(axis=-1)\n",
        encoding="utf-8",
    )
    words = (*WORDS, "--impl", "sumExp=deadly:sum_exp", "--cases", "2e5", "--workers", "1")
    (found,) = results(tmp_path, *words, code=1)
    assert found["verdict"] == "violates"
    assert found["violation"]["kind"] == "crash"
    assert found["violation"]["case"]["cell"].startswith("float32/n=3/normal/")


def test_a_cluster_gives_the_same_results(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    words = (*WORDS, "--cases", "3e5")
    kept = {**os.environ}
    os.environ["PYTHONPATH"] = str(ROOT)  # of the cluster's workers, too
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Dask, about this machine
            with distributed.LocalCluster(
                n_workers=2, threads_per_worker=1, dashboard_address=None
            ) as made:
                found = results(tmp_path, *words, "--scheduler", made.scheduler_address)
    finally:
        os.environ.clear()
        os.environ.update(kept)
    assert found == results(tmp_path, *words, "--state", "here", "--workers", "1")
