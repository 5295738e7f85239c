"""How the errors lie below their bounds, in 64 bins of one binade each.

Counts of whole numbers are added exactly in any order, so a histogram of many runs is the sum of
theirs. Bin k holds the ratios error ÷ bound with floor(log2(ratio)) = k + LOWEST; the first also
what is smaller, an error of 0 included, the last all from 1 on: what reaches its bound.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 64
LOWEST = -63

Counts = NDArray[np.int64]


def none() -> Counts:
    """The histogram of nothing."""
    return np.zeros(BINS, dtype=np.int64)


def counts(ratio: NDArray[np.floating[Any]]) -> Counts:
    """The histogram of ratios >= 0; inf and NaN count as the greatest. BINS counts."""
    with np.errstate(all="ignore"):
        _, exponents = np.frexp(ratio)  # ratio = m · 2^e with 1/2 <= m < 1, exactly
    bins = np.where(ratio > 0, exponents - 1 - LOWEST, 0)
    bins = np.where(np.isfinite(ratio), np.clip(bins, 0, BINS - 1), BINS - 1)
    return np.bincount(bins.ravel(), minlength=BINS).astype(np.int64)


def edges() -> tuple[float, ...]:
    """The lower edge of each bin as a ratio; that of the first is 0."""
    return (0.0, *(2.0 ** (k + LOWEST) for k in range(1, BINS)))
