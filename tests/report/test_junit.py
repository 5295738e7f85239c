"""The JUnit report: counts, failures, and texts that XML cannot hold."""

from __future__ import annotations

from xml.etree import ElementTree

from harness.conformance.verdict import Verdict
from harness.report.junit import junit_text
from tests.report.samples import check, document, good_run, lean_record, violation


def suites(text: str) -> dict[str, ElementTree.Element]:
    root = ElementTree.fromstring(text.encode("utf-8"))
    return {suite.get("name", ""): suite for suite in root}


def test_a_good_run_has_no_failures() -> None:
    found = suites(junit_text(document(good_run())))
    assert {name: suite.get("tests") for name, suite in found.items()} == {
        "lean": "5",
        "exact reals": "4",
        "numpy-float64-cpu": "4",
        "numpy-float32-cpu": "4",
        "torch-float64-cpu": "4",
        "torch-float32-cpu": "4",
    }
    assert {suite.get("failures") for suite in found.values()} == {"0"}


def test_findings_are_failures_and_the_rest_is_skipped() -> None:
    bad = check(verdict=Verdict.VIOLATES, violation=violation(message="\x00 & <b>\x1b[0m"))
    missing = check("sumExp", verdict=Verdict.UNSUPPORTED, notes=("no bfloat16",))
    announced = check("sumExp", verdict=Verdict.VIOLATES, expected="violates")
    found = suites(junit_text(document([bad, missing, announced])))["numpy-float32-cpu"]
    assert (found.get("tests"), found.get("failures"), found.get("skipped")) == ("3", "1", "2")
    (failure,) = found.iter("failure")
    assert failure.get("message") == "violates: � & <b>�[0m"
    assert failure.text is not None and failure.text.startswith("crosscheck replay ")
    assert f"@{violation().case.id} --impl " in failure.text  # type: ignore[union-attr]


def test_a_lean_text_that_differs_is_a_failure() -> None:
    lean = lean_record(mirror="differs", message="binders differ", detail=["spec: a", "Lean: b"])
    found = suites(junit_text(document(good_run(), {"sumExp": lean})))["lean"]
    assert found.get("failures") == "1"
    (failure,) = found.iter("failure")
    assert failure.text == "spec: a\nLean: b"


def test_seed_and_effort_are_properties() -> None:
    for suite in suites(junit_text(document(good_run()))).values():
        facts = {one.get("name"): one.get("value") for one in suite.iter("property")}
        assert (facts["seed"], facts["effort"], facts["numpy"]) == ("1", "default", "2.4.6")
        assert next(iter(suite)).tag == "properties"
