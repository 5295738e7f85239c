"""Merging summaries: any grouping and order of chunks gives the same bits."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.evaluate.compare import Comparison
from harness.evaluate.fast.summary import Summary, Worst, of_comparison
from harness.evaluate.histogram import BINS

amounts = st.sampled_from([-np.inf, 0.0, 0.25, 0.5, 1.0, np.inf])
worsts = st.one_of(
    st.just(Worst()), st.builds(Worst, amounts.filter(lambda a: a >= 0), st.integers(0, 9))
)
counts = st.integers(0, 10**12)
summaries = st.builds(
    Summary,
    counts,
    counts,
    counts,
    counts,
    counts,
    st.integers(-1, 9),
    worsts,
    worsts,
    st.lists(counts, min_size=BINS, max_size=BINS).map(tuple),
    counts,
)


@settings(max_examples=60)
@given(summaries, summaries, summaries)
def test_merging_is_a_commutative_monoid(a: Summary, b: Summary, c: Summary) -> None:
    assert a.merged(b) == b.merged(a)
    assert a.merged(b).merged(c) == a.merged(b.merged(c))
    assert a.merged(Summary()) == a


def test_a_chunk_is_counted_from_its_first_row() -> None:
    moved = Summary(violation=2, ratio=Worst(0.5, 3)).from_row(100)
    assert (moved.violation, moved.ratio, moved.ulps) == (102, Worst(0.5, 103), Worst())


def test_a_comparison_in_numbers() -> None:
    judged = np.array([[True, True], [True, True], [False, False], [False, True]])
    out = np.array([[False] * 2, [False] * 2, [True] * 2, [False] * 2])
    outside = np.zeros((4, 2), bool)
    outside[1, 0] = True
    ratio = np.array([[0.5, 0.0], [8.0, 0.1], [0.0, 0.0], [0.0, 2.0]])
    inside = judged & (ratio <= 1)
    seen = of_comparison(
        Comparison(judged, out, inside, outside, ratio, ratio), np.array([10, 11, 12, 13])
    )
    assert (seen.elements, seen.out_of_range, seen.unbounded) == (5, 2, 1)
    assert (seen.undecided, seen.violations, seen.violation) == (1, 1, 11)
    assert seen.ratio == Worst(8.0, 11) and seen.ulps == Worst(8.0, 11)
    assert sum(seen.histogram) == 5 and seen.histogram[63] == 2 and seen.looked == 4
