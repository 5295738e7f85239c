"""Numbers for the terms of a derivation: the value of a term where names and symbols are bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from harness.conformance.form_table import form_table
from harness.evaluate.arithmetic import DEFAULT_FORMS, Arithmetic, named
from harness.evaluate.forms import equation_sets
from harness.evaluate.oracle import bound
from harness.evaluate.steps import Derivation
from harness.evaluate.value import exact
from harness.evaluate.walk import Binding, Frame, walk_for
from harness.specs.load import load_specs
from harness.statement.term import Coord, Definition, Tabulate, Term, Var
from harness.statement.types import REAL, FinType, FunType, LinearType, Type, VecType

Numbers = NDArray[np.float64]
Values = dict[Var, Numbers]
ROWS = 4
ROUGH = replace(named("ieee"), exact=False)
"""The exactness rules are not in the formulas."""
_LIBRARY = load_specs(Path(__file__).resolve().parents[2] / "specs")


def sets_of(constant: str) -> list[dict[str, Definition]]:
    """Every way to unfold a constant."""
    return equation_sets(form_table(_LIBRARY), constant, DEFAULT_FORMS)


WAYS = [
    pytest.param(constant, equations, id=f"{constant}-{number}")
    for constant in _LIBRARY.definitions
    for number, equations in enumerate(sets_of(constant))
]


def inputs(definition: Definition, n: int) -> Values:
    """Numbers for what a definition takes besides indices: vectors, rows for families of maps."""
    generator = np.random.default_rng(n)
    return {
        param: generator.normal(size=(ROWS, *(n,) * _rank(param.type)))
        .astype(np.float32)
        .astype(np.float64)
        for param in definition.params
        if not isinstance(param.type, FinType)
    }


def _rank(kind: Type) -> int:
    rows = isinstance(kind, FunType) and isinstance(kind.result, LinearType)
    return 2 if rows else 1


def walked_bound(
    constant: str, equations: Mapping[str, Definition], given: Values, dtype: str
) -> Numbers:
    """What the walk allows."""
    definition = equations[constant]
    n = next(iter(given.values())).shape[-1]
    arguments = [given.get(param, range(n)) for param in definition.params]
    return bound(definition, equations, arguments, ROUGH, dtype).error.astype(np.float64)


def symbols(arithmetic: Arithmetic, dtype: str, n: int) -> Values:
    """The letters of a formula for sums of n."""
    rounding = arithmetic.for_dtype(dtype)
    letters = {
        "u": rounding.working.u,
        "η": rounding.working.eta,
        "K": rounding.exp_ulp,
        "h": rounding.depth(n),
        "γ": rounding.gamma(n),
    }
    return {Var(name, REAL): np.full(ROWS, number) for name, number in letters.items()}


def value_of(
    term: Term,
    values: Mapping[Var, Numbers],
    equations: Mapping[str, Definition],
    n: int,
    indices: tuple[Var, ...] = (),
) -> Numbers:
    """The numbers of a term, (rows, ...) with an axis for each index."""
    bound: Term = term
    kind: Type = REAL
    for index in reversed(indices):
        assert isinstance(index.type, FinType)
        kind = VecType(index.type.length) if kind == REAL else FunType(index.type, kind)
        bound = Tabulate(index, bound, kind)
    rows = max(array.shape[0] for array in values.values())
    walk, _ = walk_for(equations, named("ieee").for_dtype("float64"), rows)
    bindings: dict[Var, Binding] = {
        var: exact(array.astype(walk.charge.carrier.dtype), 0, array.ndim - 1)
        for var, array in values.items()
    }
    with np.errstate(all="ignore"):
        found = walk.any(bound, Frame(bindings, {"n": n}), 0).value
    return np.broadcast_to(found.astype(np.float64), (rows, *(n,) * len(indices)))


def head_of(name: Term) -> Var:
    """The variable that a name at indices belongs to."""
    while isinstance(name, Coord):
        name = name.vector
    assert isinstance(name, Var)
    return name


def last_error(
    derivation: Derivation, given: Values, equations: Mapping[str, Definition], n: int
) -> Numbers:
    """The error of the result, step by step."""
    values = dict(given)
    error: Numbers = np.zeros(1)
    for step in derivation.steps:
        values[head_of(step.name)] = value_of(step.value, values, equations, n, step.indices)
        error = value_of(step.error, values, equations, n, step.indices)
        values[head_of(step.error_name)] = error
    return error
