"""Three-valued comparison: inside the bound, outside it, or too near to say with this oracle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from harness.evaluate.formats import Format, ulp
from harness.evaluate.oracle import Bound, Reference

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Comparison:
    """Per element, same shape throughout.

    judged: has a finite bound and its row is in range; out: its row is not in range; inside,
    outside: decided, and the rest of judged is undecided. ratio: error / bound (0 where both
    vanish, inf for a NaN); ulps: error in ulp of the output format.
    """

    judged: Flags
    out: Flags
    inside: Flags
    outside: Flags
    ratio: NDArray[np.float64]
    ulps: NDArray[np.float64]

    @property
    def undecided(self) -> Flags:
        """Judged, and too near to the bound for this oracle."""
        return self.judged & ~self.inside & ~self.outside


def compare(got: NDArray[np.floating], want: Reference, bound: Bound, fmt: Format) -> Comparison:
    """got: what came back, in float64, shaped like the reference. fmt: the format of the result."""
    with np.errstate(all="ignore"):
        error = abs((got - want.value) - want.low)
        return three_way(
            error, want.error, bound.error, want.out_of_range | bound.out_of_range, want.value, fmt
        )


def three_way(
    error: NDArray[np.floating],
    doubt: NDArray[np.floating],
    allowed: NDArray[np.floating],
    out_of_range: Flags,
    want: NDArray[np.floating],
    fmt: Format,
) -> Comparison:
    """error: observed; doubt: how far that may be off; allowed: the bound; want: sets the ulp.

    All of one shape (rows, ...); out_of_range: (rows,).
    """
    with np.errstate(all="ignore"):
        in_range = ~out_of_range.reshape(-1, *(1,) * (error.ndim - 1))
        judged = np.isfinite(allowed) & in_range
        nan = ~np.isfinite(error)
        inside = judged & ~nan & (error + doubt <= allowed)
        # Where the oracle itself does not know the value, a NaN is nobody's fault yet.
        outside = judged & np.isfinite(doubt) & (nan | (error - doubt > allowed))
        ratio = np.where(error == 0, 0.0, error / allowed)
        ratio = np.where(nan, np.inf, ratio)
        finite = np.where(np.isfinite(want), want, 0)
        ulps = error / ulp(finite, fmt)
    return Comparison(
        judged,
        np.broadcast_to(~in_range, judged.shape),
        inside,
        outside,
        np.where(judged, ratio, 0).astype(np.float64),
        np.where(judged, ulps, 0).astype(np.float64),
    )
