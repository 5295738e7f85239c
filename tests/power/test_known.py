"""Known failures: what matches is expected, what no longer matches makes the run fail."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.cli import main
from harness.conformance.verdict import CheckResult, Verdict
from harness.errors import InputError
from harness.implementations.entry import Entry, Expectation, Implementation
from harness.power.known import settled

NAMES = ("softmaxVec", "softmaxJvp", "softmaxJvp_apply", "sumExp")
EXPECTS = Expectation(("softmaxVec",), "it overflows", "https://example.org/1")
ENTRY = Entry(
    "mine",
    "numpy",
    {"softmaxVec": Implementation("a:f")},
    ("float64", "float32"),
    expectation=EXPECTS,
)


def result(
    verdict: Verdict = Verdict.VIOLATES,
    declaration: str = "softmaxVec",
    check: str = "definition",
    dtype: str = "float32",
    constants: tuple[str, ...] = ("softmaxVec",),
) -> CheckResult:
    return CheckResult(declaration, check, "mine", dtype, "cpu", verdict, constants=constants)


def fared(*results: CheckResult, at_case: bool | None = None, **how: Any) -> tuple[Any, Any]:
    def judge(entry: Entry, constant: str, dtype: str) -> bool:
        assert at_case is not None and constant == "softmaxVec"
        return at_case

    entry = replace(ENTRY, expectation=replace(EXPECTS, **how))
    marked, known = settled(results, [entry], NAMES, judge)
    return [one.expected for one in marked], [(one.status, one.message) for one in known]


def test_what_was_announced_is_expected() -> None:
    assert fared(result()) == (["violates"], [("matches", "")])


def test_what_conforms_now_is_stale() -> None:
    expected, [(status, message)] = fared(result(Verdict.CONFORMS))
    assert expected == ["conforms"] and status == "stale"
    assert message.startswith("softmaxVec no longer violates in float32: remove expect, or say")
    assert message.endswith("dtypes: [float64]")


def test_another_declaration_that_violates_is_a_finding() -> None:
    expected, known = fared(result(), result(declaration="sumExp", constants=("sumExp",)))
    assert expected == ["violates", "conforms"] and len(known) == 1


def test_what_follows_from_an_announced_failure_is_expected_too() -> None:
    theorem = result(declaration="softmaxJvp_apply", check="theorem")
    assert fared(result(), theorem)[0] == ["violates", "violates"]
    # But not where the announced constant itself is right.
    assert fared(result(Verdict.CONFORMS), theorem)[0] == ["conforms", "conforms"]


def test_dtypes_that_are_not_named_must_conform() -> None:
    expected, known = fared(result(), result(dtype="float64"), dtypes=("float64",))
    assert expected == ["conforms", "violates"] and known == [("matches", "")]


def test_what_did_not_run_is_not_judged() -> None:
    skipped = (result(Verdict.UNSUPPORTED), result(Verdict.NOT_RUN))
    assert fared(*skipped) == (["conforms", "conforms"], [])


@pytest.mark.parametrize(
    ("verdict", "at_case", "status", "said"),
    [
        (Verdict.VIOLATES, True, "matches", ""),
        (Verdict.CONFORMS, True, "matches", ""),  # this effort does not meet the case
        (Verdict.VIOLATES, False, "stale", "it violates, but not at its case, x = [1]: write"),
        (Verdict.CONFORMS, False, "stale", "it conforms, even at its case, x = [1]: remove"),
    ],
)
def test_a_stated_case_decides(verdict: Verdict, at_case: bool, status: str, said: str) -> None:
    _, [(found, message)] = fared(result(verdict), at_case=at_case, case="x = [1]")
    assert found == status and message.startswith(said)


def test_a_declaration_that_is_not_there() -> None:
    with pytest.raises(InputError, match="no declaration") as caught:
        fared(result(), violates=("softmaxVce",))
    assert caught.value.hint == "did you mean 'softmaxVec'?"


CATALOGUE = """\
schema: 1
entries:
  - name: mine
    backend: numpy
    dtypes: [float32]
    constants: {{softmaxVec: "{function}"}}
    expect: {{violates: [softmaxVec], reason: no shift by the maximum, case: "x = [{case}, 0]"}}
"""
CODE = """\
import numpy as np


def naive(x):
    e = np.exp(x)
    return e / e.sum(axis=-1, keepdims=True)


def shifted(x):
    return naive(x - x.max(axis=-1, keepdims=True, initial=-np.inf))
"""


@pytest.fixture
def checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[str, str], tuple[int, str, Any]]:
    """Exit code, text and JSON of `check softmaxVec` of a function, with a stated case."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    (tmp_path / "known_module.py").write_text(CODE, encoding="utf-8")

    def check(function: str, case: str) -> tuple[int, str, Any]:
        text = CATALOGUE.format(function=f"known_module:{function}", case=case)
        (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
        words = ["check", "softmaxVec", "--catalogue", "mine.yaml", "--effort", "quick"]
        capsys.readouterr()
        code = main([*words, "--no-state", "--json", "out.json"])
        return code, capsys.readouterr().out, json.loads((tmp_path / "out.json").read_text())

    return check


@pytest.mark.slow
def test_a_run_with_a_known_failure_is_green_until_it_is_repaired(
    checked: Callable[[str, str], tuple[int, str, Any]],
) -> None:
    code, text, document = checked("naive", "100")
    assert code == 0, text
    assert "softmaxVec violates, as announced" in text and "no shift by the maximum" in text
    assert text.rstrip().endswith("1 known failure violates as announced.")
    (known,) = document["known_failures"]
    assert known["status"] == "matches" and known["place"].endswith("mine.yaml:7")

    code, text, document = checked("shifted", "100")
    assert code == 1
    assert "known failure is stale" in text and "remove expect" in text and "mine.yaml:7" in text
    assert text.rstrip().endswith("The known failures of mine no longer match.")

    code, text, _ = checked("naive", "1")
    assert code == 1 and "it violates, but not at its case, x = [1, 0]" in text
