"""Findings for code scanning."""

from __future__ import annotations

import json
from typing import Any

from harness.report.sarif import SCHEMA, sarif_text
from tests.site.reports import bad, good

PLACES = {"harness.implementations.numpy_softmax:softmax_vec": ("my code/softmax.py", 12)}


def run_of(text: str) -> dict[str, Any]:
    data = json.loads(text)
    assert (data["version"], data["$schema"]) == ("2.1.0", SCHEMA)
    (run,) = data["runs"]
    assert isinstance(run, dict)
    return run


def test_without_findings_there_are_rules_and_no_results() -> None:
    run = run_of(sarif_text(good()[0].trace, {}))
    assert run["results"] == []
    assert len(run["tool"]["driver"]["rules"]) == 23
    assert run["properties"] == {"seed": [1], "effort": ["default"]}


def test_findings_lie_where_they_can_be_mended() -> None:
    run = run_of(sarif_text(bad()[0].trace, PLACES))
    by_rule = {one["ruleId"].rpartition(".")[2]: one for one in run["results"]}
    assert by_rule.keys() == {"softmaxVec", "dotCLM"}
    for one in by_rule.values():
        assert run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == one["ruleId"]
        assert one["level"] == "error" and one["message"]["text"]

    def place(one: dict[str, Any]) -> tuple[str, int]:
        where = one["physicalLocation"]
        return where["artifactLocation"]["uri"], where["region"]["startLine"]

    (code,) = by_rule["softmaxVec"]["locations"]
    assert place(code) == ("my%20code/softmax.py", 12)
    assert by_rule["softmaxVec"]["properties"]["inputs"] == {"x": "[0x1.8p+6, 0x1p+0]"}
    (lean,) = by_rule["dotCLM"]["locations"]
    assert place(lean)[0] == "lean/Proofs/Autograd/Softmax.lean" and place(lean)[1] > 1
    (spec,) = by_rule["dotCLM"]["relatedLocations"]
    assert place(spec)[0].endswith("softmax/dotCLM.yaml")


def test_code_that_lies_elsewhere_is_reported_at_the_spec() -> None:
    run = run_of(sarif_text(bad()[0].trace, {}))
    one = next(one for one in run["results"] if one["ruleId"].endswith("softmaxVec"))
    uri = one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.endswith("softmax/softmaxVec.yaml")


def test_fingerprints_tell_findings_apart_and_stay() -> None:
    def prints() -> list[str]:
        run = run_of(sarif_text(bad()[0].trace, {}))
        return [one["partialFingerprints"]["crosscheck/v1"] for one in run["results"]]

    assert prints() == prints() and len(set(prints())) == len(prints())
