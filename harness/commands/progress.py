"""What a person sees while the checks run: one line that moves, on a terminal only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from harness.conformance.execute import Event
from harness.report.lines import console


@contextmanager
def progress(stream: TextIO, *, colour: bool) -> Iterator[Callable[[Event], None] | None]:
    """Yields what to tell about each job; None where the stream is a pipe or a file."""
    if not stream.isatty():
        yield None
        return
    columns = (
        BarColumn(24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    shown = Progress(
        *columns,
        console=console(stream, colour=colour),
        transient=True,
        # What foreign code prints goes to stderr, see check.py; rich need not catch it.
        redirect_stdout=False,
        redirect_stderr=False,
    )
    with shown:
        task = shown.add_task("", total=None)

        def tell(event: Event) -> None:
            job = event.job
            words = [job.declaration.rpartition(".")[2], job.check, job.entry, job.dtype]
            text = " · ".join(word for word in words if word)
            # Drawn now: a short run is over before the display's own clock ticks.
            shown.update(
                task, completed=event.done, total=event.total, description=text, refresh=True
            )

        yield tell
