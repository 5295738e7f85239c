"""What people read of a board: columns, marks, cases, and the page that is written anew."""

from __future__ import annotations

from typing import Any

from harness.board.document import Board, Cell, Found, Library
from harness.board.text import BEGIN, END, lines, markdown, put_into, row

FOUND = Found(
    kind="value",
    message="softmaxVec at coordinate 0 is 0.5, exact is 0.25",
    inputs={"x": ["0x1.8p+1", "-0x1p-1074"]},
    case="softmaxVec:definition:mine:cpu@float32/n=2#0",
    snippet="print()",
)


def cell(**fields: Any) -> Cell:
    base: dict[str, Any] = {
        "path": "mine",
        "function": "softmaxVec",
        "dtype": "float32",
        "verdict": "conforms",
        "expected": False,
        "why": "",
        "meets": "ieee",
        "cases": 10,
        "violations": 0,
        "worst_ulp": 1.5,
        "worst_ratio": 0.71,
        "declarations": {},
        "speed": 1e9,
        "relative": 1.0,
    }
    return Cell(**(base | fields))


def board(*cells: Cell, stale: list[str] | None = None) -> Board:
    here = Library(name="mine", version="1.2", cells=list(cells), notes=["copies"])
    absent = Library(name="other", version=None, cells=[], notes=[])
    return Board(
        schema=1,
        crosscheck="0.1.0",
        started="2026-01-01T00:00:00Z",
        seconds=1.0,
        effort="quick",
        seed=1,
        machine="a machine",
        libraries=[here, absent],
        stale=stale or [],
        exit_code=0,
        sentence="A sentence.",
    )


VIOLATES = {"verdict": "violates", "meets": "none", "found": FOUND, "worst_ratio": float("inf")}


def test_a_row() -> None:
    mark = ("mine", "softmaxVec", "float32", "✓ conforms", "ieee", "1.5", "0.71", "1.00")
    assert row(cell()) == mark
    assert row(cell(**VIOLATES))[3:7] == ("✗ violates", "none", "1.5", "inf")
    assert row(cell(**VIOLATES, expected=True))[3] == "✗ violates°"
    raised = {**VIOLATES, "found": FOUND.model_copy(update={"kind": "exception"})}
    assert row(cell(**raised))[3] == "✗ violates (exception)"
    skipped = cell(verdict="unsupported", why="no float16", meets="", worst_ulp=None, relative=None)
    assert row(skipped)[3:6] == ("– unsupported", "no float16", "")


def test_new_findings_are_told_with_their_input_and_known_ones_are_not() -> None:
    text = "\n".join(lines(board(cell(**VIOLATES), stale=["mine, softmaxVec"])))
    assert "x = [3, -4.9406564584124654e-324]" in text and FOUND.case in text
    assert "not installed: other" in text and "mine: copies" in text
    assert "stale: mine, softmaxVec" in text
    known = "\n".join(lines(board(cell(**VIOLATES, expected=True))))
    assert FOUND.case not in known and known.endswith("A sentence.")


def test_the_page_has_every_violation_and_is_written_between_its_markers() -> None:
    text = markdown(board(cell(), cell(**VIOLATES, expected=True)))
    assert f"| {FOUND.message} | {FOUND.case} |" in text and "mine 1.2" in text
    page = put_into("", text)
    assert page.startswith("# Scoreboard\n") and text in page
    again = put_into(page.replace("# Scoreboard", "# Mine"), "new\n")
    assert again == f"# Mine\n\n{BEGIN}\nnew\n{END}\n"
