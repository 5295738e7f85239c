"""The pages: templates filled with a report, as texts by file name. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from harness.report.document import CheckRecord, DeclarationRecord, EntryRecord
from harness.report.findings import is_finding, lean_findings
from harness.report.numbers import array, by_entry, short_hex, times
from harness.report.table import reservation
from harness.report.trace import LinkRecord
from harness.site import words
from harness.site.bounds import Drawn
from harness.site.figures import figures
from harness.site.graph import Node, picture
from harness.site.highlight import Piece, highlighted
from harness.site.mathml import bound_math, bound_text, equation_math, gap_math, statement_math
from harness.site.record import Report, StoryRecord
from harness.statement.printer import show_term
from harness.statement.term import Call, Coord, Definition, Term

ASSETS = ("report.css", "report.js", "theme.js")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'"
)
TABS = (
    ("index.html", "Overview"),
    ("matrix.html", "Matrix"),
    ("graph.html", "Graph"),
    ("impact.html", "Impact"),
)
Guilty = frozenset[tuple[str, str, str, str]]
MOST_DRAWN = 300
"""Nodes that a picture of the graph may have."""


@dataclass(frozen=True)
class _Site:
    report: Report
    terms: Mapping[str, Drawn]
    environment: Environment

    def page(self, template: str, tab: str, root: str = "", **values: Any) -> str:
        text = self.environment.get_template(template).render(
            root=root, tab=tab, tabs=TABS, policy=POLICY, report=self.report, **values
        )
        return text + "\n"


def pages(report: Report, terms: Mapping[str, Drawn]) -> dict[str, str]:
    """File name, with slashes -> text of every page, style and script. terms: what
    `harness.site.build.report_of` returned beside the report."""
    site = _Site(report, terms, _environment(report))
    records = [link.declaration for link in report.trace.links]
    checks = [check for link in report.trace.links for check in link.checks]
    found = {f"assets/{name}": asset(name) for name in ASSETS}
    found["index.html"] = site.page(
        "index.html",
        "index.html",
        findings=_findings(report.trace.links),
        followers=_followers(report.trace.links),
        ran=any(check.verdict == "conforms" for check in checks) or bool(lean_findings(records)),
        proved_all=bool(records) and all(one.lean.proved == "proved" for one in records),
    )
    found["matrix.html"] = _matrix(site)
    found["graph.html"] = site.page("graph.html", "graph.html", **_graph(report))
    found["impact.html"] = site.page("impact.html", "impact.html")
    stories = {story.name: story for story in report.stories}
    for link in report.trace.links:
        story = stories[link.declaration.name]
        found[f"declarations/{story.page}"] = _declaration(site, link, story)
    return found


def matrix_page(report: Report) -> str:
    """The matrix alone, of a report too large to draw all of it."""
    return _matrix(_Site(report, {}, _environment(report)))


def _matrix(site: _Site) -> str:
    checks = [check for link in site.report.trace.links for check in link.checks]
    entries = list(dict.fromkeys(check.entry for check in checks if check.entry))
    return site.page("matrix.html", "matrix.html", entries=entries)


def asset(name: str) -> str:
    """A style or script of the package, as it is written into each report."""
    return resources.files("harness.site").joinpath("assets", name).read_text(encoding="utf-8")


def _environment(report: Report) -> Environment:
    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    stories = {story.name: story for story in report.stories}
    short = {link.declaration.name: link.declaration.short_name for link in report.trace.links}

    def page(name: str) -> str:
        return f"declarations/{stories[name].page}" if name in stories else "matrix.html"

    environment.globals.update(
        page=page,
        short=lambda name: short.get(name, name),
        story=stories.__getitem__,
        array=array,
        times=lambda value: words.data(value, times(value)),
        hex=short_hex,
        **words.FUNCTIONS,
    )
    return environment


def _template(name: str) -> str:
    folder = resources.files("harness.site").joinpath("templates")
    return folder.joinpath(name).read_text(encoding="utf-8")


def _declaration(site: _Site, link: LinkRecord, story: StoryRecord) -> str:
    one, drawn = link.declaration, site.terms[link.declaration.name]
    drawing = figures(link.checks)
    dtypes = list(dict.fromkeys(entry.dtype for entry in one.entries))
    return site.page(
        "declaration.html",
        "",
        "../",
        item=link,
        s=story,
        formulas=statement_math(drawn.statement) if drawn.statement else [],
        source=_source(story),
        equation=_equation(drawn.equation) if drawn.equation else "",
        bounds=_bounds(drawn),
        outside=_outside(drawn),
        dtypes=dtypes,
        rows=_rows(one, dtypes),
        findings=_own_findings(link),
        reservations=_reservations(one),
        plots=drawing.plots if drawing else (),
        errorless=drawing.span() if drawing and not drawing.plots else None,
        in_ulp=drawing is not None and drawing.kind == "definition",
        plotted=f"From the {drawing.kind} check." if drawing else "",
        legend=[(number % 6, name) for number, name in enumerate(drawing.names if drawing else ())],
        sizes=drawing.rows() if drawing and drawing.plots else [],
        worst_cases=_worst_cases(link),
    )


def _source(story: StoryRecord) -> list[tuple[int, list[Piece]]]:
    """Line numbers and pieces."""
    pieces = highlighted([line.text for line in story.source])
    return [(line.number, row) for line, row in zip(story.source, pieces, strict=False)]


def _equation(definition: Definition) -> Markup:
    left: Term = Call(definition.constant, definition.params, definition.type)
    if definition.index is not None:
        left = Coord(left, definition.index)
    return equation_math(left, definition.body)


def _bounds(drawn: Drawn) -> list[dict[str, Any]]:
    return [
        {
            "form": one.form,
            "formula": bound_math(one.formula.left, one.formula.right),
            "says": bound_text(one.formula.left, one.formula.right),
            "where": [
                {
                    "says": f"where, from {show_term(where.call)}"
                    + (", relative to its value" if where.relative else ""),
                    "math": equation_math(where.name, where.meaning),
                }
                for where in one.formula.where
            ],
            "steps": [
                {
                    "rule": step.rule,
                    "is_result_of": step.is_result_of,
                    "value": equation_math(step.name, step.value, block=False),
                    "error": equation_math(step.error_name, step.error, block=False),
                }
                for step in one.derivation.steps
            ],
        }
        for one in drawn.derived
    ]


def _outside(drawn: Drawn) -> Markup | str:
    if drawn.outside is None:
        return ""
    return gap_math(drawn.outside)


def _rows(one: DeclarationRecord, dtypes: list[str]) -> list[tuple[str, list[EntryRecord | None]]]:
    """Entry and device, and how the declaration stands for it in each dtype."""
    found: dict[str, dict[str, EntryRecord]] = {}
    for entry in one.entries:
        who = entry.entry if entry.device == "cpu" else f"{entry.entry} on {entry.device}"
        found.setdefault(who, {})[entry.dtype] = entry
    return [(who, [cells.get(dtype) for dtype in dtypes]) for who, cells in found.items()]


def _reservations(one: DeclarationRecord) -> list[str]:
    reasons: dict[str, list[str]] = {}
    for entry in one.entries:
        if entry.standing == "holds":
            reasons.setdefault(reservation(entry), []).append(f"{entry.entry} {entry.dtype}")
    return [f"{', '.join(who)}: {reason}." for reason, who in reasons.items()]


def _findings(links: Sequence[LinkRecord]) -> list[dict[str, Any]]:
    """The findings but for followers; first of Lean and definitions, which name the culprits."""
    guilty = _guilty(links)
    found = [one for link in links for one in (*_lean_finding(link), *_own_findings(link, guilty))]
    return sorted(found, key=lambda one: (one["check"] != "", one["check"] != "definition"))


def _guilty(links: Sequence[LinkRecord]) -> Guilty:
    """The constants whose definition check violates, with entry, dtype and device."""
    return frozenset(
        (constant, check.entry, check.dtype, check.device)
        for link in links
        for check in link.checks
        if is_finding(check) and check.check == "definition" and check.verdict == "violates"
        for constant in check.constants
    )


def _follows(check: CheckRecord, guilty: Guilty) -> bool:
    """Whether a check violates only because a constant in it is computed wrongly."""
    called = {(constant, check.entry, check.dtype, check.device) for constant in check.constants}
    return check.check != "definition" and check.verdict == "violates" and bool(called & guilty)


def _followers(links: Sequence[LinkRecord]) -> dict[str, str]:
    """Full name -> entries and dtypes in which it is violated in turn."""
    guilty = _guilty(links)
    found: dict[str, list[tuple[str, str]]] = {}
    for link in links:
        for check in link.checks:
            if is_finding(check) and _follows(check, guilty):
                found.setdefault(link.declaration.name, []).append((check.entry, check.dtype))
    return {name: by_entry(pairs) for name, pairs in found.items()}


def _lean_finding(link: LinkRecord) -> list[dict[str, Any]]:
    one = link.declaration
    if not lean_findings([one]):
        return []
    said = {
        "differs": "differs from the Lean source",
        "missing": "is missing in Lean",
        "unreadable": "cannot be compared with the Lean source",
    }.get(one.lean.mirror)
    if not said:
        suspect = one.lean.link == "suspect"
        said = "is suspect: the Lean text changed" if suspect else "is not proved"
    place = f"{one.lean.file}:{one.lean.first_line}" if one.lean.first_line else one.lean.file
    return [
        {
            "name": one.name,
            "verdict": said,
            "where": f"{one.spec} · {place}",
            "doubt": one.lean.mirror == "same" and one.lean.link == "suspect",
            "check": "",
            "violation": None,
            "lines": [text for text in (one.lean.message, one.lean.proof) if text],
            "detail": words.diff(one.lean.detail),
        }
    ]


def _own_findings(link: LinkRecord, guilty: Guilty = frozenset()) -> list[dict[str, Any]]:
    return [
        {
            "name": link.declaration.name,
            "verdict": check.verdict,
            "where": f"{check.check} check · {check.entry} · {check.dtype} on {check.device}"
            if check.entry
            else "on exact reals",
            "doubt": check.verdict == "inconclusive",
            "check": check.check,
            "violation": check.violation or check.violation_n0,
            "lines": list(check.notes),
            "detail": [],
        }
        for check in link.checks
        if is_finding(check) and not _follows(check, guilty)
    ]


def _worst_cases(link: LinkRecord) -> list[dict[str, Any]]:
    """Of each kind of check the conforming case that came nearest to its bound."""
    best: dict[str, CheckRecord] = {}
    for check in link.checks:
        if check.worst_ratio and check.verdict == "conforms" and check.worst_ratio.amount > 0:
            known = best.get(check.check)
            if known is None or _amount(check) > _amount(known):
                best[check.check] = check
    return [
        {"check": check, "peak": check.worst_ratio, "command": words.replay_of(check.worst_ratio)}
        for check in best.values()
    ]


def _amount(check: CheckRecord) -> float:
    return check.worst_ratio.amount if check.worst_ratio else 0.0


def _graph(report: Report) -> dict[str, Any]:
    links = report.trace.links
    stories = {story.name: story for story in report.stories}
    nodes = []
    for link in links:
        one = link.declaration
        kind, says = words.rung_of(link)
        page = f"declarations/{stories[one.name].page}"
        nodes.append(Node(one.name, one.short_name, page, kind, says))
    rests = {
        link.declaration.name: link.coverage.rests_on for link in links if link.coverage is not None
    }
    drawn = len(nodes) <= MOST_DRAWN
    return {
        "graph": picture("Dependency graph", nodes, rests) if drawn else "",
        "graph_legend": words.GRAPH_LEGEND,
        "too_many": f"{len(nodes)} nodes are too many for a picture; the list below has them all."
        if nodes
        else "There are no declarations.",
    }
