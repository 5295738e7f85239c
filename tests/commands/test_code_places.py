"""Where a function stands, found without importing it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.commands.code_places import place_of


def test_functions_methods_and_what_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(
        "raise SystemExit\n\ndef f(x):\n    return x\n\nclass A:\n    def g(x): ...\n", "utf-8"
    )
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").write_text("h = 1\n", "utf-8")
    (tmp_path / "broken.py").write_text("def f(:\n", "utf-8")
    assert place_of("mine:f", tmp_path) == ("mine.py", 3)
    assert place_of("mine:A.g", tmp_path) == ("mine.py", 7)
    assert place_of("mine:none", tmp_path) == ("mine.py", 1)
    assert place_of("pack:h", tmp_path) == ("pack/__init__.py", 1)
    assert place_of("broken:f", tmp_path) == ("broken.py", 1)
    assert place_of("numpy:exp", tmp_path) is None


def test_what_is_not_below_the_current_folder_has_no_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.py").write_text("def f(x): ...\n", "utf-8")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert place_of("mine:f", tmp_path) is None
