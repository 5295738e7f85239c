"""Random statements about the project's constants, and right sides on the edge of their bounds.

A statement says `left = t`, where `left` is a random term with calls in it and t is sampled: t is
put about the edge of the bound that the walk gives, so that what a kernel wrongly lets go shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest

from harness.conformance.claim import Claim, claim_of
from harness.conformance.fast_theorem import TheoremCheck
from harness.conformance.given import axes_of
from harness.conformance.recorded_hook import Caller
from harness.conformance.theorem import compared
from harness.evaluate.formats import FORMATS, round_to
from harness.statement.substitute import free_vars
from harness.statement.term import Call, Coord, Definition, Forall, Max, Relation, Term, Var
from harness.statement.types import NAT, REAL, FinType, VecType
from tests.evaluate.trees import C, Grower, N, X, Y

K = Var("k", FinType(N))
REAL_RIGHT, VECTOR_RIGHT = Var("t", REAL), Var("t", VecType(N))
FAR = (0.0, 0.5, 0.98, 1.0, 1.02)
"""Places of t, as shares of the bound."""


class Speaker(Grower):
    """Calls constants of several vectors, too."""

    def _call(self, budget: int) -> Term:
        called = self.random.choice(self.calls)
        each = max(1, (budget - 1) // len(called.params))
        arguments = tuple(self.vector(N, each) for _ in called.params)
        if called.index is None:
            return Call(called.constant, arguments, REAL)
        vector = Call(called.constant, arguments, VecType(N))
        fitting = self._indices(N)
        return Coord(vector, self.random.choice(fitting)) if fitting else Max(vector)


def random_claim(seed: int, constants: Mapping[str, Definition]) -> Claim | None:
    """A claim that calls something; None where this seed gives none."""
    random = Random(seed)
    called = [constants[name] for name in ("sumExp", "softmaxVec", "softmaxJvp")]
    speaker = Speaker(random, {N: [X, Y]}, called, C, positive=True)
    speaker.indices = [K] if random.random() < 0.5 else []
    left = speaker.number(random.randint(3, 9))
    right: Term = Coord(VECTOR_RIGHT, K) if K in free_vars(left) else REAL_RIGHT
    relation = Relation("=", left, right, REAL)
    free = [v for v in (X, Y, C, VECTOR_RIGHT, REAL_RIGHT, K) if v in free_vars(relation)]
    statement = Forall((Var("n", NAT), *free), relation)
    claim = claim_of(statement)
    return claim if claim.constants else None


def on_the_edge(check: TheoremCheck, n: int, rows: int, seed: int, call: Caller) -> dict[Var, Any]:
    """Random inputs, t about the edge of the bound."""
    random = np.random.default_rng(seed)
    fmt = FORMATS[check.subject.dtype]

    def drawn(variable: Var) -> np.ndarray:
        shape = (rows, *(length.at({"n": n}) for length in axes_of(variable.type)))
        scale = random.choice([0.25, 1.0, 4.0], (rows, *(1,) * (len(shape) - 1)))
        return round_to(random.normal(size=shape) * scale, fmt)

    arrays = {v: drawn(v) for v in check.claim.sampled}
    (right,) = (v for v in arrays if v.name == "t")
    arrays[right] = np.zeros_like(arrays[right])
    left, allowed = _sides(check, arrays, call)
    reach = np.where(np.isfinite(allowed), allowed, 0)
    far = random.choice(FAR, left.shape) * random.choice([-1, 1], left.shape)
    with np.errstate(all="ignore"):
        put = round_to((left + far * reach).astype(np.float64), fmt)
    arrays[right] = put.reshape(arrays[right].shape)
    return arrays


def _sides(
    check: TheoremCheck, arrays: Mapping[Var, Any], call: Caller
) -> tuple[np.ndarray, np.ndarray]:
    """The left side and the bound at every place, by the walk."""
    seen: list[tuple[np.ndarray, ...]] = []

    def watched(*asked: Any) -> Any:
        found = compared(*asked)
        seen.append(found[1])
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("harness.conformance.fast_theorem.compared", watched)
        replace(check, kernel=None)(arrays, call)
    left, _, allowed = (np.concatenate(parts) for parts in zip(*seen, strict=True))
    return left, allowed
