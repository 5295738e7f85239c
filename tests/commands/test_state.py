"""What is kept of runs, and what happens where nothing can be kept."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harness import state

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_newest_is_last_and_the_newest_are_kept(tmp_path: Path) -> None:
    for k in range(state.KEPT + 5):
        assert state.keep(f"{k}", tmp_path, now=MOMENT + timedelta(seconds=k)) is None
    last = state.last(tmp_path)
    assert last and last.read_text() == f"{state.KEPT + 4}"
    history = sorted((tmp_path / state.FOLDER / "history").iterdir())
    assert [file.read_text() for file in history] == [f"{k}" for k in range(5, state.KEPT + 5)]


def test_nothing_kept_nothing_found(tmp_path: Path) -> None:
    assert state.last(tmp_path) is None


def test_git_does_not_see_it(tmp_path: Path) -> None:
    state.keep("x", tmp_path)
    assert (tmp_path / state.FOLDER / ".gitignore").read_text() == "*\n"
    assert sorted(p.name for p in (tmp_path / state.FOLDER).iterdir()) == [
        ".gitignore",
        "history",
        "last.json",
    ]


def test_a_folder_that_cannot_be_written_is_a_reason_not_an_error(tmp_path: Path) -> None:
    (tmp_path / state.FOLDER).write_text("a file is in the way")
    problem = state.keep("x", tmp_path)
    assert problem and problem.startswith("results are not kept in")
    assert "\n" not in problem


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere"
)
def test_a_read_only_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert state.keep("x", tmp_path)
        assert not state.is_writable(tmp_path)
    finally:
        tmp_path.chmod(0o700)


def test_is_writable_leaves_nothing(tmp_path: Path) -> None:
    assert state.is_writable(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert not state.is_writable(tmp_path / "absent")


def test_a_write_that_fails_leaves_the_old_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    state.write_whole(file, "old")

    def full(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        state.write_whole(file, "new")
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        state.write_whole(pipe, "text")
        assert os.read(reader, 100) == b"text"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
