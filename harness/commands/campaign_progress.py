"""What a person sees while a campaign runs: rate, time left, worst so far; on a terminal only."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from harness.campaign.drive import Status
from harness.campaign.plan import Campaign
from harness.report.lines import console


@contextmanager
def progress(
    stream: TextIO, campaign: Campaign, seconds: float | None, *, colour: bool
) -> Iterator[Callable[[Status], None]]:
    """Yields what to tell after each shard; it shows nothing where the stream is no terminal.

    seconds: after which the campaign stops, None where it does not.
    """
    if not stream.isatty():
        yield lambda status: None
        return
    columns = (
        BarColumn(24),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    clock = time.monotonic()
    shown = Progress(
        *columns,
        console=console(stream, colour=colour),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
        speed_estimate_period=120,
    )
    with shown:
        begun = "" if seconds else f" of {campaign.inputs:,}"
        task = shown.add_task(f"0{begun} inputs", total=None)

        def tell(status: Status) -> None:
            passed = max(time.monotonic() - clock, 1e-9)
            share = max(status.done / status.total, passed / seconds if seconds else 0.0)
            rate = status.inputs / passed
            said = [f"{status.inputs:,} inputs", f"{rate:,.0f}/s"]
            if status.worst:
                said.append(f"worst {status.worst.amount:.2f}")
            if status.violations:
                said.append(f"{status.violations:,} violations")
            description = " · ".join(said)
            shown.update(task, completed=min(share, 1.0), total=1.0, description=description)

        yield tell
