"""Summaries as Hypothesis draws them."""

from __future__ import annotations

from hypothesis import strategies as st

from harness.campaign.summary import Extreme, Finding, Summary
from harness.conformance.verdict import AtSize
from harness.evaluate.histogram import BINS

COUNTS = st.integers(0, 1 << 40)
POSITIONS = st.tuples(st.integers(0, 50), st.integers(0, 5))
AMOUNTS = st.one_of(st.floats(0, 2), st.sampled_from([0.0, 0.5, 1.0, float("inf")]))


@st.composite
def extremes(draw: st.DrawFn) -> Extreme:
    unit, row = draw(POSITIONS)
    # The cell follows from the unit, as in a real campaign.
    return Extreme(draw(AMOUNTS), (unit, row), f"cell {unit}", 8)


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    unit, row = draw(POSITIONS)
    said = f"of unit {unit}, row {row}"
    return Finding((unit, row), "value", said, f"cell {unit}", 8, "f", float(row), place=(row,))


def sizes(chosen: list[int]) -> st.SearchStrategy[dict[int, AtSize]]:
    each = {n: st.builds(AtSize, st.just(n), COUNTS, AMOUNTS, AMOUNTS) for n in chosen}
    return st.fixed_dictionaries(each)


def summaries() -> st.SearchStrategy[Summary]:
    return st.builds(
        Summary,
        inputs=COUNTS,
        cells=COUNTS,
        cases=COUNTS,
        out_of_range=COUNTS,
        unbounded=COUNTS,
        undecided=COUNTS,
        discarded=COUNTS,
        violations=COUNTS,
        histogram=st.lists(COUNTS, min_size=BINS, max_size=BINS).map(tuple),
        worst_ratio=st.none() | extremes(),
        worst_ulp=st.none() | extremes(),
        tightness=st.none() | st.floats(0, 1),
        first=st.none() | findings(),
        judged_at=st.dictionaries(st.sampled_from([1, 2, 8, 17]), st.booleans()),
        sizes=st.lists(st.sampled_from([1, 2, 8, 17]), unique=True).flatmap(sizes),
    )
