"""`trace`: the matrix, one declaration, and what changed between two runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import QUICK, Crosscheck, replaced


@pytest.fixture
def results(crosscheck: Crosscheck, tmp_path: Path) -> Path:
    """Results of a small run; `.crosscheck/` has them, too."""
    found = crosscheck("check", "inner_softmaxJvp_comm", *QUICK, "--json", "results.json")
    assert found.code == 0, found.out
    return tmp_path / "results.json"


def test_without_results_nothing_is_credited(crosscheck: Crosscheck) -> None:
    found = crosscheck("trace")
    assert found.code == 0, found.out
    assert "results   none kept in this folder" in found.out
    assert "conforms" not in found.out
    assert "consistent" not in found.out
    assert "no evidence of a proof" in found.out


def test_every_requirement_has_its_declarations(crosscheck: Crosscheck) -> None:
    found = crosscheck("trace", "--json", "-")
    links = json.loads(found.out)["links"]
    required = {
        link["declaration"]["requirement"]: link
        for link in links
        if link["declaration"]["role"] == "required"
    }
    assert len(required) == 13
    link = required["SOFTMAX-04"]
    assert link["declaration"]["short_name"] == "softmaxVec"
    assert link["declaration"]["lean"]["file"] == "Proofs/Autograd/Softmax.lean"
    assert link["declaration"]["lean"]["first_line"] > 1
    assert "numpy" in link["implementations"]["softmaxVec"]


def test_the_last_results_of_the_folder(crosscheck: Crosscheck, results: Path) -> None:
    found = crosscheck("trace", "inner_softmaxJvp_comm")
    assert found.code == 0
    assert "→ conforms: numpy float32" in found.out
    assert "stated → consistent" in found.out
    assert "softmaxJvp" in found.out


def test_named_results(crosscheck: Crosscheck, results: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere.json"
    results.rename(moved)
    found = crosscheck("trace", "softmaxJvp", "--results", moved)
    assert "→ conforms: numpy float32" in found.out
    missing = crosscheck("trace", "--results", results)
    assert (missing.code, missing.err.count("\n")) == (2, 1)


def test_results_of_other_specs_credit_nothing(
    crosscheck: Crosscheck, results: Path, specs: Path
) -> None:
    replaced(specs / "softmax" / "sumExp.yaml", "summary: ", "summary: Now ")
    found = crosscheck("trace", "softmaxJvp", "--specs", specs)
    assert "of other specs than these, so it credits nothing" in " ".join(found.out.split())
    assert "→ conforms" not in found.out


def test_a_lean_text_that_differs_is_a_finding(crosscheck: Crosscheck, lean: Path) -> None:
    replaced(lean / "Proofs" / "Autograd" / "Softmax.lean", "def sumExp ", "def sumExpp ")
    found = crosscheck("trace", "sumExp", "--lean", lean)
    assert found.code == 1
    assert "missing in Lean" in found.out


def test_evidence_is_not_faked(crosscheck: Crosscheck, tmp_path: Path) -> None:
    (tmp_path / "evidence.json").write_text('{"proved": ["everything"]}')
    found = crosscheck("trace", "sumExp", "--evidence", "evidence.json")
    assert (found.code, found.out, found.err.count("\n")) == (2, "", 1)
    assert "0 proved with evidence" in crosscheck("trace", "sumExp").out
    assert crosscheck("trace", "--evidence", "absent.json").code == 2


def test_require_lean(crosscheck: Crosscheck) -> None:
    found = crosscheck("trace", "--require-lean")
    assert (found.code, found.err.count("\n")) == (3, 1)


def changed(file: Path, to: Path, verdict: str) -> Path:
    """The results with another verdict for one definition check."""
    data = json.loads(file.read_text("utf-8"))
    (one,) = (check for check in data["results"] if check["check"] == "definition")
    one["verdict"] = verdict
    to.write_text(json.dumps(data), encoding="utf-8")
    return to


def test_diff(crosscheck: Crosscheck, results: Path, tmp_path: Path) -> None:
    worse = changed(results, tmp_path / "worse.json", "inconclusive")
    found = crosscheck("trace", "--diff", results, worse)
    assert found.code == 1
    assert "↓ softmaxJvp definition numpy float32 cpu  conforms → inconclusive" in found.out
    assert found.last.startswith("1 worse, 0 better, 0 new, 0 gone")
    found = crosscheck("trace", "--diff", worse, results)
    assert (found.code, found.last[:18]) == (0, "0 worse, 1 better,")
    assert crosscheck("trace", "--diff", results, results).code == 0
    found = crosscheck("trace", "--diff", results, worse, "--json", "-")
    assert found.code == 1
    data = json.loads(found.out)
    assert (data["worse"], data["old"]["path"]) == (1, str(results))
    assert "1 worse" in found.err
    refused = crosscheck("trace", "--diff", results, worse, "--report", "site")
    assert (refused.code, refused.err.count("\n")) == (2, 1)
