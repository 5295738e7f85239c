"""Case ids: one word that names a check of an entry and the input at which it was judged.

    softmaxJvp:definition:numpy:cpu@float32/n=2/normal/one_hot/s0/13/contiguous/seed=1#4

The shell needs no quotes for it: what could need some is written as in a URL, `'` as %27.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, unquote

from harness.cells.cell import Cell, parse_cell
from harness.conformance.kinds import KINDS
from harness.conformance.verdict import Case, CheckResult
from harness.errors import InputError, did_you_mean

KEPT = "corpus/"
"""A case of the corpus has this and its name in the place of a cell."""

CHECKS = (
    "consistency",
    "definition",
    *KINDS,
    "linearity",
    "theorem",
    "fact",
    "derivative",
)
_SHAPE = "DECLARATION:CHECK:ENTRY:DEVICE@CELL#ROW"


@dataclass(frozen=True)
class CaseId:
    """part: which fact, or which mode of autograd; entry and device are "" on exact reals."""

    declaration: str
    check: str
    part: int
    entry: str
    device: str
    cell: Cell
    row: int


def case_id(
    declaration: str, check: str, part: int, entry: str, device: str, cell: str, row: int
) -> str:
    """The id; cell: the text of a cell."""
    step = f"{check}.{part}" if part else check
    words = (quote(word, safe="") for word in (declaration, step, entry, device))
    return f"{':'.join(words)}@{cell}#{row}"


def id_of(result: CheckResult, case: Case) -> str:
    """What `replay` takes for a case of a result."""
    if case.cell.startswith(KEPT):
        return case.cell.removeprefix(KEPT)
    asked = (result.declaration, result.check, result.part, result.entry, result.device)
    return case_id(*asked, case.cell, case.row)


def parse_case_id(text: str) -> CaseId:
    """What an id names. InputError, with what was expected, for any other text."""
    question, at, place = text.strip().partition("@")
    words = [unquote(word) for word in question.split(":")]
    if not at or len(words) != 4:
        raise _malformed(text, f"it is not {_SHAPE}")
    declaration, step, entry, device = words
    check, dot, part = step.partition(".")
    if check not in CHECKS:
        guess = did_you_mean(check, list(CHECKS)) or f"known: {', '.join(CHECKS)}"
        raise InputError(f"'{text}' is not a case: no check '{check}'", hint=guess)
    cell, hash_sign, row = place.partition("#")
    if not hash_sign:
        raise _malformed(text, "the row is missing, as in #0")
    parsed = parse_cell(cell)
    number = _number(text, row)
    if number >= parsed.rows:
        raise _malformed(text, f"the cell has {parsed.rows} rows, counted from 0")
    which = _number(text, part) if dot else 0
    return CaseId(declaration, check, which, entry, device, parsed, number)


def _number(text: str, digits: str) -> int:
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise _malformed(text, f"'{digits}' is not a whole number")
    return int(digits)


def _malformed(text: str, why: str) -> InputError:
    return InputError(f"'{text}' is not a case: {why}", hint="copy one from a report of `check`")
