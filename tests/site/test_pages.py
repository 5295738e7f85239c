"""The pages: links that lead somewhere, numbers that are in the JSON, nothing that is obeyed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

import pytest

from harness.conformance.verdict import AtSize, Case, Peak, Verdict
from harness.report.document import DeclarationRecord
from harness.site.build import report_of
from harness.site.pages import ASSETS, POLICY, pages
from harness.site.report_json import json_text
from tests.report.samples import violation
from tests.site.reports import bad, good, material, results

VOID = {"meta", "link", "input", "br", "img"}


class Page(HTMLParser):
    """Elements, links and texts of a page; an AssertionError where elements do not close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self.feed(text)
        self.close()
        assert self.open == [], f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        self.texts.append((tuple(self.open), data))

    def values(self, key: str) -> list[str]:
        return [attributes[key] for _, attributes in self.elements if key in attributes]


@cache
def site(which: str) -> dict[str, str]:
    made = {"good": good, "bad": bad}[which]()
    return pages(*made)


def html(files: dict[str, str]) -> Iterator[tuple[str, Page]]:
    for name, text in files.items():
        if name.endswith(".html"):
            yield name, Page(text)


@pytest.mark.parametrize("which", ["good", "bad"])
def test_every_link_leads_to_a_page_and_an_anchor(which: str) -> None:
    files = {**site(which), "report.json": "", "matrix.csv": ""}
    ids = {name: set(page.values("id")) for name, page in html(files)}
    for name, page in html(files):
        for target in page.values("href") + page.values("src"):
            parts = urlsplit(target)
            if parts.scheme == "data":
                continue
            assert not parts.scheme and not parts.netloc, target
            path = normpath(join(dirname(name), parts.path)) if parts.path else name
            assert path in files, f"{name} leads to {path}"
            if parts.fragment:
                assert unquote(parts.fragment) in ids[path], f"{name} leads to {target}"
        assert len(page.values("id")) == len(ids[name]), f"an id twice in {name}"


@pytest.mark.parametrize("which", ["good", "bad"])
def test_the_policy_has_nothing_to_forbid(which: str) -> None:
    for name, page in html(site(which)):
        assert page.values("content")[0] == POLICY, name
        assert "unsafe" not in POLICY
        for tag, attributes in page.elements:
            assert tag not in ("style", "iframe", "object", "embed", "base", "img")
            assert not any(key.startswith("on") or key == "style" for key in attributes), attributes
            assert tag != "script" or "src" in attributes
        assert not any("script" in above and text.strip() for above, text in page.texts)


def test_assets_are_written_once_and_ask_for_nothing() -> None:
    files = site("good")
    assert {name for name in files if name.startswith("assets/")} == {f"assets/{a}" for a in ASSETS}
    for name in ASSETS:
        text = files[f"assets/{name}"]
        assert not re.search(r"https?:|@import|url\(|eval|innerHTML|insertAdjacentHTML", text)


