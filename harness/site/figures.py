"""The plots of a declaration: which checks, which axes; `harness.site.plots` draws them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from harness.evaluate.formats import FORMATS
from harness.report.document import CheckRecord, SizeRecord
from harness.site.markup import joined
from harness.site.plots import LEFT, RIGHT, WIDTH, Axis, Line, curves, levels, power_of_two, steps

LOWEST = -16
"""The power of two of the first place in a plot of errors over bounds; what is below is in it."""

DIGIT = 6.0
"""How wide a digit of a label is, with room to spare."""

_KINDS = ("definition", "theorem", "fact", "derivative", "linearity")


@dataclass(frozen=True)
class Figure:
    """One plot with its caption."""

    title: str
    svg: Markup


@dataclass(frozen=True)
class Figures:
    """plots: two or three for each dtype, none where every error is 0; names: of the entries, in
    the order of their colours; checks: what is plotted; kind: of these checks."""

    plots: tuple[Figure, ...]
    names: tuple[str, ...]
    checks: tuple[CheckRecord, ...]
    kind: str

    def span(self) -> tuple[int, int]:
        """The least and the greatest n."""
        sizes = [at.n for one in self.checks for at in one.sizes]
        return min(sizes), max(sizes)

    def rows(self) -> list[tuple[str, int, list[SizeRecord | None]]]:
        """The numbers of the plots: dtype, n, and for each name what was seen there."""
        seen = {(one.dtype, at.n, _who(one)): at for one in self.checks for at in one.sizes}
        places = dict.fromkeys((dtype, n) for dtype, n, _ in seen)
        return [
            (dtype, n, [seen.get((dtype, n, name)) for name in self.names]) for dtype, n in places
        ]


def figures(checks: Sequence[CheckRecord]) -> Figures | None:
    """The plots of the first kind of check that has numbers; None where none has."""
    numbers = [one for one in checks if one.sizes and one.entry]
    known = [*_KINDS, *dict.fromkeys(one.check for one in numbers)]
    kind = next((kind for kind in known if any(one.check == kind for one in numbers)), "")
    chosen = tuple(one for one in numbers if one.check == kind)
    if not chosen:
        return None
    names = tuple(dict.fromkeys(map(_who, chosen)))
    if not any(at.ulp or at.ratio for one in chosen for at in one.sizes):
        return Figures((), names, chosen, kind)
    plots: list[Figure] = []
    for dtype in dict.fromkeys(one.dtype for one in chosen):
        mine = [one for one in chosen if one.dtype == dtype]
        plots += _by_size(mine, dtype, names, kind == "definition")
        plots.append(_spread(mine, dtype, names))
    return Figures(tuple(plots), names, chosen, kind)


def _by_size(
    checks: Sequence[CheckRecord], dtype: str, names: Sequence[str], in_ulp: bool
) -> list[Figure]:
    sizes = sorted({at.n for one in checks for at in one.sizes})
    place = {n: k for k, n in enumerate(sizes)}
    axis = Axis("n", apart([str(n) for n in sizes]))
    found = []
    if in_ulp:
        title = f"{dtype}: worst error in ulp against n"
        ulps = _lines(checks, names, lambda one: [(place[at.n], at.ulp) for at in one.sizes])
        most = 2.0 ** FORMATS[dtype].p if dtype in FORMATS else math.inf
        found.append(Figure(title, curves(title, axis, "ulp", ulps, most)))
    title = f"{dtype}: worst error ÷ bound against n"
    ratios = _lines(checks, names, lambda one: [(place[at.n], at.ratio) for at in one.sizes])
    return [*found, Figure(title, levels(title, axis, ratios))]


def apart(labels: Sequence[str]) -> list[str]:
    """The labels without those that would touch the next one; the last one stays."""
    step = (WIDTH - LEFT - RIGHT) / max(1, len(labels))
    kept, edge = [""] * len(labels), float("inf")
    for place in reversed(range(len(labels))):
        half = len(labels[place]) * DIGIT / 2
        if (place + 0.5) * step + half < edge:
            kept[place] = labels[place]
            edge = (place + 0.5) * step - half - DIGIT
    return kept


def _spread(checks: Sequence[CheckRecord], dtype: str, names: Sequence[str]) -> Figure:
    highest = max(0, *(power + 1 for one in checks for power in one.histogram))
    powers = range(LOWEST, highest)

    def shares(one: CheckRecord) -> list[tuple[int, float]]:
        counts = dict.fromkeys(powers, 0)
        for power, cases in one.histogram.items():
            counts[max(power, LOWEST)] += cases
        return [(power - LOWEST, cases / max(1, one.cases)) for power, cases in counts.items()]

    labels = [_label(power) if power % 4 == 0 else "" for power in powers]
    title = f"{dtype}: share of cases by error ÷ bound"
    axis = Axis("error ÷ bound", labels)
    return Figure(title, steps(title, axis, _lines(checks, names, shares), -1 - LOWEST))


def _lines(
    checks: Sequence[CheckRecord], names: Sequence[str], points: object
) -> list[Line | None]:
    """A place for each name, so that an entry has one colour on all plots of a page."""
    assert callable(points)
    mine = {_who(one): one for one in checks}
    return [Line(name, points(mine[name])) if name in mine else None for name in names]


def _who(check: CheckRecord) -> str:
    return check.entry if check.device == "cpu" else f"{check.entry} on {check.device}"


def _label(power: int) -> Markup | str:
    return joined(["≤", power_of_two(power)]) if power == LOWEST else power_of_two(power)
