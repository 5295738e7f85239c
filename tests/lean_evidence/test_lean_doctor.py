"""What a build needs: each need is seen to be met and to be missing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from harness.lean import doctor
from harness.lean.doctor import GIB, Need, Resources, measured, needs
from tests.lean_evidence.conftest import PINNED, REVISION, Lake, Project, replaced

unix = pytest.mark.skipif(os.name == "nt", reason="scripts with #! are no programs there")
PLENTY = Resources(100 * GIB, 16 * GIB)


def found(project: Project, resources: Resources = PLENTY) -> dict[str, Need]:
    return {one.what: one for one in needs(project.lean, resources)}


def test_nothing_installed(project: Project, no_tools: Path) -> None:
    here = found(project)
    missing = [name for name, need in here.items() if not need.here]
    assert missing == ["elan", "lake", "git", "curl", "toolchain", "Mathlib", "cache"]
    assert all(here[name].remedy for name in missing)
    assert here["toolchain"].remedy == f"elan toolchain install {PINNED}"
    assert here["pins"].found == f"Mathlib v4.31.0 = {REVISION[:12]}"


@pytest.fixture
def complete(
    project: Project, lake: Lake, no_tools: Path, monkeypatch: pytest.MonkeyPatch
) -> Project:
    """All that is needed, as far as files and programs can show it."""
    lake({})
    for name in ("git", "curl"):
        (no_tools / name).write_text("#!/bin/sh\n")
        (no_tools / name).chmod(0o755)
    package = project.lean / ".lake" / "packages" / "mathlib"
    built = package / ".lake" / "build" / "lib" / "lean" / "Mathlib"
    for folder, ending in ((package / "Mathlib", "lean"), (built, "olean")):
        (folder / "Order").mkdir(parents=True)
        (folder / "Order" / f"Basic.{ending}").write_text("")
        (folder / f"Init.{ending}").write_text("")
    shutil.copy(project.lean / "lean-toolchain", package)
    monkeypatch.setattr(doctor, "checkout_revision", lambda _: REVISION)
    return project


@unix
def test_everything_is_here(complete: Project) -> None:
    here = found(complete)
    assert [name for name, need in here.items() if not need.here] == []
    assert [need.remedy for need in here.values()] == [""] * len(here)
    assert here["cache"].found == "2 of 2 modules compiled"


@unix
def test_a_cache_that_is_not_whole(complete: Project) -> None:
    built = complete.lean / ".lake/packages/mathlib/.lake/build/lib/lean/Mathlib"
    (built / "Init.olean").unlink()
    need = found(complete)["cache"]
    assert (need.here, need.found) == (False, "1 of 2 modules compiled")
    assert need.remedy == f"(cd {complete.lean} && lake exe cache get)"


@unix
def test_another_revision_of_mathlib(complete: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "checkout_revision", lambda _: "0" * 40)
    need = found(complete)["Mathlib"]
    assert not need.here
    assert "is at 000000000000, the manifest says fabf563a7c95" in need.found
    assert need.remedy.startswith("rm -rf ")


@unix
def test_a_mathlib_for_another_toolchain(complete: Project) -> None:
    file = complete.lean / ".lake/packages/mathlib/lean-toolchain"
    file.write_text("leanprover/lean4:v4.30.0\n")
    need = found(complete)["Mathlib"]
    assert (need.here, need.found) == (
        False,
        f"is for leanprover/lean4:v4.30.0, the project for {PINNED}",
    )


@unix
def test_a_toolchain_that_elan_does_not_have(complete: Project) -> None:
    replaced(complete.lean / "lean-toolchain", "v4.31.0", "v4.31.1")
    need = found(complete)["toolchain"]
    assert (need.here, need.remedy) == (False, "elan toolchain install leanprover/lean4:v4.31.1")


@unix
def test_without_elan_the_pinned_lean_is_enough(complete: Project, no_tools: Path) -> None:
    (no_tools / "elan").unlink()
    for name in ("lean", "lake"):
        script = (no_tools / name).read_text("utf-8").replace(f"+{PINNED} ", "")
        (no_tools / name).write_text(script)
    here = found(complete)
    assert here["elan"].here
    assert here["elan"].found == "not on PATH, nor needed: Lean is the pinned one"
    assert here["toolchain"].here


def test_pins_that_do_not_agree(project: Project) -> None:
    replaced(project.lean / "lakefile.toml", 'rev = "v4.31.0"', 'rev = "v4.30.0"')
    need = found(project)["pins"]
    assert (need.here, need.found) == (
        False,
        "lakefile.toml asks for Mathlib v4.30.0, the manifest has v4.31.0",
    )
    (project.lean / "lake-manifest.json").unlink()
    assert found(project)["pins"].found == "lake-manifest.json names no Mathlib"


def test_disk_and_memory(project: Project) -> None:
    small = found(project, Resources(3 * GIB, 2 * GIB))
    assert (small["disk"].here, small["disk"].found) == (False, "3 GiB free, about 12 GiB needed")
    assert (small["memory"].here, small["memory"].remedy) == (
        False,
        "build on a machine with more, or in CI",
    )
    unknown = found(project, Resources(None, None))
    assert unknown["disk"].here
    assert unknown["memory"].here


def test_what_this_machine_has(tmp_path: Path) -> None:
    have = measured(tmp_path)
    assert have.disk is not None
    assert have.disk > 0
    assert have.memory is None or have.memory > GIB / 4
    assert measured(tmp_path / "absent").disk is None


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_the_revision_of_a_checkout(tmp_path: Path) -> None:
    import subprocess

    assert doctor.checkout_revision(tmp_path) == ""
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
    for words in (["init", "-q"], [*identity, "commit", "-q", "--allow-empty", "-m", "one"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    assert len(doctor.checkout_revision(tmp_path)) == 40
