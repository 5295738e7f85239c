"""Earlier runs, and files that are none."""

from __future__ import annotations

from pathlib import Path

from harness.conformance.verdict import Verdict
from harness.report.json_report import json_text
from harness.site.history import history, past
from tests.report.samples import check, document, good_run, run, violation


def test_earlier_runs_without_the_one_that_is_shown(tmp_path: Path) -> None:
    files = []
    for number, results in enumerate(
        [good_run(), [check(verdict=Verdict.VIOLATES, violation=violation())]]
    ):
        made = document(results).model_copy(update={"run": run(started=f"2026-01-0{number + 1}")})
        files.append(tmp_path / f"{number}.json")
        files[-1].write_text(json_text(made), encoding="utf-8")
    files.append(tmp_path / "broken.json")
    files[-1].write_text("{", encoding="utf-8")
    found = past(reversed(files), [])
    assert [one.run.started for one in found.documents] == ["2026-01-01", "2026-01-02"]
    assert len(found.unread) == 1 and found.unread[0].startswith("broken.json: not JSON")
    assert [one.run.started for one in past(files, ["2026-01-02"]).documents] == ["2026-01-01"]

    good, bad = history("Proofs.Autograd.softmaxVec", found.documents, "ab" * 32)
    assert (good.standing, good.conform, good.entries, good.same_specs) == ("conforms", 4, 4, True)
    assert (bad.standing, bad.conform, bad.entries) == ("violates", 0, 1)
    assert history("Proofs.Autograd.softmaxVec", found.documents, "other")[0].same_specs is False
    assert history("Proofs.Autograd.Vec", found.documents, "") == []
