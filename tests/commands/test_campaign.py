"""The words of `crosscheck campaign`, and what a person reads."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tests.commands.conftest import Crosscheck

SMALL = ("sumExp", "--backend", "numpy", "--dtype", "float32", "--n", "2", "--regime", "normal")
ONE = ("--workers", "1", "--cases", "1000", "--state", "here")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--cases", "0"], "whole number"),
        (["--cases", "1.5"], "whole number"),
        (["--cases", "many"], "whole number"),
        (["--n", "0"], "sizes"),
        (["--n", "8,x"], "sizes"),
        (["--time", "soon"], "time"),
        (["--time", "0s"], "time"),
        (["--regime", "normale"], "did you mean 'normal'"),
        (["--workers", "0"], "do the work"),
        (["--workers", "2", "--scheduler", "tcp://127.0.0.1:1"], "exclude"),
        (["sumExpp"], "did you mean 'sumExp'"),
    ],
)
def test_bad_words(crosscheck: Crosscheck, words: list[str], said: str) -> None:
    done = crosscheck("campaign", *words)
    assert done.code == 2
    assert said in done.err and "\n" not in done.err.strip()


@pytest.mark.slow
def test_a_small_campaign_and_the_same_again(crosscheck: Crosscheck, tmp_path: Path) -> None:
    first = crosscheck("campaign", *SMALL, *ONE, "--json", "first.json")
    assert first.code == 0, first.err
    assert "conforms for numpy in 1,001 cases of float32" in first.last
    kept = (tmp_path / "here" / "shards.jsonl").read_bytes()
    again = crosscheck("campaign", *SMALL, *ONE, "--json", "again.json")
    assert (again.code, again.last) == (0, first.last)
    assert (tmp_path / "here" / "shards.jsonl").read_bytes() == kept
    one, other = (
        json.loads((tmp_path / f"{name}.json").read_text()) for name in ("first", "again")
    )
    assert one["run"]["effort"] == "campaign"
    assert one["results"] == other["results"] and one["summary"] == other["summary"]
    refused = crosscheck("campaign", *SMALL, *ONE, "--seed", "2")
    assert refused.code == 2
    assert "its seed was 1, here it is 2" in refused.err
    assert crosscheck("campaign", *SMALL, *ONE, "--seed", "2", "--restart").code == 0


@pytest.mark.slow
def test_a_budget_of_time_alone_ends_with_the_time(crosscheck: Crosscheck) -> None:
    words = ("sumExp", "--backend", "numpy", "--dtype", "float32", "--n", "2", "--workers", "1")
    done = crosscheck("campaign", *words, "--time", "1s", "--state", "timed")
    assert done.code == 0, done.err
    assert "the time was up" in done.err and "the same command goes on" in done.err
    cases = re.search(r"in ([\d,]+) cases", done.last)
    assert cases and int(cases[1].replace(",", "")) > 100_000


@pytest.mark.slow
def test_a_violation_is_a_case_that_can_be_replayed(crosscheck: Crosscheck, tmp_path: Path) -> None:
    (tmp_path / "large.py").write_text(
        "import numpy as np\n\n\n"
        "def sum_exp(x):\n"
        "    found = np.exp(x).sum(axis=-1)\n"
        "    return np.where(x[..., 0] > 3.25, found + found / 64, found).astype(x.dtype)\n",
        encoding="utf-8",
    )
    impl = ("--impl", "sumExp=large:sum_exp", "--json", "out.json", "--until-violation")
    done = crosscheck("campaign", *SMALL, *ONE, *impl)
    assert done.code == 1, done.err
    assert "stopped at the first violation" in done.err
    (result,) = json.loads((tmp_path / "out.json").read_text())["results"]
    case = result["violation"]["case"]
    assert case["cell"].startswith("float32/n=2/normal/")
    assert float.fromhex(case["inputs"]["x"][0]) > 3.25
    assert "not shrunk" not in done.out
    shrunk = result["violation"]["shrunk"]
    assert float.fromhex(shrunk["inputs"]["x"][0]) > 3.25
    assert "sum_exp" in shrunk["snippet"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(crosscheck: Crosscheck, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    done = crosscheck("campaign", *SMALL, *ONE[:-1], "closed/state")
    assert (done.code, "--state" in done.err) == (2, True)


THERE = ("softmaxVec", "--backend", "torch", "--dtype", "float32", "--n", "8")


def has_cuda() -> bool:
    torch = pytest.importorskip("torch")
    return bool(torch.cuda.is_available())


def test_without_a_cuda_device_nothing_is_begun(crosscheck: Crosscheck, tmp_path: Path) -> None:
    if has_cuda():
        pytest.skip("torch sees a CUDA device")
    done = crosscheck("campaign", *THERE, *ONE, "--device", "cuda")
    assert done.code == 3
    assert "CUDA" in done.err and not (tmp_path / "here").exists()


def test_cuda_can_be_required(
    crosscheck: Crosscheck, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    words = ("campaign", *SMALL, *ONE, "--require-cuda")
    monkeypatch.setattr("harness.commands.entries._why_no_cuda", lambda: "no device here")
    absent = crosscheck(*words)
    assert (absent.code, absent.out, absent.err.count("\n")) == (3, "", 1)
    assert "--require-cuda: no device here" in absent.err and not (tmp_path / "here").exists()
    monkeypatch.setattr("harness.commands.entries._why_no_cuda", lambda: "")
    present = crosscheck(*words, "--regime", "normale")  # goes on, to the next mistake
    assert (present.code, "--regime" in present.err) == (2, True)


@pytest.mark.slow
def test_a_campaign_on_cuda_counts_what_one_on_the_processor_counts(
    crosscheck: Crosscheck, tmp_path: Path
) -> None:
    if not has_cuda():
        pytest.skip("torch sees no CUDA device")
    found = {}
    for device in ("cpu", "cuda"):
        words = ("--workers", "1", "--cases", "1e6", "--state", device, "--device", device)
        done = crosscheck("campaign", *THERE, *words, "--json", f"{device}.json")
        assert done.code == 0, done.err
        results = json.loads((tmp_path / f"{device}.json").read_text())["results"]
        counted = ("declaration", "cases", "out_of_range", "violations", "verdict")
        found[device] = [[one[name] for name in counted] for one in results]
    assert found["cuda"] == found["cpu"]
