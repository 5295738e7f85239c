"""`lean doctor`, `build`, `mirror`, `export`, `review` and `new`, as a person calls them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from harness.commands.annotations import annotation
from tests.lean_evidence.conftest import (
    ROOT,
    SOFTMAX,
    Crosscheck,
    Lake,
    Project,
    export_data,
    replaced,
)
from tests.lean_evidence.recordings import recording

unix = pytest.mark.skipif(os.name == "nt", reason="scripts with #! are no programs there")


def sources(project: Project) -> tuple[str, ...]:
    return ("--specs", str(project.specs), "--lean", str(project.lean))


# doctor


def test_doctor_without_anything(crosscheck: Crosscheck, project: Project, no_tools: Path) -> None:
    found = crosscheck("lean", "doctor", *sources(project))
    assert found.code == 3
    assert "→ elan toolchain install leanprover/lean4:v4.31.0" in found.out
    assert found.last.startswith("The proofs cannot be built here: elan, lake, ")
    assert "Traceback" not in found.err


def test_doctor_as_json(crosscheck: Crosscheck, project: Project, no_tools: Path) -> None:
    found = crosscheck("lean", "doctor", "--json", "-", *sources(project))
    data = json.loads(found.out)
    assert data["exit_code"] == found.code == 3
    states = {item["what"]: item["state"] for item in data["items"]}
    assert (states["lake"], states["mirror"], states["evidence"]) == ("needed", "here", "absent")
    assert all(item["remedy"] for item in data["items"] if item["state"] != "here")


@pytest.mark.usefixtures("believe", "no_tools")
def test_doctor_looks_at_mirror_and_evidence(crosscheck: Crosscheck, project: Project) -> None:
    project.write_evidence()
    said = " ".join(crosscheck("lean", "doctor", *sources(project)).out.split())
    assert "of 2026-06-01T12:00:00Z holds" in said
    replaced(project.lean / "Mirror.lean", "Stated by Vec.", "Stated by Vec")
    said = " ".join(crosscheck("lean", "doctor", *sources(project)).out.split())
    assert "Mirror.lean is out of date → crosscheck lean mirror" in said
    assert "has lapsed: Mirror.lean has changed" in said


@pytest.mark.usefixtures("no_tools")
def test_doctor_refuses_constructed_evidence(crosscheck: Crosscheck, project: Project) -> None:
    project.write_evidence()
    said = crosscheck("lean", "doctor", *sources(project)).out
    assert "was constructed by hand" in " ".join(said.split())


# build and export


@pytest.mark.parametrize("action", ["build", "export"])
def test_without_lake_it_is_one_sentence(
    crosscheck: Crosscheck, project: Project, no_tools: Path, action: str
) -> None:
    found = crosscheck("lean", action, *sources(project))
    assert (found.code, found.out, found.err.count("\n")) == (3, "", 1)
    assert "no `lake` on PATH" in found.err
    assert not Path(".crosscheck").exists()


@unix
def test_a_build_that_fails(crosscheck: Crosscheck, project: Project, lake: Lake) -> None:
    lines = project.softmax.read_text("utf-8").split("\n")
    line, other = (
        1 + next(number for number, text in enumerate(lines) if words in text)
        for words in ("smul_sub _ _ _", "theorem sumExp_apply")
    )
    said = (
        "⚠ [7/9] Built Proofs.Autograd.Vec (1s)\n"
        f"warning: {SOFTMAX}:{other}:8: declaration uses `sorry`\n"
        "✖ [8/9] Building Proofs.Autograd.Softmax (2s)\n"
        f"error: {SOFTMAX}:{line}:4: Type mismatch\n"
        "  smul_sub 1\nerror: Lean exited with code 1\nerror: build failed\n"
    )
    lake({"exe cache get": (0, ""), "build": (1, said)})
    found = crosscheck("lean", "build", "--annotate", *sources(project))
    assert found.code == 1
    assert f"✗ {SOFTMAX}:{line}:5  in Proofs.Autograd.hasFDerivAt_softmaxVec_coord" in found.out
    assert f"! {SOFTMAX}:{other}:9  in Proofs.Autograd.sumExp_apply" in found.out
    assert (
        "::error file=lean/" + SOFTMAX + f",line={line},col=5::Type mismatch%0A  smul_sub 1"
        in found.out
    )
    assert "::warning file=lean/" in found.out
    assert (
        found.last == "Lean rejects it: 1 error, in Proofs.Autograd.hasFDerivAt_softmaxVec_coord."
    )
    log = Path(".crosscheck/lean-build.log").read_text("utf-8")
    assert log.startswith("$ lake exe cache get\nexit code 0\n$ lake build\n⚠ [7/9] Built")
    assert ".crosscheck/lean-build.log" in found.err


@unix
def test_a_build_that_succeeds(crosscheck: Crosscheck, project: Project, lake: Lake) -> None:
    lake(
        {
            "exe cache get": (0, recording("cache_get").text),
            "build": (0, recording("build_succeeded").text),
        }
    )
    found = crosscheck("lean", "build", *sources(project))
    assert found.code == 0
    assert found.last.startswith("The proofs are built")
    assert "  Attempting to download 8639 file(s)" in found.err
    assert "[2269/2269]" in found.err


@unix
@pytest.mark.parametrize("name", ["no_network_toolchain", "clone_failed", "cache_unreachable"])
def test_offline_is_one_sentence(
    crosscheck: Crosscheck, project: Project, lake: Lake, name: str
) -> None:
    lake({"exe cache get": (1, recording(name).text)})
    found = crosscheck("lean", "build", *sources(project))
    assert found.code == 3
    assert [line for line in found.err.split("\n") if line.startswith("crosscheck: `lake")]


@unix
def test_an_export(crosscheck: Crosscheck, project: Project, lake: Lake) -> None:
    data = export_data(project.library(), softmaxVec_zero={"usesSorry": True})
    lake(
        {
            "exe cache get": (0, ""),
            "build": (0, recording("build_succeeded").text),
            "exe export_decls": (0, json.dumps(data)),
        }
    )
    found = crosscheck("lean", "export", *sources(project))
    assert found.code == 1
    assert "softmaxVec: not proved: Proofs.Autograd.softmaxVec_zero rests on `sorry`" in found.out
    assert found.last.startswith("9 of 11 specs proved; evidence in ")
    assert json.loads((project.lean / "evidence.json").read_text("utf-8"))["constructed"] is True
    refused = crosscheck("trace", *sources(project))
    assert refused.code == 2
    assert "was constructed by hand for a test" in refused.err


@unix
def test_an_export_that_misses_a_declaration(
    crosscheck: Crosscheck, project: Project, lake: Lake
) -> None:
    data = export_data(project.library())
    data["declarations"][2] = {"name": "Proofs.Autograd.dotCLM", "found": False}
    lake({"exe cache get": (0, ""), "build": (0, ""), "exe export_decls": (1, json.dumps(data))})
    found = crosscheck("lean", "export", *sources(project))
    assert found.code == 1
    assert found.last == "Lean has no Proofs.Autograd.dotCLM; no evidence was written."
    assert not (project.lean / "evidence.json").exists()


# mirror


def test_the_mirror_is_written_and_compared(crosscheck: Crosscheck, project: Project) -> None:
    assert crosscheck("lean", "mirror", "--check", *sources(project)).code == 0
    mirror = project.lean / "Mirror.lean"
    before = mirror.read_text("utf-8")
    replaced(mirror, "Stated by Vec.", "Stated by nobody.")
    found = crosscheck("lean", "mirror", "--check", *sources(project))
    assert found.code == 1
    assert "-/-- Stated by nobody. -/\n+/-- Stated by Vec. -/" in found.out
    assert mirror.read_text("utf-8") != before
    assert crosscheck("lean", "mirror", *sources(project)).code == 0
    assert mirror.read_text("utf-8") == before
    mirror.unlink()
    assert crosscheck("lean", "mirror", "--check", *sources(project)).code == 1


# review


def test_a_review_renews_what_changed_and_nothing_else(
    crosscheck: Crosscheck, project: Project
) -> None:
    assert crosscheck("review", "--all", "--dry-run", *sources(project)).code == 0
    before = {path: path.read_bytes() for path in project.specs.rglob("*.yaml")}
    replaced(
        project.softmax,
        "Real.exp (x i)\n\n/-- The equation",
        "1 * Real.exp (x i)\n\n/-- The equation",
    )
    dry = crosscheck("review", "sumExp", "--dry-run", *sources(project))
    assert dry.code == 1
    assert "its own statement changed (Proofs/Autograd/Softmax.lean:" in dry.out
    assert dry.last == "1 of 1 link would be renewed."
    assert {path: path.read_bytes() for path in before} == before
    found = crosscheck("review", "sumExp", *sources(project))
    assert (found.code, found.last) == (0, "1 of 1 link renewed.")
    changed = [path.name for path in before if path.read_bytes() != before[path]]
    assert changed == ["sumExp.yaml"]
    # The others rest on it and have not been looked at.
    assert "suspect" in crosscheck("trace", "softmaxVec", *sources(project)).out
    assert crosscheck("review", "--all", *sources(project)).code == 0
    assert crosscheck("trace", *sources(project)).code == 0
    assert crosscheck("review", "--all", *sources(project)).last == "0 of 11 links renewed."


def test_what_differs_from_lean_is_not_renewed(crosscheck: Crosscheck, project: Project) -> None:
    replaced(
        project.softmax, "sumExp x = ∑ i : Fin n, Real.exp (x i) := rfl", "sumExp x = 0 := rfl"
    )
    found = crosscheck("review", "sumExp_apply", "softmaxVec_zero", *sources(project))
    assert found.code == 1
    assert "✗ sumExp_apply is not renewed: statement: " in found.out
    assert found.last == "0 of 2 links renewed, 1 cannot be, as the spec and Lean differ."


def test_a_link_that_nobody_reviewed(crosscheck: Crosscheck, project: Project) -> None:
    spec = project.specs / "softmax" / "softmaxVec_zero.yaml"
    text = spec.read_text("utf-8")
    spec.write_text("\n".join(line for line in text.split("\n") if "scan1" not in line))
    found = crosscheck("review", "softmaxVec_zero", *sources(project))
    assert "softmaxVec_zero: has never been reviewed" in found.out
    assert spec.read_text("utf-8") == text


def test_packaged_specs_are_not_changed(crosscheck: Crosscheck, project: Project) -> None:
    packaged = project.specs.parent / "_data" / "specs"
    packaged.parent.mkdir()
    project.specs.rename(packaged)
    found = crosscheck("review", "--all", "--specs", packaged, "--lean", project.lean)
    assert (found.code, found.err.count("\n")) == (2, 1)
    assert "came with the package" in found.err


@pytest.mark.parametrize("words", [(), ("softmaxVec", "--all")])
def test_a_review_says_of_what(crosscheck: Crosscheck, words: tuple[str, ...]) -> None:
    found = crosscheck("review", *words)
    assert (found.code, found.err.count("\n")) == (2, 1)
    assert "names or --all" in found.err


# new


def test_a_spec_for_somebody_elses_file(crosscheck: Crosscheck, tmp_path: Path) -> None:
    file = tmp_path / "Theirs.lean"
    file.write_text("theorem Their.pos (x : ℝ) : 0 < Real.exp x := Real.exp_pos x\n", "utf-8")
    found = crosscheck("new", "pos", "--lean", file)
    assert found.code == 0
    assert 'statement: "∀ (x : ℝ), 0 < Real.exp x"' in found.out
    assert "crosscheck: to write: summary, provenance.requirement, provenance.text" in found.err
    assert "cannot say it" not in found.err


def test_what_the_language_cannot_say_is_told(crosscheck: Crosscheck, tmp_path: Path) -> None:
    file = tmp_path / "Theirs.lean"
    file.write_text(
        "/-- S. -/\ntheorem Their.t (G : Type) [Group G] : Nonempty G := sorry\n", "utf-8"
    )
    found = crosscheck("new", "Their.t", "--lean", file)
    assert found.code == 0
    assert "the statement language cannot say it: " in found.err


def test_a_new_constant_needs_a_spec_and_code(crosscheck: Crosscheck, project: Project) -> None:
    (project.lean / "Proofs" / "New.lean").write_text(
        "namespace Proofs.Autograd\n/-- Twice. -/\ndef twice {n : ℕ} (x : Vec n) : Vec n := x + x\n"
        "theorem twice_apply {n : ℕ} (x : Vec n) (i : Fin n) : twice x i = x i + x i := rfl\n"
        "theorem twice_zero (x : Vec 0) : twice x = x := rfl\nend Proofs.Autograd\n",
        "utf-8",
    )
    out = project.specs / "softmax" / "twice.yaml"
    found = crosscheck("new", "twice", *sources(project), "--out", out)
    assert found.code == 0, found.err
    assert out.read_text("utf-8").startswith(
        "# yaml-language-server: $schema=../spec.schema.json\n"
    )
    _, _, stub = found.err.partition("implements it yet; one for --catalogue:\n")
    (project.specs.parent / "mine.yaml").write_text(stub, "utf-8")
    theorem = crosscheck("new", "twice_zero", "--lean", project.lean)
    assert "uses Proofs.Autograd.twice, which has no spec: crosscheck new" in theorem.err
    replaced(out, "requirement: TODO", "requirement: MINE-01")
    words = ("--catalogue", project.specs.parent / "mine.yaml", "--effort", "quick")
    Path("my_module.py").write_text("def twice(x):\n    return x + x\n", "utf-8")
    judged = crosscheck("check", "twice", *words, *sources(project))
    assert judged.code == 0, judged.out + judged.err
    listed = crosscheck("check", "twice", "--list", *sources(project))
    assert "twice" in listed.out
    again = crosscheck("new", "twice", *sources(project), "--out", out)
    assert (again.code, again.err.count("\n")) == (2, 1)


# annotations


def test_annotations_are_escaped() -> None:
    said = annotation("error", "a,b/c:d.lean", 3, 5, "50 %\nof it")
    assert said == "::error file=a%2Cb/c%3Ad.lean,line=3,col=5::50 %25%0Aof it"
    assert annotation("notice", "x", 0, 1, "y") == "::notice file=x::y"


def test_trace_annotates_the_lines_of_its_findings(
    crosscheck: Crosscheck, project: Project
) -> None:
    clean = crosscheck("trace", "--annotate", *sources(project))
    assert (clean.code, "::error" in clean.out) == (0, False)
    replaced(project.softmax, "Real.exp (x i)\n\n/-- The", "1 * Real.exp (x i)\n\n/-- The")
    found = crosscheck("trace", "sumExp", "--annotate", *sources(project))
    assert found.code == 1
    said = [line for line in found.out.split("\n") if line.startswith("::error ")]
    assert said[0].startswith("::error file=specs/softmax/sumExp.yaml,line=1,col=1::sumExp: since")
    assert said[1].startswith(f"::error file=lean/{SOFTMAX},line=")
    assert "%0A+def Proofs.Autograd.sumExp" in said[1]


def test_doctor_of_a_folder_that_is_no_project(crosscheck: Crosscheck, tmp_path: Path) -> None:
    found = crosscheck("lean", "doctor", "--lean", tmp_path)
    assert (found.code, found.err.count("\n")) == (2, 1)
    assert "is not a Lake project" in found.err


def test_the_repositorys_own_mirror_is_current(crosscheck: Crosscheck) -> None:
    found = crosscheck(
        "lean", "mirror", "--check", "--specs", ROOT / "specs", "--lean", ROOT / "lean"
    )
    assert found.code == 0, found.out
