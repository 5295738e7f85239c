"""The theorem check of a statement by the million: kernel first, the walk for the rest.

    check = theorem_check(bench, claim, arithmetics, "float32")
    total = total.merged(check({x: ..., dx: ...}, call).from_row(first))

`call(constant, arguments)` calls the implementation. Where there is no kernel (`check.why` says
why) the walk judges every row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.conformance.backends import Backend
from harness.conformance.chunk_place import InMemory, OnDevice, Place
from harness.conformance.claim import Claim
from harness.conformance.given import Given, sheet_of, sizes_of
from harness.conformance.recorded_hook import Caller, RecordedHook
from harness.conformance.sheet import Sheet
from harness.conformance.subject import Subject
from harness.conformance.theorem import Pass, compared, frame_of
from harness.conformance.workbench import Workbench
from harness.evaluate.arithmetic import Arithmetic
from harness.evaluate.charge import Charger
from harness.evaluate.fast.device.on_torch import kernel_on
from harness.evaluate.fast.judged import Judges
from harness.evaluate.fast.llvm.kernel import compiled_kernel
from harness.evaluate.fast.llvm.machine import Store, available
from harness.evaluate.fast.lowered import Lowered
from harness.evaluate.fast.reasons import NotCompiled
from harness.evaluate.fast.relation import Asked, lowered_relation
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
    """One relation of a claim. kernel: None where there is none, then `why` is a sentence; calls:
    those that the statement makes, in order; place: where the arrays of a chunk are."""

    bench: Workbench
    claim: Claim
    relation: Relation
    subject: Subject
    place: Place
    kernel: Judges | None
    calls: tuple[Asked, ...] = ()
    why: str = ""

    def __call__(
        self,
        arrays: Mapping[Var, Any],
        call: Caller,
        places: Mapping[str, int] | None = None,
    ) -> Summary:
        """Judge a chunk of inputs: variable -> (rows, ...) numbers of the format.

        places: the value of each index that is an argument of a call, by name. What `call` gets and
        gives are arrays of `place`.
        """
        given, at = [self.place.put(arrays[v]) for v in self.claim.sampled], places or {}
        if self.kernel is None:
            return self._walked(given, {}, call, at, None)
        slots: dict[int, Any] = dict(enumerate(given))
        results: dict[Call, Any] = {}
        for asked in self.calls:
            self._make(asked, slots, results, given, at)
            told = zip(asked.arguments, asked.literal, strict=True)
            passed = tuple(_index(a, at) if literal else slots[int(a)] for a, literal in told)
            results[asked.term] = slots[asked.slot] = call(asked.term.constant, passed)
        judged = self.kernel.judge([slots[k] for k in range(len(slots))], at)
        if not judged.look.size:
            return judged.summary
        return judged.summary.merged(self._walked(given, results, call, at, judged.look))

    def _make(
        self,
        asked: Asked,
        slots: dict[int, Any],
        results: Mapping[Call, Any],
        given: Sequence[Any],
        places: Mapping[str, int],
    ) -> None:
        """Compute, in numpy, the arguments of a call that are neither variables nor results."""
        if not asked.made:
            return
        fmt = FORMATS[self.subject.dtype]
        carrier = carrier_for(fmt)

        def carried(array: Any) -> Value:
            numbers = self.place.read(array).astype(carrier.dtype)
            return exact(numbers, 0, numbers.ndim - 1)

        def known(call: Call, arguments: Any, depth: int) -> Value:
            return carried(results[call]).at_depth(depth)

        rows = len(given[0])
        walk, _ = walk_for({}, harness_rounding(carrier), rows, called=known)
        frame = Frame(dict(self._fixed(places)), self._sizes(given))
        for variable, array in zip(self.claim.sampled, given, strict=True):
            frame.bindings[variable] = carried(array)
        for slot, term in asked.made:
            with np.errstate(all="ignore"):
                value = walk.any(term, frame, 0).value
            full = np.broadcast_to(value, (rows, *value.shape[1:]))
            slots[slot] = self.place.put(round_to(full, fmt).astype(np.float64))

    def _fixed(self, places: Mapping[str, int]) -> dict[Var, int]:
        """The indices that are arguments of calls."""
        return {v: places[v.name] for v in self.claim.indices if v in self.claim.passed}

    def _sizes(self, given: Sequence[Any]) -> dict[str, int]:
        return sizes_of((v.type, a) for v, a in zip(self.claim.sampled, given, strict=True))

    def _walked(
        self,
        given: Sequence[Any],
        results: Mapping[Call, Any],
        call: Caller,
        places: Mapping[str, int],
        rows: Array | None,
    ) -> Summary:
        """rows: which the walk judges, None for all."""
        total, sizes = Summary(), self._sizes(given)
        numbers = [self.place.read(a, rows) for a in given]
        known = {term: self.place.read(a, rows) for term, a in results.items()}
        labels = np.arange(len(given[0])) if rows is None else rows

        def called(constant: str, arguments: tuple[Array | int, ...]) -> Array:
            there = tuple(a if isinstance(a, int) else self.place.put(a) for a in arguments)
            return self.place.read(call(constant, there))

        each = max(1, sum(int(np.prod(a.shape[1:])) for a in numbers))
        step = max(1, PIECE // each)
        for start in range(0, len(labels), step):
            piece = slice(start, start + step)
            arrays = {
                v.name: np.asarray(a[piece], np.float64)
                for v, a in zip(self.claim.sampled, numbers, strict=True)
            }
            one = Given(sizes, arrays, (len(labels[piece]),))
            sheet = sheet_of(self.claim.variables, self.subject.dtype, [one])
            recorded = {term: a[piece] for term, a in known.items()}
            total = total.merged(self._piece(sheet, recorded, called, places, labels[piece]))
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
        fixed = self._fixed(places)
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

    place = InMemory(dtype)
    if not available():
        return _checks(bench, claim, arithmetics, dtype, place, _absent)
    return _checks(bench, claim, arithmetics, dtype, place, partial(compiled_kernel, store=store))


def theorem_check_on(
    backend: Backend,
    bench: Workbench,
    claim: Claim,
    arithmetics: Mapping[str, Arithmetic],
    dtype: str,
) -> tuple[TheoremCheck, ...]:
    """The same on the device of a backend of torch: arrays are tensors there."""
    place = OnDevice(backend, dtype)
    return _checks(bench, claim, arithmetics, dtype, place, partial(kernel_on, backend.device))


def _absent(made: Lowered) -> Judges:
    raise NotCompiled("llvmlite is not installed (pip install 'lean-crosscheck[fast]')")


def _checks(
    bench: Workbench,
    claim: Claim,
    arithmetics: Mapping[str, Arithmetic],
    dtype: str,
    place: Place,
    kernel_of: Callable[[Lowered], Judges],
) -> tuple[TheoremCheck, ...]:
    if claim.assumed or claim.derivatives or claim.outside:
        what = "hypotheses" if claim.assumed else "derivatives"
        raise NotCompiled(claim.outside or f"a statement with {what} is judged with balls")
    subject = Subject("", dtype, "cpu", {}, {}, {}, arithmetics)
    promises = {
        c: (bench.equation_sets(c, arithmetics[c].forms), arithmetics[c]) for c in claim.constants
    }
    found = []
    for relation in claim.relations:
        check = TheoremCheck(bench, claim, relation, subject, place, None)
        try:
            lowered = lowered_relation(relation, claim.variables, promises, dtype)
            check = replace(check, kernel=kernel_of(lowered.made), calls=lowered.calls)
        except NotCompiled as reason:
            check = replace(check, why=f"{reason}: the walk judges")
        found.append(check)
    return tuple(found)


def _index(argument: int | str, places: Mapping[str, int]) -> int:
    return places[argument] if isinstance(argument, str) else argument
