"""Ids of cases: what is written is read back, and other text is told in one line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.cells.cell import Cell, parse_cell
from harness.cells.regimes import REGIMES
from harness.cells.tangents import TANGENTS
from harness.cells.views import VIEWS
from harness.conformance.case_id import CHECKS, CaseId, case_id, id_of, parse_case_id
from harness.conformance.verdict import Case, CheckResult, Verdict
from harness.errors import InputError
from harness.evaluate.formats import FORMATS

CELL = "float32/n=2/normal/one_hot/s0/13/contiguous/seed=1"
CELLS = st.builds(
    Cell,
    seed=st.integers(0, 10**6),
    dtype=st.sampled_from(list(FORMATS)),
    n=st.integers(0, 4096),
    regime=st.sampled_from(list(REGIMES)),
    tangent=st.sampled_from(list(TANGENTS)),
    shard=st.integers(0, 3),
    batch=st.lists(st.integers(1, 13), max_size=2).map(tuple),
    view=st.sampled_from(VIEWS),
)
NAMES = st.text(st.characters(codec="utf-8"), min_size=1)


@given(
    NAMES, st.sampled_from(CHECKS), st.integers(0, 12), NAMES, st.sampled_from(["cpu", ""]), CELLS
)
def test_an_id_is_read_back(
    declaration: str, check: str, part: int, entry: str, device: str, cell: Cell
) -> None:
    text = case_id(declaration, check, part, entry, device, cell.id(), cell.rows - 1)
    assert not set(text) & set(" '\"$&|;<>()*?\\`\t\n")
    assert parse_case_id(text) == CaseId(
        declaration, check, part, entry, device, cell, cell.rows - 1
    )


def test_a_result_names_its_case_or_the_kept_one() -> None:
    result = CheckResult("f'", "fact", "mine", "float32", "cpu", Verdict.VIOLATES, part=2)
    assert id_of(result, Case(CELL, 4, 2)) == f"f%27:fact.2:mine:cpu@{CELL}#4"
    assert id_of(result, Case("corpus/f-0123", 0, 2)) == "f-0123"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is not DECLARATION:CHECK:ENTRY:DEVICE@CELL#ROW"),
        (f"softmaxVec:definition:numpy@{CELL}#0", "it is not DECLARATION"),
        (f"softmaxVec:defintion:numpy:cpu@{CELL}#0", "did you mean 'definition'?"),
        (f"softmaxVec:definition:numpy:cpu@{CELL}", "the row is missing"),
        (f"softmaxVec:definition:numpy:cpu@{CELL}#13", "the cell has 13 rows"),
        (f"softmaxVec:definition:numpy:cpu@{CELL}#-1", "'-1' is not a whole number"),
        (f"softmaxVec:fact.x:numpy:cpu@{CELL}#0", "'x' is not a whole number"),
        (f"softmaxVec:definition:numpy:cpu@{CELL[:-1]}#0", "is not a cell"),
    ],
)
def test_other_text_is_told(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_case_id(text)
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_cells_of_ids_are_cells() -> None:
    assert parse_case_id(f"f:theorem:numpy:cpu@{CELL}#0").cell == parse_cell(CELL)
