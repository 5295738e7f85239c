"""What a person sees while Lake runs, on a terminal and in a pipe, and the log that stays."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from harness.commands.lean_log import lake_log, lake_progress
from harness.commands.streams import Streams
from tests.lean_evidence.recordings import recording


class Terminal(io.StringIO):
    """A stream that says that a person watches."""

    def isatty(self) -> bool:
        return True


def shown(err: io.StringIO, name: str) -> str:
    streams = Streams(io.StringIO(), err, colour=False)
    with lake_progress(streams) as tell:
        for line in recording(name).text.replace("\r", "\n").splitlines():
            tell(line)
    return err.getvalue()


def test_a_pipe_gets_remarks_failures_and_the_end() -> None:
    lines = shown(io.StringIO(), "build_failed").splitlines()
    assert lines == [
        "  ✖ [8787/8797] Building IUTThreeClosures.LegendreArithmetic (3.2s)",
        "  ✖ [8790/8797] Building IUTThreeClosures.PublicProgramUninhabited (3.7s)",
    ]
    text = shown(io.StringIO(), "cache_get")
    assert "  info: heights: cloning https://github.com/lana-agents/heights.git" in text
    assert "  Attempting to download 8639 file(s)" in text
    assert "[attempted 5359/8639" not in text
    assert "[2269/2269]" in shown(io.StringIO(), "build_succeeded")


@pytest.mark.parametrize("name", ["build_failed", "build_succeeded", "cache_get"])
def test_a_terminal_gets_a_line_that_moves_and_goes(name: str) -> None:
    text = shown(Terminal(), name)
    assert text
    assert "Copyright too short" not in text


def test_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    err = io.StringIO()
    with lake_log("a.log", Streams(io.StringIO(), err)) as log:
        log.write("one ∀\n")
    assert (tmp_path / ".crosscheck" / "a.log").read_text("utf-8") == "one ∀\n"
    assert (tmp_path / ".crosscheck" / ".gitignore").read_text() == "*\n"
    assert "the output of Lake is in .crosscheck/a.log" in err.getvalue()


def test_a_log_that_cannot_be_written_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".crosscheck").write_text("a file")
    err = io.StringIO()
    with lake_log("a.log", Streams(io.StringIO(), err)) as log:
        log.write("one\n")
    assert "warning: no log is kept" in err.getvalue()
