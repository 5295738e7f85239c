"""Where the Lean source is found, and what is said of tools that are here, broken or absent."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from harness.errors import AbsentError, InputError
from harness.lean.project import Toolchain, find_lean, toolchain

PINNED = "leanprover/lean4:v4.31.0"
MANIFEST = (
    '{"packages": [{"name": "x"}, {"name": "mathlib", "rev": "fabf", "inputRev": "v4.31.0"}]}'
)


def test_the_option_is_taken(tmp_path: Path) -> None:
    assert find_lean(tmp_path) == tmp_path


def test_an_option_that_is_no_folder_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"--lean .* is not a folder") as caught:
        find_lean(tmp_path / "nowhere")
    assert caught.value.exit_code == 2


def test_the_repository_comes_before_the_packaged_copy(tmp_path: Path) -> None:
    package = tmp_path / "harness"
    (package / "_data" / "lean").mkdir(parents=True)
    assert find_lean(None, package) == package / "_data" / "lean"
    (tmp_path / "lean").mkdir()
    assert find_lean(None, package) == package / "_data" / "lean"  # no repository around it
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    assert find_lean(None, package) == tmp_path / "lean"


def test_nothing_to_be_found_is_an_absence(tmp_path: Path) -> None:
    with pytest.raises(AbsentError, match="no Lean source came with this installation"):
        find_lean(None, tmp_path / "harness")


def test_the_lean_source_of_this_project_is_found() -> None:
    assert (find_lean(None) / "lakefile.toml").is_file()


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the whole PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "lean"
    folder.mkdir()
    (folder / "lean-toolchain").write_text(PINNED + "\n", encoding="utf-8")
    (folder / "lake-manifest.json").write_text(MANIFEST, encoding="utf-8")
    return folder


def tool(folder: Path, name: str, body: str) -> None:
    """A program that runs the Python text `body` with `argv` set."""
    path = folder / name
    path.write_text(f"#!{sys.executable}\nfrom sys import argv, exit, stderr\n{body}\n")
    path.chmod(0o755)


def says(text: str) -> str:
    return f"print({text!r})"


unix = pytest.mark.skipif(os.name == "nt", reason="scripts with #! are no programs there")


def test_without_tools_the_pins_are_known(tools: Path, project: Path) -> None:
    found = toolchain(project)
    assert (found.pinned, found.mathlib, found.mathlib_tag) == (PINNED, "fabf", "v4.31.0")
    assert (found.elan.path, found.lake.path, found.lean.path) == (None, None, None)
    assert found.installed is None
    assert not found.usable


@pytest.mark.parametrize(
    "manifest", ["", "{", "[]", '{"packages": 5}', '{"packages": [7]}', "[" * 9999]
)
def test_a_broken_manifest_says_nothing(tools: Path, project: Path, manifest: str) -> None:
    (project / "lake-manifest.json").write_text(manifest, encoding="utf-8")
    assert toolchain(project).mathlib == ""


def test_a_folder_without_a_project_says_nothing(tools: Path, tmp_path: Path) -> None:
    assert toolchain(tmp_path / "nowhere").pinned == ""


def elan(listed: str) -> str:
    return f"print({listed!r} if argv[1:] == ['toolchain', 'list'] else 'elan 4.1.2')"


def asked(tools: Path, project: Path, listed: str) -> Toolchain:
    tool(tools, "elan", elan(listed))
    tool(tools, "lake", f"assert argv[1:] == ['+{PINNED}', '--version']; print('Lake 5.0.0')")
    tool(tools, "lean", f"assert argv[1:] == ['+{PINNED}', '--version']; print('Lean 4.31.0')")
    return toolchain(project)


@unix
def test_an_installed_toolchain_is_asked_for_its_versions(tools: Path, project: Path) -> None:
    found = asked(tools, project, f"stable\n{PINNED} (default)\n")
    assert found.usable
    assert found.elan.version == "elan 4.1.2"
    assert (found.lake.version, found.lean.version) == ("Lake 5.0.0", "Lean 4.31.0")


@unix
def test_a_missing_toolchain_is_not_asked_as_elan_would_fetch_it(
    tools: Path, project: Path
) -> None:
    found = asked(tools, project, "leanprover/lean4:v4.30.0 (default)\n")
    assert found.installed is False
    assert not found.usable
    assert found.lean.version == ""
    assert found.lean.problem == "the pinned toolchain is not installed"


@unix
@pytest.mark.parametrize(("version", "installed"), [("4.31.0", True), ("4.3.0", False)])
def test_lean_without_elan_is_judged_by_its_version(
    tools: Path, project: Path, version: str, installed: bool
) -> None:
    tool(tools, "lean", says(f"Lean (version {version}, x86_64-unknown-linux-gnu, Release)"))
    tool(tools, "lake", says("Lake version 5.0.0"))
    assert toolchain(project).installed is installed


@unix
@pytest.mark.parametrize(
    ("body", "seconds", "problem"),
    [
        ("print('toolchain is broken', file=stderr); exit(1)", 60, "toolchain is broken"),
        ("exit(3)", 60, "exit code 3"),
        ("import signal; signal.pause()", 0.3, "said nothing within 0.3 s"),
    ],
)
def test_a_broken_tool_is_told_not_raised(
    tools: Path, project: Path, body: str, seconds: float, problem: str
) -> None:
    tool(tools, "lean", body)
    found = toolchain(project, seconds=seconds)
    assert (found.lean.version, found.lean.problem) == ("", problem)
    assert not found.usable


@unix
def test_a_tool_that_cannot_be_run_is_told(tools: Path, project: Path) -> None:
    (tools / "lean").write_bytes(b"\x7fELF no program")
    (tools / "lean").chmod(0o755)
    assert "cannot be run" in toolchain(project).lean.problem
