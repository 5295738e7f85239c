"""Statements by the million: kernel and walk say the same of every project statement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from harness.conformance import fast_theorem
from harness.conformance.claim import claim_of
from harness.conformance.fast_theorem import TheoremCheck, theorem_check
from harness.conformance.form_table import form_table
from harness.conformance.given import axes_of
from harness.conformance.recorded_hook import Caller
from harness.conformance.workbench import Workbench
from harness.evaluate.arithmetic import named
from harness.evaluate.fast.reasons import NotCompiled
from harness.evaluate.fast.summary import Summary
from harness.evaluate.formats import FORMATS, round_to
from harness.implementations.catalogue import load_catalogue
from harness.implementations.resolve import callable_of
from harness.specs.library import SpecLibrary
from harness.statement.term import Var

ROWS = 30
COUNTS = ("elements", "out_of_range", "unbounded", "undecided", "violations", "violation")


def checks(
    library: SpecLibrary, arithmetic: str = "ieee", dtype: str = "float32"
) -> Iterator[tuple[str, TheoremCheck]]:
    bench = Workbench(form_table(library), "quick", 1)
    for name, statement in library.statements.items():
        claim = claim_of(statement)
        promised = dict.fromkeys(claim.constants, named(arithmetic))
        try:
            found = theorem_check(bench, claim, promised, dtype)
        except NotCompiled:
            assert claim.derivatives
            continue
        for check in found:
            yield name, check


def rounded(values: np.ndarray, dtype: str) -> np.ndarray:
    kind = np.float64 if dtype == "float64" else np.float32
    return round_to(values.astype(np.float64), FORMATS[dtype]).astype(kind)


def caller(spoiled: str = "", dtype: str = "float32") -> Caller:
    """Our numpy, rounded to the format; row 7 of one constant's results is off by a hundredth."""
    entry = next(e for e in load_catalogue() if e.name == "numpy")
    functions = {constant: callable_of(entry, constant) for constant in entry.constants}

    def call(constant: str, arguments: tuple[Any, ...]) -> np.ndarray:
        result = np.array(functions[constant](*arguments))
        if constant == spoiled:
            result[7] *= result.dtype.type(1.01)
        return rounded(result, dtype)

    return call


def numbers(check: TheoremCheck, n: int) -> dict[Var, np.ndarray]:
    random = np.random.default_rng(n)
    return {
        v: rounded(
            random.normal(size=(ROWS, *(length.at({"n": n}) for length in axes_of(v.type)))),
            check.subject.dtype,
        )
        for v in check.claim.sampled
    }


def twice(check: TheoremCheck, n: int, call: Caller) -> tuple[Summary, Summary]:
    places = {v.name: n - 1 for v in check.claim.indices if v in check.claim.passed}
    arrays = numbers(check, n)
    return check(arrays, call, places), replace(check, kernel=None)(arrays, call, places)


@pytest.mark.parametrize("arithmetic", ["ieee", "flush_to_zero"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_every_statement_by_kernel_and_by_walk(
    library: SpecLibrary, arithmetic: str, dtype: str
) -> None:
    seen = 0
    for name, check in checks(library, arithmetic, dtype):
        assert check.kernel is not None and not check.why, name
        for n in (2, 9):
            fast, slow = twice(check, n, caller(dtype=dtype))
            assert [getattr(fast, c) for c in COUNTS] == [getattr(slow, c) for c in COUNTS], name
            assert fast.violations == 0 and slow.looked == ROWS
            if fast.elements and slow.ratio.amount > 1e-4:
                assert fast.ratio.row == slow.ratio.row, name
                assert fast.ratio.amount == pytest.approx(slow.ratio.amount, rel=1e-3), name
            seen += fast.looked < ROWS
    assert seen > 20


def test_a_wrong_result_is_found_by_both(library: SpecLibrary) -> None:
    found = []
    for name, check in checks(library):
        if name.endswith(("softmaxJvp_apply", "inner_softmaxJvp_comm", "softmaxVec_add_const")):
            spoiled = "softmaxJvp" if "Jvp" in name else "softmaxVecOfFun"
            fast, slow = twice(check, 5, caller(spoiled))
            assert (fast.violations, fast.violation) == (slow.violations, slow.violation)
            found.append((name.rpartition(".")[2], fast.violation))
    # Both sides of the symmetry are wrong alike, which only the definition check sees.
    assert sorted(found) == [
        ("inner_softmaxJvp_comm", -1),
        ("softmaxJvp_apply", 7),
        ("softmaxVec_add_const", 7),
    ]


def test_without_a_compiler_the_walk_judges(
    library: SpecLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fast_theorem, "available", lambda: False)
    name, check = next(iter(checks(library)))
    assert check.kernel is None and "llvmlite is not installed" in check.why, name
