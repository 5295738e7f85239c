"""The comparison of two runs."""

from __future__ import annotations

from harness.conformance.verdict import CheckResult, Verdict
from harness.report.changes import changes
from harness.report.document import Document
from tests.report.samples import check, document, good_run, lean_record, theorem, violation


def compared(old: Document, new: Document) -> tuple[list[str], bool]:
    lines, worse = changes(old, new)
    return [line.plain for line in lines], worse


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
    assert lines[0] == "↓ sumExp  Lean text: same → missing"


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
