"""What the templates call: numbers with their exact value beside them, words, marks and colours."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from markupsafe import Markup

from harness.report import numbers
from harness.report.document import CheckRecord, DeclarationRecord
from harness.report.trace import LinkRecord
from harness.site.markup import tag

_SIGNS = {
    "conforms": ("✓", "good"),
    "violates": ("✗", "bad"),
    "refuted": ("✗", "bad"),
    "inconclusive": ("?", "doubt"),
    "holds": ("~", "doubt"),
    "unsupported": ("–", "idle"),
    "not run": ("·", "idle"),
}
_DEPTHS = {"deep": "good", "shallow": "", "failing": "bad", "uncovered": "doubt", "none": ""}
_LINKS = {
    "covered": "good",
    "suspect": "bad",
    "outdated": "bad",
    "orphaned": "bad",
    "ambiguous": "bad",
    "unreviewed": "doubt",
}
_CODE = {"covered": "good", "failing": "bad", "unwanted": "doubt", "not run": ""}
GRAPH_LEGEND = (
    ("best", "proved, and conforms"),
    ("good", "conforms for every entry"),
    ("", "stated and mirrored; conforms for none or only in part"),
    ("bad", "fails, or rests on what fails"),
)


class Standing(NamedTuple):
    """The Python side of a declaration in a word, and for how many of its entries."""

    word: str
    kind: str
    conform: int
    of: int


def whole(value: int) -> Markup:
    """A count: `17,633,511`."""
    return data(value, f"{value:,}")


def ratio(value: float) -> Markup:
    """Error over bound, in few digits that never round to the other side of 1."""
    return data(value, numbers.ratio(value))


def general(value: float) -> Markup:
    """A number in three digits."""
    return data(value, f"{value:.3g}" if math.isfinite(value) else str(value))


def seconds(value: float) -> Markup:
    """Seconds with one decimal."""
    return data(value, f"{value:.1f}")


def bar(part: int, of: int) -> Markup:
    """A thin bar: `part` of `of`."""
    share = round(100 * part / of, 1) if of else 0
    return tag(
        "svg",
        tag("rect", width=100, height=5, class_="whole"),
        tag("rect", width=share, height=5, class_="part"),
        class_="bar",
        viewBox="0 0 100 5",
        preserveAspectRatio="none",
        aria_hidden="true",
    )


def standing(one: DeclarationRecord) -> Standing:
    """The worst of a declaration's entries in a word; the real numbers before any entry."""
    entries = [entry.standing for entry in one.entries]
    judged = [entry for entry in entries if entry != "unsupported"]
    conform = entries.count("conforms")
    if one.consistent in ("refuted", "violates", "inconclusive"):
        return Standing(f"{one.consistent} on reals", "bad", 0, 0)
    for bad in ("refuted", "violates", "inconclusive", "holds"):
        if bad in entries:
            return Standing(bad, _SIGNS[bad][1], conform, len(judged))
    if judged:
        return Standing("conforms", "good", conform, len(judged))
    if any(entry.cases_n0 for entry in one.entries):
        return Standing("n = 0 only", "", 0, 0)
    if one.consistent == "conforms":
        return Standing("consistent", "", 0, 0)
    return Standing("unsupported" if entries else "stated", "", 0, 0)


def standings(one: DeclarationRecord) -> dict[str, dict[str, int]]:
    """Standing -> entry -> in how many dtypes; what conforms comes last."""
    grouped: dict[str, dict[str, int]] = {}
    for entry in one.entries:
        who = entry.entry if entry.device == "cpu" else f"{entry.entry} on {entry.device}"
        counts = grouped.setdefault(entry.standing, {})
        counts[who] = counts.get(who, 0) + 1
    order = [word for word in _SIGNS if word != "conforms"] + ["conforms"]
    return dict(sorted(grouped.items(), key=lambda pair: order.index(pair[0])))


def worst(one: DeclarationRecord) -> float | None:
    """The greatest error over bound among the entries."""
    return max((entry.ratio for entry in one.entries if entry.ratio is not None), default=None)


def rung_of(link: LinkRecord) -> tuple[str, str]:
    """The colour of a node in the graph, and that colour in words."""
    covered = link.coverage
    if covered and (covered.failing or covered.broken_by):
        return "bad", "fails, or rests on what fails"
    if covered and covered.python == "deep":
        if covered.lean == "deep":
            return "best", "proved, and conforms"
        return "good", "conforms for every entry"
    return "", f"Lean side {covered.lean}, Python side {covered.python}" if covered else "stated"


def unjudged(check: CheckRecord) -> list[tuple[int, str]]:
    """How many cases a check could not judge, and why."""
    counts = (
        (check.out_of_range, "out of range"),
        (check.unbounded, "without a bound"),
        (check.undecided, "undecided"),
        (check.discarded, "discarded"),
    )
    return [(count, why) for count, why in counts if count]


def diff(lines: Sequence[str]) -> list[tuple[str, str]]:
    """Lines of a difference, each with the class of its colour."""
    kinds = {"-": "minus", "+": "plus"}
    return [(kinds.get(line[:1], ""), line) for line in lines]


def replay_of(record: Any) -> str:
    """The command that replays a case, where the record knows one."""
    shrunk = getattr(record, "shrunk", None)
    return str(getattr(shrunk, "replay", "") or getattr(record, "replay", ""))


def data(value: float, shown: str) -> Markup:
    """A number as people read it, with its exact value beside it."""
    return tag("data", shown, value=repr(value))


FUNCTIONS: Mapping[str, Callable[..., Any] | Mapping[str, str]] = {
    "n": whole,
    "r": ratio,
    "g": general,
    "sec": seconds,
    "bar": bar,
    "standing": standing,
    "standings": standings,
    "worst": worst,
    "unjudged": unjudged,
    "diff": diff,
    "replay_of": replay_of,
    "standing_sign": {word: sign for word, (sign, _) in _SIGNS.items()},
    "standing_ink": {word: f"{kind}-ink" for word, (_, kind) in _SIGNS.items()},
    "depth_kind": _DEPTHS,
    "link_kind": _LINKS,
    "code_kind": _CODE,
}
