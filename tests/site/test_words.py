"""What the templates call."""

from __future__ import annotations

import math

import pytest

from harness.report.records import check_records
from harness.report.trace import LinkRecord
from harness.site import words
from harness.site.record import Report
from tests.report.samples import check
from tests.site.reports import bad, good


@pytest.mark.parametrize(
    ("made", "value", "shown"),
    [
        (words.whole(17633511), "17633511", "17,633,511"),
        (words.ratio(0.99999), "0.99999", "0.99"),
        (words.ratio(math.inf), "inf", "inf"),
        (words.general(1234567.0), "1234567.0", "1.23e+06"),
        (words.seconds(97.24), "97.24", "97.2"),
    ],
)
def test_numbers_carry_their_exact_value(made: str, value: str, shown: str) -> None:
    assert made == f'<data value="{value}">{shown}</data>'


def test_what_was_not_judged_is_said_where_there_is_any() -> None:
    (record, *_) = check_records([check(out_of_range=7, undecided=1)], {})
    assert words.unjudged(record) == [(7, "out of range"), (1, "undecided")]
    assert words.unjudged(check_records([check()], {})[0]) == []


def link_of(made: tuple[Report, object], name: str) -> LinkRecord:
    return next(one for one in made[0].trace.links if one.declaration.short_name == name)


def test_standings() -> None:
    one = link_of(bad(), "softmaxVec").declaration
    assert words.standing(one) == ("violates", "bad", 3, 4)
    assert words.standings(one) == {"violates": {"numpy": 1}, "conforms": {"numpy": 1, "torch": 2}}
    fine = link_of(good(), "softmaxVec").declaration
    assert words.standing(fine) == ("conforms", "good", 4, 4)
    assert words.worst(fine) == 0.71
    idle = fine.model_copy(update={"entries": [], "consistent": None})
    assert words.standing(idle).word == "stated" and words.worst(idle) is None
    real = fine.model_copy(update={"consistent": "refuted"})
    assert words.standing(real)[:2] == ("refuted on reals", "bad")


def test_rungs_are_the_colours_of_the_graph() -> None:
    kinds = {link.declaration.short_name: words.rung_of(link)[0] for link in bad()[0].trace.links}
    assert (kinds["softmaxVec"], kinds["softmaxJvp"], kinds["sumExp"]) == ("bad", "bad", "good")
    assert kinds["Vec"] == ""
    link = link_of(good(), "sumExp")
    assert link.coverage
    proved = link.model_copy(update={"coverage": link.coverage.model_copy(update={"lean": "deep"})})
    assert words.rung_of(proved) == ("best", "proved, and conforms")
    assert {kind for kind, _ in words.GRAPH_LEGEND} >= set(kinds.values())


def test_small_ones() -> None:
    assert words.diff(["-a", "+b", " c"]) == [("minus", "-a"), ("plus", "+b"), ("", " c")]
    assert 'width="50.0"' in words.bar(1, 2) and 'width="0"' in words.bar(0, 0)
    assert words.replay_of(object()) == ""
