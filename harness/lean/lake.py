"""Running Lake in a project: its output line by line while it runs, and kept in a log.

Nothing here goes around the pins: `lake update` is never run, and elan downloads the toolchain that
`lean-toolchain` names only because a person asked for a build.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from harness.errors import AbsentError

Tell = Callable[[str], None]
"""Gets each line as it comes."""

LOG = "lean-build.log"
_BREAK = re.compile(rb"\r\n|\n|\r")  # the cache tool overwrites its progress line with \r
_CHUNK = 1 << 16
_SECONDS_TO_END = 10.0
INSTALL_ELAN = "install elan: https://github.com/leanprover/elan"


@dataclass(frozen=True)
class LakeRun:
    """One run: the arguments behind `lake`, its exit code, and its lines without progress bars."""

    arguments: tuple[str, ...]
    code: int
    lines: tuple[str, ...]

    @property
    def command(self) -> str:
        """As a person would type it."""
        return " ".join(("lake", *self.arguments))


def find_lake() -> str:
    """The path of Lake. AbsentError, with the way to install it, when it is not on PATH."""
    path = shutil.which("lake")
    if path is None:
        raise AbsentError("no `lake` on PATH: Lean is not installed here", hint=INSTALL_ELAN)
    return path


def run_lake(arguments: Sequence[str], folder: Path, log: IO[str], tell: Tell) -> LakeRun:
    """Run `lake` with the arguments in a folder; stdout and stderr together, as they come.

    log: gets the command and all lines. AbsentError when there is no Lake or it cannot be started;
    Ctrl-C ends Lake and is raised again.
    """
    path = find_lake()
    log.write(f"$ lake {' '.join(arguments)}\n")
    kept: list[str] = []
    try:
        process = subprocess.Popen(
            [path, *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:
        raise AbsentError(f"lake cannot be run: {error.strerror or error}") from error
    try:
        assert process.stdout is not None
        for line, passing in _lines(process.stdout):
            tell(line)
            if not passing:
                kept.append(line)
                log.write(line + "\n")
        code = process.wait()
    except BaseException:
        _end(process)
        raise
    finally:
        if process.stdout is not None:
            process.stdout.close()
        log.flush()
    log.write(f"exit code {code}\n")
    return LakeRun(tuple(arguments), code, tuple(kept))


def output_of(arguments: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `lake` and keep stdout apart from stderr, both as text. AbsentError as in `run_lake`."""
    try:
        return subprocess.run(
            [find_lake(), *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise AbsentError(f"lake cannot be run: {error.strerror or error}") from error


def _lines(stream: IO[bytes]) -> Iterator[tuple[str, bool]]:
    """Each line as soon as it ends, and whether it was overwritten by the next (ended by \\r)."""
    rest = b""
    while chunk := os.read(stream.fileno(), _CHUNK):
        rest += chunk
        # A \r at the very end may be the first half of \r\n: what follows must come first.
        while (found := _BREAK.search(rest)) and found.end() < len(rest) + (found[0] != b"\r"):
            yield rest[: found.start()].decode("utf-8", "replace"), found[0] == b"\r"
            rest = rest[found.end() :]
    if rest:
        yield rest.rstrip(b"\r").decode("utf-8", "replace"), False


def _end(process: subprocess.Popen[bytes]) -> None:
    """End Lake; it ends the compilers that it started when its terminal or pipe is gone."""
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_SECONDS_TO_END)
        return
    process.kill()
    process.wait()
