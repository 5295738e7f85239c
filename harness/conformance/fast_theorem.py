"""The theorem check of a statement by the million: kernel first, the walk for the rest.

    check = theorem_check(bench, claim, arithmetics, "float32")
    total = total.merged(check({x: ..., dx: ...}, call).from_row(first))

`call(constant, arguments)` calls the implementation. Where there is no kernel (`check.why` says
why) the walk judges every row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.conformance.claim import Claim
from harness.conformance.given import Given, sheet_of, sizes_of
from harness.conformance.recorded_hook import Caller, RecordedHook
from harness.conformance.sheet import Sheet
from harness.conformance.subject import Subject
from harness.conformance.theorem import Pass, compared, frame_of
from harness.conformance.workbench import Workbench
from harness.evaluate.arithmetic import Arithmetic
from harness.evaluate.charge import Charger
from harness.evaluate.fast.machine import Store, available
from harness.evaluate.fast.reasons import NotCompiled
from harness.evaluate.fast.relation import Asked, RelationKernel, compile_relation
from harness.evaluate.fast.summary import Summary, of_comparison
from harness.evaluate.formats import FORMATS, round_to
from harness.evaluate.oracle import harness_rounding
from harness.evaluate.value import Value, carrier_for, exact
from harness.evaluate.walk import Frame, Walk, walk_for
from harness.statement.term import Call, Relation, Var

Array = NDArray[Any]

PIECE = 1 << 18
"""Numbers of the variables that the walk takes at once."""


@dataclass(frozen=True)
class TheoremCheck:
    """One relation of a claim. kernel: None where there is none, then `why` is a sentence."""

    bench: Workbench
    claim: Claim
    relation: Relation
    subject: Subject
    kernel: RelationKernel | None
    why: str = ""

    def __call__(
        self,
        arrays: Mapping[Var, Array],
        call: Caller,
        places: Mapping[str, int] | None = None,
    ) -> Summary:
        """Judge a chunk of inputs: variable -> (rows, ...) numbers of the format.

        places: the value of each index that is an argument of a call, by name. What `call` gets are
        arrays of float32, or of float64 where that is judged.
        """
        kind = np.float64 if self.subject.dtype == "float64" else np.float32
        given, at = [np.asarray(arrays[v], kind) for v in self.claim.sampled], places or {}
        rows = len(given[0])
        if self.kernel is None:
            return self._walked(given, {}, call, at, np.arange(rows))
        slots: dict[int, Array] = dict(enumerate(given))
        results: dict[Call, Array] = {}
        for asked in self.kernel.calls:
            self._make(asked, slots, results, given)
            told = zip(asked.arguments, asked.literal, strict=True)
            passed = tuple(_index(a, at) if literal else slots[int(a)] for a, literal in told)
            results[asked.term] = slots[asked.slot] = call(asked.term.constant, passed)
        judged = self.kernel.kernel.judge([slots[k] for k in range(len(slots))], at)
        if not judged.look.size:
            return judged.summary
        return judged.summary.merged(self._walked(given, results, call, at, judged.look))

    def _make(
        self,
        asked: Asked,
        slots: dict[int, Array],
        results: Mapping[Call, Array],
        given: Sequence[Array],
    ) -> None:
        """Compute the arguments of a call that are neither variables nor results."""
        for slot, term in asked.made:
            fmt = FORMATS[self.subject.dtype]
            rounding = harness_rounding(carrier_for(fmt))

            def known(call: Call, arguments: Any, depth: int) -> Value:
                return exact(results[call].astype(np.float64), 0, results[call].ndim - 1)

            walk, _ = walk_for({}, rounding, len(given[0]), called=known)
            frame = Frame({}, self._sizes(given))
            for variable, numbers in zip(self.claim.sampled, given, strict=True):
                frame.bindings[variable] = exact(numbers.astype(np.float64), 0, numbers.ndim - 1)
            with np.errstate(all="ignore"):
                value = walk.any(term, frame, 0).value
            full = np.broadcast_to(value, (len(given[0]), *value.shape[1:]))
            slots[slot] = round_to(full, fmt).astype(given[0].dtype)

    def _sizes(self, given: Sequence[Array]) -> dict[str, int]:
        return sizes_of((v.type, a) for v, a in zip(self.claim.sampled, given, strict=True))

    def _walked(
        self,
        given: Sequence[Array],
        results: Mapping[Call, Array],
        call: Caller,
        places: Mapping[str, int],
        rows: Array,
    ) -> Summary:
        total, sizes = Summary(), self._sizes(given)
        each = max(1, sum(int(np.prod(a.shape[1:])) for a in given))
        step = max(1, PIECE // each)
        for start in range(0, len(rows), step):
            piece = rows[start : start + step]
            numbers = {
                v.name: np.asarray(a[piece], np.float64)
                for v, a in zip(self.claim.sampled, given, strict=True)
            }
            one = Given(sizes, numbers, (len(piece),))
            sheet = sheet_of(self.claim.variables, self.subject.dtype, [one])
            known = {term: a[piece] for term, a in results.items()}
            total = total.merged(self._piece(sheet, known, call, places, piece))
        return total

    def _piece(
        self,
        sheet: Sheet,
        results: Mapping[Call, Array],
        call: Caller,
        places: Mapping[str, int],
        rows: Array,
    ) -> Summary:
        carrier = carrier_for(FORMATS[self.subject.dtype])
        fixed = {v: places[v.name] for v in self.claim.indices if v in self.claim.passed}
        out = np.zeros(sheet.rows, dtype=bool)
        bench = self.bench.scratch()
        hook = RecordedHook(bench, self.subject, sheet, sheet.placed, out, results, call)
        walk = Walk({}, Charger(harness_rounding(carrier), carrier, out), hook.call)
        frame, depth = frame_of(
            self.claim, Pass(sheet, "contiguous", sheet.placed, fixed, {}), walk
        )
        with np.errstate(all="ignore"):
            left = walk.any(self.relation.left, frame, depth)
            right = walk.any(self.relation.right, frame, depth)
            comparison, _ = compared(
                self.relation.op, left, right, out, self.subject.dtype, sheet, depth, frame
            )
        counted = of_comparison(comparison, rows)
        if not hook.troubles:
            return counted
        # No number came back where a bound holds, whatever may be said behind it.
        first = int(rows[np.argmin(hook.done)])
        return counted.merged(Summary(violations=int((~hook.done).sum()), violation=first))


def theorem_check(
    bench: Workbench,
    claim: Claim,
    arithmetics: Mapping[str, Arithmetic],
    dtype: str,
    store: Store | None = None,
) -> tuple[TheoremCheck, ...]:
    """The checks of a claim's relations, compiled where that is possible.

    Statements with hypotheses or derivatives have none (`NotCompiled` says so): their rows are
    chosen, or judged, by balls.
    """
    if claim.assumed or claim.derivatives or claim.outside:
        what = "hypotheses" if claim.assumed else "derivatives"
        raise NotCompiled(claim.outside or f"a statement with {what} is judged with balls")
    subject = Subject("", dtype, "cpu", {}, {}, {}, arithmetics)
    found = []
    for relation in claim.relations:
        kernel, why = None, ""
        if not available():
            why = "llvmlite is not installed (pip install 'lean-crosscheck[fast]'): the walk judges"
        else:
            promises = {
                c: (bench.equation_sets(c, arithmetics[c].forms), arithmetics[c])
                for c in claim.constants
            }
            try:
                kernel = compile_relation(relation, claim.variables, promises, dtype, store)
            except NotCompiled as reason:
                why = f"{reason}: the walk judges"
        found.append(TheoremCheck(bench, claim, relation, subject, kernel, why))
    return tuple(found)


def _index(argument: int | str, places: Mapping[str, int]) -> int:
    return places[argument] if isinstance(argument, str) else argument
