"""Folders of specs for tests: the project's own, copied, with one text replaced."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.specs.library import SpecLibrary
from harness.specs.load import load_specs
from harness.specs.locate import find_specs

Change = Callable[[str, str, str], Path]


@pytest.fixture(scope="session")
def library() -> SpecLibrary:
    """The project's own specs."""
    return load_specs(find_specs(None).path)


@pytest.fixture
def changed(tmp_path: Path) -> Change:
    """A copy of the project's specs in which `change(name, old, new)` has replaced a text."""
    folder = tmp_path / "specs"
    shutil.copytree(find_specs(None).path, folder)

    def change(name: str, old: str, new: str) -> Path:
        file = folder / "softmax" / f"{name}.yaml"
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{old} is not in {name}.yaml"
        file.write_text(text.replace(old, new), encoding="utf-8")
        return folder

    return change
