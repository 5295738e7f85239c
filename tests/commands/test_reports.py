"""`--report`, `--markdown`, `--csv` and `--sarif` of `check` and `trace`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import QUICK, Crosscheck, replaced

WRONG = """
import numpy as np

def softmax(x):
    return np.exp(x) * 2
"""


def test_check_writes_everything_it_is_asked_for(crosscheck: Crosscheck, tmp_path: Path) -> None:
    files = ("--markdown", "s.md", "--csv", "m.csv", "--sarif", "s.sarif", "--report", "site")
    found = crosscheck("check", "softmaxVec", *QUICK, *files)
    assert found.code == 0, found.out
    pages = {
        path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*")
    }
    assert {"index.html", "matrix.html", "graph.html", "impact.html", "report.json"} <= pages
    assert {"declarations/softmaxVec.html", "assets/report.css", "matrix.csv"} <= pages
    assert found.last in (tmp_path / "site" / "index.html").read_text("utf-8")
    report = json.loads((tmp_path / "site" / "report.json").read_text("utf-8"))
    assert report["good"] and report["sentence"] == found.last
    assert report["trace"]["links"][0]["checks"][0]["entry"] in ("", "numpy")
    assert (tmp_path / "s.md").read_text("utf-8").startswith("### ✅ crosscheck")
    assert "softmaxVec" in (tmp_path / "m.csv").read_text("utf-8")
    assert json.loads((tmp_path / "s.sarif").read_text("utf-8"))["runs"][0]["results"] == []


def test_a_finding_is_in_all_of_them(crosscheck: Crosscheck, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(WRONG, "utf-8")
    words = ("softmaxVec", "--impl", "softmaxVec=mine:softmax", *QUICK)
    files = ("--markdown", "s.md", "--sarif", "s.sarif", "--report", "site")
    assert crosscheck("check", *words, *files).code == 1
    assert "❌" in (tmp_path / "s.md").read_text("utf-8")
    sarif = json.loads((tmp_path / "s.sarif").read_text("utf-8"))
    place = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "mine.py" and place["region"]["startLine"] == 4
    index = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert "Findings" in index and "softmaxVec violates" in index


def test_trace_writes_pages_without_results(crosscheck: Crosscheck, tmp_path: Path) -> None:
    found = crosscheck("trace", "--report", "site", "--markdown", "s.md")
    assert found.code == 0, found.out
    index = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert "No results: run" in index and "nothing here was proved by this run" in index


def test_a_suspect_link_is_on_its_pages(crosscheck: Crosscheck, lean: Path, tmp_path: Path) -> None:
    source = lean / "Proofs" / "Autograd" / "Softmax.lean"
    replaced(
        source, "theorem softmaxJvp_zero (x dx : Vec 0)", "theorem softmaxJvp_zero (x d : Vec 0)"
    )
    replaced(source, "softmaxJvp x dx = dx :=", "softmaxJvp x d = x :=")
    found = crosscheck("trace", "--lean", lean, "--report", "site")
    assert found.code == 1
    index = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert "softmaxJvp_zero" in index and "differs from the Lean source" in index


def test_an_earlier_report_is_replaced_and_anything_else_is_not(
    crosscheck: Crosscheck, tmp_path: Path
) -> None:
    assert crosscheck("trace", "--report", "site").code == 0
    stale = tmp_path / "site" / "declarations" / "gone.html"
    stale.write_text("", "utf-8")
    assert crosscheck("trace", "--report", "site").code == 0
    assert not stale.exists()
    for option, problem in ((".", "is not empty and holds no report"), ("a.txt", "is a file")):
        (tmp_path / "a.txt").write_text("", "utf-8")
        found = crosscheck("trace", "--report", option)
        assert (found.code, found.err.count("\n")) == (2, 1)
        assert problem in found.err


@pytest.mark.parametrize("option", ["--markdown", "--csv", "--sarif"])
def test_a_file_that_cannot_be_written_is_refused_before_the_run(
    crosscheck: Crosscheck, option: str
) -> None:
    found = crosscheck("check", "softmaxVec", *QUICK, option, "no/such/folder.x")
    assert (found.code, found.err.count("\n")) == (2, 1)
    assert "there is no folder" in found.err and "conforms" not in found.out


def test_earlier_runs_of_the_folder_are_history(crosscheck: Crosscheck, tmp_path: Path) -> None:
    crosscheck("check", "softmaxVec", *QUICK, "--seed", "7")
    (tmp_path / ".crosscheck" / "history" / "19990101.json").write_text("{", "utf-8")
    results = next((tmp_path / ".crosscheck" / "history").glob("2*.json"))
    data = json.loads(results.read_text("utf-8"))
    data["run"]["started"] = "2001-02-03T04:05:06Z"
    results.write_text(json.dumps(data), "utf-8")
    assert crosscheck("check", "softmaxVec", *QUICK, "--report", "site").code == 0
    page = (tmp_path / "site" / "declarations" / "softmaxVec.html").read_text("utf-8")
    assert "2001-02-03T04:05:06Z" in page
    assert "19990101.json: not JSON" in (tmp_path / "site" / "index.html").read_text("utf-8")
