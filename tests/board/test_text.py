"""What people read of a board: columns, marks, cases, and the page that is written anew."""

from __future__ import annotations

import pytest

from harness.board.document import Board, Cell, Library
from harness.board.text import BEGIN, END, lines, markdown, put_into
from tests.board.cells import FOUND, VIOLATES, cell


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


def test_new_findings_are_told_with_their_input_and_known_ones_are_not() -> None:
    text = "\n".join(lines(board(cell(**VIOLATES), stale=["mine, softmaxVec"])))
    assert "x = [3, -4.9406564584124654e-324]" in text and FOUND.case in text
    assert "not installed: other" in text and "mine: copies" in text
    assert "stale: mine, softmaxVec" in text
    known = "\n".join(lines(board(cell(**VIOLATES, expected=True))))
    assert FOUND.case not in known and known.endswith("A sentence.")


@pytest.mark.parametrize("width", [50, 60, 80])
def test_a_finding_fits_a_terminal_and_its_case_stays_whole(width: int) -> None:
    text = list(lines(board(cell(path="numpy.log_sum_exp", **VIOLATES)), width))
    told = text[text.index("") :]
    start = next(k for k, line in enumerate(told) if line.startswith("✗ softmaxVec violates"))
    case = told.index(f"    case {FOUND.case}")
    finding = told[start:case]
    assert max(map(len, finding)) <= width
    assert FOUND.message in " ".join(line.strip() for line in finding)


def test_the_page_has_every_violation_and_is_written_between_its_markers() -> None:
    text = markdown(board(cell(), cell(**VIOLATES, expected=True)))
    assert f"| {FOUND.message} | {FOUND.case} |" in text and "mine 1.2" in text
    page = put_into("", text)
    assert page.startswith("# Scoreboard\n") and text in page
    again = put_into(page.replace("# Scoreboard", "# Mine"), "new\n")
    assert again == f"# Mine\n\n{BEGIN}\nnew\n{END}\n"
