"""The table of a run: a line for each declaration, a column for each entry and dtype."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.text import Text

from harness.report.document import DeclarationRecord, EntryRecord
from harness.report.lines import BAD, DOUBT, FAINT, GOOD, STRONG, fitted, wrapped
from harness.report.numbers import by_entry, listed, ratio
from harness.report.standing import Key

LEGEND = (
    "S stated · M mirrored in Lean · P proved by Lean · C consistent on exact reals",
    "0.71 error ÷ bound · ✓ conforms · ✗ violates · ? inconclusive · – unsupported",
    "~ holds, but rests on a constant that is not credited",
)

_MARKS = " S M P C"
_CELL = 6
SHORT_DTYPES = {"float64": "f64", "float32": "f32", "float16": "f16", "bfloat16": "bf16"}
_KINDS = {
    "mutated": "write",
    "exception": "raise",
    "protocol": "pipe",
    "layout": "view",
    "repeat": "again",
}


def table(declarations: Sequence[DeclarationRecord], width: int) -> list[Text]:
    """The lines of the table, header first; split by entry where one table would be too wide."""
    keys = list(
        dict.fromkeys(_key(entry) for declaration in declarations for entry in declaration.entries)
    )
    longest = max((len(declaration.short_name) for declaration in declarations), default=0)
    lines: list[Text] = []
    for number, block in enumerate(_blocks(keys, width, longest)):
        first = number == 0
        marks = _MARKS if first else ""
        name_width = min(longest, width - len(_MARKS) - sum(_widths(block)))
        lines += [*([] if first else [Text()]), *_header(block, name_width, marks)]
        for declaration in sorted(declarations, key=_order):
            if first or _cells(declaration, block):
                lines.append(_row(declaration, block, name_width, marks=first))
            if first:
                lines += _reservations(declaration, width)
    return lines


def _order(declaration: DeclarationRecord) -> tuple[bool, str, str]:
    """What the requirements name first, in their order."""
    return (declaration.role != "required", declaration.requirement, declaration.name)


def _blocks(keys: Sequence[Key], width: int, longest: int) -> list[list[Key]]:
    """The columns in as few tables as fit; the dtypes of one entry stay together."""
    room = width - len(_MARKS) - min(longest, 22)
    blocks: list[list[Key]] = [[]]
    for _, members in groupby(keys, key=lambda key: (key[0], key[2])):
        group = list(members)
        if blocks[-1] and sum(_widths([*blocks[-1], *group])) > room:
            blocks.append([])
        blocks[-1] += group
    return blocks


def _groups(block: Sequence[Key]) -> list[tuple[str, int]]:
    """Title and number of columns of each entry."""
    return [
        (entry if device == "cpu" else f"{entry} on {device}", len(list(members)))
        for (entry, device), members in groupby(block, key=lambda key: (key[0], key[2]))
    ]


def _widths(block: Sequence[Key]) -> list[int]:
    """The width of each column, with the blanks before it; two blanks between entries."""
    widths: list[int] = []
    for title, columns in _groups(block):
        first = 2 + max(_CELL, min(len(title), 24) - (columns - 1) * (_CELL + 1))
        widths += [first] + [1 + _CELL] * (columns - 1)
    return widths


def _header(block: Sequence[Key], name_width: int, marks: str) -> list[Text]:
    widths = _widths(block)
    titles, dtypes = " " * (name_width + len(marks)), f"{'':<{name_width}}{marks}"
    start = 0
    for title, columns in _groups(block):
        titles += "  " + fitted(title, sum(widths[start : start + columns]) - 2)
        start += columns
    for (_, dtype, _), width in zip(block, widths, strict=True):
        blank = 1 if width == 1 + _CELL else 2
        dtypes += " " * blank + f"{SHORT_DTYPES.get(dtype, dtype):<{width - blank}}"
    return [Text(titles, STRONG), Text(dtypes, FAINT)]


def _row(
    declaration: DeclarationRecord, block: Sequence[Key], name_width: int, *, marks: bool
) -> Text:
    style = "" if declaration.role == "required" else FAINT
    line = Text.assemble((fitted(declaration.short_name, name_width), style))
    for mark, colour in _marks(declaration) if marks else ():
        line.append(" ").append(mark, colour)
    found = _cells(declaration, block)
    for key, width in zip(block, _widths(block), strict=True):
        blank = 1 if width == 1 + _CELL else 2
        text, colour = _cell(found.get(key))
        line.append(" " * blank).append(f"{text:<{width - blank}}", colour)
    return line


def _cells(declaration: DeclarationRecord, block: Sequence[Key]) -> dict[Key, EntryRecord]:
    return {_key(entry): entry for entry in declaration.entries if _key(entry) in block}


def _key(entry: EntryRecord) -> Key:
    return (entry.entry, entry.dtype, entry.device)


def _marks(declaration: DeclarationRecord) -> list[tuple[str, str]]:
    lean = declaration.lean
    mirrored = ("✓", GOOD) if lean.mirror == "same" else ("✗", BAD)
    if lean.mirror == "same" and lean.link == "suspect":
        mirrored = ("!", DOUBT)
    proved = {"proved": ("✓", GOOD), "not proved": ("✗", BAD)}.get(lean.proved, ("·", FAINT))
    consistent = {
        None: ("·", FAINT),
        "conforms": ("✓", GOOD),
        "refuted": ("✗", BAD),
        "violates": ("✗", BAD),
        "inconclusive": ("?", DOUBT),
    }.get(declaration.consistent, ("–", FAINT))
    return [("✓", GOOD), mirrored, proved, consistent]


def _cell(entry: EntryRecord | None) -> tuple[str, str]:
    if entry is None:
        return "", ""
    amount = "" if entry.ratio is None else ratio(entry.ratio)
    match entry.standing:
        case "conforms":
            return f"✓ {amount}", GOOD
        case "holds":
            return f"~ {amount}", DOUBT
        case "violates":
            word = _KINDS.get(entry.kind, entry.kind)
            shown = amount if entry.kind in ("value", "") else word
            return (f"✗ {shown}" if len(shown) < _CELL - 1 else f"✗{shown}"), BAD
        case "refuted":
            return "✗ real", BAD
        case "inconclusive":
            return f"? {amount}", DOUBT
        case "unsupported":
            return ("– n=0" if entry.cases_n0 else "–"), FAINT
        case _:
            return "·", FAINT


def _reservations(declaration: DeclarationRecord, width: int) -> list[Text]:
    """What keeps a theorem that holds from being credited, once for each reason."""
    reasons: dict[str, list[tuple[str, str]]] = {}
    for entry in declaration.entries:
        if entry.standing == "holds":
            reasons.setdefault(reservation(entry), []).append((entry.entry, entry.dtype))
    lines: list[Text] = []
    for reason, entries in reasons.items():
        lines += wrapped(f"{by_entry(entries)}: {reason}", width, "  ", DOUBT)
    return lines


def reservation(entry: EntryRecord) -> str:
    """`holds, but softmaxJvp violates`, and its like."""
    parts = []
    verdicts = dict.fromkeys(entry.but.values())
    for verdict in verdicts:
        constants = [constant for constant, found in entry.but.items() if found == verdict]
        several = {"violates": "violate", "conforms": "conform"}
        word = several.get(verdict, verdict) if len(constants) > 1 else verdict
        be = "" if verdict in several else ("are " if len(constants) > 1 else "is ")
        parts.append(f"{listed(constants)} {be}{word}")
    if entry.unchecked:
        parts.append(f"{listed(entry.unchecked)} was not checked")
    return f"holds, but {', and '.join(parts)}"
