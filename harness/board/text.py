"""The board in lines of text and as Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from harness.board.document import Board, Cell, Library
from harness.board.table import HEAD, row, table

BEGIN, END = "<!-- crosscheck compare: begin -->", "<!-- crosscheck compare: end -->"
LEGEND = (
    "meets: the strictest named arithmetic (docs/bounds.md) whose bound it keeps; worst ulp: over "
    "all inputs, however ill-conditioned; ratio: worst error ÷ bound as IEEE code; speed: elements "
    "a second relative to the fastest path, noisy; °: known, see docs/findings.md"
)


def lines(board: Board, width: int | None = None) -> Iterator[str]:
    """What the command prints, for a terminal of so many columns; None: as wide as it is."""
    yield f"crosscheck {board.crosscheck} · compare · effort {board.effort} · seed {board.seed}"
    yield board.machine
    yield ""
    cells = [cell for one in board.libraries if one.version for cell in one.cells]
    if cells:
        yield from table(cells, width)
        yield ""
    absent = [one.name for one in board.libraries if one.version is None]
    if absent:
        yield f"not installed: {', '.join(absent)}"
    yield LEGEND
    for one in board.libraries:
        yield from (f"{one.name}: {note}" for note in one.notes if one.version)
    for cell in _bad(board):
        yield ""
        yield from _told(cell, width)
    for text in board.stale:
        yield f"✗ a known failure is stale: {text}"
    yield ""
    yield board.sentence


def markdown(board: Board) -> str:
    """The board as a page: versions, the table, and the case behind every violation."""
    parts = [
        f"{board.sentence} By crosscheck {board.crosscheck} at effort {board.effort}, seed "
        f"{board.seed}, {board.started}; {board.machine}.",
        "",
        "| " + " | ".join(HEAD) + " |",
        "|" + "---|" * len(HEAD),
    ]
    for one in board.libraries:
        if one.version is None:
            parts.append(f"| {one.name} | " + " | ".join(["not installed", *[""] * 6]) + " |")
        parts += ["| " + " | ".join(row(cell)) + " |" for cell in one.cells if one.version]
    parts += ["", LEGEND + ".", "", "Versions: " + ", ".join(_versions(board.libraries)) + "."]
    notes = [f"{one.name}: {note}" for one in board.libraries if one.version for note in one.notes]
    parts += ["", *[f"- {note}" for note in notes]]
    violating = [c for one in board.libraries for c in one.cells if c.found]
    if violating:
        parts += ["", "## The case behind every violation", ""]
        parts += ["| path | dtype | smallest input found | what happens there | replay |"]
        parts += ["|---|---|---|---|---|"]
        for cell in violating:
            assert cell.found is not None
            cells = (cell.path, cell.dtype, _inputs(cell), cell.found.message, cell.found.case)
            parts.append("| " + " | ".join(text.replace("|", "\\|") for text in cells) + " |")
    return "\n".join(parts) + "\n"


def put_into(page: str, text: str) -> str:
    """The page with the text between its markers; a page without markers is replaced."""
    if BEGIN not in page or END not in page:
        return f"# Scoreboard\n\n{BEGIN}\n{text}{END}\n"
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{text}{END}{rest.partition(END)[2]}"


def _bad(board: Board) -> list[Cell]:
    return [
        cell
        for one in board.libraries
        for cell in one.cells
        if not cell.expected and (cell.found or cell.verdict == "inconclusive")
    ]


def _told(cell: Cell, width: int | None) -> Iterator[str]:
    """A finding; its case, which people copy, stays in one line."""
    yield from _wrapped(f"✗ {cell.function} {cell.verdict}   {cell.path} · {cell.dtype}", width)
    if cell.found is None:
        yield from _wrapped(f"    {cell.why}", width)
        return
    yield from _wrapped(f"    {cell.found.message}", width)
    if text := _inputs(cell):
        yield from _wrapped(f"    {text}", width)
    if cell.found.case:
        yield f"    case {cell.found.case}"


def _wrapped(told: str, width: int | None) -> list[str]:
    if width is None:
        return [told]
    return textwrap.wrap(
        told, width, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )


def _inputs(cell: Cell) -> str:
    assert cell.found is not None
    return ", ".join(f"{name} = {_shown(value)}" for name, value in cell.found.inputs.items())


def _shown(value: object) -> str:
    if isinstance(value, list):
        parts = [_shown(part) for part in value[:4]]
        return f"[{', '.join(parts)}{', …' if len(value) > 4 else ''}]"
    return f"{float.fromhex(str(value)):.17g}"


def _versions(libraries: Sequence[Library]) -> list[str]:
    return [f"{one.name} {one.version}" for one in libraries if one.version]
