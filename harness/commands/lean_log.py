"""What a person sees of a run of Lake, and the log that is kept of it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from harness import state
from harness.commands.streams import Streams

if TYPE_CHECKING:
    from harness.lean.lake import Tell

_DOWNLOADED = re.compile(r"Downloaded: \d+ file\(s\) \[attempted (\d+)/(\d+)")
_EVERY = 100  # lines of a pipe: one in a hundred steps says that it goes on


@contextmanager
def lake_log(name: str, streams: Streams) -> Iterator[IO[str]]:
    """A log in `.crosscheck/` of the current folder; where it cannot be written, nowhere."""
    try:
        path = state.prepared(Path.cwd()) / name
        log: IO[str] = path.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        streams.warn(f"no log is kept: {error.strerror or error}")
        yield io.StringIO()
        return
    with log:
        try:
            yield log
        finally:
            streams.err.write(f"crosscheck: the output of Lake is in {state.FOLDER}/{name}\n")


@contextmanager
def lake_progress(streams: Streams) -> Iterator[Tell]:
    """What to tell each line of Lake: a line that moves on a terminal, else now and then a line."""
    if not streams.err.isatty():
        yield _plain(streams)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from harness.lean.messages import step_of
    from harness.report.lines import console

    columns = (
        BarColumn(24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    shown = Progress(*columns, console=console(streams.err, colour=streams.colour), transient=True)
    with shown:
        task = shown.add_task("lake", total=None)

        def tell(line: str) -> None:
            step, downloaded = step_of(line), _DOWNLOADED.match(line)
            if step:
                text = f"{step.action} {step.target}"
                shown.update(task, completed=step.done, total=step.total, description=text)
            elif downloaded:
                done, total = (int(word) for word in downloaded.groups())
                shown.update(task, completed=done, total=total, description="Mathlib's cache")
            elif _is_remark(line):
                shown.update(task, description=line.removeprefix("info: ")[:60])

        yield tell


def _is_remark(line: str) -> bool:
    """Whether Lake says what it does; Lean's own hints name a place in a file."""
    return line.startswith("info: ") and ".lean:" not in line


def _plain(streams: Streams) -> Callable[[str], None]:
    """For pipes: Lake's remarks and failures at once, and one of a hundred steps."""
    from harness.lean.messages import step_of

    def tell(line: str) -> None:
        step = step_of(line)
        if step is None:
            telling = _is_remark(line) or line.startswith(("Attempting to download", "Decompress"))
        else:
            telling = step.mark == "failed" or step.done % _EVERY == 0 or step.done == step.total
        if telling:
            streams.err.write(f"  {line}\n")
            streams.err.flush()

    return tell
