"""What libraries print while they are judged: no terminal needs it, unless something went wrong."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, TextIO

from harness.commands.streams import foreign_output_to
from harness.report.numbers import count


@dataclass(frozen=True)
class KeptOutput:
    """err: where our own words go meanwhile; log: what others print, None where it is not kept."""

    err: TextIO
    log: IO[bytes] | None

    def show(self) -> None:
        """Prints what was kept so far, which is no longer kept then."""
        if self.log is not None:
            self.log.seek(0)
            self.err.write(self.log.read().decode("utf-8", "replace"))
            self.err.flush()
            self.log.truncate(0)


@contextlib.contextmanager
def output_kept_from(stream: TextIO) -> Iterator[KeptOutput]:
    """As `foreign_output_to`; where the stream is a terminal, what is printed is kept instead.

    Compiled code and processes that are started are included. An exception shows it; otherwise a
    line says how much there was.
    """
    if not stream.isatty() or sys.__stdout__ is None:
        with foreign_output_to(stream):
            yield KeptOutput(stream, None)
        return
    # Several processes write: each of them at the end, wherever we read.
    with tempfile.TemporaryFile("a+b") as log, _another(stream) as err:
        kept = KeptOutput(err, log)
        with contextlib.redirect_stdout(stream), _writing_to(log, sys.__stdout__, stream):
            try:
                yield kept
            except BaseException:
                kept.show()
                raise
        log.seek(0)
        if lines := sum(1 for _ in log):
            said = f"not shown: {count(lines, 'line')} that libraries printed"
            err.write(f"crosscheck: {said}; 2> FILE keeps them\n")


def _another(stream: TextIO) -> TextIO:
    """A stream to the same place, which stays there."""
    number = os.dup(stream.fileno())
    return open(number, "w", encoding=stream.encoding, errors=stream.errors)


@contextlib.contextmanager
def _writing_to(log: IO[bytes], *streams: TextIO) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for stream in streams:
            stream.flush()
            saved = os.dup(stream.fileno())
            stack.callback(os.close, saved)
            stack.callback(os.dup2, saved, stream.fileno())
            stack.callback(stream.flush)
            os.dup2(log.fileno(), stream.fileno())
        yield
