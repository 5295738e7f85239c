"""The corpus of `check`: what one run found, another finds at once; bad files are told."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.commands.conftest import Crosscheck

# Right for every size that a quick run has.
LONG = """\
import numpy as np

def total(x):
    doubled = x.dtype.type(2 if x.shape[-1] > 1000 else 1)
    return np.exp(x).sum(axis=-1, dtype=x.dtype) * doubled
"""
CHECK = ("check", "sumExp", "--dtype", "float32", "--impl", "sumExp=long_sum:total")
CORPUS = Path("corpus")


@pytest.fixture
def long_sum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delitem(sys.modules, "long_sum", raising=False)
    monkeypatch.setattr(sys, "path", sys.path[:])
    file = tmp_path / "long_sum.py"
    file.write_text(LONG, encoding="utf-8")
    return file


def results(file: str) -> list[dict[str, object]]:
    found = json.loads(Path(file).read_text(encoding="utf-8"))["results"]
    assert isinstance(found, list)
    return found


@pytest.mark.slow
def test_what_a_default_run_found_a_quick_one_finds_at_once(
    crosscheck: Crosscheck, long_sum: Path
) -> None:
    quick = ("--effort", "quick", "--fail-fast", "--no-state")
    assert crosscheck(*CHECK, *quick).code == 0
    found = crosscheck(*CHECK, "--effort", "default", "--corpus", CORPUS, "--no-state")
    assert found.code == 1 and "corpus: 1 violation kept" in found.out
    assert not Path(".crosscheck").exists()
    (file,) = CORPUS.iterdir()
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert kept["calls"][0]["sizes"] == {"n": 1001} and kept["origin"].startswith("sumExp:")

    before = file.read_bytes()
    at_once = crosscheck(*CHECK, *quick, "--corpus", CORPUS, "--json", "out.json")
    assert at_once.code == 1
    first = next(one for one in results("out.json") if one["verdict"] == "violates")
    assert first["kept"] == [{"name": file.stem, "verdict": "violates"}]
    violation = first["violation"]
    assert isinstance(violation, dict)
    assert violation["case"]["id"] == file.stem and violation["case"]["n"] == 1001
    assert f"crosscheck replay {file.stem} --corpus corpus --impl sumExp=long_sum" in at_once.out
    # Nothing new is kept, and nothing is lost.
    assert [one.read_bytes() for one in CORPUS.iterdir()] == [before]

    long_sum.write_text(LONG.replace("2 if", "1 if"), encoding="utf-8")
    fixed = crosscheck(*CHECK, *quick, "--corpus", CORPUS)
    assert fixed.code == 0 and f"the kept case {file.stem} conforms now" in fixed.out


@pytest.fixture
def kept(crosscheck: Crosscheck, tmp_path: Path) -> Path:
    """A case of numpy's sumExp, in the state folder."""
    case = {
        "schema": 1,
        "declaration": "sumExp",
        "check": "definition",
        "part": 0,
        "entry": "numpy",
        "dtype": "float32",
        "device": "cpu",
        "calls": [
            {"sizes": {"n": 1}, "batch": [], "view": "contiguous", "numbers": {"x": ["0x0p+0"]}}
        ],
        "kind": "value",
        "message": "",
        "origin": "",
    }
    file = tmp_path / ".crosscheck" / "corpus" / "sumExp-1.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(case), encoding="utf-8")
    return file


OURS = ("check", "sumExp", "--effort", "quick", "--backend", "numpy", "--dtype", "float32")


def test_a_case_that_conforms_says_so(crosscheck: Crosscheck, kept: Path) -> None:
    found = crosscheck(*OURS)
    assert found.code == 0 and found.err == ""
    assert "the kept case sumExp-1 conforms now" in found.out
    assert "kept case" not in crosscheck(*OURS, "--no-state").out


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"schema": 1', '"schema": 2', "a case of schema 2; this version reads schema 1"),
        ('"schema": 1', '"schema" 1', "not JSON"),
        ('"x": ["0x0p+0"]', '"y": ["0x0p+0"]', "its variables are y, not x"),
        ('"n": 1', '"n": 2', "x has shape (1,), not (2,)"),
        ('"n": 1', '"m": 1', "the size 'n' is missing"),
        ("0x0p+0", "0x1.000001p+0", "numbers that are none of float32"),
        ("0x0p+0", "zero", "is not a finite hex float"),
        ("contiguous", "sideways", "no view 'sideways'"),
        ('"sumExp"', '"sumExpp"', "no spec is named 'sumExpp'"),
        ('"definition"', '"theorem"', "it has no theorem check"),
    ],
)
def test_a_file_that_is_no_use_is_one_line(
    crosscheck: Crosscheck, kept: Path, old: str, new: str, message: str
) -> None:
    text = kept.read_text(encoding="utf-8")
    assert old in text
    kept.write_text(text.replace(old, new), encoding="utf-8")
    found = crosscheck(*OURS)
    assert found.code == 0 and found.err.count("\n") == 1, found.err
    assert found.err.startswith("crosscheck: warning: left out of this run: ")
    assert "sumExp-1.json" in found.err and message in found.err
    named = crosscheck(*OURS, "--corpus", kept.parent)
    assert (named.code, named.out) == (2, "") and named.err.count("\n") == 1
    assert "sumExp-1.json" in named.err and message in named.err
    assert crosscheck("replay", "sumExp-1").code == 2


def test_a_corpus_that_cannot_be_written_is_a_warning(
    crosscheck: Crosscheck, long_sum: Path
) -> None:
    long_sum.write_text(LONG.replace("> 1000", "> 1"), encoding="utf-8")
    Path("file").write_text("in the way", encoding="utf-8")
    found = crosscheck(*CHECK, "--effort", "quick", "--corpus", Path("file") / "corpus")
    assert found.code == 1
    assert found.err.startswith("crosscheck: warning: violations are not kept in file")
    assert "kept, to be" not in found.out and "crosscheck replay sumExp-" not in found.out
    assert crosscheck(*CHECK, "--corpus", "file").code == 2
