"""The table of a board: a line for each cell, below its function where a terminal is narrow."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby

from harness.board.document import Cell
from harness.report.table import SHORT_DTYPES

HEAD = ("library path", "function", "dtype", "verdict", "meets", "worst ulp", "ratio", "speed")
MARKS = {
    "conforms": "✓ conforms",
    "violates": "✗ violates",
    "inconclusive": "? inconclusive",
    "unsupported": "– unsupported",
    "not run": "– not run",
    "refuted": "✗ refuted",
}
_NARROW_HEAD = ("", "", "ulp", "ratio", "speed")
_NARROW_LEGEND = "✓ conforms · ✗ violates · ? inconclusive"  # beside – stands why
_INDENT = "  "


def table(cells: Sequence[Cell], width: int | None) -> Iterator[str]:
    """The lines for so many columns, header first. None: as wide as they are."""
    wide = [line.rstrip() for line in _aligned([HEAD, *map(row, cells)], "  ")]
    if width is None or max(map(len, wide)) <= width:
        yield from wide
    else:
        yield from _narrow(cells, width)


def row(cell: Cell) -> tuple[str, ...]:
    """The cell in the columns of HEAD."""
    mark = MARKS[cell.verdict] + ("°" if cell.expected else "")
    return (
        cell.path,
        cell.function,
        cell.dtype,
        mark + _kind(cell),
        cell.meets or _why(cell)[:40],
        *_numbers(cell),
    )


def _narrow(cells: Sequence[Cell], width: int) -> Iterator[str]:
    """The verdict as its mark; what a cell meets below its numbers where it is long."""
    short = [
        (
            SHORT_DTYPES.get(cell.dtype, cell.dtype),
            MARKS[cell.verdict][0] + ("°" if cell.expected else ""),
            *_numbers(cell),
        )
        for cell in cells
    ]
    head, *numbers = _aligned([_NARROW_HEAD, *short], " ")
    yield _NARROW_LEGEND
    yield f"{_INDENT}{head} meets"
    room = width - len(_INDENT) - len(head) - 1
    below = _INDENT + " " * (1 + max(len(dtype) for dtype, *_ in short))
    pairs = zip(cells, numbers, strict=True)
    for (path, function), members in groupby(pairs, lambda pair: (pair[0].path, pair[0].function)):
        yield f"{path} · {function}"
        for cell, line in members:
            meets = (cell.meets or _why(cell)) + _kind(cell)
            beside = meets if len(meets) <= room else ""
            yield f"{_INDENT}{line} {beside}".rstrip()
            if not beside:
                yield from textwrap.wrap(
                    meets, width, initial_indent=below, subsequent_indent=below
                )


def _kind(cell: Cell) -> str:
    if cell.verdict == "violates" and cell.found and cell.found.kind not in ("value", "nan"):
        return f" ({cell.found.kind})"
    return ""


def _why(cell: Cell) -> str:
    return "" if cell.verdict == "violates" else cell.why


def _numbers(cell: Cell) -> tuple[str, str, str]:
    """Worst ulp, ratio and relative speed."""
    speed = "" if cell.relative is None else f"{cell.relative:.2f}"
    return _number(cell.worst_ulp), _number(cell.worst_ratio), speed


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return "inf" if math.isinf(value) else f"{value:.3g}"


def _aligned(rows: Sequence[Sequence[str]], between: str) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        between.join(f"{text:<{width}}" for text, width in zip(row, widths, strict=True))
        for row in rows
    ]
