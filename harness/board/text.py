"""The board in lines of text and as Markdown."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from harness.board.document import Board, Cell, Library

BEGIN, END = "<!-- crosscheck compare: begin -->", "<!-- crosscheck compare: end -->"
HEAD = ("library path", "function", "dtype", "verdict", "meets", "worst ulp", "ratio", "speed")
MARKS = {
    "conforms": "✓ conforms",
    "violates": "✗ violates",
    "inconclusive": "? inconclusive",
    "unsupported": "– unsupported",
    "not run": "– not run",
    "refuted": "✗ refuted",
}
LEGEND = (
    "meets: the strictest named arithmetic (docs/bounds.md) whose bound it keeps; worst ulp: over "
    "all inputs, however ill-conditioned; ratio: worst error ÷ bound as IEEE code; speed: elements "
    "a second relative to the fastest path, noisy; °: known, see docs/findings.md"
)


def lines(board: Board) -> Iterator[str]:
    """What the command prints."""
    yield f"crosscheck {board.crosscheck} · compare · effort {board.effort} · seed {board.seed}"
    yield board.machine
    yield ""
    rows = [HEAD, *(row(cell) for one in board.libraries if one.version for cell in one.cells)]
    if len(rows) > 1:
        yield from _aligned(rows)
        yield ""
    absent = [one.name for one in board.libraries if one.version is None]
    if absent:
        yield f"not installed: {', '.join(absent)}"
    yield LEGEND
    for one in board.libraries:
        yield from (f"{one.name}: {note}" for note in one.notes if one.version)
    for cell in _bad(board):
        yield ""
        yield from _told(cell)
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


def row(cell: Cell) -> tuple[str, ...]:
    """The cell in the columns of HEAD."""
    mark = MARKS[cell.verdict] + ("°" if cell.expected else "")
    if cell.verdict == "violates" and cell.found and cell.found.kind not in ("value", "nan"):
        mark += f" ({cell.found.kind})"
    return (
        cell.path,
        cell.function,
        cell.dtype,
        mark,
        cell.meets or ("" if cell.verdict == "violates" else cell.why[:40]),
        _number(cell.worst_ulp),
        _number(cell.worst_ratio),
        "" if cell.relative is None else f"{cell.relative:.2f}",
    )


def _bad(board: Board) -> list[Cell]:
    return [
        cell
        for one in board.libraries
        for cell in one.cells
        if not cell.expected and (cell.found or cell.verdict == "inconclusive")
    ]


def _told(cell: Cell) -> Iterator[str]:
    yield f"✗ {cell.function} {cell.verdict}   {cell.path} · {cell.dtype}"
    if cell.found is None:
        yield f"    {cell.why}"
        return
    yield f"    {cell.found.message}"
    if text := _inputs(cell):
        yield f"    {text}"
    if cell.found.case:
        yield f"    case {cell.found.case}"


def _inputs(cell: Cell) -> str:
    assert cell.found is not None
    return ", ".join(f"{name} = {_shown(value)}" for name, value in cell.found.inputs.items())


def _shown(value: object) -> str:
    if isinstance(value, list):
        parts = [_shown(part) for part in value[:4]]
        return f"[{', '.join(parts)}{', …' if len(value) > 4 else ''}]"
    return f"{float.fromhex(str(value)):.17g}"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return "inf" if math.isinf(value) else f"{value:.3g}"


def _versions(libraries: Sequence[Library]) -> list[str]:
    return [f"{one.name} {one.version}" for one in libraries if one.version]


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[k]) for row in rows) for k in range(len(HEAD))]
    for row_ in rows:
        yield "  ".join(f"{text:<{w}}" for text, w in zip(row_, widths, strict=True)).rstrip()
