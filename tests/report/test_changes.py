"""The comparison of two runs."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from harness.conformance.verdict import CheckResult, Verdict
from harness.report.changes import (
    SCHEMA_FILE,
    changes,
    changes_lines,
    json_text,
    schema_text,
    usable_checks,
)
from harness.report.document import Document
from harness.report.results_file import results_of
from tests.report.samples import check, document, good_run, lean_record, theorem, violation


def compared(old: Document, new: Document) -> tuple[list[str], bool]:
    found = changes(old, new)
    return [line.plain for line in changes_lines(found)], found.worse > 0


def with_one(result: CheckResult) -> Document:
    return document([check("sumExp"), check("softmaxVec"), result])


def test_nothing_changed() -> None:
    found = compared(document(good_run()), document(good_run()))
    assert found == (["0 worse, 0 better, 0 new, 0 gone, of 20 checks in both runs."], False)


def test_a_verdict_that_fell() -> None:
    bad = theorem(Verdict.VIOLATES, violation=violation())
    lines, worse = compared(with_one(theorem()), with_one(bad))
    assert worse
    name = "inner_softmaxJvp_comm theorem numpy float32 cpu"
    assert lines[0] == f"↓ {name}  conforms → violates"
    assert lines[-1].startswith("1 worse, 0 better")
    assert compared(with_one(bad), with_one(theorem()))[1] is False


def test_checks_that_came_and_went() -> None:
    lines, worse = compared(document([check("sumExp")]), document([check("softmaxVec")]))
    assert not worse
    assert lines[:2] == [
        "- sumExp definition numpy float32 cpu  no longer run",
        "+ softmaxVec definition numpy float32 cpu  new: conforms",
    ]


def test_the_lean_side() -> None:
    new = document(good_run(), {"sumExp": lean_record(mirror="missing")})
    lines, worse = compared(document(good_run()), new)
    assert worse
    assert lines[0] == "↓ sumExp Lean text  same → missing"


def test_what_may_explain_it() -> None:
    old = document(good_run())
    libraries = {**old.machine.libraries, "numpy": "1.26.0"}
    machine = old.machine.model_copy(update={"libraries": libraries})
    lines, _ = compared(old, old.model_copy(update={"machine": machine}))
    assert lines[0] == "  numpy: 2.4.6 → 1.26.0"


def test_several_facts_of_one_definition_are_told_apart() -> None:
    good = check("softmaxVec", "fact", constants=("softmaxVec",))
    bad = check("softmaxVec", "fact", Verdict.VIOLATES, violation=violation())
    lines, worse = compared(document([good, good]), document([good, bad]))
    assert worse
    assert lines[0] == "↓ softmaxVec fact numpy float32 cpu (2)  conforms → violates"


def test_a_new_check_that_fails_is_worse() -> None:
    bad = check("softmaxVec", verdict=Verdict.VIOLATES, violation=violation())
    lines, worse = compared(document([check("sumExp")]), document([check("sumExp"), bad]))
    assert worse
    assert lines[0] == "↓ softmaxVec definition numpy float32 cpu  new: violates"
    assert lines[-1].startswith("1 worse, 0 better, 1 new, 0 gone, of 1 check in both")


def test_reviews_and_proofs() -> None:
    old = document(good_run(), {"sumExp": lean_record(proved="proved")})
    new = document(good_run(), {"softmaxVec": lean_record(link="suspect")})
    lines, worse = compared(old, new)
    assert worse
    assert lines[:2] == [
        "↓ sumExp proof  proved → no evidence",
        "↓ softmaxVec review  reviewed → suspect",
    ]
    assert compared(new, old)[1] is False


def test_the_json_is_valid_and_its_schema_current() -> None:
    assert SCHEMA_FILE.read_text("utf-8") == schema_text(), "run python -m harness.report.changes"
    bad = theorem(Verdict.VIOLATES, violation=violation())
    data = json.loads(json_text(changes(with_one(theorem()), with_one(bad), ("a", "b"))))
    jsonschema.Draft202012Validator(json.loads(schema_text())).validate(data)
    assert (data["schema"], data["worse"], data["old"]["path"]) == (1, 1, "a")
    (one,) = data["changes"]
    assert (one["direction"], one["old"], one["new"]) == ("worse", "conforms", "violates")


def test_results_of_these_specs_count_and_later_ones_more() -> None:
    early = with_one(theorem(Verdict.VIOLATES, violation=violation()))
    run = early.run.model_copy(update={"started": "2027"})
    late = with_one(theorem()).model_copy(update={"run": run})
    found = usable_checks([results_of(Path(), late), results_of(Path(), early)], early.specs.digest)
    assert [one.verdict for one in found] == ["conforms"] * 3
    assert usable_checks([results_of(Path(), early)], "others") == []
