"""The cells of the tables of a power run."""

from __future__ import annotations

from harness.power.table import aligned, class_head, classes, head, matrix
from tests.power.samples import CLEAN, POOR


def test_a_row_for_each_entry_and_a_column_for_each_tool() -> None:
    (cells,) = matrix(CLEAN.rows[:1], ["assert_close", "gradcheck"])
    assert len(cells) == len(head(CLEAN)) == 8
    assert cells[-2:] == ("some", "")
    (spared,) = matrix(CLEAN.rows[1:2], ["assert_close"])
    assert spared == ("right", "f32✓", "····", "", "", "", "yes")


def test_a_row_for_each_class_for_all_and_for_the_right_ones() -> None:
    rows = list(classes(POOR))
    assert [cells[0] for cells in rows] == [
        "another formula",
        "some sizes, tails, blocks",
        "all: found",
        "right: rejected",
    ]
    assert rows[0] == ("another formula", "1", "0 of 1", "1 of 1", "1 of 1")
    assert rows[-1][:3] == ("right: rejected", "1", "1 of 1")
    assert {len(cells) for cells in rows} == {len(class_head(POOR))}


def test_numbers_stand_to_the_right() -> None:
    assert list(aligned([("a", "bb"), ("ccc", "d")], numbers_from=1)) == ["a    bb", "ccc   d"]
    assert list(aligned([("a", "bb"), ("ccc", "d")])) == ["a    bb", "ccc  d"]
