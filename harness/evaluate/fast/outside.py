"""The rounding of what stands outside of a statement's calls: the harness's own arithmetic."""

from __future__ import annotations

from harness.evaluate.arithmetic import Rounding
from harness.evaluate.formats import Format

_NOWHERE = Format("none", p=2000, emin=-1022, emax=1023)
OUTSIDE = Rounding(
    output=_NOWHERE,
    working=_NOWHERE,
    accumulator=_NOWHERE,
    exp_ulp=0.0,
    exp_argument_roundings=0,
    order="any",
    flush_to_zero=False,
    exact=False,
)
"""Outside of the calls nothing is charged: what the walk charges there is more."""
