"""Kernels kept between runs: a cache that may be missing, damaged or locked."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.kernel_store import FolderStore, user_store


def test_what_was_put_is_found(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "deep" / "kernels")
    assert store.get("a") is None
    store.put("a", b"code")
    assert store.get("a") == b"code"
    assert [file.name for file in store.folder.iterdir()] == ["a.o"]


@pytest.mark.parametrize("damage", [b"", b"short", bytes(40)])
def test_a_damaged_file_is_forgotten(tmp_path: Path, damage: bytes) -> None:
    store = FolderStore(tmp_path)
    store.put("a", b"code")
    (tmp_path / "a.o").write_bytes(damage)
    assert store.get("a") is None
    store.put("a", b"code")
    assert store.get("a") == b"code"


def test_a_folder_that_cannot_be_made_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = FolderStore(tmp_path / "file" / "kernels")
    store.put("a", b"code")
    assert store.get("a") is None


def test_the_users_own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert user_store().folder == tmp_path / "lean-crosscheck" / "kernels"
