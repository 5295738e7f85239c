"""Where each character of a YAML text stands in the file, so that errors can point into it."""

from __future__ import annotations


def offsets(source: str, span: tuple[int, int], style: str, value: str) -> list[int] | None:
    """For each character of `value` its index in `source`, or None when escapes hide it.

    span: start and end of the scalar with its quotes or block header; style: `''` plain, `'` and
    `"` quoted, `|` and `>` block. YAML folds and strips whitespace and keeps the order of all the
    rest, so those characters are paired one by one; whitespace stands after what precedes it.
    """
    position, end = span
    if style == '"' and "\\" in source[position:end]:
        return None
    if style in ("|", ">"):
        position = source.find("\n", position) + 1
    elif style:
        position += 1
    found: list[int] = []
    for character in value:
        if not character.isspace():
            position = _next(source, position, end, "'" if style == "'" else "", character)
            if position == end:
                return None
        found.append(position)
        position += position < end and source[position] == character != "\n"
    return found


def _next(source: str, position: int, end: int, escape: str, character: str) -> int:
    """The index of `character` behind whitespace and a doubled quote; `end` when it is not next."""
    while position < end and source[position] != character:
        if not source[position].isspace() and source[position] != escape:
            return end
        position += 1
    return position
