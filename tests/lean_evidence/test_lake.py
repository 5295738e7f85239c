"""Lake is run with its output line by line, kept in a log; it is ended when we are."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from harness.errors import AbsentError
from harness.lean.lake import find_lake, output_of, run_lake
from tests.lean_evidence.conftest import Lake, python_program
from tests.lean_evidence.recordings import recording

unix = pytest.mark.skipif(os.name == "nt", reason="scripts with #! are no programs there")


def test_no_lake_is_one_sentence(no_tools: Path) -> None:
    with pytest.raises(AbsentError, match="no `lake` on PATH") as caught:
        find_lake()
    assert caught.value.exit_code == 3
    assert "elan" in caught.value.hint
    with pytest.raises(AbsentError):
        output_of(["exe", "export_decls"], no_tools)


@unix
def test_lines_come_one_by_one_and_are_logged(lake: Lake, tmp_path: Path) -> None:
    text = recording("cache_get").text
    lake({"exe cache get": (0, text)})
    told: list[str] = []
    log = io.StringIO()
    run = run_lake(("exe", "cache", "get"), tmp_path, log, told.append)
    assert (run.code, run.command) == (0, "lake exe cache get")
    # Progress that a carriage return overwrites is told and not kept.
    assert sum(line.startswith("Downloaded: ") for line in told) == 3
    assert [line for line in run.lines if line.startswith("Downloaded: ")] == [
        "Downloaded: 8639 file(s) [attempted 8639/8639 = 100%, 18304 KB/s], Decompressed: 8634"
    ]
    assert log.getvalue().startswith("$ lake exe cache get\ninfo: heights: cloning")
    assert log.getvalue().endswith("Already decompressed 8639 file(s)\nexit code 0\n")


@unix
@pytest.mark.parametrize("text", ["", "a", "a\r\nb\r\n", "a\nb", "\r\n", "é\rü\n", "a\r"])
def test_line_ends(lake: Lake, tmp_path: Path, text: str) -> None:
    lake({"build": (1, text)})
    told: list[str] = []
    run = run_lake(("build",), tmp_path, io.StringIO(), told.append)
    assert told == text.splitlines()
    assert run.code == 1


@unix
def test_a_lake_that_cannot_be_started(no_tools: Path, tmp_path: Path) -> None:
    (no_tools / "lake").write_bytes(b"\x7fELF no program")
    (no_tools / "lake").chmod(0o755)
    with pytest.raises(AbsentError, match="lake cannot be run"):
        run_lake(("build",), tmp_path, io.StringIO(), print)
    with pytest.raises(AbsentError, match="lake cannot be run"):
        output_of(("build",), tmp_path)


@unix
def test_an_interruption_ends_lake(no_tools: Path, tmp_path: Path) -> None:
    end = tmp_path / "ended"
    python_program(
        no_tools / "lake",
        "import signal, sys, time\n"
        "def stop(*_):\n"
        f"    open({str(end)!r}, 'w').close()\n"
        "    sys.exit(1)\n"
        "signal.signal(signal.SIGTERM, stop)\n"
        "print('first', flush=True)\n"
        "time.sleep(60)\n",
    )

    def interrupt(line: str) -> None:
        assert line == "first"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_lake(("build",), tmp_path, io.StringIO(), interrupt)
    assert end.exists()
