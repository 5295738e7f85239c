"""A build: the cache, then the proofs, then the mirror; errors lead to declarations and specs."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from harness.errors import AbsentError, InputError
from harness.lean.build import Built, build, check_project, concerned
from harness.lean.declaration import Declaration
from harness.lean.messages import messages
from harness.lean.scan import scan_directory
from tests.lean_evidence.conftest import SOFTMAX, Lake, Project
from tests.lean_evidence.recordings import recording

unix = pytest.mark.skipif(os.name == "nt", reason="scripts with #! are no programs there")
SUCCESS = recording("build_succeeded").text
GOOD = {"exe cache get": (0, recording("cache_get").text), "build": (0, SUCCESS)}


def run(project: Project) -> Built:
    return build(project.lean, io.StringIO(), lambda line: None)


def declarations(project: Project) -> list[Declaration]:
    return [one for scan in scan_directory(project.lean) for one in scan.declarations]


def line_of(project: Project, text: str) -> int:
    lines = project.softmax.read_text("utf-8").split("\n")
    return next(number for number, line in enumerate(lines, start=1) if text in line)


@unix
def test_the_order_of_the_calls(project: Project, lake: Lake) -> None:
    calls = lake(GOOD)
    built = run(project)
    assert (built.ok, built.note, built.errors) == (True, "", ())
    made = [line for line in calls.read_text().splitlines() if line.startswith("lake ")]
    assert [line for line in made if "--version" not in line] == [
        "lake exe cache get",
        "lake build",
        "lake build Mirror",
    ]


@unix
def test_lake_update_is_never_called(project: Project, lake: Lake) -> None:
    calls = lake(GOOD)
    run(project)
    assert "update" not in calls.read_text()


@unix
def test_a_rejected_proof(project: Project, lake: Lake) -> None:
    line = line_of(project, "sum_smul_evalCLM_apply (fun j => y j) x")
    said = f"""\
✖ [2100/2101] Building Proofs.Autograd.Softmax (3.4s)
trace: .> LEAN_PATH=
error: {SOFTMAX}:{line}:2: unsolved goals
n : ℕ
error: Lean exited with code 1
Some required targets logged failures:
- Proofs.Autograd.Softmax
error: build failed
"""
    lake({**GOOD, "build": (1, said)})
    built = run(project)
    assert not built.ok
    (found,) = concerned(built.errors, declarations(project), project.library())
    assert found.declaration == "Proofs.Autograd.dotCLM_apply"
    assert [Path(name).name for name in found.specs] == ["dotCLM.yaml", "dotCLM_apply.yaml"]
    assert found.message.text == "unsolved goals\nn : ℕ"


@unix
def test_a_mirror_that_lean_rejects(project: Project, lake: Lake) -> None:
    text = (project.lean / "Mirror.lean").read_text("utf-8").split("\n")
    line = next(
        i for i, one in enumerate(text, start=1) if "@_root_" in one and "sumExp_apply" in one
    )
    said = f"✖ [9/9] Building Mirror (1s)\nerror: Mirror.lean:{line}:2: Type mismatch\n"
    lake({**GOOD, "build Mirror": (1, said)})
    built = run(project)
    assert not built.ok
    (found,) = concerned(built.errors, declarations(project), project.library())
    assert found.declaration == "Mirror.sumExp_apply"
    assert {Path(name).name for name in found.specs} == {"sumExp.yaml", "sumExp_apply.yaml"}


def test_a_declaration_without_a_spec_and_a_place_outside(project: Project) -> None:
    helper = line_of(project, "theorem sumExp_pos")
    found = concerned(
        messages([f"error: {SOFTMAX}:{helper}:0: bad", "error: .lake/packages/x/Y.lean:1:0: bad"]),
        declarations(project),
        project.library(),
    )
    assert [(one.declaration, one.specs) for one in found] == [
        ("Proofs.Autograd.sumExp_pos", ()),
        ("", ()),
    ]


@unix
def test_a_failure_that_says_nothing_else_is_shown_all_the_same(
    project: Project, lake: Lake
) -> None:
    lake({**GOOD, "build": (1, recording("replay_crashed").text)})
    assert [one.text for one in run(project).errors] == [
        "Lean exited with code 3221225477",
        "build failed",
    ]


@unix
@pytest.mark.parametrize("name", ["no_network_toolchain", "no_network_git", "clone_failed"])
def test_without_a_network_it_is_one_sentence(project: Project, lake: Lake, name: str) -> None:
    lake({**GOOD, "exe cache get": (1, recording(name).text)})
    with pytest.raises(AbsentError, match="`lake exe cache get` failed: ") as caught:
        run(project)
    assert "\n" not in str(caught.value)


@unix
def test_without_a_network_what_is_compiled_is_used(project: Project, lake: Lake) -> None:
    root = project.lean / ".lake/packages/mathlib/.lake/build/lib/lean"
    root.mkdir(parents=True)
    (root / "Mathlib.olean").write_bytes(b"")
    lake({**GOOD, "exe cache get": (1, recording("no_network_git").text)})
    built = run(project)
    assert built.ok
    assert "no network" in built.note


@unix
def test_a_build_that_runs_out_of_memory_is_an_absence(project: Project, lake: Lake) -> None:
    said = "✖ [2/3] Building Proofs.Autograd.Vec\nerror: Lean exited with code 137\n"
    lake({**GOOD, "build": (1, said)})
    with pytest.raises(AbsentError, match="the memory was not enough"):
        run(project)


def test_no_lake(project: Project, no_tools: Path) -> None:
    with pytest.raises(AbsentError, match="no `lake` on PATH"):
        run(project)


@unix
def test_another_lean_without_elan(project: Project, lake: Lake, no_tools: Path) -> None:
    lake({**GOOD, "--version": (0, "Lake version 5.0.0\n")})
    (no_tools / "elan").unlink()
    (no_tools / "lean").write_text("#!/bin/sh\necho 'Lean (version 4.29.0)'\n")
    with pytest.raises(
        AbsentError, match=r"4\.29\.0.* the project pins leanprover/lean4:v4\.31\.0"
    ):
        run(project)


def test_a_folder_that_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a Lake project"):
        check_project(tmp_path)


def test_the_packaged_copy_is_not_built_in_place(tmp_path: Path) -> None:
    lean = tmp_path / "_data" / "lean"
    lean.mkdir(parents=True)
    (lean / "lakefile.toml").write_text("")
    with pytest.raises(InputError, match="is not built in place"):
        check_project(lean)


@unix
def test_a_project_without_mathlib_fetches_nothing(project: Project, lake: Lake) -> None:
    (project.lean / "lake-manifest.json").write_text('{"packages": []}')
    calls = lake(GOOD)
    assert run(project).ok
    assert "cache" not in calls.read_text()
