"""What is here, what is not, what to do: a list of findings about a machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field
from rich.text import Text

from harness.report.document import Part
from harness.report.lines import BAD, DOUBT, FAINT, GOOD, STRONG, labelled

_MARKS = {"here": ("✓", GOOD), "absent": ("·", DOUBT), "needed": ("✗", BAD)}
_INDENT = 16


class Item(Part):
    """One thing that was looked for."""

    what: str
    state: Literal["here", "absent", "needed"] = Field(
        description="needed: absent or unusable, and the default run of `check` needs it."
    )
    found: str
    remedy: str = Field(description="What to do when it is not here; may be empty.")


def item_lines(items: Sequence[Item], width: int, *, commands: bool = False) -> list[Text]:
    """A line or two for each item. commands: what is to do is to be copied, each in one line."""
    lines: list[Text] = []
    for item in items:
        mark, colour = _MARKS[item.state]
        first, *rest = labelled(f"  {item.what}", item.found, width, _INDENT)
        lines.append(Text.assemble((mark, colour), first[1:]))
        lines += rest
        if item.remedy and commands:
            lines.append(Text(f"{'':{_INDENT}}→ {item.remedy}", FAINT))
        elif item.remedy:
            lines += labelled("", f"→ {item.remedy}", width, _INDENT, FAINT)
    return lines


def report(items: Sequence[Item], width: int) -> list[Text]:
    """A line or two for each item, then a sentence."""
    lines = item_lines(items, width)
    needed = [item.what for item in items if item.state == "needed"]
    absent = [item.what for item in items if item.state == "absent"]
    if needed:
        text, colour = f"`crosscheck check` cannot run here: {', '.join(needed)}.", BAD
    elif absent:
        text, colour = f"`crosscheck check` can run here; not here: {', '.join(absent)}.", GOOD
    else:
        text, colour = "`crosscheck check` can run here, and nothing is absent.", GOOD
    return [*lines, Text(), Text(text, f"{STRONG} {colour}")]