def numbers_in(data: object) -> Iterator[float]:
    """Every number in a JSON value; the texts of numbers that JSON cannot hold, too."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from numbers_in(value)
            if re.fullmatch(r"-?\d+", key):
                yield float(key)
    elif isinstance(data, list):
        yield float(len(data))
        for value in data:
            yield from numbers_in(value)
    elif isinstance(data, int | float) and not isinstance(data, bool):
        yield float(data)
    elif data in ("inf", "-inf", "nan"):
        yield float(str(data))


@pytest.mark.parametrize("which", ["good", "bad"])
def test_every_number_on_a_page_is_in_the_json(which: str) -> None:
    text = json_text({"good": good, "bad": bad}[which]()[0])
    known = set(numbers_in(json.loads(text)))
    words = set(re.findall(r"[0-9]+", text))
    hexes = re.findall(r"-?0x[0-9a-f.]+p[-+][0-9]+", text)
    readings = {f"{float.fromhex(one):.6g}" for one in hexes}
    for name, page in html(site(which)):
        values = [attributes["value"] for tag, attributes in page.elements if tag == "data"]
        assert name != "index.html" or len(values) > 50
        for value in values:
            assert float(value) in known, f"{value} of {name} is not in report.json"
        for above, said in page.texts:
            # Left out are the scales of plots and what is marked as a number already.
            if {"data", "svg", "title", "script", "option"} & set(above):
                continue
            if "samp" in above:  # hex floats once more, as people read them
                assert set(re.findall(r"[-\d.e+]+", said)) <= readings, said
                continue
            for word in re.findall(r"[0-9]+", said):
                assert word in words, f"{word} of {said!r} in {name} is not in report.json"


def test_the_numbers_of_plots_are_in_the_json() -> None:
    sizes = {
        str(at.n) for link in good()[0].trace.links for check in link.checks for at in check.sizes
    }
    page = site("good")["declarations/softmaxVec.html"]
    plot = page[page.index('aria-label="float64: worst error ÷ bound against n"') :]
    plot = plot[: plot.index("</svg>")]
    below = plot[plot.index('<g text-anchor="middle">') :].partition("</g>")[0]
    labels = re.findall(r"<text[^>]*>([^<]+)</text>", below)
    assert set(labels) == sizes == {"1", "2", "8", "64"}


def test_an_input_that_is_not_written_out_is_no_empty_box() -> None:
    large = Peak(0.5, Case("float32/n=1024/normal", 0, 1024))
    exact = (AtSize(1, 9, 0.0, 0.0), AtSize(1024, 9, 0.0, 0.0))
    found = [replace(one, worst_ratio=large, sizes=exact) for one in results()]
    files = pages(*report_of(material(found)))
    page = files["declarations/softmaxVec.html"]
    worst = page[page.index("Nearest to the bound") :]
    assert "Too many numbers to write out" in worst and 'aria-label="The input"' not in worst
    assert "what was judged is exact" in page and 'class="plot"' not in page
    assert "both sides were the same" in files["declarations/softmaxVec_apply.html"]
    assert "<code></code>" not in page


HOSTILE = "</script><img src=x onerror=alert(1)>\"'><a href=javascript:alert(1)>{{ 7777*7 }}"


def hostile_change(one: DeclarationRecord) -> DeclarationRecord:
    lean = one.lean.model_copy(
        update={
            "message": HOSTILE,
            "mirror": "differs",
            "detail": [f"- {HOSTILE}"],
            "file": HOSTILE,
        }
    )
    return one.model_copy(
        update={
            "summary": HOSTILE,
            "requirement": HOSTILE,
            "requirement_text": HOSTILE,
            "statement": HOSTILE,
            "spec": f"javascript:{HOSTILE}",
            "lean": lean,
        }
    )


def test_a_hostile_spec_injects_nothing() -> None:
    case = Case(HOSTILE, 0, 1, {HOSTILE: ["0x1p+0"]})
    found = results(
        verdict=Verdict.VIOLATES,
        violation=violation(message=HOSTILE, case=case, constant=HOSTILE, got=HOSTILE),
        notes=(HOSTILE,),
        arithmetic=HOSTILE,
        oracle=HOSTILE,
    )
    found = [replace(one, entry=HOSTILE) if one.entry == "torch" else one for one in found]
    made = material(found, change=hostile_change, sentence=HOSTILE)
    lines = {name: (HOSTILE, "-- " + HOSTILE) for name in made.sources}
    report, terms = report_of(replace(made, sources=lines))
    calm = dict(html(site("good")))
    seen = 0
    for name, page in html(pages(report, terms)):
        for tag, attributes in page.elements:
            assert tag != "img" and not any(key.startswith("on") for key in attributes)
            for key in ("href", "src"):
                assert not attributes.get(key, "").lower().lstrip().startswith("javascript:")
        scripts = [attributes for tag, attributes in page.elements if tag == "script"]
        assert len(scripts) == 2, name
        seen += sum(HOSTILE in said for _, said in page.texts)
        assert name in calm, "a page is named after the spec, not after what is in it"
        assert "54439" not in "".join(said for _, said in page.texts)
    assert seen > 100


def test_an_empty_report_says_so() -> None:
    made = material([])
    files = pages(*report_of(replace(made, runs=[], sentence="Nothing ran.")))
    index = files["index.html"]
    assert "No results: run" in index and "nothing ran" in index
    assert "No verdicts yet." in files["declarations/softmaxVec.html"]
    assert "a type has no Python side" in files["declarations/Vec.html"]


def test_findings_come_first_and_followers_are_one_entry() -> None:
    index = site("bad")["index.html"]
    assert index.index("Findings") < index.index("What did not run")
    assert "31,234 times the bound" in index or "times the bound" in index
    page = site("bad")["declarations/softmaxJvp.html"]
    assert "Rests on what fails" in page and "softmaxVec" in page
