"""How fine the bound of a constant is on the inputs of a run: what a survivor hides behind."""

from __future__ import annotations

import numpy as np

from harness.conformance.sheet import Sheet
from harness.conformance.workbench import Workbench
from harness.evaluate.arithmetic import Arithmetic
from harness.evaluate.formats import FORMATS, ulp
from harness.power.document import Resolution


def resolution(
    bench: Workbench, constant: str, dtype: str, arithmetic: Arithmetic
) -> Resolution | None:
    """The least bound above 0, in ulp, and the share of results whose bound is 0; None when no
    result is judged."""
    best: tuple[float, int, str] | None = None
    judged_count = exact_count = 0
    for sheet in bench.definition_sheets(bench.own[constant].params, dtype):
        if sheet.n == 0:
            continue
        want = bench.reference(constant, sheet)
        bound = bench.bound(constant, sheet, arithmetic)
        with np.errstate(over="ignore"):  # a longdouble bound that float64 lacks is none
            allowed = bound.error.astype(np.float64)
        in_range = ~(want.out_of_range | bound.out_of_range)
        judged = np.isfinite(allowed) & in_range.reshape(-1, *(1,) * (allowed.ndim - 1))
        judged_count += int(judged.sum())
        exact_count += int((judged & (allowed == 0)).sum())
        with np.errstate(all="ignore"):
            steps = allowed / ulp(np.asarray(want.value, np.float64), FORMATS[dtype])
        steps = np.where(judged & (allowed > 0), steps, np.inf)
        least = float(steps.min(initial=np.inf))
        if np.isfinite(least) and (best is None or least < best[0]):
            row = int(np.unravel_index(int(np.argmin(steps)), steps.shape)[0])
            best = (least, sheet.n, _regime(sheet, row))
    if best is None:
        return None
    least, n, regime = best
    share = exact_count / judged_count
    return Resolution(least_ulp=least, n=n, regime=regime, exact=share)


def _regime(sheet: Sheet, row: int) -> str:
    return next(p.cell.regime for p in sheet.data if p.start <= row < p.stop)
