"""The vocabulary of verdicts, and the name by which a case is replayed."""

from __future__ import annotations

import pickle

from harness.conformance.verdict import FINDINGS, Case, CheckResult, Verdict, Violation


def test_the_words_are_those_of_every_report() -> None:
    assert [str(verdict) for verdict in Verdict] == [
        "refuted",
        "violates",
        "inconclusive",
        "unsupported",
        "not run",
        "conforms",
    ]
    assert {str(verdict) for verdict in FINDINGS} == {"refuted", "violates", "inconclusive"}


def test_a_case_has_one_name() -> None:
    assert Case("float32/n=1/normal/tiny/s0/13/contiguous/seed=1", 4, 1).id.endswith("seed=1#4")


def test_a_result_travels_between_processes() -> None:
    result = CheckResult(
        "sumExp",
        "definition",
        "mine",
        "float32",
        "cpu",
        Verdict.VIOLATES,
        violation=Violation("value", "told", Case("cell", 0, 1, {"x": ["0x1p+0"]}), ratio=2.0),
    )
    assert pickle.loads(pickle.dumps(result)) == result
