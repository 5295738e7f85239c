"""Which inputs a theorem speaks of: those where exact evaluation decides its hypotheses true."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness.conformance.claim import Claim
from harness.conformance.sheet import Sheet
from harness.conformance.workbench import Workbench
from harness.evaluate.balls import Balls, Scene, precision
from harness.evaluate.oracle import BALL_BITS, balls_of
from harness.evaluate.scope import free_indices
from harness.statement.term import Relation, Term, Var
from harness.statement.types import FinType


def rows_where_true(bench: Workbench, claim: Claim, sheet: Sheet) -> NDArray[np.bool_]:
    """(rows,): whether all hypotheses hold; indices count as true where they hold at every one."""
    keep = np.ones(sheet.rows, dtype=bool)
    if not claim.assumed:
        return keep
    mentioned = {index for relation in claim.assumed for index in free_indices(relation)}
    chosen = tuple(index for index in claim.indices if index in mentioned)
    with precision(BALL_BITS):
        for row in range(sheet.rows):
            balls = Balls(bench.own)
            # Shared, so that what does not depend on an index is evaluated once.
            known: dict[tuple[Term, tuple[int, ...]], Any] = {}
            keep[row] = all(
                _holds(balls, relation, replace(scene, known=known))
                for scene in scenes(claim, sheet, row, chosen)
                for relation in claim.assumed
            )
    return keep


def scenes(
    claim: Claim, sheet: Sheet, row: int, indices: Sequence[Var] | None = None
) -> Iterator[Scene]:
    """The exact inputs of a row, once for each choice of the indices (default: all there are)."""
    sizes = dict(sheet.sizes)
    numbers: dict[Var, Any] = {v: balls_of(sheet.arrays[v][row]) for v in claim.sampled}
    chosen = claim.indices if indices is None else indices
    ranges = [range(v.type.length.at(sizes)) for v in chosen if isinstance(v.type, FinType)]
    for place in product(*ranges):
        yield Scene({**numbers, **dict(zip(chosen, place, strict=True))}, sizes)


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
