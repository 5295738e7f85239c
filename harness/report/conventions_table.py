"""The table of `crosscheck conventions`: a block for each constant, a line for each situation."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from harness.conformance.conventions import Convention

TITLE = "Outside the reals: conventions, not verdicts. No Lean statement speaks of these inputs."
_INDENT = " " * 4

Situation = tuple[str, str, list[str]]
"""What it is, what is passed, and each thing that comes back."""


def lines(found: Sequence[Convention], width: int | None) -> Iterator[str]:
    """The lines for a terminal of so many columns; None: as wide as they are.

    Who agrees stands in one line. Where the columns do not fit, what comes back stands below.
    """
    yield from _wrapped(TITLE, width)
    if not found:
        yield ""
        yield "No entry implements a constant that takes vectors."
    blocks: dict[str, list[Convention]] = {}
    for one in found:
        blocks.setdefault(one.constant, []).append(one)
    situations = {constant: list(_situations(block)) for constant, block in blocks.items()}
    columns = {constant: list(_columns(own)) for constant, own in situations.items()}
    widest = max((len(line) for own in columns.values() for line in own), default=0)
    for constant, block in blocks.items():
        entries = dict.fromkeys(f"{one.entry} {one.dtype}" for one in block)
        yield ""
        yield from _wrapped(f"{constant}   {', '.join(entries)}", width, below=_INDENT)
        if width is None or widest <= width:
            yield from columns[constant]
        else:
            yield from _stacked(situations[constant], width)


def _situations(block: Sequence[Convention]) -> Iterator[Situation]:
    """Those of one constant; what comes back with who returns it, where they differ."""
    here: dict[str, list[Convention]] = {}
    for one in block:
        here.setdefault(one.situation, []).append(one)
    for name, members in here.items():
        who: dict[str, list[str]] = {}
        for one in members:
            who.setdefault(one.outcome, []).append(one.entry)
        outcomes = [f"{outcome}   ({', '.join(entries)})" for outcome, entries in who.items()]
        yield name, ", ".join(members[0].arguments), outcomes if len(who) > 1 else list(who)


def _columns(situations: Sequence[Situation]) -> Iterator[str]:
    names = max(len(name) for name, _, _ in situations)
    passed = max(len(given) for _, given, _ in situations)
    for name, given, outcomes in situations:
        for number, outcome in enumerate(outcomes):
            first, second = ("", "") if number else (name, given)
            yield f"{_INDENT}{first:<{names}}  {second:<{passed}}  {outcome}".rstrip()


def _stacked(situations: Sequence[Situation], width: int) -> Iterator[str]:
    for name, given, outcomes in situations:
        head = f"{_INDENT}{name}: {given}"
        yield from [head] if len(head) <= width else [f"{_INDENT}{name}:", f"{_INDENT}{given}"]
        for outcome in outcomes:
            yield from _wrapped(outcome, width, 2 * _INDENT, 3 * _INDENT)


def _wrapped(text: str, width: int | None, indent: str = "", below: str = "") -> list[str]:
    """A paragraph, the lines after the first below `below`."""
    if width is None:
        return [indent + text]
    return textwrap.wrap(
        text,
        width,
        initial_indent=indent,
        subsequent_indent=below,
        break_long_words=False,
        break_on_hyphens=False,
    )
