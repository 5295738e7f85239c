"""How large a report is, how long writing it takes, and how long its matrix filters in a browser.

    python -m benchmarks.report_site results.json [--declarations 1000] [--browser chromium]

results.json: of `crosscheck check --json`. The second part copies its declarations until there are
so many, and types into the search field of the matrix; it needs playwright and a Chromium.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from harness.cli import main as crosscheck
from harness.site.pages import ASSETS, asset, matrix_page
from harness.site.record import Report
from harness.site.report_json import read_report

WORDS = ("softmaxJvp", "softmaxJvp_zero", "sumexp 77", "", "no such thing", "softmax 9", "")
FILTER = """(word) => {
  const field = document.querySelector("input[name=q]");
  const table = document.querySelector("table[data-filtered]");
  const start = performance.now();
  field.value = word;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  table.offsetHeight;  // the layout belongs to it
  return performance.now() - start;
}"""


def main() -> None:
    """Prints what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("results", type=Path)
    parser.add_argument("--declarations", type=int, default=1000)
    parser.add_argument("--browser", default=shutil.which("chromium"))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = _write(given.results, Path(folder) / "site")
        if given.browser:
            _filter(report, given.declarations, given.browser, Path(folder) / "many")


def _write(results: Path, folder: Path) -> Report:
    clock, processor = time.perf_counter(), time.process_time()
    crosscheck(["trace", "--results", str(results), "--report", str(folder), "--json", "/dev/null"])
    wall, used = time.perf_counter() - clock, time.process_time() - processor
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    files = sum(file.is_file() for file in folder.rglob("*"))
    report = read_report(folder / "report.json")
    each = size / max(1, report.totals.checks)
    print(
        f"{files} files, {size / 1e6:.2f} MB, {each:.0f} bytes a check, in {wall:.1f} s "
        f"({used:.1f} s of a processor)"
    )
    return report


def _filter(report: Report, wanted: int, browser: str, folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    links = report.trace.links
    many = [
        link.model_copy(
            update={
                "declaration": link.declaration.model_copy(
                    update={"short_name": f"{link.declaration.short_name}_{copy}"}
                )
            }
        )
        for copy in range(-(-wanted // len(links)))
        for link in links
    ][:wanted]
    large = report.model_copy(update={"trace": report.trace.model_copy(update={"links": many})})
    (folder / "assets").mkdir(parents=True)
    for name in ASSETS:
        (folder / "assets" / name).write_text(asset(name), encoding="utf-8")
    page_file = folder / "matrix.html"
    page_file.write_text(matrix_page(large), encoding="utf-8")
    with sync_playwright() as driver:
        running = driver.chromium.launch(
            executable_path=browser, args=["--no-sandbox", "--disable-gpu"]
        )
        page = running.new_page(viewport={"width": 1280, "height": 900})
        page.goto(page_file.as_uri())
        rows = page.evaluate("document.querySelectorAll('table[data-filtered] tbody tr').length")
        times, used = [], []
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        for word in WORDS * 5:
            before = _processor(session)
            times.append(page.evaluate(FILTER, word))
            used.append(_processor(session) - before)
        running.close()
    print(
        f"{rows} rows: filtering takes {statistics.median(times):.0f} ms in the median, "
        f"{max(times):.0f} ms at most, layout included; of a processor "
        f"{statistics.median(used):.0f} and {max(used):.0f} ms"
    )


def _processor(session: Any) -> float:
    """Milliseconds of a processor that the page's thread has used for tasks."""
    found = session.send("Performance.getMetrics")["metrics"]
    return next(1000.0 * float(one["value"]) for one in found if one["name"] == "TaskDuration")


if __name__ == "__main__":
    main()
