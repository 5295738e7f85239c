"""One cell judged by the kernel and by the walk alone."""

from __future__ import annotations

from functools import partial

import numpy as np

from harness.campaign.by_kernel import judged_by_kernel, kernel_check, why_walked
from harness.campaign.summary import Summary, summary_of
from harness.cells.cell import Cell
from harness.conformance.question import Question
from harness.conformance.sheet import one_cell
from harness.conformance.tally import Tally

UNIT = 3


class Nothing:
    """A store that forgets."""

    def get(self, key: str) -> bytes | None:
        return None

    def put(self, key: str, content: bytes) -> None:
        pass


def by_walk(question: Question, cell: Cell) -> Summary:
    """As `check` judges the cell."""
    tally, sheet = Tally(), one_cell(question.variables, cell)
    question.judge(question.bench.scratch(), question.subject, sheet, tally)
    return summary_of(tally, sheet, UNIT)


def by_kernel(question: Question, cell: Cell) -> Summary:
    """By the kernel, which there must be."""
    check = kernel_check(question, Nothing())
    assert check is not None, why_walked(question, Nothing())
    sheet = one_cell(question.variables, cell)
    with np.errstate(all="ignore"):  # as a campaign does
        return judged_by_kernel(question, check, sheet, UNIT, partial(by_walk, question, cell))


def both(question: Question, cell: Cell) -> tuple[Summary, Summary]:
    """The summaries by the kernel and by the walk alone."""
    with np.errstate(all="ignore"):
        return by_kernel(question, cell), by_walk(question, cell)
