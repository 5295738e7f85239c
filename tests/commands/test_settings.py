"""Defaults of the options from pyproject.toml."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

import pytest

from harness.errors import InputError
from harness.settings import (
    CATALOGUE,
    IMPL,
    Settings,
    from_environment,
    load_settings,
    with_settings,
)


def project(folder: Path, text: str) -> Path:
    file = folder / "pyproject.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_no_file_no_settings(tmp_path: Path) -> None:
    project(tmp_path, "")  # keeps a file above the test's folder out of sight
    assert load_settings(tmp_path).values == {}


def test_values(tmp_path: Path) -> None:
    text = """
[tool.crosscheck]
specs = "my/specs"
dtype = ["float32"]
backend = "numpy"
effort = "quick"
seed = 7
fail-fast = true
impl = {softmaxVec = "mine:softmax"}
"""
    file = project(tmp_path, text)
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    found = load_settings(inner)
    assert found.path == file
    assert found.values == {
        "specs": tmp_path / "my/specs",
        "dtype": ["float32"],
        "backend": ["numpy"],
        "effort": "quick",
        "seed": 7,
        "fail_fast": True,
        "impl": ["softmaxVec=mine:softmax"],
    }


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    project(tmp_path, "[tool.crosscheck]\nseed = 1\n")
    (tmp_path / "inner").mkdir()
    project(tmp_path / "inner", "[tool.other]\nseed = 2\n")
    assert load_settings(tmp_path / "inner").values == {}


def test_options_replace_settings() -> None:
    settings = Settings({"seed": 7, "effort": "quick", "unknown_here": 1})
    merged = with_settings(Namespace(seed=2, effort=None), settings)
    assert vars(merged) == {"seed": 2, "effort": "quick"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("sed = 1", "unknown key 'sed' in [tool.crosscheck] (did you mean 'seed'?)"),
        ('seed = "1"', "'seed' is not a natural number"),
        ("seed = -1", "'seed' is not a natural number"),
        ("seed = true", "'seed' is not a natural number"),
        ("effort = 1", "'effort' is not a text"),
        ("dtype = [1]", "'dtype' is not a list of texts"),
        ("fail-fast = 1", "'fail-fast' is not true or false"),
        ('impl = ["a=b:c"]', "'impl' is not a table of texts"),
        ("specs = 3", "'specs' is not a text"),
    ],
)
def test_bad_settings_are_named_with_their_line(tmp_path: Path, line: str, words: str) -> None:
    file = project(tmp_path, f"[project]\nseed = 3\n\n[tool.crosscheck]\n{line}\n")
    with pytest.raises(InputError) as caught:
        load_settings(tmp_path)
    assert str(caught.value).startswith(f"{file}:5:1: {words}")
    assert caught.value.source == line


def test_toml_that_is_none(tmp_path: Path) -> None:
    file = project(tmp_path, "[tool.crosscheck]\nseed = \n")
    with pytest.raises(InputError) as caught:
        load_settings(tmp_path)
    assert str(caught.value).startswith(f"{file}:2:")
    assert "not TOML" in str(caught.value)
    file.write_bytes(b"\xff")
    with pytest.raises(InputError, match="not UTF-8"):
        load_settings(tmp_path)


def test_another_shape_of_tool(tmp_path: Path) -> None:
    project(tmp_path, "[tool]\ncrosscheck = 3\n")
    with pytest.raises(InputError, match="not a table"):
        load_settings(tmp_path)


def test_the_environment_says_who_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (CATALOGUE, IMPL):
        monkeypatch.delenv(name, raising=False)
    assert from_environment().values == {}
    monkeypatch.setenv(CATALOGUE, f"a.yaml{os.pathsep}mylib")
    assert from_environment().values == {"catalogue": ["a.yaml", "mylib"]}
    monkeypatch.delenv(CATALOGUE)
    monkeypatch.setenv(IMPL, "softmaxVec=mine:f  softmaxJvp=mine:g")
    assert from_environment().values == {"impl": ["softmaxVec=mine:f", "softmaxJvp=mine:g"]}


def test_who_is_judged_is_said_in_one_place() -> None:
    settings = Settings({"impl": ["f=a:f"], "seed": 3})
    given = with_settings(Namespace(catalogue=["a.yaml"], impl=None, seed=None), settings)
    assert (given.catalogue, given.impl, given.seed) == (["a.yaml"], None, 3)
    given = with_settings(Namespace(catalogue=None, impl=None, seed=None), settings)
    assert given.impl == ["f=a:f"]


def test_catalogues_are_files_of_the_folder_or_names(tmp_path: Path) -> None:
    project(tmp_path, '[tool.crosscheck]\ncatalogue = ["mine.yaml", "mylib"]\n')
    assert load_settings(tmp_path).values == {
        "catalogue": [str(tmp_path / "mine.yaml"), "mylib"],
    }
