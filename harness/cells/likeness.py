"""Whether a device gives the bits that a cell's name promises: looked at before it is relied on.

All regimes are made of operations that IEEE 754 and whole numbers leave no freedom in, so none is
expected here. A device that flushes subnormal numbers, or contracts a product and a sum, is.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain

import numpy as np

from harness.cells.draws import Source, key_of
from harness.cells.maker import Maker, Numbers
from harness.cells.on_numpy import NUMPY
from harness.cells.on_torch import OnTorch
from harness.cells.regimes import REGIMES, Draw, Regime
from harness.cells.tangents import AXIS, TANGENTS
from harness.evaluate.formats import FORMATS

_ROWS = 37
_SIZES = (2, 65)


@lru_cache(maxsize=64)
def unlike(device: str, dtype: str) -> frozenset[str]:
    """The regimes, tangents included, that have other bits on a device of torch than in numpy."""
    return unlike_on(OnTorch(device, few=0), dtype)


def unlike_on(make: Maker, dtype: str) -> frozenset[str]:
    """The same for arrays that are made in some way. One name stands for two regimes in places."""
    every = chain(REGIMES.values(), TANGENTS.values(), (AXIS,))
    return frozenset(regime.name for regime in every if not _is_alike(regime, make, dtype))


def _is_alike(regime: Regime, make: Maker, dtype: str) -> bool:
    return all(
        np.array_equal(_bits(regime, NUMPY, dtype, n), _bits(regime, make, dtype, n))
        for n in _SIZES
    )


def _bits(regime: Regime, make: Maker, dtype: str, n: int) -> Numbers:
    fmt = FORMATS[dtype]
    made = regime.make(Draw(Source(key_of("likeness", n), make), _ROWS, n, fmt))
    rounded = make.rounded(make.clipped(made, -fmt.largest, fmt.largest), fmt)
    here = rounded if isinstance(rounded, np.ndarray) else rounded.cpu().numpy()
    return np.ascontiguousarray(here).view(np.int64)
