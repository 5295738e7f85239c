"""Running commands in this process, in a folder of their own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.cli import main
from harness.settings import CATALOGUE, IMPL

ROOT = Path(__file__).resolve().parents[2]
QUICK = ("--effort", "quick", "--backend", "numpy", "--dtype", "float32")


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def last(self) -> str:
        """The last line for people."""
        return self.out.rstrip("\n").rpartition("\n")[2]


Crosscheck = Callable[..., Ran]


@pytest.fixture
def crosscheck(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Crosscheck:
    """Calls `crosscheck` with the given words, in tmp_path, without the user's environment."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", CATALOGUE, IMPL):
        monkeypatch.delenv(name, raising=False)
    # Nothing above the folder may set defaults.
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")

    def call(*words: str | Path) -> Ran:
        capsys.readouterr()
        code = main([str(word) for word in words])
        written = capsys.readouterr()
        return Ran(code, written.out, written.err)

    return call


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """A copy of our specs, to be spoilt."""
    return shutil.copytree(ROOT / "specs", tmp_path / "our-specs")


@pytest.fixture
def lean(tmp_path: Path) -> Path:
    """A copy of our Lean source, to be spoilt."""
    ignored = shutil.ignore_patterns(".lake")
    return shutil.copytree(ROOT / "lean", tmp_path / "our-lean", ignore=ignored)


def replaced(file: Path, old: str, new: str) -> None:
    """Changes a file; an AssertionError when there is nothing to change."""
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    file.write_text(text.replace(old, new), encoding="utf-8")
