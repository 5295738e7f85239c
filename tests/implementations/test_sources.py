"""Catalogues from files and from installed libraries that ship one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from harness.errors import InputError
from harness.implementations import sources
from harness.implementations.sources import catalogue_path, load_catalogues

TEXT = """\
schema: 1
entries:
  - {name: NAME, backend: numpy, dtypes: [float32], constants: {softmaxVec: "mylib:softmax"}}
"""


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installed package `mylib_checks` that ships a catalogue, by the entry point `mylib`."""
    package = tmp_path / "site" / "mylib_checks"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "catalogue.yaml").write_text(TEXT.replace("NAME", "mylib"), encoding="utf-8")
    monkeypatch.syspath_prepend(str(package.parent))
    points = (
        EntryPoint("mylib", "mylib_checks", sources.GROUP),
        EntryPoint("empty", "json", sources.GROUP),
        EntryPoint("gone", "no_such_package_here", sources.GROUP),
    )
    monkeypatch.setattr(sources, "entry_points", lambda group: points)
    yield package
    sys.modules.pop("mylib_checks", None)


def test_a_library_that_ships_one_is_named(library: Path) -> None:
    assert catalogue_path("mylib") == library / "catalogue.yaml"
    (entry,) = load_catalogues(["mylib"])
    assert entry.name == "mylib"


def test_several_are_one_after_the_other(library: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text(TEXT.replace("NAME", "mine"), encoding="utf-8")
    assert [entry.name for entry in load_catalogues([mine, "mylib"])] == ["mine", "mylib"]
    mine.write_text(TEXT.replace("NAME", "mylib"), encoding="utf-8")
    with pytest.raises(InputError, match="'mylib' is in another catalogue, too"):
        load_catalogues([mine, "mylib"])


@pytest.mark.parametrize(
    ("source", "said", "hint"),
    [
        ("mylob", "no catalogue 'mylob'", "did you mean 'mylib'?"),
        ("qqq", "no catalogue 'qqq'", "installed libraries ship empty, gone, mylib"),
        ("empty", "should be catalogue.yaml in the package json, which has none", "tell its"),
        ("gone", "in the package no_such_package_here", "tell its authors"),
    ],
)
def test_what_is_neither(library: Path, source: str, said: str, hint: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        catalogue_path(source)
    assert caught.value.hint.startswith(hint)


def test_what_looks_like_a_file_is_told_as_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a file"):
        load_catalogues([tmp_path / "absent.yaml"])
