"""Lines of styled text, and the one way in which they reach a stream.

Control characters appear only on a terminal that may show colours.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import TextIO

from rich.console import Console
from rich.text import Text

PIPE_WIDTH = 100
NARROWEST = 50

GOOD, BAD, DOUBT, FAINT, STRONG = "green", "bold red", "yellow", "dim", "bold"


def console(stream: TextIO, *, colour: bool) -> Console:
    """A console for the stream: the terminal's width there, 100 columns in a pipe or file."""
    terminal = stream.isatty()
    return Console(
        file=stream,
        force_terminal=terminal,
        color_system="auto" if terminal and colour else None,
        width=None if terminal else PIPE_WIDTH,
        highlight=False,
        soft_wrap=True,
        emoji=False,
        markup=False,
    )


def width_of(target: Console) -> int:
    """The columns to lay out for; lines are never made narrower than 50."""
    return max(NARROWEST, target.width)


def write(target: Console, lines: Iterable[Text]) -> None:
    """Prints the lines."""
    for line in lines:
        line.rstrip()
        target.print(line)


def labelled(label: str, text: str, width: int, indent: int = 10, style: str = "") -> list[Text]:
    """`label     text`, the text wrapped and aligned behind the label."""
    wrapped = textwrap.wrap(text, width - indent, break_long_words=False, break_on_hyphens=False)
    lines = []
    for number, part in enumerate(wrapped or [""]):
        head = label if number == 0 else ""
        lines.append(Text.assemble((f"{head:<{indent}}", FAINT), (part, style)))
    return lines


def wrapped(text: str, width: int, indent: str = "", style: str = "") -> list[Text]:
    """A paragraph; every line starts with `indent`."""
    parts = textwrap.wrap(text, width - len(indent), break_long_words=False, break_on_hyphens=False)
    return [Text.assemble(indent, (part, style)) for part in parts]


def fitted(text: str, width: int) -> str:
    """The text in exactly `width` columns, its middle left out where it is longer."""
    if len(text) <= width:
        return f"{text:<{width}}"
    left = (width - 1) * 2 // 3
    return f"{text[:left]}…{text[len(text) - (width - 1 - left) :]}"
