"""Copies of our project to tamper with, exports written by hand, and programs in the place of Lake.

An export that was written by hand says so (`"constructed": true`), and no command takes it.
"""

from __future__ import annotations

import functools
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness.commands import lean_side
from harness.lean.evidence import read_evidence
from harness.lean.evidence_model import Evidence, Export
from harness.lean.export import assemble, evidence_text
from harness.lean.mirror_text import NAMESPACE, exported_names, mirror_text, restatements
from harness.specs.library import SpecLibrary
from harness.specs.load import load_specs
from tests.commands.conftest import ROOT, Crosscheck, crosscheck, replaced

__all__ = ["ROOT", "Crosscheck", "Project", "crosscheck", "replaced"]

PINNED = "leanprover/lean4:v4.31.0"
REVISION = "fabf563a7c95a166b8d7b6efca11c8b4dc9d911f"
AXIOMS = ["Classical.choice", "Quot.sound", "propext"]
KEPT = (
    *("Vec", "softmaxVecOfFun", "softmaxVecOfFun_apply", "sumExp", "sumExp_apply", "softmaxVec"),
    *("softmaxVec_apply", "softmaxVec_zero", "softmaxVec_add_const", "dotCLM", "dotCLM_apply"),
)
SOFTMAX = "Proofs/Autograd/Softmax.lean"


@dataclass(frozen=True)
class Project:
    """A copy of our Lean source and specs."""

    lean: Path
    specs: Path

    @property
    def softmax(self) -> Path:
        return self.lean / SOFTMAX

    def library(self) -> SpecLibrary:
        files = sorted(self.specs.rglob("*.yaml"))
        return _library(self.specs, tuple((file, file.read_bytes()) for file in files))

    def remirror(self) -> None:
        """`crosscheck lean mirror`."""
        text = mirror_text(self.library())
        (self.lean / "Mirror.lean").write_text(text, encoding="utf-8", newline="\n")

    def evidence(self, **changes: dict[str, Any]) -> Evidence:
        """What an export would give of the project as it is; changes: last name -> facts."""
        printed = Export.model_validate(export_data(self.library(), **changes))
        return assemble(
            printed,
            self.library(),
            self.lean,
            mathlib=REVISION,
            crosscheck="0.1.0",
            made="2026-06-01T12:00:00Z",
        )

    def write_evidence(self, **changes: dict[str, Any]) -> Path:
        path = self.lean / "evidence.json"
        path.write_text(evidence_text(self.evidence(**changes)), encoding="utf-8")
        return path


@functools.lru_cache(maxsize=4)
def _library(specs: Path, contents: tuple[tuple[Path, bytes], ...]) -> SpecLibrary:
    """The library of a folder, read again when its contents are others."""
    del contents
    return load_specs(specs)


@pytest.fixture
def ours() -> Project:
    """The project itself, to be read only."""
    return Project(ROOT / "lean", ROOT / "specs")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our Lean source with eleven of our specs: enough to tamper with, and read faster."""
    folder = tmp_path_factory.mktemp("template")
    ignored = shutil.ignore_patterns(".lake", "evidence.json")
    shutil.copytree(ROOT / "lean", folder / "lean", ignore=ignored)
    shutil.copytree(ROOT / "specs", folder / "specs")
    for file in (folder / "specs").rglob("*.yaml"):
        if file.stem not in KEPT:
            file.unlink()
    Project(folder / "lean", folder / "specs").remirror()
    return folder


@pytest.fixture
def project(template: Path, tmp_path: Path) -> Project:
    """A copy to spoil."""
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    return Project(tmp_path / "lean", tmp_path / "specs")


def export_data(library: SpecLibrary, **changes: dict[str, Any]) -> dict[str, Any]:
    """An exporter's document, constructed; changes: last name of a declaration -> facts."""
    restated = {one.declaration for one in restatements(library)}
    declarations = []
    for name in exported_names(library):
        spec = library.files[name].spec if name in library.files else None
        last = name.rpartition(".")[2]
        theorem = spec is None or spec.kind == "theorem"
        facts: dict[str, Any] = {
            "name": name,
            "found": True,
            "kind": "theorem" if theorem else spec.kind if spec else "",
            "type": f"the type of {name}",
            "doc": None,
            "module": NAMESPACE if name.startswith(NAMESPACE) else "Proofs.Autograd.Softmax",
            "range": {"line": 1, "column": 0, "endLine": 2, "endColumn": 0},
            "nameRange": None,
            "axioms": AXIOMS,
            "usesSorry": False,
            "mirror": None,
        }
        if theorem and (name in restated or name.startswith(NAMESPACE)):
            mirror = {"name": f"{NAMESPACE}.{last}", "alphaEqual": True, "reducibleDefEq": True}
            facts["mirror"] = mirror
        declarations.append({**facts, **changes.get(last, {})})
    return {
        "lean": "4.31.0",
        "module": NAMESPACE,
        "declarations": declarations,
        "constructed": True,
    }


@pytest.fixture
def believe(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands take constructed evidence, too: in this test only."""
    reader = functools.partial(read_evidence, constructed=True)
    monkeypatch.setattr(lean_side, "read_evidence", reader)


@pytest.fixture
def no_tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH that is one empty folder."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


Lake = Callable[[dict[str, tuple[int, str]]], Path]


@pytest.fixture
def lake(no_tools: Path) -> Lake:
    """Puts a `lake` on PATH that answers its arguments with an exit code and a text.

    `elan` and `lean` are there, too, and say that the pinned toolchain is installed. What lake was
    called with is in `calls` beside it, a line each.
    """

    def put(answers: dict[str, tuple[int, str]]) -> Path:
        said = {
            "elan --version": (0, "elan 4.1.2\n"),
            "elan toolchain list": (0, f"{PINNED} (default)\n"),
            f"lean +{PINNED} --version": (0, "Lean (version 4.31.0)\n"),
            f"lake +{PINNED} --version": (0, "Lake version 5.0.0\n"),
            **{f"lake {words}": answer for words, answer in answers.items()},
        }
        for name in ("elan", "lean", "lake"):
            _program(no_tools / name, name, said)
        return no_tools / "calls"

    return put


def _program(path: Path, name: str, answers: dict[str, tuple[int, str]]) -> None:
    """A shell script, which starts faster than Python; the longest beginning of a call counts."""
    lines = [
        "#!/bin/sh",
        f'echo "{name} $*" >> "{path.with_name("calls")}"',
        f'case "{name} $*" in',
    ]
    for number, key in enumerate(sorted(answers, key=len, reverse=True)):
        code, said = answers[key]
        text = path.with_name(f"{name}.{number}")
        text.write_bytes(said.encode("utf-8"))
        lines.append(f"'{key}'*) /bin/cat '{text}'; exit {code};;")
    lines += ["esac", 'echo "error: unexpected call"', "exit 99", ""]
    path.write_text("\n".join(lines), encoding="utf-8")
    path.chmod(0o755)


def python_program(path: Path, text: str) -> None:
    """A program that is Python."""
    path.write_text(f"#!{sys.executable} -SE\n{text}", encoding="utf-8")
    path.chmod(0o755)
