"""What a real terminal gets: progress and colours, unless it wants none."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.commands.conftest import QUICK, ROOT

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")

WORDS = ("check", "sumExp", "softmaxVec", *QUICK, "--no-state")


def shown(folder: Path, *words: str, **environment: str) -> str:
    """What the command writes to a terminal of 100 columns."""
    return shown_in(100, folder, *words, **environment)


def shown_in(columns: int, folder: Path, *words: str, **environment: str) -> str:
    """What the command writes to a terminal of so many columns; it must succeed."""
    code, text = ended_in(columns, folder, words, environment)
    assert code == 0, text
    return text


def ended_in(
    columns: int, folder: Path, words: Sequence[str], environment: Mapping[str, str]
) -> tuple[int, str]:
    """The exit code, and what goes to a terminal of so many columns that is stdout and stderr."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    kept = {key: text for key, text in os.environ.items() if key not in ("NO_COLOR", "COLUMNS")}
    process = subprocess.Popen(
        [sys.executable, "-m", "harness.cli", *words],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **environment},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    parts = []
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # Linux: the other side was closed
            part = b""
        if not part:
            break
        parts.append(part)
    os.close(ours)
    return process.wait(), b"".join(parts).decode("utf-8")


def test_colours_and_progress(tmp_path: Path) -> None:
    text = shown(tmp_path, *WORDS)
    assert "\x1b[32m" in text
    assert "definition · numpy · float32" in text
    # The progress line is gone in the end: the cursor went up and the line was erased.
    assert "\x1b[2K" in text
    assert "none was proved by this run." in text.splitlines()[-1]


def test_no_colours_and_lines_that_fit(tmp_path: Path) -> None:
    text = shown(tmp_path, *WORDS, NO_COLOR="1")
    assert "conform for numpy" in text
    assert is_plain(text)
    table = text[text.index("S M P C") :].splitlines()
    assert max(map(len, table)) <= 100


def test_prose_fits_a_narrow_terminal(tmp_path: Path) -> None:
    """Names, paths and source are as long as they are; a sentence is not."""
    check = shown_in(50, tmp_path, *WORDS, NO_COLOR="1").partition("S M P C")[2]
    trace = shown_in(50, tmp_path, "trace", NO_COLOR="1")
    explain = shown_in(50, tmp_path, "explain", "sumExp", NO_COLOR="1")
    assert max(map(len, check.splitlines())) <= 50
    sentence = trace.splitlines()[-3:]
    assert " ".join(sentence).startswith("23 declarations for 13 requirements: 23 mirrored")
    assert max(map(len, sentence)) <= 50
    bound = explain[explain.rindex("\nBound\r\n") :].splitlines()
    assert bound[2].startswith("  of a call in float32") and max(map(len, bound)) <= 50


def test_tables_fit_a_narrow_terminal(tmp_path: Path) -> None:
    found = shown_in(60, tmp_path, "conventions", "--backend", "numpy")
    assert "    a NaN: [0, nan, 1]" in found and max(map(len, found.splitlines())) <= 60
    words = ("numpy.shifted", "--dtype", "float32", "--effort", "quick", "--no-speed")
    board = shown_in(60, tmp_path, "compare", *words).rpartition("\x1b[K")[2]
    assert "numpy.shifted · softmaxVec" in board and max(map(len, board.splitlines())) <= 60


@pytest.mark.parametrize(
    ("words", "environment"),
    [(["--no-color"], {}), ([], {"NO_COLOR": "1"}), ([], {"TERM": "dumb"})],
)
def test_ways_to_want_no_colours(
    tmp_path: Path, words: list[str], environment: dict[str, str]
) -> None:
    scan = ("lean", "scan", str(ROOT / "lean" / "Proofs"))
    assert not is_plain(shown(tmp_path, *scan))
    assert is_plain(shown(tmp_path, *scan, *words, **environment))


def is_plain(text: str) -> bool:
    """Whether no colour or weight is set; moving the cursor for progress is no colour."""
    return not re.search(r"\x1b\[[0-9;]*m", text)
