"""States of the links from a requirement to a check, and findings that are handed up."""

from __future__ import annotations

from typing import Any

import pytest

from harness.conformance.verdict import Verdict
from harness.report.coverage import Depth, code, coverage, requirements
from harness.report.document import DeclarationRecord
from tests.report.samples import check, document, good_run, lean_record, theorem, violation

FULL = "Proofs.Autograd."
CONSTANTS = {
    f"{FULL}sumExp": ("sumExp",),
    f"{FULL}softmaxVec": ("softmaxVec", "sumExp"),
    f"{FULL}softmaxJvp": ("softmaxJvp", "softmaxVec"),
    f"{FULL}inner_softmaxJvp_comm": ("softmaxJvp",),
}


def covered(results: list[Any], **lean: Any) -> dict[str, Any]:
    made = document(results, lean)
    found = coverage(made.declarations, made.results, CONSTANTS)
    return {name.removeprefix(FULL): one for name, one in found.items()}


def test_a_good_run_is_deep_in_python_and_shallow_in_lean() -> None:
    found = covered(good_run())
    assert {one.python for name, one in found.items() if name != "Vec"} == {"deep"}
    assert (found["Vec"].python, found["Vec"].lean) == ("none", "shallow")
    assert {one.link for one in found.values()} == {"covered"}
    assert found["softmaxVec"].rests_on == [f"{FULL}sumExp"]
    assert found["softmaxVec"].used_by == [f"{FULL}softmaxJvp"]
    assert not any(one.failing or one.broken_by for one in found.values())


@pytest.mark.parametrize(
    ("fields", "link", "depth"),
    [
        ({"proved": "proved"}, "covered", "deep"),
        ({"proved": "not proved"}, "covered", "failing"),
        ({"link": "suspect"}, "suspect", "failing"),
        ({"link": "never reviewed"}, "unreviewed", "shallow"),
        ({"mirror": "differs"}, "outdated", "failing"),
        ({"mirror": "missing"}, "orphaned", "failing"),
    ],
)
def test_the_lean_side(fields: dict[str, Any], link: str, depth: str) -> None:
    found = covered(good_run(), sumExp=lean_record(**fields))["sumExp"]
    assert (found.link, found.lean) == (link, depth)
    assert bool(found.failing) == (depth == "failing")


def test_a_name_that_is_declared_twice_is_ambiguous() -> None:
    made = document(good_run())
    found = coverage(made.declarations, made.results, CONSTANTS, [f"{FULL}sumExp"])
    assert found[f"{FULL}sumExp"].link == "ambiguous"
    assert found[f"{FULL}sumExp"].lean == "failing"


def test_a_failing_check_is_handed_up_to_all_that_rests_on_it() -> None:
    failed = check("softmaxVec", verdict=Verdict.VIOLATES, violation=violation())
    found = covered([*good_run(), failed])
    assert found["softmaxVec"].failing == ["definition check violates for numpy in float32"]
    assert found["sumExp"].broken_by == []
    for name in ("softmaxJvp", "inner_softmaxJvp_comm"):
        assert found[name].broken_by == [f"{FULL}softmaxVec"]


@pytest.mark.parametrize(
    ("results", "depth"),
    [
        ([], "uncovered"),
        ([check("sumExp", "consistency")], "shallow"),
        ([check("sumExp")], "shallow"),
        ([check("sumExp", "consistency", Verdict.REFUTED), check("sumExp")], "failing"),
        ([check("sumExp", verdict=Verdict.UNSUPPORTED)], "uncovered"),
        ([check("sumExp", verdict=Verdict.UNSUPPORTED, cases_n0=3)], "shallow"),
        ([check("sumExp", "consistency"), check("sumExp")], "deep"),
    ],
)
def test_the_python_side(results: list[Any], depth: Depth) -> None:
    assert covered(results)["sumExp"].python == depth


def test_a_theorem_that_only_holds_is_shallow() -> None:
    failed = check("softmaxJvp", verdict=Verdict.VIOLATES, violation=violation())
    found = covered([failed, theorem(), check("inner_softmaxJvp_comm", "consistency")])
    assert found["inner_softmaxJvp_comm"].python == "shallow"


def test_a_requirement_is_as_deep_as_its_worst_declaration() -> None:
    made = document(good_run(), {"sumExp": lean_record(mirror="missing")})
    support = made.declarations[-1].model_copy(update={"role": "support", "requirement_text": "-"})
    declarations: list[DeclarationRecord] = [*made.declarations[:-1], support]
    states = coverage(declarations, made.results, CONSTANTS)
    (one,) = requirements(declarations, states)
    assert (one.name, one.text) == ("SOFTMAX-01", "what it asks for")
    assert (one.lean, one.python) == ("failing", "deep")
    assert one.declarations[-1] == f"{FULL}Vec"
    assert one.failing == [
        f"{FULL}{n}" for n in ("inner_softmaxJvp_comm", "softmaxJvp", "softmaxVec", "sumExp")
    ]


def test_from_the_code_up() -> None:
    failed = check("softmaxVec", entry="torch", verdict=Verdict.VIOLATES, violation=violation())
    lent = theorem(entry="torch", ours=("softmaxJvp",))
    made = document([check("softmaxVec"), failed, lent])
    functions = {
        "softmaxVec": {"numpy": "a:f", "torch": "b:f"},
        "softmaxJvp": {"torch": "b:g"},
        "other": {"numpy": "a:h"},
    }
    found = {
        (one.entry, one.constant): one for one in code(functions, made.declarations, made.results)
    }
    assert {key: one.state for key, one in found.items()} == {
        ("numpy", "other"): "unwanted",
        ("numpy", "softmaxVec"): "covered",
        ("torch", "softmaxJvp"): "not run",
        ("torch", "softmaxVec"): "failing",
    }
    own = found["numpy", "softmaxVec"]
    assert (own.checks, own.cases, own.requirements) == (1, 1000, ["SOFTMAX-01"])
    assert own.declarations == [f"{FULL}softmaxVec"]
