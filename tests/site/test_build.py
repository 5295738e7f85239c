"""The report as data."""

from __future__ import annotations

from harness.conformance.verdict import Verdict
from harness.site.build import report_of
from harness.site.history import Past
from tests.report.samples import check
from tests.site.reports import bad, good, material, results

FULL = "Proofs.Autograd."


def test_the_ladders_count() -> None:
    report = good()[0]
    assert report.good
    assert [(one.name, one.reached, one.of) for one in report.ladders] == [
        ("stated", 23, 23),
        ("mirrored", 23, 23),
        ("proved", 0, 23),
        ("stated", 22, 22),
        ("consistent", 22, 22),
        ("conforms", 22, 22),
    ]
    assert report.proof.startswith("no toolchain on this machine, so nothing here was proved")
    assert report.totals.verdicts == {"conforms": 22 + 22 * 4}
    assert report.totals.cases == 22 * 90 + 88 * 1000


def test_a_finding_is_not_good_and_neither_is_nothing() -> None:
    assert not bad()[0].good
    assert not report_of(material([]))[0].good
    idle = [check("sumExp", verdict=Verdict.UNSUPPORTED, notes=("no code",))]
    assert not report_of(material(idle))[0].good


def test_gaps_that_differ_in_their_sizes_alone_are_one() -> None:
    notes = [
        ("sumExp", "numpy", "no finite bound at n = 128, 464"),
        ("sumExp", "torch", "no finite bound at n = 108"),
        ("dotCLM", "numpy", "no finite bound at n = 32, 128"),
        ("dotCLM", "torch", "derivatives by series up to n = 17"),
    ]
    extra = [check(name, entry=entry, notes=(note,)) for name, entry, note in notes]
    gaps = {gap.reason: gap for gap in report_of(material(extra))[0].gaps}
    whole = gaps["no finite bound at n = 32, 108, 128, 464"]
    assert (whole.checks, whole.declarations) == (3, ["sumExp", "dotCLM"])
    assert gaps["derivatives by series up to n = 17"].checks == 1


def test_gaps_say_what_did_not_run_and_why() -> None:
    extra = [
        check("sumExp", entry="mine", verdict=Verdict.UNSUPPORTED, notes=("mine has no float16",)),
        check("sumExp", "derivative", entry="torch", notes=("derivatives by series up to n = 17",)),
        check("softmaxVec", entry="mine", verdict=Verdict.NOT_RUN, notes=("interrupted",)),
    ]
    gaps = {gap.reason: gap for gap in report_of(material([*results(), *extra]))[0].gaps}
    assert gaps["mine has no float16"].declarations == ["sumExp"]
    assert gaps["derivatives by series up to n = 17"].entries == ["torch"]
    assert gaps["interrupted"].checks == 1
    assert gaps["not asked for: --device cuda"].entries == ["torch"]
    assert gaps["a type: it has no Python side"].declarations == ["Vec"]


def test_a_story_has_all_of_a_declaration() -> None:
    stories = {one.name.rpartition(".")[2]: one for one in good()[0].stories}
    jvp = stories["softmaxJvp"]
    assert jvp.page == "softmaxJvp.html" and jvp.type.startswith("{n : ℕ} → Vec n")
    assert jvp.source[0].text.startswith("/--")
    assert jvp.source[2].text.startswith("def softmaxJvp")
    assert jvp.tree[0].startswith("∀") and jvp.equation.startswith("softmaxJvp x dx i = ")
    assert jvp.equation_by == f"{FULL}softmaxJvp_apply" and len(jvp.bounds) == 2
    assert stories["inner_softmaxJvp_comm"].outside and not stories["inner_softmaxJvp_comm"].bounds
    assert stories["Vec"].tree == [] == stories["Vec"].bounds


def test_impact_is_transitive_through_definitions() -> None:
    stories = {one.name.rpartition(".")[2]: one.impact for one in good()[0].stories}
    short = {name.rpartition(".")[2] for name in stories["sumExp"].suspect}
    assert {"sumExp", "sumExp_apply", "softmaxVec", "softmaxJvp", "hasFDerivAt_softmaxVec"} <= short
    assert "dotCLM" not in short
    assert f"{FULL}softmaxVec_apply" in stories["sumExp"].unproved
    assert stories["softmaxJvp_zero"].suspect == [f"{FULL}softmaxJvp_zero"]
    assert stories["sumExp"].checks > stories["softmaxJvp_zero"].checks > 0


def test_results_that_could_not_be_read_are_told() -> None:
    made = report_of(material(results(), past=Past(unread=("x.json: not JSON",))))[0]
    assert made.left_out == ["x.json: not JSON"]
