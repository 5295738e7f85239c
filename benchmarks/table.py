"""Tables of a benchmark: medians taken in turns, and the place in README.md that holds them."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

README = Path(__file__).parents[1] / "README.md"
ROUNDS = 5

Line = tuple[str, str]
"""What was measured, and the figures."""


def medians(
    works: Mapping[str, Callable[[], Any]],
    seconds: float = 0.1,
    clock: Callable[[], float] = time.process_time,
) -> dict[str, float]:
    """Seconds of one call of each, the median of ROUNDS turns; each turn takes about `seconds`.

    clock: of the processor, which what else runs on the machine disturbs less.
    """
    counts = {}
    for name, work in works.items():
        work()
        start = clock()
        work()
        counts[name] = max(1, round(seconds / max(1e-6, clock() - start)))
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            start = clock()
            for _ in range(counts[name]):
                work()
            taken[name].append((clock() - start) / counts[name])
    return {name: middle(times) for name, times in taken.items()}


def middle(figures: Sequence[float]) -> float:
    """The median; of an even number, the upper one of the two."""
    return sorted(figures)[len(figures) // 2]


def as_markdown(head: str, lines: Sequence[Line]) -> str:
    """A table of two columns."""
    rows = [f"| {what} | {told} |" for what, told in lines]
    return "\n".join([f"| {head} | |", "|---|---|", *rows])


def publish(name: str, text: str, about: str) -> None:
    """Print a table; with `--readme` on the command line, put it between its marks in README.md."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--readme", action="store_true", help="put the table into README.md")
    print(text)
    if parser.parse_args().readme:
        mark, end = f"<!-- python -m benchmarks.{name} --readme -->", "<!-- end -->"
        before, rest = README.read_text(encoding="utf-8").split(mark)
        after = rest.split(end, 1)[1]
        README.write_text(f"{before}{mark}\n{text}\n{end}{after}", encoding="utf-8")
