"""An export: built, run, and made into evidence of exactly what is on disk."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from harness.errors import AbsentError, InputError
from harness.lean import export as export_module
from harness.lean.evidence import read_evidence
from harness.lean.evidence_model import Export
from harness.lean.export import Exported, assemble, evidence_text, export, parse_export
from tests.lean_evidence.conftest import PINNED, REVISION, Lake, Project, export_data, replaced
from tests.lean_evidence.recordings import recording

unix = pytest.mark.skipif(os.name == "nt", reason="scripts with #! are no programs there")
SUCCESS = (0, recording("build_succeeded").text)


def run(project: Project) -> Exported:
    log = io.StringIO()
    return export(project.lean, project.library(), log, lambda _: None, crosscheck="0.1.0")


def answers(data: dict[str, Any] | str, code: int = 0) -> dict[str, tuple[int, str]]:
    text = data if isinstance(data, str) else json.dumps(data) + "\n"
    return {
        "exe cache get": (0, ""),
        "build Mirror export_decls": SUCCESS,
        "exe export_decls Mirror": (code, text),
    }


@unix
def test_what_is_exported_is_evidence(project: Project, lake: Lake, tmp_path: Path) -> None:
    calls = lake(answers(export_data(project.library())))
    made = run(project)
    assert made.evidence is not None
    assert (made.evidence.toolchain, made.evidence.mathlib) == (PINNED, REVISION)
    assert made.evidence.constructed  # the exporter's document was
    path = tmp_path / "evidence.json"
    path.write_text(evidence_text(made.evidence), encoding="utf-8")
    assert read_evidence(path, constructed=True) == made.evidence
    assert "lake exe export_decls Mirror " in calls.read_text()


@unix
def test_the_exporter_gets_the_names(project: Project, lake: Lake, no_tools: Path) -> None:
    lake(answers(export_data(project.library())))
    script = (no_tools / "lake").read_text("utf-8")
    kept = project.lean / "names"
    more = f'case "$*" in "exe export_decls"*) /bin/cp "$4" "{kept}";; esac\ncase "lake $*" in'
    (no_tools / "lake").write_text(script.replace('case "lake $*" in', more))
    run(project)
    names = kept.read_text().splitlines()
    assert names == sorted(names)
    assert "Proofs.Autograd.softmaxVec_apply" in names


@unix
def test_what_lake_says_before_the_document_does_not_matter(project: Project, lake: Lake) -> None:
    data = json.dumps(export_data(project.library()))
    lake(answers(f"✔ [9/9] Built export_decls:exe (2s)\n{data}\n"))
    assert run(project).evidence is not None


@unix
def test_a_stale_mirror_is_not_exported(project: Project, lake: Lake) -> None:
    lake(answers(export_data(project.library())))
    replaced(project.lean / "Mirror.lean", "softmaxVec x = x", "softmaxVec x = x + 0")
    with pytest.raises(InputError, match=r"Mirror\.lean is out of date"):
        run(project)


@unix
def test_a_build_that_fails_gives_no_evidence(project: Project, lake: Lake) -> None:
    failed = (1, recording("build_failed").text)
    lake({**answers({}), "build Mirror export_decls": failed})
    made = run(project)
    assert (made.built.ok, made.evidence) == (False, None)
    assert len(made.built.errors) == 5


@unix
def test_a_declaration_that_lean_does_not_have(project: Project, lake: Lake) -> None:
    data = export_data(project.library())
    data["declarations"][3] = {"name": data["declarations"][3]["name"], "found": False}
    lake(answers(data, code=1))
    made = run(project)
    assert (made.evidence, made.missing) == (None, (data["declarations"][3]["name"],))


@unix
@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("error: no such file\n", 1, "failed with exit code 1: error: no such file"),
        ("", 2, "failed with exit code 2: nothing was printed"),
        ("", 0, "printed something else: "),
        ("warning: x\n{}", 0, "printed something else: "),
        ('{"lean": "4.31.0"}', 0, "printed something else: module: field required"),
    ],
)
def test_other_output_is_refused(
    project: Project, lake: Lake, text: str, code: int, said: str
) -> None:
    lake(answers(text, code))
    with pytest.raises(InputError) as caught:
        run(project)
    assert said in caught.value.message


@unix
def test_an_exporter_without_memory_is_an_absence(project: Project, lake: Lake) -> None:
    lake(answers("std::bad_alloc\n", 134))
    with pytest.raises(AbsentError, match="the memory was not enough"):
        run(project)


@unix
def test_sources_that_change_meanwhile(
    project: Project, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake(answers(export_data(project.library())))
    run_exporter = export_module._run_exporter

    def slow(*arguments: Any) -> Export:
        replaced(project.softmax, "/-! ### Value -/", "/-! ### Values -/")
        return run_exporter(*arguments)

    monkeypatch.setattr(export_module, "_run_exporter", slow)
    with pytest.raises(AbsentError, match="the source changed while it was built"):
        run(project)


@unix
def test_a_mathlib_that_is_not_the_pinned_one(
    project: Project, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake(answers(export_data(project.library())))
    monkeypatch.setattr(export_module, "checkout_revision", lambda _: "0" * 40)
    with pytest.raises(AbsentError, match=r"lake-manifest\.json pins fabf563a7c95"):
        run(project)


@unix
def test_a_project_without_an_exporter_is_asked_with_ours(project: Project, lake: Lake) -> None:
    (project.lean / "Export.lean").unlink()
    data = json.dumps(export_data(project.library()))
    calls = lake({"exe cache get": (0, ""), "build Mirror": SUCCESS, "env lean --run": (0, data)})
    assert run(project).evidence is not None
    (call,) = (line for line in calls.read_text().splitlines() if "--run" in line)
    assert "Export.lean Mirror " in call


def assembled(project: Project, data: dict[str, Any]) -> None:
    assemble(
        Export.model_validate(data),
        project.library(),
        project.lean,
        mathlib=REVISION,
        crosscheck="0.1.0",
        made="2026-06-01T12:00:00Z",
    )


def test_an_empty_export_is_an_error(ours: Project) -> None:
    data = export_data(ours.library())
    with pytest.raises(InputError, match="the exporter found no declaration"):
        assembled(ours, {**data, "declarations": []})


def test_an_export_of_other_names_is_an_error(ours: Project) -> None:
    data = export_data(ours.library())
    with pytest.raises(InputError, match="do not agree on"):
        assembled(ours, {**data, "declarations": data["declarations"][1:]})


def test_an_export_by_another_lean_is_an_error(ours: Project) -> None:
    data = export_data(ours.library())
    with pytest.raises(InputError, match=r"ran under Lean 4\.32\.0, the project pins"):
        assembled(ours, {**data, "lean": "4.32.0"})


def test_the_exporters_document_has_no_other_fields(ours: Project) -> None:
    data = export_data(ours.library())
    data["declarations"][0]["proved"] = True
    with pytest.raises(InputError, match="printed something else"):
        parse_export(json.dumps(data))
