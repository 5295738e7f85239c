"""The pages in a real browser: errors, filters, graph, theme, narrow screens, accessibility."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.conformance.verdict import Verdict
from harness.site.build import report_of
from harness.site.pages import pages
from tests.report.samples import violation
from tests.site.browser import DESK, PHONE, axe_source, launched
from tests.site.reports import bad, good, material, results
from tests.site.test_pages import HOSTILE, hostile_change

pytestmark = pytest.mark.slow

PAGES = (
    "index.html",
    "matrix.html",
    "graph.html",
    "impact.html",
    "declarations/softmaxJvp.html",
    "declarations/softmaxVec.html",
    "declarations/Vec.html",
)

LONG_PATH = "/" + "folder_of_a_long_name/" * 6 + "softmaxDerivCoord_eq_softmaxJvp.yaml"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with launched() as running:
        yield running


def written(folder: Path, files: Mapping[str, str]) -> str:
    """The pages on disk; their address."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder.as_uri()


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Addresses of a report without and one with findings, of a hostile one, and of one that was
    made from folders with long names."""
    words = {"verdict": Verdict.VIOLATES, "violation": violation(message=HOSTILE)}
    made = material(results(**words, notes=(HOSTILE,)), change=hostile_change, sentence=HOSTILE)
    lines = {name: (HOSTILE,) for name in made.sources}
    hostile = report_of(replace(made, sources=lines))
    far = material(results(), change=lambda one: one.model_copy(update={"spec": LONG_PATH}))
    runs = [one.model_copy(update={"path": LONG_PATH, "usable": False}) for one in far.runs]
    elsewhere = report_of(replace(far, runs=runs))
    return {
        name: written(tmp_path_factory.mktemp(name), pages(*report))
        for name, report in {
            "good": good(),
            "bad": bad(),
            "hostile": hostile,
            "elsewhere": elsewhere,
        }.items()
    }


class Watched:
    """A page, and what it complained of."""

    def __init__(self, browser: Any, **options: Any) -> None:
        self.context = browser.new_context(viewport=DESK, **options)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: self._tell(said.type, said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.on("requestfailed", lambda request: self.complaints.append(request.url))
        self.requested: list[str] = []
        self.page.on("request", lambda request: self.requested.append(request.url))

    def _tell(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)


@pytest.fixture
def watched(browser: Any) -> Iterator[Watched]:
    one = Watched(browser)
    yield one
    one.context.close()


@pytest.mark.parametrize("which", ["good", "bad", "hostile"])
def test_pages_load_without_complaint_and_ask_nobody(
    watched: Watched, sites: dict[str, str], which: str
) -> None:
    for name in PAGES:
        watched.page.goto(f"{sites[which]}/{name}")
        for width in (PHONE, DESK):
            watched.page.set_viewport_size(width)
            wide = watched.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width["width"], f"{name} scrolls at {width['width']} px"
    assert watched.complaints == []
    assert {url.partition(":")[0] for url in watched.requested} <= {"file", "data"}


@pytest.mark.parametrize("which", ["good", "bad", "hostile", "elsewhere"])
def test_the_tables_of_the_overview_fit_a_phone(
    watched: Watched, sites: dict[str, str], which: str
) -> None:
    page = watched.page
    page.set_viewport_size(PHONE)
    page.goto(f"{sites[which]}/index.html")
    boxes = page.locator(".scroll:has(table)")
    beyond = "(all) => all.map((box) => [box.ariaLabel, box.scrollWidth - box.clientWidth])"
    assert dict(boxes.evaluate_all(beyond)) == {"Declarations": 0, "What did not run": 0}


def test_on_a_phone_a_table_is_still_one(watched: Watched, sites: dict[str, str]) -> None:
    page = watched.page
    page.set_viewport_size(PHONE)
    page.goto(f"{sites['good']}/index.html")
    table = page.get_by_role("region", name="Declarations").get_by_role("table")
    assert table.get_by_role("row").count() == 1 + 23
    heads = table.get_by_role("columnheader")
    (row,) = (one for one in table.get_by_role("row").all() if "sumExp\n" in one.inner_text())
    cells = [row.get_by_role("rowheader"), *row.get_by_role("cell").all()]
    assert cells[-1].inner_text() == "SOFTMAX-03" and heads.count() == len(cells)
    for head, cell in zip(heads.all(), cells, strict=True):
        above, below = head.bounding_box(), cell.bounding_box()
        assert abs(above["x"] - below["x"]) <= 1 and above["y"] < below["y"]


@pytest.mark.parametrize("name", ["index.html", "declarations/softmaxJvp.html"])
def test_a_long_path_does_not_widen_a_page(
    watched: Watched, sites: dict[str, str], name: str
) -> None:
    watched.page.set_viewport_size(PHONE)
    watched.page.goto(f"{sites['elsewhere']}/{name}")
    assert LONG_PATH in watched.page.content()
    assert watched.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize(("which", "theme"), [("bad", "light"), ("good", "dark")])
def test_axe_finds_no_serious_fault(
    browser: Any, sites: dict[str, str], which: str, theme: str
) -> None:
    one = Watched(browser, color_scheme=theme)
    for name in PAGES[:5]:
        one.page.goto(f"{sites[which]}/{name}")
        # Whatever is folded away is judged, too.
        one.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        one.page.evaluate(axe_source())
        found = one.page.evaluate("axe.run({ resultTypes: ['violations'] })")
        serious = [
            (each["id"], each["nodes"][0]["html"][:120], each["nodes"][0]["failureSummary"])
            for each in found["violations"]
            if each["impact"] in ("serious", "critical")
        ]
        assert serious == [], name
        assert found["passes"], "axe judged nothing"
    one.context.close()


def test_filters_search_and_keep_their_state_in_the_address(
    watched: Watched, sites: dict[str, str]
) -> None:
    page = watched.page
    page.goto(f"{sites['bad']}/matrix.html")
    rows = page.locator("table[data-filtered] tbody tr:visible")
    assert rows.count() == 23
    page.get_by_label("Search").fill("softmaxjvp zero")
    assert rows.count() == 1 and "1 of 23 rows" in page.locator("[data-count]").inner_text()
    page.get_by_label("Search").fill("")
    page.locator("select[name=python]").select_option("failing")
    assert rows.count() == 1 and "softmaxVec" in rows.first.inner_text()
    assert "#python=failing" in page.url
    page.reload()
    assert rows.count() == 1
    page.locator("select[name=python]").select_option("none")
    page.locator("select[name=role]").select_option("required")
    assert rows.count() == 0 and page.get_by_text("No declaration fits").is_visible()
    page.get_by_role("button", name="Clear").click()
    page.wait_for_function("!location.hash")
    assert rows.count() == 23 and not page.get_by_text("No declaration fits").is_visible()
    page.get_by_label("broken only").check()
    assert 1 < rows.count() < 23
    assert watched.complaints == []


def test_nodes_of_the_graph_show_their_lines_and_lead_to_pages(
    watched: Watched, sites: dict[str, str]
) -> None:
    page = watched.page
    page.goto(f"{sites['good']}/graph.html")
    node = page.locator('.node[data-name="Proofs.Autograd.softmaxJvp"]')
    assert page.locator(".edge.near").count() == 0
    node.hover()
    assert page.locator(".edge.near").count() >= 2
    node.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/declarations/softmaxJvp.html")
    assert page.locator("h1").inner_text() == "softmaxJvp"


def test_the_theme_is_the_systems_until_one_is_chosen_and_then_remembered(
    browser: Any, sites: dict[str, str]
) -> None:
    one = Watched(browser, color_scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    one.page.goto(f"{sites['good']}/index.html")
    dark = one.page.evaluate(ground)
    one.page.get_by_role("button", name="Switch to the light theme").click()
    light = one.page.evaluate(ground)
    assert light != dark
    one.page.get_by_role("link", name="Matrix", exact=True).click()
    one.page.wait_for_url("**/matrix.html")
    assert one.page.evaluate(ground) == light
    one.page.get_by_role("button", name="Switch to the dark theme").click()
    one.page.reload()
    assert one.page.evaluate(ground) == dark
    one.context.close()


def test_impact_shows_the_chosen_declaration(watched: Watched, sites: dict[str, str]) -> None:
    page = watched.page
    page.goto(f"{sites['good']}/declarations/sumExp.html")
    page.get_by_role("link", name="What a change of it would touch").click()
    page.wait_for_url("**/impact.html#*")
    shown = page.locator("section[data-impact-of]:visible")
    assert shown.count() == 1 and "softmaxVec_apply" in shown.inner_text()
    page.locator("select[data-impact]").select_option("Proofs.Autograd.dotCLM")
    assert shown.count() == 1 and shown.get_by_role("heading", level=2).inner_text() == "dotCLM"
    assert page.url.endswith("#Proofs.Autograd.dotCLM")


def test_a_keyboard_reaches_everything(watched: Watched, sites: dict[str, str]) -> None:
    page = watched.page
    page.goto(f"{sites['good']}/index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.goto(f"{sites['good']}/declarations/softmaxJvp.html")
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.tagName"))
    assert {"A", "BUTTON", "SUMMARY", "DIV"} <= reached


def test_without_scripts_nothing_is_hidden(browser: Any, sites: dict[str, str]) -> None:
    one = Watched(browser, java_script_enabled=False)
    one.page.goto(f"{sites['good']}/matrix.html")
    assert one.page.locator("table[data-filtered] tbody tr:visible").count() == 23
    assert not one.page.locator("form").is_visible()
    one.page.goto(f"{sites['good']}/impact.html")
    assert one.page.locator("section[data-impact-of]:visible").count() == 23
    one.context.close()


def test_the_policy_stops_scripts_and_hostile_text_is_text(
    watched: Watched, sites: dict[str, str]
) -> None:
    page = watched.page
    page.goto(f"{sites['hostile']}/index.html")
    assert HOSTILE in page.locator("main").inner_text()
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
        " document.body.append(s); }"
    )
    assert page.evaluate("window.ran") is None
    assert re.search("Content Security Policy", " ".join(watched.complaints))


def test_print_leaves_out_what_paper_cannot_do(watched: Watched, sites: dict[str, str]) -> None:
    page = watched.page
    page.goto(f"{sites['good']}/matrix.html")
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible() and not page.locator("form").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
