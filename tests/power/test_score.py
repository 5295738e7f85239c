"""The score of a power run: by class of defect, by tool, beside the equivalent ones."""

from __future__ import annotations

from typing import get_args

from harness.implementations.entry import Defect
from harness.power.document import Trial
from harness.power.score import score
from harness.power.table import CLASSES
from tests.power.samples import CLEAN, POOR, row


def test_an_equivalent_one_that_is_rejected_is_a_finding() -> None:
    rejected = row("alike", Trial(dtype="float32", outcome="rejected"), expected="equivalent")
    assert rejected.outcome == "rejected"
    assert score([rejected]).equivalent_spared == 0


def test_tools_count_where_they_apply() -> None:
    tools = {tool.name: tool for tool in CLEAN.score.tools}
    assert (tools["assert_close"].caught, tools["assert_close"].mutants) == (1, 2)
    # Equivalent ones are nobody's to reject, and are not counted among the right ones.
    assert (tools["assert_close"].rejected, tools["assert_close"].right) == (1, 1)
    assert (tools["gradcheck"].mutants, tools["gradcheck"].right) == (0, 0)


def test_classes_come_in_the_order_of_their_definition_and_have_a_text() -> None:
    assert [one.defect for one in POOR.score.classes] == ["formula", "size"]
    assert [one.killed for one in POOR.score.classes] == [0, 1]
    assert set(get_args(Defect)) | {""} == set(CLASSES)
