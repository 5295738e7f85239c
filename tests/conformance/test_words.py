"""A result in words: verdict, place, the input in hex floats, and how far it is off."""

from __future__ import annotations

from dataclasses import replace

from harness.conformance.verdict import Case, CheckResult, Verdict, Violation
from harness.conformance.words import told

CASE = Case("float32/n=1/normal/tiny/s0/13/contiguous/seed=1", 4, 1, {"x": ["0x1.8p+1"]})
RIGHT = CheckResult("softmaxVec", "definition", "mine", "float32", "cpu", Verdict.CONFORMS)
WRONG = replace(
    RIGHT,
    verdict=Verdict.VIOLATES,
    violation=Violation("value", "softmaxVec is 2.0, exact is 1.0", CASE, "softmaxVec", 12.345678),
)


def test_a_result_without_a_finding_is_one_line() -> None:
    assert told(RIGHT) == "softmaxVec, definition check, mine float32 cpu: conforms"
    noted = replace(RIGHT, verdict=Verdict.UNSUPPORTED, notes=("mine has no float16", "sorry"))
    assert told(noted).endswith("cpu: unsupported (mine has no float16; sorry)")


def test_a_statement_has_no_entry_and_no_device() -> None:
    result = CheckResult("softmaxVec_zero", "consistency", "", "reals", "", Verdict.REFUTED)
    assert told(result) == "softmaxVec_zero, consistency check, reals: refuted"


def test_a_violation_gives_the_ratio_the_case_and_the_numbers() -> None:
    lines = told(WRONG).splitlines()
    assert lines[0] == "softmaxVec, definition check, mine float32 cpu: violates"
    assert lines[1] == "  value: softmaxVec is 2.0, exact is 1.0"
    assert lines[2] == "  error / bound: 12.35"
    assert f"  case: softmaxVec:definition:mine:cpu@{CASE.id}" in lines
    assert any("x = ['0x1.8p+1']" in line for line in lines)


def test_what_has_no_ratio_gives_none() -> None:
    raised = replace(RIGHT, violation=Violation("exception", "ValueError: no", CASE))
    assert "error / bound" not in told(raised)
    assert "  exception: ValueError: no" in told(raised)


def test_a_violation_at_n_0_stands_beside_the_other() -> None:
    at_zero = replace(WRONG, violation_n0=Violation("exception", "IndexError: empty"))
    assert "exception: IndexError: empty" in told(at_zero) and "12.35" in told(at_zero)


def test_what_was_borrowed_is_named() -> None:
    assert told(replace(RIGHT, ours=("sumExp", "dotCLM"))).splitlines()[1:] == [
        "  ours: sumExp, dotCLM"
    ]
