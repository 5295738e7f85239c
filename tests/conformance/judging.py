"""One check of one function, with inputs, references and bounds that all tests share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from harness.conformance import backends
from harness.conformance.calling import Callee
from harness.conformance.claim import Claim, claim_of
from harness.conformance.consistency import check_consistency
from harness.conformance.definition import check_definition
from harness.conformance.form_table import form_table
from harness.conformance.guard import TIME_LIMIT
from harness.conformance.subject import Subject
from harness.conformance.theorem import check_theorem
from harness.conformance.verdict import CheckResult
from harness.conformance.workbench import Workbench
from harness.evaluate.arithmetic import named
from harness.implementations.catalogue import load_catalogue
from harness.implementations.resolve import callable_of
from harness.specs.library import SpecLibrary
from harness.statement.elaborate import elaborate
from harness.statement.parse import parse

Function = Callable[..., object]


@dataclass(frozen=True)
class Judge:
    """Checks at one effort; one workbench for each dtype, so that nothing is made twice."""

    library: SpecLibrary
    effort: str = "quick"
    benches: dict[str, Workbench] = field(default_factory=dict)

    def bench(self, dtype: str) -> Workbench:
        if dtype not in self.benches:
            self.benches[dtype] = Workbench(form_table(self.library), self.effort, 1)
        return self.benches[dtype]

    def definition(
        self,
        functions: Mapping[str, Function],
        *,
        backend: str = "numpy",
        dtype: str = "float32",
        arithmetic: str = "ieee",
        min_n: int = 0,
        fail_fast: bool = False,
        limit: float = TIME_LIMIT,
    ) -> CheckResult:
        """The definition check of the only function."""
        (constant,) = functions
        subject = subject_of(functions, backend, dtype, arithmetic, min_n, limit)
        with np.errstate(all="ignore"):
            return check_definition(self.bench(dtype), subject, constant, constant, fail_fast)

    def theorem(
        self,
        statement: str,
        functions: Mapping[str, Function] | None = None,
        *,
        backend: str = "numpy",
        dtype: str = "float32",
        min_n: int = 0,
        limit: float = TIME_LIMIT,
    ) -> CheckResult:
        """The theorem check of a statement; the functions that are not given are ours."""
        subject = subject_of(functions or {}, backend, dtype, min_n=min_n, limit=limit)
        with np.errstate(all="ignore"):
            return check_theorem(self.bench(dtype), subject, "told", self.claim(statement))

    def reals(self, statement: str) -> CheckResult:
        """The consistency check of a statement."""
        return check_consistency(self.bench("reals"), "told", self.claim(statement))

    def claim(self, statement: str) -> Claim:
        return claim_of(elaborate(parse(statement), self.library.scope))


def subject_of(
    functions: Mapping[str, Function],
    backend: str = "numpy",
    dtype: str = "float32",
    arithmetic: str = "ieee",
    min_n: int = 0,
    limit: float = TIME_LIMIT,
) -> Subject:
    """An entry `mine` with these functions, beside our own of the same library."""
    ours = next(entry for entry in load_catalogue() if entry.name == backend)
    lent = {constant: callable_of(ours, constant) for constant in ours.constants}
    return Subject(
        "mine",
        dtype,
        "cpu",
        _callees(functions, backend, dtype, min_n, limit),
        {constant: named(arithmetic) for constant in functions},
        _callees(lent, backend, dtype, 0, TIME_LIMIT),
        {constant: named("ieee") for constant in lent},
    )


def _callees(
    functions: Mapping[str, Function], backend: str, dtype: str, min_n: int, limit: float
) -> dict[str, Callee]:
    kind = backends.backend(backend)
    return {c: Callee(c, "mine", f, kind, dtype, min_n, limit) for c, f in functions.items()}


def by_name(results: Sequence[CheckResult]) -> dict[tuple[str, str], CheckResult]:
    """(declaration, check) -> its result."""
    return {(result.declaration, result.check): result for result in results}
