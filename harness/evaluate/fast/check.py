"""The definition check of a constant by the million: kernel first, the walk for the rest.

    check = definition_check(sets, reference, "softmaxVec", arithmetic, "float32")
    total = total.merged(check((x,), got).from_row(first))

Where there is no kernel (`check.why` says why) the walk judges every row, in pieces of bounded
size; the summaries are of one kind, and verdicts the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.evaluate.arithmetic import Arithmetic
from harness.evaluate.balls import precision
from harness.evaluate.compare import Comparison, compare
from harness.evaluate.fast.definition import Equations
from harness.evaluate.fast.llvm.kernel import Kernel, compile_definition
from harness.evaluate.fast.llvm.machine import Store, available
from harness.evaluate.fast.reasons import NotCompiled
from harness.evaluate.fast.summary import Summary, of_comparison
from harness.evaluate.formats import FORMATS
from harness.evaluate.oracle import (
    BALL_BITS,
    Argument,
    balls_of,
    bound,
    exact_row,
    greatest,
    reference,
)
from harness.statement.types import FinType

Array = NDArray[Any]
PIECE = 1 << 18
"""Elements that the walk takes at once."""

MOST_SETTLED = 1024
"""Elements of one piece that balls judge; the rest stay undecided, and are counted."""


@dataclass(frozen=True)
class DefinitionCheck:
    """sets: the equations of each form that the arithmetic allows; stable: those that give the
    value; kernel: None where there is none, then `why` is a sentence."""

    sets: Sequence[Equations]
    stable: Equations
    constant: str
    arithmetic: Arithmetic
    dtype: str
    kernel: Kernel | None
    why: str = ""

    def __call__(
        self, arrays: Sequence[Array], got: Array, places: Mapping[str, int] | None = None
    ) -> Summary:
        """Judge a chunk: arrays of the sampled arguments (rows, ...), what came back (rows, ...).

        Numbers of the format, in any float type that holds them. places: the value of each index
        among the arguments, by name. Rows are counted from 0.
        """
        if self.kernel is None or got.size == 0:
            return self._walked(arrays, got, places or {}, np.arange(len(got)))
        judged = self.kernel(arrays, got, places)
        if not judged.look.size:
            return judged.summary
        return judged.summary.merged(self._walked(arrays, got, places or {}, judged.look))

    def _walked(
        self, arrays: Sequence[Array], got: Array, places: Mapping[str, int], rows: Array
    ) -> Summary:
        total = Summary()
        for piece in _pieces(rows, max(1, math.prod(got.shape[1:]))):
            numbers = [np.asarray(a[piece], np.float64) for a in arrays]
            total = total.merged(self._piece(numbers, got[piece].astype(np.float64), places, piece))
        return total

    def _piece(
        self, numbers: Sequence[Array], got: Array, places: Mapping[str, int], rows: Array
    ) -> Summary:
        with np.errstate(all="ignore"):
            given, name = self._given(numbers, places), self.constant
            want = reference(self.stable[name], self.stable, given, self.dtype)
            allowed = greatest(
                [bound(e[name], e, given, self.arithmetic, self.dtype) for e in self.sets]
            )
            result = got.reshape(want.value.shape)
            comparison = compare(result, want, allowed, FORMATS[self.dtype])
        comparison = self._settled(comparison, numbers, result, allowed.error, places)
        return of_comparison(comparison, rows)

    def _given(self, numbers: Sequence[Array], places: Mapping[str, int]) -> list[Argument]:
        """The arguments of the walk; an index is a range of one value."""
        rest = iter(numbers)
        return [
            range(places[p.name], places[p.name] + 1) if isinstance(p.type, FinType) else next(rest)
            for p in self.stable[self.constant].params
        ]

    def _settled(
        self,
        comparison: Comparison,
        numbers: Sequence[Array],
        got: Array,
        allowed: Array,
        places: Mapping[str, int],
    ) -> Comparison:
        """Balls for what the oracle could not decide, and for the first that is outside."""
        inside, outside = comparison.inside.copy(), comparison.outside.copy()
        suspects = [*np.argwhere(outside)[:1], *np.argwhere(comparison.undecided)[:MOST_SETTLED]]
        for where in (tuple(int(k) for k in place) for place in suspects):
            exact = exact_row(
                self.stable[self.constant], self.stable, self._given(numbers, places), where[0]
            )
            for k in where[1:]:
                exact = exact[k]
            with precision(BALL_BITS):
                gap = abs(balls_of(np.float64(got[where])) - exact)
                limit = float(allowed[where])
                broken = not np.isfinite(got[where]) or float(gap.abs_lower()) > limit
                within = np.isfinite(got[where]) and float(gap.abs_upper()) <= limit
            outside[where], inside[where] = broken, within
        return replace(comparison, inside=inside, outside=outside)


def definition_check(
    sets: Sequence[Equations],
    stable: Equations,
    constant: str,
    arithmetic: Arithmetic,
    dtype: str,
    store: Store | None = None,
) -> DefinitionCheck:
    """The check, compiled where that is possible."""
    kernel, why = None, ""
    if not available():
        why = "llvmlite is not installed (pip install 'lean-crosscheck[fast]'): the walk judges"
    else:
        try:
            kernel = compile_definition(sets, stable, constant, arithmetic, dtype, store)
        except NotCompiled as reason:
            why = f"{reason}: the walk judges"
    return DefinitionCheck(sets, stable, constant, arithmetic, dtype, kernel, why)


def _pieces(rows: Array, each: int) -> Iterator[Array]:
    step = max(1, PIECE // each)
    for start in range(0, len(rows), step):
        yield rows[start : start + step]
