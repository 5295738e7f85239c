"""The table of a board: its columns, and what becomes of them on a narrow terminal."""

from __future__ import annotations

import pytest

from harness.board.table import HEAD, row, table
from tests.board.cells import FOUND, VIOLATES, cell

UNSUPPORTED = {"verdict": "unsupported", "meets": "", "cases": 0, "relative": None}
UNSUPPORTED |= {"worst_ulp": None, "worst_ratio": None}
LONG = "elementwise, where that bounds anything"
CELLS = [
    cell(path="torch.exp_log_softmax", relative=0.5),
    cell(path="torch.exp_log_softmax", dtype="float16", **{**VIOLATES, "meets": LONG}),
    cell(path="numpy.shifted", function="softmaxJvp", worst_ulp=9.78e5, worst_ratio=1.41e5),
    cell(path="numpy.shifted", function="softmaxJvp", dtype="bfloat16", expected=True, **VIOLATES),
    cell(path="onnx", dtype="float64", why="no array of it holds float64 numbers", **UNSUPPORTED),
]


def test_a_row() -> None:
    mark = ("mine", "softmaxVec", "float32", "✓ conforms", "ieee", "1.5", "0.71", "1.00")
    assert row(cell()) == mark
    assert row(cell(**VIOLATES))[3:7] == ("✗ violates", "none", "1.5", "inf")
    assert row(cell(**VIOLATES, expected=True))[3] == "✗ violates°"
    raised = {**VIOLATES, "found": FOUND.model_copy(update={"kind": "exception"})}
    assert row(cell(**raised))[3] == "✗ violates (exception)"
    skipped = cell(verdict="unsupported", why="no float16", meets="", worst_ulp=None, relative=None)
    assert row(skipped)[3:6] == ("– unsupported", "no float16", "")


def test_where_there_is_room_a_cell_is_a_line() -> None:
    whole = list(table(CELLS, None))
    widest = max(map(len, whole))
    assert list(table(CELLS, widest)) == whole != list(table(CELLS, widest - 1))
    head, *rows = whole
    assert len(rows) == len(CELLS)
    starts = [head.index(name) for name in HEAD]
    for line, one in zip(rows, CELLS, strict=True):
        assert [line[at:].split("  ")[0] for at in starts if line[at:].strip()] == [
            text for text in row(one) if text
        ]


@pytest.mark.parametrize("width", [50, 60, 80, 100])
def test_a_narrow_terminal_gets_all_of_it_below_the_functions(width: int) -> None:
    lines = list(table(CELLS, width))
    assert max(map(len, lines)) <= width
    text = "\n".join(lines)
    titles = [line for line in lines[2:] if not line.startswith(" ")]
    assert titles == [
        "torch.exp_log_softmax · softmaxVec",
        "numpy.shifted · softmaxJvp",
        "onnx · softmaxVec",
    ]
    flat = " ".join(text.split())
    assert f"f16 ✗ 1.5 inf 1.00 {LONG}" in flat
    assert "bf16 ✗° 1.5 inf 1.00 none" in flat
    assert "f32 ✓ 9.78e+05 1.41e+05 1.00 ieee" in flat
    assert "f64 – no array of it holds float64 numbers" in flat
    ulp = lines[1].index("ulp")
    assert all(line[ulp:].startswith("1.5") for line in lines if "1.5" in line)


def test_how_code_fails_is_said_on_a_narrow_terminal_too() -> None:
    raised = {**VIOLATES, "found": FOUND.model_copy(update={"kind": "exception"})}
    *_, last = table([cell(**raised)], 50)
    assert last.split() == ["f32", "✗", "1.5", "inf", "1.00", "none", "(exception)"]
