"""Where a command writes: two text streams, and whether colours may be used on them."""

from __future__ import annotations

import contextlib
import os
import sys
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TextIO


@dataclass(frozen=True)
class Streams:
    """out: results; err: errors, warnings and, where JSON goes to stdout, the text for people."""

    out: TextIO
    err: TextIO
    colour: bool = True

    def say(self, text: str = "") -> None:
        """One line of results."""
        self.out.write(text + "\n")

    def warn(self, text: str) -> None:
        """One line that a person should see and a program should not read."""
        self.err.write(f"crosscheck: warning: {text}\n")


def write_lines(stream: TextIO, lines: Iterable[str]) -> None:
    """The lines of a report. A terminal would break a long sentence within words, so there it is
    broken between them; a pipe or a file gets it whole."""
    width = terminal_width(stream)
    for line in lines:
        for part in folded(line, width) if width else [line]:
            stream.write(part + "\n")


def terminal_width(stream: TextIO) -> int | None:
    """The columns to lay out for on a terminal, at least 50. None for a pipe or a file, which gets
    lines as long as they are."""
    from harness.report.lines import console, width_of

    return width_of(console(stream, colour=False)) if stream.isatty() else None


def folded(line: str, width: int) -> list[str]:
    """A sentence in parts of at most `width` columns; what is indented or in columns, as it is."""
    if len(line) <= width or "  " in line or line.startswith(" "):
        return [line]
    return textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)


def standard_streams(*, colour: bool) -> Streams:
    """stdout and stderr, able to write any character; NO_COLOR and TERM=dumb turn colours off."""
    for stream in (sys.stdout, sys.stderr):
        _write_any_character(stream)
    allowed = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Streams(sys.stdout, sys.stderr, colour and allowed)


@contextlib.contextmanager
def foreign_output_to(stream: TextIO) -> Iterator[None]:
    """What is printed meanwhile goes to `stream`: it must not get into our report or our JSON.

    Where stdout is a pipe or a file, compiled code and processes that are started are caught, too.
    """
    with contextlib.redirect_stdout(stream):
        process_stdout = sys.__stdout__
        try:
            assert process_stdout is not None
            ours, theirs = process_stdout.fileno(), stream.fileno()
        except (AssertionError, OSError, ValueError):  # a stream without a descriptor
            yield
            return
        if os.isatty(ours):
            yield
            return
        process_stdout.flush()
        saved = os.dup(ours)
        os.dup2(theirs, ours)
        try:
            yield
        finally:
            os.dup2(saved, ours)
            os.close(saved)


def _write_any_character(stream: TextIO) -> None:
    """UTF-8 for pipes and files; a terminal keeps its encoding and gets `\\u211d` where it must."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is None:  # a test's stream, or an embedding program's
        return
    encoding = None if stream.isatty() else "utf-8"
    reconfigure(encoding=encoding, errors="backslashreplace")
