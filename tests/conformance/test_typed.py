"""What follows from a type: calls agree with each other; each check names its own cause."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness.cells.cell import Cell, parse_cell
from harness.conformance.call_pairs import Setting
from harness.conformance.job import Job
from harness.conformance.kinds import KINDS
from harness.conformance.observed import Observed
from harness.conformance.request import Request
from harness.conformance.select_jobs import jobs
from harness.conformance.session import Session
from harness.conformance.sheet import one_cell
from harness.conformance.tally import Tally
from harness.conformance.typed import judge_typed
from harness.conformance.verdict import CheckResult, Verdict
from harness.implementations.entry import Entry
from harness.implementations.user_entry import user_entry
from harness.specs.library import SpecLibrary
from tests.conformance.judging import Judge, subject_of

MUTANTS = Path(__file__).parents[1] / "mutants"
BENCHES: dict[str, Any] = {}  # references and bounds, which the tests here share


def softmax(x: np.ndarray) -> np.ndarray:
    if x.shape[-1] == 0:
        return x.copy()
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return np.asarray(e / np.sum(e, axis=-1, keepdims=True))


def coupled(x: np.ndarray) -> np.ndarray:
    """One sum for the whole batch."""
    if x.size == 0:
        return x.copy()
    e = np.exp(x - np.max(x))
    return np.asarray(e / np.sum(e))


def by_neighbour(x: np.ndarray) -> np.ndarray:
    """A little of the next row in each row of a batch."""
    y = softmax(x)
    return (
        y if x.ndim == 1 else np.asarray(0.999 * y + 0.001 * np.roll(y, 1, axis=0)).astype(y.dtype)
    )


def counting() -> Callable[[np.ndarray], np.ndarray]:
    calls = [0]

    def wrong(x: np.ndarray) -> np.ndarray:
        calls[0] += 1
        return np.asarray(softmax(x) * x.dtype.type(1.001 if calls[0] % 7 == 0 else 1))

    return wrong


def results(
    library: SpecLibrary, entry: Entry, effort: str = "quick", fail_fast: bool = False
) -> dict[str, CheckResult]:
    request = Request(effort=effort, shrink=False, fail_fast=fail_fast)
    session = Session(request, library, (entry,))
    session._benches.update(BENCHES.setdefault(effort, {}))
    found = {
        job.check: session.run(job)
        for job in jobs(request, library, (entry,))
        if job.check in ("definition", *KINDS)
    }
    BENCHES[effort].update(session._benches)
    return found


def mine(function: Callable[..., object] | str) -> Entry:
    return user_entry({"softmaxVec": function}, "numpy", dtypes=("float32",), name="mine")


def blamed(found: dict[str, CheckResult]) -> set[str]:
    return {check for check, one in found.items() if one.verdict is Verdict.VIOLATES}


def judged(judge: Judge, function: Callable[..., object], kind: str, cell: Cell) -> CheckResult:
    """One cell, every row, without other checks before it."""
    bench = judge.bench(cell.dtype)
    subject = subject_of({"softmaxVec": function}, "numpy", cell.dtype)
    sheet = one_cell(bench.own["softmaxVec"].params, cell)
    setting = Setting(bench, subject, "softmaxVec", kind, Observed(), lambda: None, thorough=True)
    tally = Tally()
    judge_typed(setting, sheet, tally)
    base = CheckResult("softmaxVec", kind, "mine", cell.dtype, "cpu", Verdict.NOT_RUN)
    return tally.result(base)


def test_right_code_conforms_in_every_kind_and_says_how_much_was_compared(
    library: SpecLibrary,
) -> None:
    found = results(library, mine(softmax), effort="default")
    assert set(found) == {"definition", *KINDS}
    for result in found.values():
        assert result.verdict is Verdict.CONFORMS, result
        assert result.cases > 1000
    assert found["batch"].worst_ratio is not None and found["batch"].worst_ratio.amount < 1


def test_at_quick_effort_there_is_one_layout_and_no_check_of_it(library: SpecLibrary) -> None:
    assert set(results(library, mine(softmax))) == {"definition", "batch", "repeat", "inputs"}


@pytest.mark.parametrize("function", [coupled, by_neighbour])
def test_rows_that_depend_on_their_neighbours(
    library: SpecLibrary, function: Callable[..., object]
) -> None:
    found = results(library, mine(function))
    assert blamed(found) == {"definition", "batch"}
    violation = found["batch"].violation
    assert violation is not None and violation.kind == "batch"
    assert "of a batch of 13" in violation.message and "for the same row alone" in violation.message
    assert violation.case is not None and violation.case.n >= 1


def test_the_row_that_is_named_differs(judge: Judge) -> None:
    cell = Cell(1, "float32", 3, "normal", "normal", batch=(2, 3))
    result = judged(judge, by_neighbour, "batch", cell)
    assert result.violation is not None and result.violation.case is not None
    x = one_cell(judge.bench("float32").own["softmaxVec"].params, cell)
    numbers = next(iter(x.arrays.values())).astype("f4").reshape(2, 3, 3)
    place = np.unravel_index(result.violation.case.row, (2, 3))
    beside, alone = by_neighbour(numbers)[place], by_neighbour(numbers[place])
    (at,) = result.violation.at
    assert float.fromhex(result.violation.got) == beside[at]
    assert float.fromhex(result.violation.want) == alone[at]
    assert result.cases == 2 * 3 * 3


@pytest.mark.parametrize("view", ["strided", "transposed", "reversed", "offset"])
def test_layouts_are_told_from_the_numbers(judge: Judge, view: str) -> None:
    cell = Cell(1, "float32", 8, "normal", "normal", batch=(5,), view=view)
    right = judged(judge, softmax, "layout", cell)
    assert right.verdict is Verdict.CONFORMS and right.cases == 40

    def by_layout(x: np.ndarray) -> np.ndarray:
        return softmax(x) * x.dtype.type(1.001 if x.base is not None and x.base.size > 40 else 1)

    wrong = judged(judge, by_layout, "layout", cell)
    assert wrong.violation is not None
    assert f"in layout '{view}'" in wrong.violation.message
    assert parse_cell(wrong.violation.case.cell).view == view if wrong.violation.case else False
    # The very same code is not to blame for its rows, nor for a memory.
    assert judged(judge, by_layout, "repeat", cell).verdict is not Verdict.VIOLATES


def test_a_result_that_changes_from_call_to_call(library: SpecLibrary) -> None:
    found = results(library, mine(counting()))
    assert "repeat" in blamed(found)
    violation = found["repeat"].violation
    assert violation is not None and "later, for the same input" in violation.message


def test_an_argument_that_is_changed_is_named_and_no_value_is(library: SpecLibrary) -> None:
    def in_place(x: np.ndarray) -> np.ndarray:
        y = softmax(x)
        x += 1
        return y

    found = results(library, mine(in_place))
    assert blamed(found) == {"definition", "inputs"}
    violation = found["inputs"].violation
    assert violation is not None and violation.message == "argument 1 was changed by the call"


@pytest.mark.parametrize("name", ["by_shape", "by_sum", "by_sizes", "by_size_and_ends"])
def test_a_memory_is_told_from_a_batch_by_fresh_code(
    library: SpecLibrary, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.syspath_prepend(str(MUTANTS))
    monkeypatch.delitem(sys.modules, "wrong_memory", raising=False)
    entry = mine(f"wrong_memory:{name}")
    found = results(library, entry, effort="default", fail_fast=True)
    assert blamed(found) == {"definition", "repeat"}
    violation = found["repeat"].violation
    assert violation is not None and "in code just imported" in violation.message


def test_without_a_bound_nothing_is_compared_and_arguments_are(judge: Judge) -> None:
    """exp overflows as written: that says nothing about the rows of the batch."""
    cell = Cell(1, "float32", 3, "near_overflow", "normal", batch=(5,))
    bench = judge.bench("float32")
    subject = subject_of({"softmaxVec": coupled}, "numpy", "float32", "as_written")
    sheet = one_cell(bench.own["softmaxVec"].params, cell)
    found = {}
    for kind in ("batch", "inputs"):
        setting = Setting(bench, subject, "softmaxVec", kind, Observed(), lambda: None)
        tally = Tally()
        with np.errstate(all="ignore"):
            judge_typed(setting, sheet, tally)
        base = CheckResult("softmaxVec", kind, "mine", "float32", "cpu", Verdict.NOT_RUN)
        found[kind] = tally.result(base)
    assert found["batch"].verdict is Verdict.INCONCLUSIVE
    assert found["batch"].out_of_range > 0 and found["batch"].cases == 0
    assert found["inputs"].verdict is Verdict.CONFORMS


def test_the_calls_of_the_definition_check_are_used_again(library: SpecLibrary) -> None:
    calls = [0]

    def counted(x: np.ndarray) -> np.ndarray:
        calls[0] += 1
        return softmax(x)

    request = Request(effort="default", shrink=False)
    session = Session(request, library, (mine(counted),))
    session._benches.update(BENCHES.setdefault("default", {}))
    made = {}
    for check in ("definition", *KINDS):
        before = calls[0]
        session.run(Job("softmaxVec", check, "mine", "float32", "cpu"))
        made[check] = calls[0] - before
    assert made["layout"] == made["inputs"] == 0
    assert made["batch"] < made["definition"] and made["repeat"] < made["definition"] / 3


@pytest.mark.parametrize(
    ("reference", "check"),
    [
        ("wrong_sometimes:in_last_row", "batch"),
        ("wrong_sometimes:for_gaps", "layout"),
        ("wrong_memory:by_shape", "repeat"),
        ("wrong_memory:into_argument", "inputs"),
    ],
)
def test_a_violation_is_shrunk_to_a_program_that_shows_it(
    library: SpecLibrary,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    reference: str,
    check: str,
) -> None:
    monkeypatch.chdir(MUTANTS)
    monkeypatch.syspath_prepend(str(MUTANTS))
    request = Request(effort="default", fail_fast=True)
    session = Session(request, library, (mine(reference),))
    session._benches.update(BENCHES.setdefault("default", {}))
    for one in ("definition", check):
        result = session.run(Job("softmaxVec", one, "mine", "float32", "cpu"))
    assert result.violation is not None and result.violation.shrunk is not None
    small = result.violation.shrunk
    last = small.calls[-1]
    assert len(small.calls) == (2 if check == "repeat" else 1)
    assert last.batch == ((1,) if check == "batch" else ())  # a batch of one is its last row
    assert (last.view != "contiguous") == (check == "layout")
    assert last.sizes["n"] <= 2
    for name in ("wrong_memory", "wrong_sometimes"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    program = compile(small.snippet, "<snippet>", "exec")
    if check == "inputs":
        with pytest.raises(AssertionError, match="an argument was changed"):
            exec(program, {})
    else:
        exec(program, {})
        assert "violates" in capsys.readouterr().out
