"""Which plots a declaration gets."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from harness.conformance.verdict import AtSize
from harness.evaluate.histogram import BINS
from harness.report.document import CheckRecord
from harness.report.records import check_records
from harness.site.figures import apart, figures
from tests.report.samples import check

COUNTS = tuple(100 if k == BINS - 5 else 0 for k in range(BINS))


def records(*found: dict[str, Any]) -> list[CheckRecord]:
    return check_records(
        [
            check(**{"histogram": COUNTS, "sizes": (AtSize(2, 9, 1.5, 0.5),), **one})
            for one in found
        ],
        {},
    )


def test_without_numbers_there_are_none() -> None:
    assert figures([]) is None
    assert figures(check_records([check(), check(kind="consistency")], {})) is None


def test_three_plots_a_dtype_for_definitions_and_two_for_theorems() -> None:
    found = figures(
        records(
            {"dtype": "float64"},
            {"dtype": "float32"},
            {"dtype": "float32", "entry": "torch", "device": "cuda"},
            {"dtype": "float32", "kind": "theorem"},
        )
    )
    assert found is not None
    assert found.kind == "definition" and len(found.plots) == 6
    assert found.names == ("numpy", "torch on cuda")
    assert [plot.title for plot in found.plots][:3] == [
        "float64: worst error in ulp against n",
        "float64: worst error ÷ bound against n",
        "float64: share of cases by error ÷ bound",
    ]
    theorem = figures(records({"kind": "theorem"}))
    assert theorem is not None and len(theorem.plots) == 2


def test_nothing_is_plotted_where_every_error_is_0() -> None:
    none, some = AtSize(1, 9, 0.0, 0.0), AtSize(8, 9, 0.0, 2.0**-60)
    quiet = figures(records({"sizes": (none, AtSize(8, 9, 0.0, 0.0))}))
    assert quiet is not None and quiet.plots == () and quiet.span() == (1, 8)
    loud = figures(records({"sizes": (none,)}, {"sizes": (none, some), "entry": "torch"}))
    assert loud is not None and len(loud.plots) == 3


def test_a_kind_that_nobody_knows_yet_is_plotted_too() -> None:
    (one,) = records({"kind": "theorem"})
    found = figures([one.model_copy(update={"check": "typed"})])
    assert found is not None and found.kind == "typed"


def test_an_entry_keeps_its_colour() -> None:
    found = figures(records({"dtype": "float64"}, {"dtype": "float32", "entry": "torch"}))
    assert found is not None
    assert "s0" in found.plots[0].svg and "s1" not in found.plots[0].svg
    assert "s1" in found.plots[3].svg and "s0" not in found.plots[3].svg


def test_labels_that_would_touch_are_left_out_and_the_last_one_stays() -> None:
    few = ["1", "2", "64", "1024"]
    assert apart(few) == few and apart([]) == []
    many = [str(n) for n in range(1000, 1060)]
    kept = [place for place, label in enumerate(apart(many)) if label]
    assert kept[-1] == 59 and 5 < len(kept) < 15
    assert len({right - left for left, right in pairwise(kept)}) == 1
