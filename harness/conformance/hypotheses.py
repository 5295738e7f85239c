"""Which inputs a theorem speaks of: those where exact evaluation decides its hypotheses true."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.conformance.claim import Claim
from harness.conformance.sheet import Sheet
from harness.conformance.workbench import Workbench
from harness.evaluate.balls import Balls, Scene, precision
from harness.evaluate.oracle import BALL_BITS, balls_of
from harness.statement.term import Relation, Var


def rows_where_true(bench: Workbench, claim: Claim, sheet: Sheet) -> NDArray[np.bool_]:
    """(rows,): whether all hypotheses hold; indices count as true where they hold at every one."""
    keep = np.ones(sheet.rows, dtype=bool)
    if not claim.assumed:
        return keep
    with precision(BALL_BITS):
        for row in range(sheet.rows):
            keep[row] = all(
                _holds(Balls(bench.own), relation, scene)
                for scene in scenes(claim, sheet, row)
                for relation in claim.assumed
            )
    return keep


def scenes(claim: Claim, sheet: Sheet, row: int) -> list[Scene]:
    """The exact inputs of a row, once for each choice of the indices."""
    sizes = dict(sheet.sizes)
    numbers: dict[Var, Any] = {v: balls_of(sheet.arrays[v][row]) for v in claim.sampled}
    choices: list[dict[Var, Any]] = [{}]
    for index in claim.indices:
        length = index.type.length.at(sizes)  # type: ignore[attr-defined]
        choices = [{**c, index: k} for c in choices for k in range(length)]
    return [Scene({**numbers, **choice}, sizes) for choice in choices]


def _holds(balls: Balls, relation: Relation, scene: Scene) -> bool:
    left, right = balls.evaluate(relation.left, scene), balls.evaluate(relation.right, scene)
    if isinstance(left, list):
        pairs = list(zip(left, right, strict=True))
        return all(_decided(relation.op, a, b) for a, b in pairs)
    return _decided(relation.op, left, right)


def _decided(op: str, a: Any, b: Any) -> bool:
    """Whether the balls prove the relation."""
    match op:
        case "=":
            return bool((a - b).is_zero())
        case "≠":
            return not a.overlaps(b)
        case "<":
            return bool(a < b)
        case "≤":
            return bool(a <= b)
        case ">":
            return bool(a > b)
        case "≥":
            return bool(a >= b)
    return False
