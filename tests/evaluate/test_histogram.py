"""Bins of error over bound."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from harness.evaluate import histogram

RATIOS = st.lists(st.floats(0, allow_nan=False), max_size=30)


def test_a_bin_is_a_binade() -> None:
    found = histogram.counts(np.array([0.25, 0.4, 0.5, 0.75, 0.999, 1.0, 7.0]))
    at = -2 - histogram.LOWEST
    assert found[at : at + 3].tolist() == [2, 3, 2]
    assert found.sum() == 7


def test_ends_take_what_is_beyond() -> None:
    found = histogram.counts(np.array([0.0, 5e-324, 1e300, math.inf, math.nan]))
    assert (found[0], found[-1]) == (2, 3)


@given(RATIOS)
def test_every_ratio_lies_in_its_bin(ratios: list[float]) -> None:
    edges = (*histogram.edges(), math.inf)
    for ratio in ratios:
        (place,) = np.flatnonzero(histogram.counts(np.array([ratio])))
        assert edges[place] <= ratio
        assert ratio < edges[place + 1] or place == histogram.BINS - 1


@given(RATIOS, RATIOS)
def test_counts_add(some: list[float], more: list[float]) -> None:
    both = histogram.counts(np.array(some + more))
    apart = histogram.counts(np.array(some)) + histogram.counts(np.array(more))
    assert (both == apart).all()
    assert both.sum() == len(some) + len(more)


def test_none() -> None:
    assert histogram.none().sum() == 0
