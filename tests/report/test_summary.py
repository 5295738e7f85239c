"""The exit code and the last sentence of a run."""

from __future__ import annotations

import pytest

from harness.conformance.verdict import CheckResult, Verdict
from harness.report.document import LeanRecord
from tests.report.samples import NAMES, check, document, good_run, lean_record, theorem, violation


def test_a_good_run() -> None:
    found = document(good_run()).summary
    assert found.exit_code == 0
    assert found.sentence == (
        "All 4 declarations conform for numpy and torch in 16,000 cases of float64 and float32; "
        "all 5 statements match the Lean source, none was proved by this run."
    )


BAD = check("softmaxJvp", verdict=Verdict.VIOLATES, violation=violation())
EMPTY = check(
    "sumExp",
    verdict=Verdict.VIOLATES,
    violation_n0=violation(kind="exception", message="ValueError", case=None, ratio=None),
)


@pytest.mark.parametrize(
    ("result", "code", "words"),
    [
        (BAD, 1, "softmaxJvp violates its statement for numpy in float32: 31,234 times the bound"),
        (EMPTY, 1, "cannot take an empty vector"),
        (check("sumExp", verdict=Verdict.INCONCLUSIVE), 1, "sumExp is inconclusive"),
        (check("sumExp", "consistency", Verdict.REFUTED), 1, "sumExp is refuted on exact reals"),
        (check("sumExp", verdict=Verdict.UNSUPPORTED), 0, "conform"),
        (
            check("sumExp", verdict=Verdict.VIOLATES, violation=violation(), expected="violates"),
            0,
            "conform",
        ),
    ],
)
def test_one_more_result(result: CheckResult, code: int, words: str) -> None:
    found = document([*good_run(), result]).summary
    assert found.exit_code == code
    assert words in found.sentence


@pytest.mark.parametrize(
    ("lean", "words"),
    [
        (lean_record(mirror="differs", message="binders"), "is not what the Lean source says"),
        (lean_record(mirror="missing"), "is missing in the Lean source"),
        (lean_record(mirror="unreadable"), "is not comparable with the Lean source"),
        (lean_record(link="suspect"), "is suspect, the Lean text changed since its review"),
    ],
)
def test_the_lean_side_can_fail_a_run(lean: LeanRecord, words: str) -> None:
    found = document(good_run(), {"sumExp": lean}).summary
    assert (found.exit_code, found.sentence) == (1, f"sumExp {words}.")


def test_n0_alone_is_no_failure_and_no_credit() -> None:
    empty = check("Vec", "theorem", Verdict.UNSUPPORTED, cases=0, cases_n0=9, constants=())
    found = document([*good_run(), empty]).summary
    assert found.exit_code == 0
    assert found.sentence.startswith(
        "All 4 declarations conform (1 more speak of n = 0 alone) for numpy and torch in 16,000"
    )


def test_many_declarations_are_counted() -> None:
    lean = dict.fromkeys(NAMES, lean_record(mirror="missing"))
    assert document(good_run(), lean).summary.sentence == (
        "sumExp, softmaxVec, softmaxJvp and 2 more are missing in the Lean source."
    )


def test_nothing_ran_is_not_green() -> None:
    assert document([]).summary.exit_code == 3
    skipped = [check(verdict=Verdict.UNSUPPORTED, notes=("numpy has no bfloat16",))]
    found = document(skipped).summary
    assert (found.exit_code, found.sentence) == (3, "Nothing ran: numpy has no bfloat16.")


def test_interrupted() -> None:
    left = check("sumExp", verdict=Verdict.NOT_RUN, notes=("interrupted",))
    found = document([theorem(), left], interrupted=True).summary
    assert (found.exit_code, found.sentence) == (130, "Interrupted with 1 check left.")
    assert document([BAD, left], interrupted=True).summary.exit_code == 1
